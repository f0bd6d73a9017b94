//! What the streams of the service have in common, and how their events differ.

use serde::Serialize;

use crate::envelope::Envelope;
use crate::error::{Error, ErrorKind, Result};
use crate::failure;
use crate::raw::Operation;
use crate::raw::events::{ChatV1Event, ChatV3Event, SkillsetEvent};
use crate::raw::types::{
    ChatV1Envelope, ChatV1Result, ChatV3Envelope, ChatV3Result, OpenAiChatCompletion, OpenAiChunk, SkillsetResult,
};
use crate::sse::Frame;
use crate::stream::chunks::Chunks;
use crate::stream::skillset::SkillsetRun;
use crate::stream::truncated;

/// Events of a kind of stream: of chats v3 and v1, of skillsets, of the OpenAI-compatible API.
pub trait StreamEvent: Sized {
    /// What the events make up together: what the call without streaming answers with.
    type Reply: Serialize;

    /// What arrived of the reply.
    #[doc(hidden)]
    type Parts: Clone + Default + Send + Unpin;

    /// The operation whose stream it is, the first of several.
    #[doc(hidden)]
    const OPERATION: Operation;

    /// The new piece of the answer's text, if the event brings one. The event that repeats the whole answer brings none.
    fn text(&self) -> Option<&str>;

    /// Reads a frame; the end mark is no event. Fails when the frame reports a failure, or when its data is not of the
    /// documented form.
    #[doc(hidden)]
    fn read(frame: &Frame) -> Result<Option<Self>>;

    /// The event as a frame without an id.
    #[doc(hidden)]
    fn write(&self) -> Result<Frame>;

    /// Adds an event, or the end mark, to what arrived, and tells whether the reply is whole.
    #[doc(hidden)]
    fn join(parts: &mut Self::Parts, event: Option<&Self>) -> bool;

    /// The whole reply.
    #[doc(hidden)]
    fn reply(parts: Self::Parts) -> Result<Self::Reply>;

    /// Tokens of input and output, as far as the event tells.
    #[doc(hidden)]
    fn tokens(&self) -> (Option<i64>, Option<i64>);
}

impl StreamEvent for ChatV3Event {
    type Reply = ChatV3Result;
    type Parts = Option<ChatV3Result>;

    const OPERATION: Operation = Operation::CreateChatCompletionV3Stream;

    fn text(&self) -> Option<&str> {
        piece(self.as_token()?.message.as_ref()?.content.as_deref())
    }

    fn read(frame: &Frame) -> Result<Option<Self>> {
        read_named(frame, Self::decode)
    }

    fn write(&self) -> Result<Frame> {
        self.encode().map_err(|error| unwritten(&error))
    }

    fn join(parts: &mut Self::Parts, event: Option<&Self>) -> bool {
        keep(parts, event.and_then(Self::as_result))
    }

    fn reply(parts: Self::Parts) -> Result<Self::Reply> {
        parts.ok_or_else(truncated)
    }

    fn tokens(&self) -> (Option<i64>, Option<i64>) {
        self.as_result().map(ChatV3Envelope::tokens).unwrap_or_default()
    }
}

impl StreamEvent for ChatV1Event {
    type Reply = ChatV1Result;
    type Parts = Option<ChatV1Result>;

    const OPERATION: Operation = Operation::CreateChatCompletionV1Stream;

    fn text(&self) -> Option<&str> {
        piece(self.as_token()?.message.as_ref()?.content.as_deref())
    }

    fn read(frame: &Frame) -> Result<Option<Self>> {
        read_named(frame, Self::decode)
    }

    fn write(&self) -> Result<Frame> {
        self.encode().map_err(|error| unwritten(&error))
    }

    fn join(parts: &mut Self::Parts, event: Option<&Self>) -> bool {
        keep(parts, event.and_then(Self::as_result))
    }

    fn reply(parts: Self::Parts) -> Result<Self::Reply> {
        parts.ok_or_else(truncated)
    }

    fn tokens(&self) -> (Option<i64>, Option<i64>) {
        self.as_result().map(ChatV1Envelope::tokens).unwrap_or_default()
    }
}

impl StreamEvent for SkillsetEvent {
    type Reply = SkillsetResult;
    type Parts = SkillsetRun;

    const OPERATION: Operation = Operation::GenerateSkillsetFinalAnswerStream;

    fn text(&self) -> Option<&str> {
        piece(self.as_token()?.text.as_deref())
    }

    fn read(frame: &Frame) -> Result<Option<Self>> {
        read_named(frame, Self::decode)
    }

    fn write(&self) -> Result<Frame> {
        self.encode().map_err(|error| unwritten(&error))
    }

    fn join(parts: &mut Self::Parts, event: Option<&Self>) -> bool {
        parts.join(event)
    }

    fn reply(parts: Self::Parts) -> Result<Self::Reply> {
        parts.reply()
    }

    fn tokens(&self) -> (Option<i64>, Option<i64>) {
        (None, None)
    }
}

impl StreamEvent for OpenAiChunk {
    type Reply = OpenAiChatCompletion;
    type Parts = Chunks;

    const OPERATION: Operation = Operation::OpenaiCreateChatCompletionStream;

    fn text(&self) -> Option<&str> {
        let first = self.choices.iter().find(|choice| choice.index.unwrap_or_default() == 0)?;
        piece(first.delta.as_ref()?.content.as_deref())
    }

    fn read(frame: &Frame) -> Result<Option<Self>> {
        let data = frame.data.trim();
        if data == END_MARK {
            return Ok(None);
        }
        if let Some(refusal) = failure::refusal(data.as_bytes()) {
            return Err(reported(refusal, frame));
        }
        serde_json::from_str(data).map(Some).map_err(|error| failure::undecodable(&error))
    }

    fn write(&self) -> Result<Frame> {
        let data = serde_json::to_string(self).map_err(|error| unwritten(&error))?;
        Ok(Frame { data, ..Frame::default() })
    }

    fn join(parts: &mut Self::Parts, event: Option<&Self>) -> bool {
        parts.join(event)
    }

    fn reply(parts: Self::Parts) -> Result<Self::Reply> {
        parts.reply()
    }

    fn tokens(&self) -> (Option<i64>, Option<i64>) {
        let usage = self.usage.as_ref();
        (usage.and_then(|usage| usage.prompt_tokens), usage.and_then(|usage| usage.completion_tokens))
    }
}

/// What ends a stream of the OpenAI-compatible API.
const END_MARK: &str = "[DONE]";

/// Reads a native frame, whose event has a name. A failure without one is a failure all the same.
fn read_named<V>(
    frame: &Frame,
    decode: fn(&str, &str) -> std::result::Result<V, serde_json::Error>,
) -> Result<Option<V>> {
    let event = frame.event.as_deref().unwrap_or_default();
    if event.eq_ignore_ascii_case("signal") {
        return Ok(None);
    }
    let is_error = event.eq_ignore_ascii_case("error");
    if is_error || event.is_empty() {
        let refusal = failure::refusal(frame.data.as_bytes());
        if let Some(refusal) = refusal.or_else(|| is_error.then(|| Error::new(ErrorKind::Api))) {
            return Err(reported(refusal, frame));
        }
    }
    decode(event, &frame.data).map(Some).map_err(|error| failure::undecodable(&error))
}

fn unwritten(error: &serde_json::Error) -> Error {
    Error::new(ErrorKind::Request).with_message(format!("the event cannot be written: {error}"))
}

/// A failure that came inside a successful answer.
fn reported(refusal: Error, frame: &Frame) -> Error {
    refusal.with_status(http::StatusCode::OK).with_body(frame.data.as_bytes())
}

/// A piece of text that is more than nothing.
fn piece(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// Keeps the result of a chat, which repeats the whole answer, and tells whether there is one.
fn keep<R: Clone>(parts: &mut Option<R>, result: Option<&R>) -> bool {
    if let Some(result) = result {
        *parts = Some(result.clone());
    }
    parts.is_some()
}
