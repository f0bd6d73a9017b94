//! Replies and events by hand, so that code that takes them can be tested without a server.

use serde_json::Value;

use crate::chat::{ChatEvent, ChatReply, ChatStream, Usage};
use crate::error::Error;
use crate::raw::events::ChatV3Event;
use crate::raw::types::{
    ChatV3Answer, ChatV3Delta, ChatV3Result, ChatV3Token, ChatV3Usage, CompletionTokensDetails, FinishReason,
    FunctionCall, FunctionCallDelta, Role, StreamSignal, ToolCall, ToolCallDelta, ToolType,
};
use crate::stream::EventStream;

impl ChatReply {
    /// A reply by hand: this text, and the finish reason `stop`.
    ///
    /// ```
    /// use clovastudio::{ChatReply, Usage};
    ///
    /// fn shout(reply: &ChatReply) -> String {
    ///     format!("{}! ({} tokens)", reply.text(), reply.usage().total_tokens)
    /// }
    ///
    /// let reply = ChatReply::from_text("안녕하세요").with_usage(Usage::new(20, 5));
    /// assert_eq!(shout(&reply), "안녕하세요! (25 tokens)");
    /// ```
    #[must_use]
    pub fn from_text(text: impl Into<String>) -> Self {
        let message =
            ChatV3Answer { content: Some(text.into()), role: Some(Role::Assistant), ..ChatV3Answer::default() };
        let finish_reason = Some(FinishReason::Stop);
        Self::new(ChatV3Result { message: Some(message), finish_reason, ..ChatV3Result::default() })
    }

    /// The same with reasoning.
    #[must_use]
    pub fn with_thinking(mut self, text: impl Into<String>) -> Self {
        self.answer_mut().thinking_content = Some(text.into());
        self
    }

    /// The same with one more call of a function, and the finish reason `tool_calls`.
    ///
    /// ```
    /// use clovastudio::ChatReply;
    /// use serde_json::json;
    ///
    /// let reply = ChatReply::from_text("").with_tool_call("call_1", "get_weather", [("city", json!("서울"))]);
    /// assert_eq!(reply.tool_calls()[0].id.as_deref(), Some("call_1"));
    /// ```
    #[must_use]
    pub fn with_tool_call(
        mut self,
        id: impl Into<String>,
        name: impl Into<String>,
        arguments: impl IntoIterator<Item = (impl Into<String>, impl Into<Value>)>,
    ) -> Self {
        let arguments = arguments.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let function = FunctionCall { name: Some(name.into()), arguments: Some(arguments), ..FunctionCall::default() };
        let call = ToolCall {
            id: Some(id.into()),
            type_: Some(ToolType::Function),
            function: Some(function),
            ..ToolCall::default()
        };
        self.answer_mut().tool_calls.get_or_insert_default().push(call);
        self.with_finish_reason(FinishReason::ToolCalls)
    }

    /// The same with another reason why the generation ended, such as [`FinishReason::Length`].
    #[must_use]
    pub fn with_finish_reason(mut self, reason: impl Into<FinishReason>) -> Self {
        self.result.finish_reason = Some(reason.into());
        self
    }

    /// The same with tokens used.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        let thinking = Some(usage.thinking_tokens).filter(|tokens| *tokens > 0);
        let details = thinking.map(|tokens| CompletionTokensDetails {
            thinking_tokens: Some(tokens),
            ..CompletionTokensDetails::default()
        });
        self.result.usage = Some(ChatV3Usage {
            prompt_tokens: Some(usage.prompt_tokens),
            completion_tokens: Some(usage.completion_tokens),
            total_tokens: Some(usage.total_tokens),
            completion_tokens_details: details,
            ..ChatV3Usage::default()
        });
        self
    }

    /// The events in which a stream brings this reply: reasoning, text and arguments in pieces, then the whole, then the
    /// end mark.
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> clovastudio::Result<()> {
    /// use clovastudio::{ChatEvent, ChatReply, ChatStream};
    ///
    /// let mut stream = ChatStream::for_test(ChatReply::from_text("one two").to_events());
    /// let mut pieces = Vec::new();
    /// while let Some(event) = stream.try_next().await? {
    ///     if let ChatEvent::Text(piece) = event {
    ///         pieces.push(piece);
    ///     }
    /// }
    /// assert_eq!(pieces, ["one ", "two"]);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn to_events(&self) -> Vec<ChatV3Event> {
        let thinking = words(self.thinking().unwrap_or_default()).map(ChatEvent::Thinking);
        let text = words(self.text()).map(ChatEvent::Text);
        let calls = self.tool_calls().iter().enumerate().flat_map(|(index, call)| call_events(index, call));
        let finished = ChatEvent::Finished(Box::new(self.clone()));
        let events = thinking.chain(text).chain(calls).chain([finished]).map(ChatV3Event::from);
        events.chain([ChatV3Event::Signal(StreamSignal::done())]).collect()
    }

    fn answer_mut(&mut self) -> &mut ChatV3Answer {
        self.result.message.get_or_insert_default()
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split_inclusive(char::is_whitespace).map(str::to_owned)
}

fn call_events(index: usize, call: &ToolCall) -> Vec<ChatEvent> {
    let function = call.function.clone().unwrap_or_default();
    let json = Value::Object(function.arguments.unwrap_or_default()).to_string();
    let started = ChatEvent::ToolCallStarted {
        index,
        id: call.id.clone().unwrap_or_default(),
        name: function.name.unwrap_or_default(),
    };
    let pieces = json.split_inclusive([':', ',']);
    let pieces = pieces.map(|piece| ChatEvent::ToolCallArguments { index, json: piece.to_owned() });
    std::iter::once(started).chain(pieces).collect()
}

impl From<ChatReply> for ChatV3Result {
    fn from(reply: ChatReply) -> Self {
        reply.into_result()
    }
}

impl Usage {
    /// Tokens by hand; the total is their sum.
    #[must_use]
    pub fn new(prompt_tokens: i64, completion_tokens: i64) -> Self {
        let total_tokens = prompt_tokens.saturating_add(completion_tokens);
        Self { prompt_tokens, completion_tokens, total_tokens, thinking_tokens: 0 }
    }

    /// The same with tokens of the reasoning, which are a part of the generated ones.
    #[must_use]
    pub fn with_thinking(self, thinking_tokens: i64) -> Self {
        Self { thinking_tokens, ..self }
    }
}

/// The event as the service sends it. The wire has no number of a call: a piece of arguments belongs to the call that
/// started last.
impl From<ChatEvent> for ChatV3Event {
    fn from(event: ChatEvent) -> Self {
        match event {
            ChatEvent::Thinking(text) => token(ChatV3Delta { thinking_content: Some(text), ..delta() }),
            ChatEvent::Text(text) => token(ChatV3Delta { content: Some(text), ..delta() }),
            ChatEvent::ToolCallStarted { id, name, .. } => {
                tool_token(Some(id), FunctionCallDelta { name: Some(name), ..FunctionCallDelta::default() })
            }
            ChatEvent::ToolCallArguments { json, .. } => {
                tool_token(None, FunctionCallDelta { partial_json: Some(json), ..FunctionCallDelta::default() })
            }
            ChatEvent::Finished(reply) => Self::Result(reply.into_result()),
            ChatEvent::Unknown { event, data } => Self::Unknown { event, data },
        }
    }
}

fn delta() -> ChatV3Delta {
    ChatV3Delta { role: Some(Role::Assistant), ..ChatV3Delta::default() }
}

fn token(message: ChatV3Delta) -> ChatV3Event {
    ChatV3Event::Token(ChatV3Token { message: Some(message), ..ChatV3Token::default() })
}

fn tool_token(id: Option<String>, function: FunctionCallDelta) -> ChatV3Event {
    let call =
        ToolCallDelta { id, type_: Some(ToolType::Function), function: Some(function), ..ToolCallDelta::default() };
    token(ChatV3Delta { content: Some(String::new()), tool_calls: Some(vec![call]), ..delta() })
}

impl ChatStream {
    /// A stream by hand, to test code that takes one: these events, of this type or of the generated one.
    ///
    /// A list without the whole answer at its end is a stream that breaks off: its last item is an error of kind
    /// [`Truncated`](crate::ErrorKind::Truncated). [`ChatReply::to_events`] has everything that belongs to a reply.
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> clovastudio::Result<()> {
    /// use clovastudio::{ChatEvent, ChatReply, ChatStream};
    ///
    /// let text = ChatEvent::Text("안녕".to_owned());
    /// let finished = ChatEvent::Finished(Box::new(ChatReply::from_text("안녕")));
    /// let reply = ChatStream::for_test([text, finished]).collect().await?;
    /// assert_eq!(reply.text(), "안녕");
    /// # Ok(()) }
    /// ```
    pub fn for_test(events: impl IntoIterator<Item = impl Into<ChatV3Event>>) -> Self {
        Self::new(EventStream::for_test(events.into_iter().map(Into::into)))
    }

    /// The same, but after the events it fails with this error, to which it adds what a stream knows of its call.
    ///
    /// ```
    /// # #[tokio::main] async fn main() {
    /// use clovastudio::{ChatEvent, ChatStream, Error, ErrorKind};
    ///
    /// let event = ChatEvent::Text("안녕".to_owned());
    /// let mut stream = ChatStream::failing_for_test([event], Error::new(ErrorKind::Connection));
    /// assert!(stream.try_next().await.unwrap().is_some());
    /// assert_eq!(stream.try_next().await.unwrap_err().kind(), ErrorKind::Connection);
    /// # }
    /// ```
    pub fn failing_for_test(events: impl IntoIterator<Item = impl Into<ChatV3Event>>, error: Error) -> Self {
        Self::new(EventStream::failing_for_test(events.into_iter().map(Into::into), error))
    }
}
