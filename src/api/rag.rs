//! Retrieval-augmented answers.

use std::fmt::Display;

use crate::api::{call, plain, request};
use crate::call::{Call, Target};
use crate::client::Client;
use crate::raw::Operation;
use crate::raw::types::{RagReasoningEnvelope, RagReasoningRequest, RerankEnvelope, RerankRequest};

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
        let target = Target { schema: "RagReasoningRequest", ..plain(Operation::RagReasoning) };
        call(self, target, request(body), |raw, body| async move { raw.rag_reasoning().body(body).send().await })
    }
}
