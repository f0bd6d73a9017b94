//! Retrieval-augmented answers.

use std::fmt::Display;

use crate::api::{call, plain, request};
use crate::call::Call;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::Operation;
use crate::raw::types::error::ConversionError;
use crate::raw::types::{
    RagMessage, RagReasoningEnvelope, RagReasoningRequest, RagReasoningResult, RerankEnvelope, RerankRequest, Role,
    ToolCall,
};
use crate::response::Response;
use crate::tools::Functions;

impl Client {
    /// Keeps the search hits that matter to a query and answers it from them, with citations.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-reranker)
    pub fn rerank(&self, body: impl TryInto<RerankRequest, Error: Display>) -> Call<RerankRequest, RerankEnvelope> {
        call(
            self,
            plain(Operation::Rerank),
            request(body),
            |raw, body| async move { raw.rerank().body(body).send().await },
        )
    }

    /// Chooses a retrieval function, or answers from what it found, with citations.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-ragreasoning)
    pub fn rag_reasoning(
        &self,
        body: impl TryInto<RagReasoningRequest, Error: Display>,
    ) -> Call<RagReasoningRequest, RagReasoningEnvelope> {
        let target = plain(Operation::RagReasoning);
        call(self, target, request(body), |raw, body| async move { raw.rag_reasoning().body(body).send().await })
    }
}

impl Call<RagReasoningRequest, RagReasoningEnvelope> {
    /// Sends the question, calls the retrieval functions that the model asks for, hands in what they found, and so on
    /// until the model answers. The functions take the place of the request's tools; what they find is best a JSON object
    /// `{"search_result": [{"id": …, "doc": …}]}`, whose ids the answer cites.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), and [`ErrorKind::Tool`] when a function failed and is not to be fed back, or when the model
    /// still asks for calls after the last round.
    pub async fn run(self, functions: &Functions) -> Result<Response<RagReasoningResult>> {
        let Self { client, body, options, .. } = self;
        let mut body = body?;
        body.tools = functions.tools();
        for _ in 0..functions.rounds() {
            let reply = client.rag_reasoning(body.clone()).with(options.clone()).send().await?;
            let calls = reply.message.as_ref().and_then(|message| message.tool_calls.clone()).unwrap_or_default();
            if calls.is_empty() {
                return Ok(reply);
            }
            body.messages.push(asking(calls.clone()));
            for call in calls {
                let found = functions.call(&call).await?;
                body.messages.push(found_by(call, found)?);
            }
        }
        Err(functions.given_up())
    }
}

fn asking(calls: Vec<ToolCall>) -> RagMessage {
    let mut message = RagMessage::assistant("");
    message.tool_calls = Some(calls);
    message
}

fn found_by(call: ToolCall, found: String) -> Result<RagMessage> {
    let message = RagMessage::builder().role(Role::Tool).content(found).tool_call_id(call.id);
    message.try_into().map_err(|error: ConversionError| Error::new(ErrorKind::Request).with_message(error.to_string()))
}
