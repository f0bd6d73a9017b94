//! Conversation trimming, summarization and segmentation.

use std::fmt::Display;

use crate::api::{call, plain, request, with_model};
use crate::call::Call;
use crate::client::Client;
use crate::raw::Operation;
use crate::raw::types::{
    ModelName, SegmentationEnvelope, SegmentationRequest, SlidingWindowEnvelope, SlidingWindowRequest,
    SummarizationEnvelope, SummarizationRequest,
};

impl Client {
    /// Drops the oldest turns of a conversation so that the rest and the answer fit a v1 model.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-sliding)
    pub fn slide_chat_messages(
        &self,
        model: impl Into<ModelName>,
        body: impl TryInto<SlidingWindowRequest, Error: Display>,
    ) -> Call<SlidingWindowRequest, SlidingWindowEnvelope> {
        let model = model.into();
        call(self, with_model(Operation::SlideChatMessages, &model), request(body), |raw, body| async move {
            raw.slide_chat_messages().model_name(model).body(body).send().await
        })
    }

    /// Summarizes long text.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-summarization)
    pub fn summarize(
        &self,
        body: impl TryInto<SummarizationRequest, Error: Display>,
    ) -> Call<SummarizationRequest, SummarizationEnvelope> {
        call(self, plain(Operation::Summarize), request(body), |raw, body| async move {
            raw.summarize().body(body).send().await
        })
    }

    /// Splits a document into paragraphs by topic.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-segmentation)
    pub fn segment(
        &self,
        body: impl TryInto<SegmentationRequest, Error: Display>,
    ) -> Call<SegmentationRequest, SegmentationEnvelope> {
        call(self, plain(Operation::SegmentText), request(body), |raw, body| async move {
            raw.segment_text().body(body).send().await
        })
    }
}
