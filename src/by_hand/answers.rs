//! Answers whose text or vector is all that a test wants to say. The others are made with `builder()`.

use crate::raw::types::{
    ChatV1Answer, ChatV1Result, EmbeddingResult, FinishReason, OpenAiAnswer, OpenAiChatCompletion, OpenAiChoice,
    OpenAiEmbedding, OpenAiEmbeddingList, Role, StopReason,
};

impl ChatV1Result {
    /// An answer by hand: this text, and the stop reason `stop_before`.
    #[must_use]
    pub fn from_text(text: impl Into<String>) -> Self {
        let message =
            ChatV1Answer { content: Some(text.into()), role: Some(Role::Assistant), ..ChatV1Answer::default() };
        Self { message: Some(message), stop_reason: Some(StopReason::StopBefore), ..Self::default() }
    }
}

impl OpenAiChatCompletion {
    /// An answer by hand: one choice with this text, and the finish reason `stop`.
    #[must_use]
    pub fn from_text(text: impl Into<String>) -> Self {
        let message =
            OpenAiAnswer { content: Some(text.into()), role: Some(Role::Assistant), ..OpenAiAnswer::default() };
        let choice = OpenAiChoice {
            index: Some(0),
            finish_reason: Some(FinishReason::Stop),
            message: Some(message),
            ..OpenAiChoice::default()
        };
        Self { choices: vec![choice], object: Some("chat.completion".to_owned()), ..Self::default() }
    }
}

impl EmbeddingResult {
    /// An answer by hand: this vector.
    #[must_use]
    pub fn from_vector(vector: impl Into<Vec<f64>>) -> Self {
        Self { embedding: Some(vector.into()), ..Self::default() }
    }
}

impl OpenAiEmbeddingList {
    /// An answer by hand: these vectors in their order.
    #[must_use]
    pub fn from_vectors(vectors: impl IntoIterator<Item = impl Into<Vec<f64>>>) -> Self {
        let vectors = (0..).zip(vectors).map(|(index, vector)| OpenAiEmbedding {
            embedding: vector.into(),
            index: Some(index),
            object: Some("embedding".to_owned()),
            ..OpenAiEmbedding::default()
        });
        Self { data: vectors.collect(), object: Some("list".to_owned()), ..Self::default() }
    }
}
