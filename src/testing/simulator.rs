//! The service in this process, on loopback.

mod body;
mod builder;
mod clock;
mod context;
mod contract;
mod events;
mod fault;
mod faults;
mod harm;
mod images;
mod journal;
mod keys;
mod media;
mod messages;
mod parameters;
mod quotas;
mod refusal;
mod routes;
mod rules;
mod schemas;
mod server;
mod service;
mod subject;
mod tuning;
mod wire;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use self::service::Service;
use crate::lock::lock;
use crate::raw::types::TuningFailureReason;

pub use self::builder::SimulatorBuilder;
pub use self::events::Pieces;
pub use self::fault::{Fault, UnknownFault, WaitForm};
pub use self::journal::Received;
pub use self::quotas::Quotas;

/// A server that behaves as the service does, on a free port of 127.0.0.1, until it is dropped.
///
/// It takes any bearer key that begins with `nv-` and any legacy pair of keys, with or without the prefix of an app.
/// What the document refuses is refused, with the code and in the shape of the service. Requests of the same kind get
/// the same answers.
///
/// ```
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use clovastudio::Client;
/// use clovastudio::testing::{Fault, Simulator};
///
/// let simulator = Simulator::start().await?;
/// let client = Client::builder().api_key("nv-any").base_url(simulator.base_url()).build()?;
///
/// simulator.fail_next(Fault::Empty(http::StatusCode::BAD_GATEWAY));
/// let reply = client.chat("HCX-005").user("What is a tensor?").send().await?;
/// assert_eq!(reply.attempts(), 2);
///
/// let journal = simulator.journal();
/// assert_eq!(journal[0].status, Some(502));
/// assert_eq!(journal[1].json()["messages"][0]["content"], "What is a tensor?");
/// # Ok(()) }
/// ```
///
/// # Trainings
///
/// A training waits, runs and succeeds, [as long as told](SimulatorBuilder::tuning_times) by a clock that
/// [`advance`](Self::advance) moves ahead. It fails when the path of its data file begins with `fail/` and a reason, as
/// in `fail/file.size/train.csv`, when there is no data file, or [when told](Self::fail_next_tuning). What is wrong with
/// a file or lacks a GPU (`resource.timeout`) fails after the wait; `file.error`, `clops.error` and `train.unknown` stop
/// the training halfway. The task paths and `ft:` models answer for a training that succeeded, and for a
/// [model that is said to be tuned](SimulatorBuilder::tuned_model); any other id is refused with 40400.
///
/// # Faults
///
/// Besides [`fail_next`](Self::fail_next) and [`fault_rate`](SimulatorBuilder::fault_rate), a request can ask for a
/// [`Fault`] by name, in any language: `curl -H 'x-simulator-fault: 429-retry-after-seconds' …`.
pub struct Simulator {
    address: SocketAddr,
    service: Arc<Service>,
    server: JoinHandle<()>,
}

impl Simulator {
    /// Starts one with the usual settings.
    ///
    /// # Errors
    ///
    /// When no port of loopback can be bound.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Settings for one.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::default()
    }

    fn serve(listener: TcpListener, service: Arc<Service>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let server = tokio::spawn(server::serve(listener, Arc::clone(&service)));
        Ok(Self { address, service, server })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Base URL for a client.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The time by its clock.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        UNIX_EPOCH + self.service.clock.now()
    }

    /// Moves its clock ahead: trainings go on, and counters of quotas start anew. Answers that are on their way do not
    /// come sooner.
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use clovastudio::Client;
    /// use clovastudio::raw::types::{TuningTaskRequest, TuningTaskStatus};
    /// use clovastudio::testing::Simulator;
    ///
    /// let hour = Duration::from_secs(60 * 60);
    /// let simulator = Simulator::builder().tuning_times(hour, 2 * hour).start().await?;
    /// let client = Client::builder().api_key("nv-any").base_url(simulator.base_url()).build()?;
    /// let body = TuningTaskRequest::builder()
    ///     .model("HCX-005")
    ///     .training_dataset_file_path("train.csv".to_owned())
    ///     .training_dataset_bucket("bucket".to_owned())
    ///     .training_dataset_access_key("access".to_owned())
    ///     .training_dataset_secret_key("secret".to_owned());
    /// let task = client.create_tuning(body).send().await?;
    /// assert_eq!(task.status, Some(TuningTaskStatus::Wait));
    ///
    /// simulator.advance(3 * hour);
    /// let task = client.get_tuning(task.id.as_deref().unwrap_or_default()).send().await?;
    /// assert_eq!(task.status, Some(TuningTaskStatus::Succeeded));
    /// # Ok(()) }
    /// ```
    pub fn advance(&self, by: Duration) {
        self.service.clock.advance(by);
    }

    /// Gives the text of the next chat answer; of several, one after the other.
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use clovastudio::Client;
    /// # use clovastudio::testing::Simulator;
    /// let simulator = Simulator::start().await?;
    /// let client = Client::builder().api_key("nv-any").base_url(simulator.base_url()).build()?;
    /// simulator.answer_next("An array with axes.");
    /// let reply = client.chat("HCX-005").user("What is a tensor?").send().await?;
    /// assert_eq!(reply.text(), "An array with axes.");
    /// # Ok(()) }
    /// ```
    pub fn answer_next(&self, text: impl Into<String>) {
        lock(&self.service.scripts).push_back(text.into());
    }

    /// Lets the next request that a fault [applies to](Fault::applies_to) meet it; of several, one after the other.
    pub fn fail_next(&self, fault: Fault) {
        self.service.faults.push(fault);
    }

    /// Lets the next training that is created fail for this reason.
    pub fn fail_next_tuning(&self, reason: TuningFailureReason) {
        self.service.tunings.fail_next(reason);
    }

    /// What it received, oldest first.
    #[must_use]
    pub fn journal(&self) -> Vec<Received> {
        self.service.journal.all()
    }

    /// Forgets what it received.
    pub fn clear_journal(&self) {
        self.service.journal.clear();
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("address", &self.address).finish_non_exhaustive()
    }
}
