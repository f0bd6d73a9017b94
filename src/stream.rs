//! Streams of typed events.

mod by_hand;
mod chunks;
mod event;
mod frames;
mod open;
mod skillset;
mod text;

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use tokio::time::Instant;

use crate::call::Run;
use crate::error::{Error, ErrorKind, Result};
use crate::rate_limit::RateLimits;
use crate::raw::Operation;
use crate::response::{Meta, Response};
use crate::telemetry::CallSpan;
use frames::Frames;

pub use event::StreamEvent;
pub(crate) use open::open;
pub use text::TextStream;

/// The events of a stream, each parsed, and at the end the same reply that the call without streaming answers with.
///
/// HTTP errors come from the call that opened the stream; a failure on the way is an item, and the last one. A stream
/// that ends before its reply is whole is an error of kind [`Truncated`](ErrorKind::Truncated): before the event with
/// the result, or, in the OpenAI-compatible API, before both a `finish_reason` and the end mark. Dropping the stream
/// closes the connection.
///
/// ```
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use clovastudio::StreamEvent;
/// use clovastudio::raw::types::{ChatMessage, ChatV1Request};
/// # let simulator = clovastudio::testing::Simulator::start().await?;
/// # let client = clovastudio::Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
///
/// let request = ChatV1Request::builder().messages(vec![ChatMessage::user("Say hello in Korean.")]);
/// let stream = client.chat_v1("HCX-003", request).stream().await?;
/// let mut pieces = String::new();
/// let reply = stream.collect_with(|event| pieces.push_str(event.text().unwrap_or_default())).await?;
/// assert_eq!(reply.text(), pieces);
/// # Ok(()) }
/// ```
#[must_use = "a stream does nothing until it is read"]
pub struct EventStream<V: StreamEvent> {
    frames: Frames,
    /// The event that opened the stream, until it is asked for.
    first: Option<V>,
    parts: V::Parts,
    progress: Progress,
    operation: Operation,
    meta: Meta,
    started: Instant,
    span: CallSpan,
}

/// How far a stream got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// The reply is not whole.
    Open,
    /// The reply is whole; more may come.
    Whole,
    /// Nothing more will come.
    Ended,
    /// It failed, and nothing more will come.
    Failed,
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

    /// Reads to the end, handing each event to `see`, and answers with the whole reply.
    ///
    /// # Errors
    ///
    /// As [`try_next`](Self::try_next).
    pub async fn collect_with(mut self, mut see: impl FnMut(&V)) -> Result<Response<V::Reply>> {
        while let Some(event) = self.try_next().await? {
            see(&event);
        }
        self.into_reply()
    }

    /// Reads to the end and answers with the whole reply.
    ///
    /// # Errors
    ///
    /// As [`try_next`](Self::try_next).
    pub async fn collect(self) -> Result<Response<V::Reply>> {
        self.collect_with(|_| {}).await
    }

    /// Only the pieces of the text.
    pub fn into_text_stream(self) -> TextStream<V> {
        TextStream::new(self)
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<V>>> {
        let event = match self.first.take() {
            Some(first) => Some(first),
            None => match ready!(self.frames.poll_next(context)) {
                // The reply is whole; that its connection ended badly changes nothing.
                Err(_) | Ok(None) if self.progress == Progress::Whole => return Poll::Ready(Ok(None)),
                frame => V::read(&frame?.ok_or_else(truncated)?)?,
            },
        };
        let is_whole = V::join(&mut self.parts, event.as_ref());
        self.progress = if is_whole { Progress::Whole } else { Progress::Open };
        match event {
            None if !is_whole => Poll::Ready(Err(truncated())),
            event => Poll::Ready(Ok(event)),
        }
    }

    /// Takes note of an outcome.
    fn note(&mut self, outcome: Result<Option<V>>) -> Option<Result<V>> {
        self.meta.elapsed = self.started.elapsed();
        match outcome {
            Ok(Some(event)) => {
                self.span.used(event.tokens());
                Some(Ok(event))
            }
            Ok(None) => {
                self.progress = Progress::Ended;
                if self.span.with_content
                    && let Ok(reply) = V::reply(self.parts.clone())
                {
                    self.span.answered(&reply);
                }
                None
            }
            Err(error) => {
                self.progress = Progress::Failed;
                let error = self.complete(error);
                self.span.failed(&error);
                Some(Err(error))
            }
        }
    }
}

impl<V: StreamEvent + Unpin> Stream for EventStream<V> {
    type Item = Result<V>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if matches!(self.progress, Progress::Ended | Progress::Failed) {
            return Poll::Ready(None);
        }
        let outcome = ready!(self.poll_event(context));
        Poll::Ready(self.note(outcome))
    }
}

impl<V: StreamEvent> EventStream<V> {
    fn new(run: Run, frames: Frames, first: V) -> Self {
        Self {
            frames,
            first: Some(first),
            parts: V::Parts::default(),
            progress: Progress::Open,
            operation: run.target.operation,
            meta: run.meta(StatusCode::OK),
            started: run.started,
            span: run.span,
        }
    }

    /// The whole reply, once everything it consists of arrived.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Truncated`] when the stream failed or was not read that far.
    pub fn into_reply(self) -> Result<Response<V::Reply>> {
        let problem = match self.progress {
            Progress::Open => "read the stream to its end before asking for the reply",
            Progress::Failed => "the stream failed, so there is no whole reply",
            Progress::Whole | Progress::Ended => {
                return match V::reply(self.parts) {
                    Ok(reply) => Ok(Response::new(reply, self.meta)),
                    Err(error) => Err(error.with_request_id(self.meta.request_id)),
                };
            }
        };
        Err(self.complete(truncated().with_message(problem)))
    }

    fn complete(&self, error: Error) -> Error {
        let error = error
            .with_operation(self.operation)
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

    /// Time from the start of the call to the last event read so far, waits included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.meta.elapsed
    }
}

impl<V: StreamEvent> fmt::Debug for EventStream<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("operation", &self.operation)
            .field("request_id", &self.meta.request_id)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

fn truncated() -> Error {
    Error::new(ErrorKind::Truncated).with_status(StatusCode::OK)
}
