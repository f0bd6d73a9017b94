//! A chat call, built field by field.

use std::fmt;

use crate::api::call;
use crate::chat::subject::Subject;
use crate::chat::{ChatReply, ChatStream};
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::image::Image;
use crate::options::CallOptions;
use crate::raw::types::error::ConversionError;
use crate::raw::types::{
    self, ChatV3Content, ChatV3Message, ChatV3Request, ContentPart, FunctionName, Role, Thinking, ThinkingEffort,
    ToolCall, ToolChoiceFunction, ToolType,
};
use crate::response::Response;
use crate::stream;

mod generated {
    use super::{ChatCall, types};

    include!(concat!(env!("OUT_DIR"), "/setters.rs"));
}

/// A chat call: fields of the request have the vendor's names in snake case, options of the call go through
/// [`with`](Self::with). Defaults are the service's; nothing is sent that was not set.
///
/// ```
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = clovastudio::testing::Simulator::start().await?;
/// # let client = clovastudio::Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
/// let reply = client.chat("HCX-005").system("Be brief.").user("What is a tensor?").max_tokens(256).send().await?;
/// assert!(!reply.text().is_empty());
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a call does nothing until it is sent"]
pub struct ChatCall {
    client: Client,
    subject: Subject,
    messages: Vec<ChatV3Message>,
    /// The first thing that is wrong with the request.
    problem: Option<String>,
    request: types::builder::ChatV3Request,
    options: CallOptions,
}

impl ChatCall {
    pub(super) fn new(client: &Client, subject: Subject) -> Self {
        Self {
            client: client.clone(),
            subject,
            messages: Vec::new(),
            problem: None,
            request: ChatV3Request::builder(),
            options: CallOptions::new(),
        }
    }

    /// Instructions for the whole conversation; one per request.
    pub fn system(self, content: impl Into<ChatV3Content>) -> Self {
        self.message(ChatV3Message::system(content))
    }

    /// A turn of the person: text, or parts with text and images.
    pub fn user(self, content: impl Into<ChatV3Content>) -> Self {
        self.message(ChatV3Message::user(content))
    }

    /// A turn of the person: a text about an image. One image a turn, five a request.
    pub fn user_image(self, text: impl Into<String>, image: Image) -> Self {
        self.user(vec![ContentPart::from(image), ContentPart::text(text)])
    }

    /// An earlier answer of the model. Its reasoning must not be sent back.
    pub fn assistant(self, content: impl Into<ChatV3Content>) -> Self {
        self.message(ChatV3Message::assistant(content))
    }

    /// An earlier answer of the model with the calls it asked for; [`tool_result`](Self::tool_result) follows. The text is
    /// most often empty.
    pub fn tool_calls(self, text: impl Into<String>, calls: Vec<ToolCall>) -> Self {
        let mut message = ChatV3Message::assistant(text.into());
        message.tool_calls = Some(calls);
        self.message(message)
    }

    /// What a called function returned, for the call with this id.
    pub fn tool_result(self, call_id: impl Into<String>, result: impl Into<String>) -> Self {
        let message = ChatV3Message::builder().role(Role::Tool).content(result.into()).tool_call_id(call_id.into());
        self.attempt(message.try_into(), Self::message)
    }

    /// The answer of an earlier call, as a turn of the conversation: its text and calls, without its reasoning.
    pub fn reply(self, reply: &ChatReply) -> Self {
        match reply.tool_calls() {
            [] => self.assistant(reply.text()),
            calls => self.tool_calls(reply.text(), calls.to_vec()),
        }
    }

    /// A message of the generated type.
    pub fn message(mut self, message: ChatV3Message) -> Self {
        self.messages.push(message);
        self
    }

    /// Messages of the generated type.
    pub fn messages(self, messages: impl IntoIterator<Item = ChatV3Message>) -> Self {
        messages.into_iter().fold(self, Self::message)
    }

    /// Uses what was built, or keeps the reason why it could not be for when the call is sent.
    fn attempt<T>(
        mut self,
        built: std::result::Result<T, ConversionError>,
        then: impl FnOnce(Self, T) -> Self,
    ) -> Self {
        match built {
            Ok(value) => then(self, value),
            Err(error) => {
                self.problem.get_or_insert(error.to_string());
                self
            }
        }
    }

    /// Depth of the reasoning of HCX-007, which reasons with `low` unless told otherwise.
    pub fn thinking(self, effort: impl Into<ThinkingEffort>) -> Self {
        let thinking = Thinking::builder().effort(effort.into());
        self.attempt(thinking.try_into(), |call, thinking: Thinking| call.change(|request| request.thinking(thinking)))
    }

    /// Forces the model to call one function.
    pub fn force_tool(self, name: impl Into<String>) -> Self {
        let function = FunctionName::builder().name(name.into());
        let choice = ToolChoiceFunction::builder().type_(ToolType::Function).function(function);
        self.attempt(choice.try_into(), |call, choice: ToolChoiceFunction| call.tool_choice(choice))
    }

    /// Changes the request through the builder of the generated type.
    pub fn change(
        mut self,
        change: impl FnOnce(types::builder::ChatV3Request) -> types::builder::ChatV3Request,
    ) -> Self {
        self.request = change(self.request);
        self
    }

    /// Options of this call.
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends it and waits for the whole answer.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`] for what can go wrong.
    pub async fn send(self) -> Result<Response<ChatReply>> {
        let Self { client, subject, messages, problem, request, options } = self;
        let body = body(messages, problem, request);
        let call = call(&client, subject.target(), body, |raw, body| async move {
            match subject {
                Subject::Model(model) => raw.create_chat_completion_v3().model_name(model).body(body).send().await,
                Subject::Task(id) => raw.create_task_chat_completion_v3().task_id(id).body(body).send().await,
            }
        });
        Ok(call.with(options).send().await?.map(ChatReply::new))
    }

    /// Sends it and answers with the events as they arrive.
    ///
    /// # Errors
    ///
    /// What goes wrong until the first event; what goes wrong later is an item of the stream.
    pub async fn stream(self) -> Result<ChatStream> {
        let Self { client, subject, messages, problem, request, options } = self;
        let body = body(messages, problem, request);
        let events = stream::open(&client, subject.stream_target(), body, options, |raw, body| async move {
            match subject {
                Subject::Model(model) => {
                    raw.create_chat_completion_v3_stream().model_name(model).body(body).send().await
                }
                Subject::Task(id) => raw.create_task_chat_completion_v3_stream().task_id(id).body(body).send().await,
            }
        });
        Ok(ChatStream::new(events.await?))
    }

    pub(super) fn sent_messages(&self) -> &[ChatV3Message] {
        &self.messages
    }
}

fn body(
    messages: Vec<ChatV3Message>,
    problem: Option<String>,
    request: types::builder::ChatV3Request,
) -> Result<ChatV3Request> {
    match problem {
        Some(problem) => Err(incomplete(problem)),
        None if messages.is_empty() => Err(incomplete("a chat needs a message; call `user`")),
        None => request.messages(messages).try_into().map_err(|error: ConversionError| incomplete(error.to_string())),
    }
}

fn incomplete(problem: impl Into<String>) -> Error {
    Error::new(ErrorKind::Request).with_message(problem)
}

impl fmt::Debug for ChatCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatCall")
            .field("subject", &self.subject)
            .field("messages", &self.messages.len())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
