//! Trainings.

use std::fmt::Display;

use crate::api::{call, plain, request};
use crate::call::Call;
use crate::client::Client;
use crate::raw::Operation;
use crate::raw::types::{EmptyEnvelope, TuningTaskEnvelope, TuningTaskPageEnvelope, TuningTaskRequest};

impl Client {
    /// Starts a training. It is not repeated once the service may have got it, unless the
    /// [policy](crate::RetryPolicy::repeat_creations) says so.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-posttask)
    pub fn create_tuning(
        &self,
        body: impl TryInto<TuningTaskRequest, Error: Display>,
    ) -> Call<TuningTaskRequest, TuningTaskEnvelope> {
        let target = plain(Operation::CreateTuningTask);
        call(self, target, request(body), |raw, body| async move { raw.create_tuning_task().body(body).send().await })
    }

    /// State and progress of a training.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-gettask)
    pub fn get_tuning(&self, task_id: impl Into<String>) -> Call<(), TuningTaskEnvelope> {
        let task_id = task_id.into();
        call(self, plain(Operation::GetTuningTask), Ok(()), |raw, ()| async move {
            raw.get_tuning_task().task_id(task_id).send().await
        })
    }

    /// A page of trainings. Pages count from 0 and hold 1 to 100 trainings.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-gettasks)
    pub fn list_tunings(&self, page: i32, size: i32) -> Call<(), TuningTaskPageEnvelope> {
        call(self, plain(Operation::ListTuningTasks), Ok(()), move |raw, ()| async move {
            raw.list_tuning_tasks().page(page).size(size).send().await
        })
    }

    /// Removes a training.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-deletetask)
    pub fn delete_tuning(&self, task_id: impl Into<String>) -> Call<(), EmptyEnvelope> {
        let task_id = task_id.into();
        call(self, plain(Operation::DeleteTuningTask), Ok(()), |raw, ()| async move {
            raw.delete_tuning_task().task_id(task_id).send().await
        })
    }
}
