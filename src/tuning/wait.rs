//! Waiting for the end of a training.

use std::fmt;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::options::CallOptions;
use crate::raw::Operation;
use crate::raw::types::{TuningTask, TuningTaskStatus};
use crate::response::Response;

/// Trainings take hours, and their progress is told by epochs.
const POLL_INTERVAL: Duration = Duration::from_secs(30);

type Action<'a> = Box<dyn FnMut(&TuningTask) + Send + 'a>;

impl Client {
    /// Waits until a training succeeded, by asking for its state again and again.
    ///
    /// A training may wait up to six hours for a GPU before it starts.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-gettask)
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// # let simulator = clovastudio::testing::Simulator::builder().tuned_model("czf9fbky", "HCX-005").start().await?;
    /// # let client = clovastudio::Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
    /// let task = client
    ///     .wait_for_tuning("czf9fbky")
    ///     .poll_interval(Duration::from_secs(60))
    ///     .on_progress(|task| println!("{:?}", task.status))
    ///     .send()
    ///     .await?;
    /// assert_eq!(task.id.as_deref(), Some("czf9fbky"));
    /// # Ok(()) }
    /// ```
    pub fn wait_for_tuning<'a>(&self, task_id: impl Into<String>) -> TuningWait<'a> {
        TuningWait {
            client: self.clone(),
            task_id: task_id.into(),
            options: CallOptions::new(),
            poll_interval: POLL_INTERVAL,
            deadline: None,
            on_progress: None,
        }
    }
}

/// A wait for a training, from [`Client::wait_for_tuning`]. Nothing happens before [`send`](Self::send).
#[must_use = "a wait does nothing until it is sent"]
pub struct TuningWait<'a> {
    client: Client,
    task_id: String,
    options: CallOptions,
    poll_interval: Duration,
    deadline: Option<Duration>,
    on_progress: Option<Action<'a>>,
}

impl<'a> TuningWait<'a> {
    /// Time from an answer to the next question; 30 seconds if not set.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.poll_interval = interval;
        self
    }

    /// Longest time of the whole wait; none if not set. The training goes on at the service after it.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// What to do with each answer, the last one included.
    pub fn on_progress(mut self, action: impl FnMut(&TuningTask) + Send + 'a) -> Self {
        self.on_progress = Some(Box::new(action));
        self
    }

    /// Options of each question. A deadline, too, is that of one question; see [`deadline`](Self::deadline) for the wait.
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Waits. The answer is that to the last question. A state that is missing or unknown counts as not finished.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::TuningFailed`] when the training failed; [`Error::tuning_failure`] tells why.
    /// - [`ErrorKind::Timeout`] when the deadline passed.
    /// - What a question fails with, after its retries: see [`ErrorKind`].
    pub async fn send(mut self) -> Result<Response<TuningTask>> {
        let (started, mut attempts) = (Instant::now(), 0);
        let limit = self.deadline.unwrap_or(Duration::MAX);
        // Boxed, or the state of a call would sit in every future that waits for hours.
        let finish = Box::pin(self.finish(&mut attempts));
        let outcome = timeout(limit, finish).await.unwrap_or_else(|_| Err(out_of_time(limit)));
        outcome
            .map_err(|error| error.with_operation(Operation::GetTuningTask).with_attempts(attempts, started.elapsed()))
    }

    /// Asks until the training finished, and counts the requests.
    async fn finish(&mut self, attempts: &mut u32) -> Result<Response<TuningTask>> {
        loop {
            let question = self.client.get_tuning(self.task_id.as_str()).with(self.options.clone());
            let answer = question.send().await;
            *attempts += answer.as_ref().map_or_else(Error::attempts, Response::attempts);
            let answer = answer?;
            if let Some(action) = &mut self.on_progress {
                action(&answer);
            }
            match answer.status {
                Some(TuningTaskStatus::Succeeded) => return Ok(answer),
                Some(TuningTaskStatus::Failed) => return Err(failed(answer)),
                _ => sleep(self.poll_interval).await,
            }
        }
    }
}

fn out_of_time(deadline: Duration) -> Error {
    Error::new(ErrorKind::Timeout).with_message("the training has not finished").with_deadline(deadline)
}

fn failed(answer: Response<TuningTask>) -> Error {
    let error = answer.blame(Error::new(ErrorKind::TuningFailed));
    let Some(info) = answer.into_inner().status_info else { return error };
    let error = match info.failure_reason {
        Some(reason) => error.with_tuning_failure(reason),
        None => error,
    };
    match info.message {
        Some(message) => error.with_message(message),
        None => error,
    }
}

impl fmt::Debug for TuningWait<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TuningWait")
            .field("poll_interval", &self.poll_interval)
            .field("deadline", &self.deadline)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
