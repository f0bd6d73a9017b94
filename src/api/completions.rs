//! The retired Completions API.

use std::fmt::Display;

use crate::api::{call, plain, request, with_model};
use crate::call::Call;
use crate::client::Client;
use crate::raw::Operation;
use crate::raw::types::{CompletionEnvelope, CompletionRequest, ModelName};

impl Client {
    /// Continues a prompt with a retired LK model; expect code 40082 or 40400.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-completions)
    pub fn completion(
        &self,
        model: impl Into<ModelName>,
        body: impl TryInto<CompletionRequest, Error: Display>,
    ) -> Call<CompletionRequest, CompletionEnvelope> {
        let model = model.into();
        call(self, with_model(Operation::CreateCompletion, &model), request(body), |raw, body| async move {
            raw.create_completion().model_name(model).body(body).send().await
        })
    }

    /// Continues a prompt with a tuned LK model; retired as well.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-completions)
    pub fn tuned_completion(
        &self,
        task_id: impl Into<String>,
        body: impl TryInto<CompletionRequest, Error: Display>,
    ) -> Call<CompletionRequest, CompletionEnvelope> {
        let task_id = task_id.into();
        call(self, plain(Operation::CreateTaskCompletion), request(body), |raw, body| async move {
            raw.create_task_completion().task_id(task_id).body(body).send().await
        })
    }
}
