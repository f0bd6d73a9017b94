//! The OpenAI-compatible API.

use std::fmt::Display;

use crate::api::{call, plain, request};
use crate::call::{Call, Target};
use crate::client::Client;
use crate::error::Result;
use crate::options::CallOptions;
use crate::raw::Operation;
use crate::raw::types::{
    OpenAiAnswer, OpenAiChatCompletion, OpenAiChatRequest, OpenAiChunk, OpenAiEmbeddingList, OpenAiEmbeddingRequest,
    OpenAiModelList, OpenAiToolCall,
};
use crate::response::Response;
use crate::stream::{self, EventStream};

impl Client {
    /// A chat in OpenAI's shape. [`stream`](OpenAiChatCall::stream) sets the member `stream` itself.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-openaicompatibility)
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use clovastudio::raw::types::{OpenAiChatRequest, OpenAiMessage};
    /// # let simulator = clovastudio::testing::Simulator::start().await?;
    /// # let client = clovastudio::Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
    ///
    /// let messages = vec![OpenAiMessage::system("Be brief."), OpenAiMessage::user("What is a tensor?")];
    /// let request = OpenAiChatRequest::builder().model("HCX-005").messages(messages).max_tokens(256);
    /// let reply = client.openai_chat(request).send().await?;
    /// assert!(!reply.text().is_empty());
    /// # Ok(()) }
    /// ```
    pub fn openai_chat(&self, body: impl TryInto<OpenAiChatRequest, Error: Display>) -> OpenAiChatCall {
        OpenAiChatCall { client: self.clone(), body: request(body), options: CallOptions::new() }
    }

    /// Vectors in OpenAI's shape.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-openaicompatibility)
    pub fn openai_embedding(
        &self,
        body: impl TryInto<OpenAiEmbeddingRequest, Error: Display>,
    ) -> Call<OpenAiEmbeddingRequest, OpenAiEmbeddingList> {
        let body: Result<OpenAiEmbeddingRequest> = request(body);
        let model = body.as_ref().ok().map(|body| body.model.as_str().to_owned());
        let target = Target { model, ..plain(Operation::OpenaiCreateEmbedding) };
        call(self, target, body, |raw, body| async move { raw.openai_create_embedding().body(body).send().await })
    }

    /// The models, in OpenAI's shape.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-openaicompatibility)
    pub fn openai_models(&self) -> Call<(), OpenAiModelList> {
        call(self, plain(Operation::OpenaiListModels), Ok(()), |raw, ()| async move {
            raw.openai_list_models().send().await
        })
    }
}

/// A chat in OpenAI's shape that is ready to be sent.
#[derive(Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct OpenAiChatCall {
    client: Client,
    body: Result<OpenAiChatRequest>,
    options: CallOptions,
}

impl OpenAiChatCall {
    /// Options of this call.
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends it and waits for the whole answer.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind) for what can go wrong.
    pub async fn send(self) -> Result<Response<OpenAiChatCompletion>> {
        let target = self.target(Operation::OpenaiCreateChatCompletion);
        let call = call(&self.client, target, self.body, |raw, body| async move {
            raw.openai_create_chat_completion().body(body).send().await
        });
        call.with(self.options).send().await
    }

    /// Sends it and answers with the chunks as they arrive. [`collect`](EventStream::collect) joins them, the pieces of
    /// function calls by their index.
    ///
    /// # Errors
    ///
    /// What goes wrong until the first chunk; what goes wrong later is an item of the stream.
    pub async fn stream(self) -> Result<EventStream<OpenAiChunk>> {
        let target = self.target(Operation::OpenaiCreateChatCompletionStream);
        let body = self.body.map(|mut body| {
            body.stream = Some(true);
            body
        });
        stream::open(&self.client, target, body, self.options, |raw, body| async move {
            raw.openai_create_chat_completion_stream().body(body).send().await
        })
        .await
    }

    fn target(&self, operation: Operation) -> Target {
        let model = self.body.as_ref().ok().map(|body| body.model.as_str().to_owned());
        Target { operation, model }
    }
}

impl OpenAiChatCompletion {
    /// The text of the first answer. Empty when the model asks for function calls.
    #[must_use]
    pub fn text(&self) -> &str {
        self.answer().and_then(|answer| answer.content.as_deref()).unwrap_or_default()
    }

    /// The reasoning of HCX-007, under either of its names.
    #[must_use]
    pub fn thinking(&self) -> Option<&str> {
        let answer = self.answer()?;
        answer.reasoning_content.as_deref().or(answer.thinking_content.as_deref())
    }

    /// Calls the model asks for.
    #[must_use]
    pub fn tool_calls(&self) -> &[OpenAiToolCall] {
        self.answer().and_then(|answer| answer.tool_calls.as_deref()).unwrap_or_default()
    }

    fn answer(&self) -> Option<&OpenAiAnswer> {
        self.choices.first()?.message.as_ref()
    }
}
