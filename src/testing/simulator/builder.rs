//! The settings of a simulator.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::net::TcpListener;
use tokio::runtime::Handle;

use super::Simulator;
use super::clock::Clock;
use super::events::Pieces;
use super::fault::Fault;
use super::faults::{Chance, Faults};
use super::journal::Journal;
use super::quotas::{Ceiling, Counters, Quotas};
use super::service::Service;
use super::tuning::{Schedule, Tunings};
use crate::raw::Operation;
use crate::raw::types::ModelName;

/// Requests that the journal keeps unless told otherwise.
const JOURNAL_LIMIT: usize = 10_000;

/// Settings of a [`Simulator`], from [`Simulator::builder`].
///
/// ```
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use clovastudio::testing::{Fault, Pieces, Quotas, Simulator};
///
/// let simulator = Simulator::builder()
///     .seed(7)
///     .quotas(Quotas::TestKey)
///     .fault_rate(0.1, [Fault::CutInBody, "42902".parse()?])
///     .pieces(Pieces::Awkward)
///     .tuned_model("czf9fbky", "HCX-005")
///     .start()
///     .await?;
/// # drop(simulator);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is started"]
pub struct SimulatorBuilder {
    address: IpAddr,
    port: u16,
    seed: u64,
    stands_at: Option<SystemTime>,
    quotas: Quotas,
    ceilings: BTreeMap<String, Ceiling>,
    chance: Chance,
    pieces: Pieces,
    event_interval: Duration,
    schedule: Schedule,
    tuned: Vec<(String, ModelName)>,
    serves_retired: bool,
    journal_limit: usize,
}

impl Default for SimulatorBuilder {
    fn default() -> Self {
        Self {
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            seed: 0,
            stands_at: None,
            quotas: Quotas::default(),
            ceilings: BTreeMap::new(),
            chance: Chance::default(),
            pieces: Pieces::default(),
            event_interval: Duration::ZERO,
            schedule: Schedule { waits: Duration::from_secs(5), trains: Duration::from_secs(10) },
            tuned: Vec::new(),
            serves_retired: false,
            journal_limit: JOURNAL_LIMIT,
        }
    }
}

impl SimulatorBuilder {
    /// The address to listen at; 127.0.0.1 if not set. With any other than one of loopback, other machines can call it:
    /// it takes every key, and answers as if it were the service.
    pub fn address(mut self, address: impl Into<IpAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// The port; a free one if not set.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// What chance depends on: faults by rate, the places where streams are cut, the ids of trainings. 0 if not set.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Lets the clock stand still at this time, so that only [`Simulator::advance`] moves it. If not set it runs, from
    /// the time of this machine, as the time of tokio does.
    pub fn clock_at(mut self, time: SystemTime) -> Self {
        self.stands_at = Some(time);
        self
    }

    /// Ceilings per minute, as the catalogue has them; off if not set.
    ///
    /// All keys are of one account, and share a counter for each model and tool. Test keys and service keys have counters
    /// apart: this setting says what keys are, except that one that begins with `nv-service` is a service key, and that
    /// with any other a path with a prefix counts as that of its app.
    ///
    /// Every answer for a model with a ceiling then tells in `x-ratelimit-*` headers how its counter stands, and what goes
    /// beyond the ceiling is refused with 42901. Requests that are refused are not counted. A minute begins with the first
    /// request in it.
    pub fn quotas(mut self, quotas: Quotas) -> Self {
        self.quotas = quotas;
        self
    }

    /// A ceiling of requests and tokens per minute for a model, or for a tool by the name of its operation; for test
    /// keys and for service keys.
    pub fn quota(mut self, name: impl Into<String>, requests: u32, tokens: u32) -> Self {
        self.ceilings.insert(name.into(), Ceiling { requests: requests.into(), tokens: tokens.into() });
        self
    }

    /// Lets this part of the requests, from 0 to 1, meet one of these faults by chance.
    pub fn fault_rate(mut self, rate: f64, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.chance = Chance { rate, faults: faults.into_iter().collect() };
        self
    }

    /// How streams are cut into chunks.
    pub fn pieces(mut self, pieces: Pieces) -> Self {
        self.pieces = pieces;
        self
    }

    /// Time before each event of a stream; none if not set. With 40 ms a person sees them arrive.
    pub fn event_interval(mut self, interval: Duration) -> Self {
        self.event_interval = interval;
        self
    }

    /// How long a training waits and then runs; 5 and 10 seconds if not set.
    pub fn tuning_times(mut self, waits: Duration, trains: Duration) -> Self {
        self.schedule = Schedule { waits, trains };
        self
    }

    /// A tuned model that is ready: a training with this id and base model that succeeded.
    pub fn tuned_model(mut self, id: impl Into<String>, base: impl Into<ModelName>) -> Self {
        self.tuned.push((id.into(), base.into()));
        self
    }

    /// Also serves models that the vendor retired, which are else refused with 40082.
    pub fn retired_models(mut self) -> Self {
        self.serves_retired = true;
        self
    }

    /// Most requests that the journal keeps, the oldest of which go first; 10,000 if not set.
    pub fn journal_limit(mut self, requests: usize) -> Self {
        self.journal_limit = requests;
        self
    }

    /// Starts the simulator on the runtime of tokio that is current.
    ///
    /// # Errors
    ///
    /// When the address and port cannot be bound, or with [`InvalidInput`](io::ErrorKind::InvalidInput) when a setting
    /// means nothing: a model that the catalogue does not have, or a rate that is not from 0 to 1; and outside of a
    /// runtime.
    pub async fn start(self) -> io::Result<Simulator> {
        self.check()?;
        Handle::try_current().map_err(io::Error::other)?;
        let listener = TcpListener::bind((self.address, self.port)).await?;
        Simulator::serve(listener, Arc::new(self.service()))
    }

    fn check(&self) -> io::Result<()> {
        let invalid = |problem: String| Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
        let is_model = |name: &str| ModelName::from(name).entry().is_some();
        let is_counted = |name: &str| is_model(name) || Operation::from_name(name).is_some();
        if let Some((id, base)) = self.tuned.iter().find(|(_, base)| base.entry().is_none()) {
            return invalid(format!("the base `{base}` of the tuned model `{id}` is not in the catalogue of models"));
        }
        if let Some(name) = self.ceilings.keys().find(|name| !is_counted(name)) {
            return invalid(format!("the quota `{name}` is for neither a model of the catalogue nor an operation"));
        }
        if !(0.0..=1.0).contains(&self.chance.rate) {
            return invalid(format!("the rate of faults is {}, not from 0 to 1", self.chance.rate));
        }
        Ok(())
    }

    fn service(self) -> Service {
        let clock = self.stands_at.map_or_else(Clock::running, Clock::standing_at);
        let tunings = Tunings::new(self.schedule, self.seed);
        for (id, base) in self.tuned {
            tunings.add(id, &base, clock.now());
        }
        Service {
            clock,
            journal: Journal::new(self.journal_limit),
            faults: Faults::new(self.chance, self.seed),
            tunings,
            counters: Counters::new(self.quotas, &self.ceilings),
            usual_kind: self.quotas.usual_kind(),
            scripts: Mutex::default(),
            pieces: self.pieces,
            event_interval: self.event_interval,
            serves_retired: self.serves_retired,
            seed: self.seed,
        }
    }
}
