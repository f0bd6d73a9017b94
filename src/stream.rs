//! Streams of typed events.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use http::HeaderMap;
use tokio::time::{Instant, Sleep, sleep};

use crate::call::{Run, SendRaw, Target};
use crate::client::Client;
use crate::envelope::refused;
use crate::error::{Error, ErrorKind, Result};
use crate::failure;
use crate::options::CallOptions;
use crate::rate_limit::RateLimits;
use crate::raw::ByteStream;
use crate::raw::events::{ChatV1Event, ChatV3Event, SkillsetEvent};
use crate::raw::types::OpenAiChunk;
use crate::response::Meta;
use crate::sse::{Decoder, Frame};

/// The events of a stream, each parsed.
///
/// HTTP errors come from the call that opened the stream; a failure on the way is an item, and the last one. A stream
/// that ends before its result is an error of kind [`Truncated`](ErrorKind::Truncated). Dropping the stream closes the
/// connection.
pub struct EventStream<V> {
    frames: Frames,
    meta: Meta,
    target: Target,
    waiting: VecDeque<V>,
    progress: Progress,
}

/// How far a stream got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// Its result has not arrived.
    Open,
    /// Its result has arrived, its end has not.
    Complete,
    /// Nothing more will come.
    Ended,
}

/// What a frame is to the stream it belongs to.
#[doc(hidden)]
pub enum Step<V> {
    /// An event.
    Event(V),
    /// The event after which the answer is complete.
    Last(V),
    /// The end.
    End,
}

/// Events of a kind of stream: of chats v3 and v1, of skillsets, of the OpenAI-compatible API.
pub trait StreamEvent: Sized {
    /// Reads a frame. Fails when it reports a failure, or its data is not of the documented form.
    #[doc(hidden)]
    fn read(frame: &Frame) -> Result<Step<Self>>;

    /// The new piece of the answer's text, if the event brings one. The event that repeats the whole answer brings none.
    fn text(&self) -> Option<&str>;
}

impl StreamEvent for ChatV3Event {
    fn read(frame: &Frame) -> Result<Step<Self>> {
        Ok(match decode(frame, Self::decode)? {
            Self::Error(error) => return Err(refused(error.status)),
            Self::Signal(_) => Step::End,
            result @ Self::Result(_) => Step::Last(result),
            event => Step::Event(event),
        })
    }

    fn text(&self) -> Option<&str> {
        let Self::Token(token) = self else { return None };
        token.message.as_ref()?.content.as_deref().filter(|text| !text.is_empty())
    }
}

impl StreamEvent for ChatV1Event {
    fn read(frame: &Frame) -> Result<Step<Self>> {
        Ok(match decode(frame, Self::decode)? {
            Self::Error(error) => return Err(refused(error.status)),
            Self::Signal(_) => Step::End,
            result @ Self::Result(_) => Step::Last(result),
            event => Step::Event(event),
        })
    }

    fn text(&self) -> Option<&str> {
        let Self::Token(token) = self else { return None };
        token.message.as_ref()?.content.as_deref().filter(|text| !text.is_empty())
    }
}

impl StreamEvent for SkillsetEvent {
    fn read(frame: &Frame) -> Result<Step<Self>> {
        Ok(match decode(frame, Self::decode)? {
            Self::Error(error) => return Err(refused(error.status)),
            Self::Signal(_) => Step::End,
            answer @ Self::FinalAnswer(_) => Step::Last(answer),
            event => Step::Event(event),
        })
    }

    fn text(&self) -> Option<&str> {
        let Self::Token(token) = self else { return None };
        token.text.as_deref().filter(|text| !text.is_empty())
    }
}

impl StreamEvent for OpenAiChunk {
    fn read(frame: &Frame) -> Result<Step<Self>> {
        let data = frame.data.trim();
        if data == "[DONE]" {
            return Ok(Step::End);
        }
        let refusal = failure::from_body(data.as_bytes());
        if refusal.code().is_some() {
            return Err(refusal.with_status(http::StatusCode::OK));
        }
        let chunk: Self = serde_json::from_str(data).map_err(|error| failure::undecodable(&error))?;
        let finished = chunk.choices.iter().any(|choice| choice.finish_reason.is_some());
        Ok(if finished { Step::Last(chunk) } else { Step::Event(chunk) })
    }

    fn text(&self) -> Option<&str> {
        let delta = self.choices.first()?.delta.as_ref()?;
        delta.content.as_deref().filter(|text| !text.is_empty())
    }
}

fn decode<V>(frame: &Frame, decode: fn(&str, &str) -> std::result::Result<V, serde_json::Error>) -> Result<V> {
    let event = frame.event.as_deref().unwrap_or_default();
    decode(event, &frame.data).map_err(|error| failure::undecodable(&error))
}

/// Opens a stream: attempts until the first event arrived or no further attempt can help.
pub(crate) async fn open<B, V>(
    client: &Client,
    target: Target,
    body: Result<B>,
    options: CallOptions,
    send: SendRaw<B, ByteStream>,
) -> Result<EventStream<V>>
where
    B: Clone + serde::Serialize,
    V: StreamEvent + Send + 'static,
{
    let mut run = Run::start(client, &target, options)?;
    let body = body.map_err(|error| run.complete(error))?;
    run.guard(&body)?;
    run.pace(&body);
    let idle = run.idle_timeout();
    let (frames, first) = run
        .repeat(|raw| {
            let answer = send(raw, body.clone());
            Box::pin(async move {
                let bytes = match answer.await {
                    Ok(answer) => answer.into_inner(),
                    Err(error) => return Err(failure::from_raw(error).await),
                };
                let mut frames = Frames::new(bytes, idle);
                let frame = poll_fn(|context| frames.poll_next(context)).await?.ok_or_else(truncated)?;
                let first = V::read(&frame)?;
                Ok((frames, first))
            })
        })
        .await?;
    let meta = run.meta(http::StatusCode::OK);
    let mut stream = EventStream { frames, meta, target, waiting: VecDeque::new(), progress: Progress::Open };
    stream.waiting.extend(stream.progress.take(first));
    Ok(stream)
}

impl Progress {
    /// The event of a step, which it takes note of.
    fn take<V>(&mut self, step: Step<V>) -> Option<V> {
        match step {
            Step::Event(event) => Some(event),
            Step::Last(event) => {
                *self = Self::Complete;
                Some(event)
            }
            Step::End => {
                *self = Self::Ended;
                None
            }
        }
    }
}

fn truncated() -> Error {
    Error::new(ErrorKind::Truncated).with_status(http::StatusCode::OK)
}

impl<V: StreamEvent + Unpin> EventStream<V> {
    /// The next event, or nothing after the last one.
    ///
    /// # Errors
    ///
    /// When the stream reports a failure, breaks off, stalls or cannot be read. Nothing follows an error.
    pub async fn try_next(&mut self) -> Result<Option<V>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// Only the pieces of the text.
    #[must_use]
    pub fn into_text_stream(self) -> TextStream<V> {
        TextStream(self)
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<V>>> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Poll::Ready(Ok(Some(event)));
            }
            if self.progress == Progress::Ended {
                return Poll::Ready(Ok(None));
            }
            let frame = match ready!(self.frames.poll_next(context)) {
                // The answer is complete; that its connection ended badly changes nothing.
                Err(_) | Ok(None) if self.progress == Progress::Complete => return Poll::Ready(Ok(None)),
                Ok(None) => return Poll::Ready(Err(truncated())),
                frame => frame?,
            };
            if let Some(frame) = frame {
                let step = V::read(&frame)?;
                self.waiting.extend(self.progress.take(step));
            }
        }
    }
}

impl<V: StreamEvent + Unpin> Stream for EventStream<V> {
    type Item = Result<V>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let outcome = ready!(self.poll_event(context));
        if !matches!(outcome, Ok(Some(_))) {
            self.progress = Progress::Ended;
        }
        Poll::Ready(outcome.map_err(|error| self.complete(error)).transpose())
    }
}

impl<V> EventStream<V> {
    fn complete(&self, error: Error) -> Error {
        let error = error
            .with_operation(self.target.operation)
            .with_request_id(self.meta.request_id.clone())
            .with_attempts(self.meta.attempts, self.meta.elapsed);
        let error = if error.status().is_some() { error } else { error.with_status(self.meta.status) };
        error.with_headers(self.meta.headers.clone())
    }

    /// Id of the request.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.meta.request_id
    }

    /// Headers of the answer.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// Requests and tokens left in this minute, as far as the service tells.
    #[must_use]
    pub fn rate_limits(&self) -> RateLimits {
        RateLimits::from_headers(&self.meta.headers)
    }

    /// How often the request was sent until the first event arrived.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    pub(crate) fn meta(&self) -> &Meta {
        &self.meta
    }
}

impl<V> fmt::Debug for EventStream<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("target", &self.target)
            .field("request_id", &self.meta.request_id)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

/// The pieces of the text of a stream.
#[derive(Debug)]
pub struct TextStream<V>(EventStream<V>);

impl<V: StreamEvent + Unpin> TextStream<V> {
    /// The next piece, or nothing after the last one.
    ///
    /// # Errors
    ///
    /// As [`EventStream::try_next`].
    pub async fn try_next(&mut self) -> Result<Option<String>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }
}

impl<V: StreamEvent + Unpin> Stream for TextStream<V> {
    type Item = Result<String>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_next(context)) {
                Some(Ok(event)) => {
                    if let Some(text) = event.text() {
                        return Poll::Ready(Some(Ok(text.to_owned())));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// The frames of a body, with a limit on the time between two chunks.
struct Frames {
    bytes: ByteStream,
    decoder: Decoder,
    idle: Duration,
    stalled: Pin<Box<Sleep>>,
}

impl Frames {
    fn new(bytes: ByteStream, idle: Duration) -> Self {
        Self { bytes, decoder: Decoder::new(), idle, stalled: Box::pin(sleep(idle)) }
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Frame>>> {
        loop {
            if let Some(frame) = self.decoder.next_frame().map_err(unframed)? {
                return Poll::Ready(Ok(Some(frame)));
            }
            match self.bytes.as_mut().poll_next(context) {
                Poll::Ready(Some(Ok(chunk))) => {
                    self.decoder.push(&chunk);
                    self.stalled.as_mut().reset(Instant::now() + self.idle);
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(failure::from_transport(error))),
                Poll::Ready(None) => return Poll::Ready(self.decoder.finish().map_err(unframed)),
                Poll::Pending => {
                    ready!(self.stalled.as_mut().poll(context));
                    let problem = format!("no event for {:.1?}", self.idle);
                    return Poll::Ready(Err(Error::new(ErrorKind::Timeout).with_message(problem)));
                }
            }
        }
    }
}

fn unframed(error: crate::sse::DecodeError) -> Error {
    let kind = if error == crate::sse::DecodeError::Truncated { ErrorKind::Truncated } else { ErrorKind::Decode };
    Error::new(kind).with_source(error)
}
