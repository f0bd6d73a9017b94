//! Text vectors.

use crate::api::{call, request, with_model};
use crate::call::Call;
use crate::client::Client;
use crate::raw::Operation;
use crate::raw::types::{EmbeddingEnvelope, EmbeddingRequest, ModelName};

impl Client {
    /// Vector of a text of 1 to 500 tokens, with `clir-emb-dolphin` (inner product) or `clir-sts-dolphin` (cosine).
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-embedding)
    pub fn embedding(
        &self,
        model: impl Into<ModelName>,
        text: impl Into<String>,
    ) -> Call<EmbeddingRequest, EmbeddingEnvelope> {
        let model = model.into();
        let target = with_model(Operation::CreateEmbedding, &model);
        call(self, target, request(EmbeddingRequest::builder().text(text.into())), |raw, body| async move {
            raw.create_embedding().model_name(model).body(body).send().await
        })
    }

    /// Vector of a text of up to 8,192 tokens, with `bge-m3` (cosine).
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-embeddingv2)
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = clovastudio::testing::Simulator::start().await?;
    /// # let client = clovastudio::Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
    /// let answer = client.embedding_v2("오늘 날씨가 어때?").send().await?;
    /// assert!(answer.embedding.is_some());
    /// # Ok(()) }
    /// ```
    pub fn embedding_v2(&self, text: impl Into<String>) -> Call<EmbeddingRequest, EmbeddingEnvelope> {
        let target = with_model(Operation::CreateEmbeddingV2, &ModelName::BgeM3);
        call(self, target, request(EmbeddingRequest::builder().text(text.into())), |raw, body| async move {
            raw.create_embedding_v2().body(body).send().await
        })
    }
}
