//! Chat Completions (v1), for HCX-003 and HCX-DASH-001.

use std::fmt::Display;

use crate::api::{call, plain, request, with_model};
use crate::call::Target;
use crate::client::Client;
use crate::error::Result;
use crate::options::CallOptions;
use crate::raw::Operation;
use crate::raw::events::ChatV1Event;
use crate::raw::types::{ChatV1Request, ChatV1Result, ModelName, SlidingWindowRequest};
use crate::response::Response;
use crate::stream::{self, EventStream};

impl Client {
    /// A text chat with `HCX-003` or `HCX-DASH-001`.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-chatcompletions)
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use clovastudio::raw::types::{ChatMessage, ChatV1Request};
    /// # let simulator = clovastudio::testing::Simulator::start().await?;
    /// # let client = clovastudio::Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
    ///
    /// let mut messages = vec![ChatMessage::system("Be brief."), ChatMessage::user("What is a tensor?")];
    /// let request = ChatV1Request::builder().messages(messages.clone()).max_tokens(256);
    /// let reply = client.chat_v1("HCX-003", request).send().await?;
    /// messages.extend([ChatMessage::assistant(reply.text()), ChatMessage::user("And a matrix?")]);
    /// # Ok(()) }
    /// ```
    pub fn chat_v1(
        &self,
        model: impl Into<ModelName>,
        body: impl TryInto<ChatV1Request, Error: Display>,
    ) -> ChatV1Call {
        self.chat_v1_at(Subject::Model(model.into()), request(body))
    }

    /// A text chat with a tuned v1 model, on the path that begins with `v1`.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-chatcompletions)
    pub fn tuned_chat_v1(
        &self,
        task_id: impl Into<String>,
        body: impl TryInto<ChatV1Request, Error: Display>,
    ) -> ChatV1Call {
        self.chat_v1_at(Subject::TaskV1(task_id.into()), request(body))
    }

    /// A text chat with a tuned v1 model, on the path that begins with `v2`. The vendor does not say how the two differ.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-chatcompletions)
    pub fn tuned_chat_v2(
        &self,
        task_id: impl Into<String>,
        body: impl TryInto<ChatV1Request, Error: Display>,
    ) -> ChatV1Call {
        self.chat_v1_at(Subject::TaskV2(task_id.into()), request(body))
    }

    fn chat_v1_at(&self, subject: Subject, body: Result<ChatV1Request>) -> ChatV1Call {
        ChatV1Call { client: self.clone(), subject, body, options: CallOptions::new() }
    }
}

/// A v1 chat that is ready to be sent.
#[derive(Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct ChatV1Call {
    client: Client,
    subject: Subject,
    body: Result<ChatV1Request>,
    options: CallOptions,
}

/// Whom the chat is with.
#[derive(Debug)]
enum Subject {
    Model(ModelName),
    TaskV1(String),
    TaskV2(String),
}

impl Subject {
    fn target(&self) -> Target {
        match self {
            Self::Model(model) => with_model(Operation::CreateChatCompletionV1, model),
            Self::TaskV1(_) => plain(Operation::CreateTaskChatCompletionV1),
            Self::TaskV2(_) => plain(Operation::CreateTaskChatCompletionV2),
        }
    }

    fn stream_target(&self) -> Target {
        match self {
            Self::Model(model) => with_model(Operation::CreateChatCompletionV1Stream, model),
            Self::TaskV1(_) => plain(Operation::CreateTaskChatCompletionV1Stream),
            Self::TaskV2(_) => plain(Operation::CreateTaskChatCompletionV2Stream),
        }
    }
}

impl ChatV1Call {
    /// Options of this call.
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Lets the service drop the oldest turns, so that the rest and the answer fit the model. `max_tokens` must be set. For
    /// chats with a base model; others stay as they are.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-sliding)
    ///
    /// # Errors
    ///
    /// As [`Client::slide_chat_messages`](crate::Client::slide_chat_messages).
    pub async fn trimmed(self) -> Result<Self> {
        let Subject::Model(model) = &self.subject else { return Ok(self) };
        let mut body = self.body?;
        let mut window = SlidingWindowRequest::builder().messages(body.messages.clone());
        if let Some(tokens) = body.max_tokens {
            window = window.max_tokens(tokens);
        }
        let window = self.client.slide_chat_messages(model.clone(), window).with(self.options.clone()).send().await?;
        body.messages = window.into_inner().messages.unwrap_or(body.messages);
        Ok(Self { body: Ok(body), ..self })
    }

    /// Sends it and waits for the whole answer.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind) for what can go wrong.
    pub async fn send(self) -> Result<Response<ChatV1Result>> {
        let Self { client, subject, body, options } = self;
        let call = call(&client, subject.target(), body, |raw, body| async move {
            match subject {
                Subject::Model(model) => raw.create_chat_completion_v1().model_name(model).body(body).send().await,
                Subject::TaskV1(id) => raw.create_task_chat_completion_v1().task_id(id).body(body).send().await,
                Subject::TaskV2(id) => raw.create_task_chat_completion_v2().task_id(id).body(body).send().await,
            }
        });
        call.with(options).send().await
    }

    /// Sends it and answers with the events as they arrive. The `Result` event repeats the whole answer.
    ///
    /// # Errors
    ///
    /// What goes wrong until the first event; what goes wrong later is an item of the stream.
    pub async fn stream(self) -> Result<EventStream<ChatV1Event>> {
        let Self { client, subject, body, options } = self;
        stream::open(&client, subject.stream_target(), body, options, |raw, body| async move {
            match subject {
                Subject::Model(model) => {
                    raw.create_chat_completion_v1_stream().model_name(model).body(body).send().await
                }
                Subject::TaskV1(id) => raw.create_task_chat_completion_v1_stream().task_id(id).body(body).send().await,
                Subject::TaskV2(id) => raw.create_task_chat_completion_v2_stream().task_id(id).body(body).send().await,
            }
        })
        .await
    }
}

impl ChatV1Result {
    /// The text of the answer.
    #[must_use]
    pub fn text(&self) -> &str {
        self.message.as_ref().and_then(|message| message.content.as_deref()).unwrap_or_default()
    }
}
