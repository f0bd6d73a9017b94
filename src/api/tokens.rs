//! Token counting.

use crate::api::{call, plain, request, with_model};
use crate::call::Call;
use crate::client::Client;
use crate::raw::Operation;
use crate::raw::types::{
    ChatMessage, ModelName, TokenCountEnvelope, TokenizeChatEnvelope, TokenizeChatRequest, TokenizeChatV3Envelope,
    TokenizeChatV3Request, TokenizeEmbeddingRequest, TokenizeTextRequest,
};

impl Client {
    /// Tokens of each message of a conversation for a v1 model.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-tokenizerhcx)
    pub fn count_chat_tokens(
        &self,
        model: impl Into<ModelName>,
        messages: Vec<ChatMessage>,
    ) -> Call<TokenizeChatRequest, TokenizeChatEnvelope> {
        let model = model.into();
        let target = with_model(Operation::TokenizeChat, &model);
        call(self, target, request(TokenizeChatRequest::builder().messages(messages)), |raw, body| async move {
            raw.tokenize_chat().model_name(model).body(body).send().await
        })
    }

    /// Tokens of each part of a conversation for a v3 model, of its tools and of its response format.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-tokenizerhcxv3)
    pub fn count_chat_v3_tokens(
        &self,
        model: impl Into<ModelName>,
        body: impl TryInto<TokenizeChatV3Request, Error: std::fmt::Display>,
    ) -> Call<TokenizeChatV3Request, TokenizeChatV3Envelope> {
        let model = model.into();
        call(self, with_model(Operation::TokenizeChatV3, &model), request(body), |raw, body| async move {
            raw.tokenize_chat_v3().model_name(model).body(body).send().await
        })
    }

    /// Tokens of a text for [`embedding_v2`](Self::embedding_v2).
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-tokenizerembedding)
    pub fn count_embedding_tokens(
        &self,
        text: impl Into<String>,
    ) -> Call<TokenizeEmbeddingRequest, TokenCountEnvelope> {
        let body = request(TokenizeEmbeddingRequest::builder().text(text.into()));
        call(self, plain(Operation::TokenizeEmbeddingV2), body, |raw, body| async move {
            raw.tokenize_embedding_v2().body(body).send().await
        })
    }

    /// Tokens of a text for a retired LK model.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-tokenizer)
    pub fn count_completion_tokens(
        &self,
        model: impl Into<ModelName>,
        text: impl Into<String>,
    ) -> Call<TokenizeTextRequest, TokenCountEnvelope> {
        let model = model.into();
        let target = with_model(Operation::TokenizeCompletion, &model);
        call(self, target, request(TokenizeTextRequest::builder().text(text.into())), |raw, body| async move {
            raw.tokenize_completion().model_name(model).body(body).send().await
        })
    }
}
