//! A chat as it arrives.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use http::HeaderMap;

use crate::chat::ChatReply;
use crate::error::Result;
use crate::mask::MASKED;
use crate::rate_limit::RateLimits;
use crate::raw::events::ChatV3Event;
use crate::raw::types::{ChatV3Token, EventName, ToolCallDelta};
use crate::response::Response;
use crate::stream::{EventStream, TextStream};

/// What arrives of a chat.
#[derive(Clone)]
#[non_exhaustive]
pub enum ChatEvent {
    /// A piece of the reasoning.
    Thinking(String),
    /// A piece of the text.
    Text(String),
    /// The model begins to ask for a function call.
    ToolCallStarted {
        /// Number of the call in this answer, from 0.
        index: usize,
        /// Id of the call.
        id: String,
        /// Name of the function.
        name: String,
    },
    /// A piece of the JSON text of a call's arguments.
    ToolCallArguments {
        /// Number of the call, from 0.
        index: usize,
        /// The piece.
        json: String,
    },
    /// The whole answer: the pieces before it joined, with usage and finish reason. The text is not new.
    Finished(Box<ChatReply>),
    /// An event that this version does not know.
    Unknown {
        /// Its name.
        event: EventName,
        /// Its data, unparsed.
        data: String,
    },
}

impl fmt::Debug for ChatEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thinking(_) => f.debug_tuple("Thinking").field(&MASKED).finish(),
            Self::Text(_) => f.debug_tuple("Text").field(&MASKED).finish(),
            Self::ToolCallStarted { index, .. } => f
                .debug_struct("ToolCallStarted")
                .field("index", index)
                .field("id", &MASKED)
                .field("name", &MASKED)
                .finish(),
            Self::ToolCallArguments { index, .. } => {
                f.debug_struct("ToolCallArguments").field("index", index).field("json", &MASKED).finish()
            }
            Self::Finished(reply) => f.debug_tuple("Finished").field(reply).finish(),
            Self::Unknown { event, .. } => {
                f.debug_struct("Unknown").field("event", event).field("data", &MASKED).finish()
            }
        }
    }
}

/// A chat as it arrives: typed events, and at the end the same [`ChatReply`] that `send` answers with.
///
/// ```
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use clovastudio::ChatEvent;
/// # let simulator = clovastudio::testing::Simulator::start().await?;
/// # let client = clovastudio::Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
///
/// let mut stream = client.chat("HCX-005").user("Say hello in Korean.").stream().await?;
/// let mut text = String::new();
/// while let Some(event) = stream.try_next().await? {
///     if let ChatEvent::Text(piece) = event {
///         text.push_str(&piece);
///     }
/// }
/// let reply = stream.into_reply()?;
/// assert_eq!(reply.text(), text);
/// # Ok(()) }
/// ```
#[must_use = "a stream does nothing until it is read"]
pub struct ChatStream {
    events: EventStream<ChatV3Event>,
    waiting: VecDeque<ChatEvent>,
    /// Ids of the calls that began.
    calls: Vec<String>,
}

impl ChatStream {
    pub(super) fn new(events: EventStream<ChatV3Event>) -> Self {
        Self { events, waiting: VecDeque::new(), calls: Vec::new() }
    }

    /// The next event, or nothing after the last one.
    ///
    /// # Errors
    ///
    /// When the stream reports a failure, breaks off, stalls or cannot be read. Nothing follows an error.
    pub async fn try_next(&mut self) -> Result<Option<ChatEvent>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// Reads to the end, handing each event to `see`, and answers with the whole reply.
    ///
    /// # Errors
    ///
    /// As [`try_next`](Self::try_next).
    pub async fn collect_with(mut self, mut see: impl FnMut(&ChatEvent)) -> Result<Response<ChatReply>> {
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
    pub async fn collect(self) -> Result<Response<ChatReply>> {
        self.collect_with(|_| {}).await
    }

    /// The whole reply, once its event arrived.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Truncated`](crate::ErrorKind::Truncated) when the stream failed or was not read up to its result.
    pub fn into_reply(self) -> Result<Response<ChatReply>> {
        Ok(self.events.into_reply()?.map(ChatReply::new))
    }

    /// Only the pieces of the text.
    pub fn into_text_stream(self) -> TextStream<ChatV3Event> {
        self.events.into_text_stream()
    }

    /// The events of the generated type, before they are taken apart.
    pub fn into_events(self) -> EventStream<ChatV3Event> {
        self.events
    }

    /// Id of the request.
    #[must_use]
    pub fn request_id(&self) -> &str {
        self.events.request_id()
    }

    /// Headers of the answer.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.events.headers()
    }

    /// Requests and tokens left in this minute, as far as the service tells.
    #[must_use]
    pub fn rate_limits(&self) -> RateLimits {
        self.events.rate_limits()
    }

    /// How often the request was sent until the first event arrived.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.events.attempts()
    }

    /// Time from the start of the call to the last event read so far, waits included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.events.elapsed()
    }

    fn take(&mut self, event: ChatV3Event) {
        match event {
            ChatV3Event::Token(token) => self.take_token(token),
            ChatV3Event::Result(result) => {
                self.waiting.push_back(ChatEvent::Finished(Box::new(ChatReply::new(result))));
            }
            ChatV3Event::Unknown { event, data } => self.waiting.push_back(ChatEvent::Unknown { event, data }),
            // Both end the stream below this one.
            ChatV3Event::Error(_) | ChatV3Event::Signal(_) => {}
        }
    }

    fn take_token(&mut self, token: ChatV3Token) {
        let Some(message) = token.message else { return };
        let thinking = message.thinking_content.filter(|text| !text.is_empty());
        self.waiting.extend(thinking.map(ChatEvent::Thinking));
        let text = message.content.filter(|text| !text.is_empty());
        self.waiting.extend(text.map(ChatEvent::Text));
        message.tool_calls.into_iter().flatten().for_each(|piece| self.take_call(piece));
    }

    /// Pieces carry no number: a new id begins a new call, and a piece without one belongs to the call before.
    fn take_call(&mut self, piece: ToolCallDelta) {
        let function = piece.function;
        let (name, json) = function.map(|function| (function.name, function.partial_json)).unwrap_or_default();
        let index = match &piece.id {
            Some(id) => self.calls.iter().position(|known| known == id).unwrap_or(self.calls.len()),
            None => self.calls.len().saturating_sub(1),
        };
        if let Some(id) = piece.id.filter(|_| index == self.calls.len()) {
            self.calls.push(id.clone());
            let name = name.unwrap_or_default();
            self.waiting.push_back(ChatEvent::ToolCallStarted { index, id, name });
        }
        if let Some(json) = json.filter(|json| !json.is_empty()) {
            self.waiting.push_back(ChatEvent::ToolCallArguments { index, json });
        }
    }
}

impl Stream for ChatStream {
    type Item = Result<ChatEvent>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Poll::Ready(Some(Ok(event)));
            }
            match ready!(Pin::new(&mut self.events).poll_next(context)) {
                Some(Ok(event)) => self.take(event),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl fmt::Debug for ChatStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatStream").field("events", &self.events).finish_non_exhaustive()
    }
}
