//! Many calls of all kinds through one client while one answer in ten goes wrong, against the simulator in this
//! process.
//!
//! `cargo run --release --example soak -- 100000` proves, with figures, that every call ended in a result or a typed
//! error before its deadline, that nothing was sent again that must not be, and that memory, file descriptors and tasks
//! are where they were when it began. It takes two minutes on two cores. Memory and descriptors are told on Linux only.

#[path = "../tests/support/methods.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod methods;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::ops::Range;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use clovastudio::catalogue::Retry;
use clovastudio::raw::Operation;
use clovastudio::raw::types::TuningTaskRequest;
use clovastudio::testing::{Fault, Received, Simulator};
use clovastudio::{CallOptions, Client, ErrorKind, REQUEST_ID, RetryPolicy};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::Handle;

const TASKS: usize = 64;
const FAULT_RATE: f64 = 0.1;

/// Calls between two looks at the journal, which would else grow with the calls.
const BATCH: usize = 2_000;

const DEADLINE: Duration = Duration::from_secs(10);

/// What may pass after a deadline until a busy machine notices.
const SLACK: Duration = Duration::from_secs(1);

/// How much more memory may be in use at the end: allocators keep some.
const MEMORY_SLACK_KIB: u64 = 32 * 1024;

#[tokio::main]
async fn main() -> ExitCode {
    let calls = std::env::args().nth(1).map_or(Ok(10_000), |calls| calls.parse());
    let Ok(calls) = calls else {
        eprintln!("error: the number of calls is no number");
        return ExitCode::FAILURE;
    };
    match soak(calls).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// What the calls came to.
#[derive(Default)]
struct Tally {
    results: usize,
    errors: BTreeMap<String, usize>,
    slowest: Duration,
    requests: usize,
    sent_again: usize,
    faults: usize,
}

/// What the process uses.
#[derive(Clone, Copy, Debug)]
struct Usage {
    memory_kib: Option<u64>,
    descriptors: Option<usize>,
    tasks: usize,
}

async fn soak(calls: usize) -> Result<(), Box<dyn Error>> {
    // What is set up once, such as tables of the document and pools of the allocator, is no leak.
    run(calls.min(BATCH), 1).await?;
    let before = Usage::now().await;
    let started = Instant::now();
    let tally = run(calls, 2).await?;
    let elapsed = started.elapsed();
    let after = Usage::now().await;

    let errors: usize = tally.errors.values().sum();
    println!("{calls} calls in {elapsed:.1?} through {TASKS} tasks: {} results, {errors} errors", tally.results);
    println!(
        "{} requests, {} went wrong; {} were sent again, none that must not be",
        tally.requests, tally.faults, tally.sent_again
    );
    println!("slowest call {:.1?} of {DEADLINE:?}", tally.slowest);
    for (kind, count) in &tally.errors {
        println!("  {count:>6} {kind}");
    }
    println!("before: {before:?}\nafter:  {after:?}");
    if tally.results + errors != calls {
        return Err(format!("{} calls did not end", calls - tally.results - errors).into());
    }
    before.must_hold(after)
}

async fn run(calls: usize, seed: u64) -> Result<Tally, Box<dyn Error>> {
    let services = Arc::new(Services::start(seed).await?);
    let progress = ProgressBar::new(calls as u64).with_style(ProgressStyle::with_template("{bar:40} {pos}/{len}")?);
    let mut tally = Tally::default();
    let mut done = 0;
    while done < calls {
        let batch = BATCH.min(calls - done);
        one_batch(&services, done..done + batch, &mut tally).await?;
        done += batch;
        services.0.values().try_for_each(|service| tally.look_at(&service.simulator))?;
        progress.set_position(done as u64);
    }
    progress.finish_and_clear();
    Ok(tally)
}

/// A simulator and who talks to it.
struct Service {
    simulator: Simulator,
    client: Client,
    /// Ids of trainings that were created and are to be deleted.
    trainings: Mutex<Vec<String>>,
}

/// A service for each base that the tuned model of the examples must have for an operation to take it.
struct Services(BTreeMap<&'static str, Service>);

impl Services {
    async fn start(seed: u64) -> Result<Self, Box<dyn Error>> {
        let mut services = BTreeMap::new();
        for base in Operation::all().map(methods::base) {
            if let Entry::Vacant(place) = services.entry(base) {
                place.insert(Service::start(base, seed).await?);
            }
        }
        Ok(Self(services))
    }
}

impl Service {
    async fn start(base: &str, seed: u64) -> Result<Self, Box<dyn Error>> {
        let faults = Fault::all().into_iter().filter(|fault| *fault != Fault::OversizedEvent);
        let simulator = Simulator::builder()
            .seed(seed)
            .fault_rate(FAULT_RATE, faults)
            .retired_models()
            .tuned_model(methods::TASK, base)
            .journal_limit(BATCH * 8)
            .start()
            .await?;
        let retry = RetryPolicy::default().max_retries(2).first_wait(Duration::from_millis(1));
        let client = Client::builder()
            .api_key("nv-soak")
            .base_url(simulator.base_url())
            .retry(retry.max_wait(Duration::from_millis(50)))
            .timeout(Duration::from_secs(2))
            .idle_timeout(Duration::from_secs(2))
            .deadline(DEADLINE)
            .build()?;
        Ok(Self { simulator, client, trainings: Mutex::default() })
    }

    async fn call(&self, operation: Operation, options: CallOptions) -> clovastudio::Result<String> {
        let body = methods::example(operation);
        match operation {
            Operation::CreateTuningTask => {
                let request: TuningTaskRequest =
                    serde_json::from_value(body).expect("the body is one of the operation");
                let training = self.client.create_tuning(request).with(options).send().await?;
                lock(&self.trainings).extend(training.id.clone());
                Ok(format!("{training:?}"))
            }
            // The tuned model has to last.
            Operation::DeleteTuningTask => {
                let training = lock(&self.trainings).pop().unwrap_or_default();
                let deleted = self.client.delete_tuning(training).with(options).send().await;
                deleted.map(|answer| format!("{answer:?}"))
            }
            _ => methods::call(&self.client, operation, options, &body).await.outcome,
        }
    }
}

fn lock(trainings: &Mutex<Vec<String>>) -> MutexGuard<'_, Vec<String>> {
    trainings.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a batch of calls, each task taking the next one, and waits for all.
async fn one_batch(services: &Arc<Services>, calls: Range<usize>, tally: &mut Tally) -> Result<(), Box<dyn Error>> {
    let next = Arc::new(AtomicUsize::new(calls.start));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (services, next, end) = (Arc::clone(services), Arc::clone(&next), calls.end);
            tokio::spawn(async move {
                let mut ended = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= end {
                        return ended;
                    }
                    ended.push(one_call(&services, number).await);
                }
            })
        })
        .collect();
    for task in tasks {
        for (operation, outcome, took) in task.await? {
            tally.add(operation, outcome, took)?;
        }
    }
    Ok(())
}

type Ended = (Operation, clovastudio::Result<String>, Duration);

async fn one_call(services: &Services, number: usize) -> Ended {
    let operations: Vec<_> = Operation::all().collect();
    let operation = operations[number % operations.len()];
    let options = CallOptions::new().request_id(number.to_string());
    let started = Instant::now();
    let outcome = services.0[methods::base(operation)].call(operation, options).await;
    (operation, outcome, started.elapsed())
}

impl Tally {
    fn add(
        &mut self,
        operation: Operation,
        outcome: clovastudio::Result<String>,
        took: Duration,
    ) -> Result<(), Box<dyn Error>> {
        self.slowest = self.slowest.max(took);
        if took > DEADLINE + SLACK {
            return Err(format!("a call of {} took {took:.1?}", operation.name()).into());
        }
        match outcome {
            Ok(_) => self.results += 1,
            Err(error) if error.kind() == ErrorKind::Request => {
                return Err(format!("a call of {} was never sent: {error}", operation.name()).into());
            }
            Err(error) => *self.errors.entry(format!("{:?}", error.kind())).or_default() += 1,
        }
        Ok(())
    }

    /// Counts what arrived at a simulator and forgets it.
    fn look_at(&mut self, simulator: &Simulator) -> Result<(), Box<dyn Error>> {
        let journal = simulator.journal();
        simulator.clear_journal();
        self.requests += journal.len();
        self.faults += journal.iter().filter(|received| received.fault.is_some()).count();
        let mut last: HashMap<&str, &Received> = HashMap::new();
        for received in &journal {
            let id = received.header(REQUEST_ID.as_str()).unwrap_or_default();
            if let Some(earlier) = last.insert(id, received).filter(|earlier| !may_be_sent_again(earlier)) {
                return Err(format!("call {id} was sent again after {earlier:?}").into());
            }
        }
        self.sent_again += journal.len() - last.len();
        Ok(())
    }
}

/// Whether a request may be sent again after what became of it.
fn may_be_sent_again(received: &Received) -> bool {
    if received.operation == Some(Operation::CreateTuningTask) {
        return false;
    }
    let Some(fault) = &received.fault else { return false };
    match fault {
        Fault::Code(code) | Fault::InsideOk(code) => code.entry().is_some_and(|entry| entry.retry != Retry::Never),
        Fault::Empty(status) | Fault::Html(status) => status.is_server_error(),
        Fault::RateLimited(_) | Fault::Stall | Fault::CutBeforeHeaders => true,
        // A stream is not opened again once its first event arrived.
        Fault::StallInBody | Fault::CutInBody | Fault::CutInCharacter | Fault::CutInEvent => {
            !received.operation.is_some_and(Operation::is_stream)
        }
        _ => false,
    }
}

impl Usage {
    async fn now() -> Self {
        // Tasks of closed connections end when they are run the next time.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let status = std::fs::read_to_string("/proc/self/status").ok();
        let memory = status.as_deref().and_then(|status| {
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
            line.split_whitespace().next()?.parse().ok()
        });
        Self {
            memory_kib: memory,
            descriptors: std::fs::read_dir("/proc/self/fd").ok().map(Iterator::count),
            tasks: Handle::current().metrics().num_alive_tasks(),
        }
    }

    fn must_hold(self, after: Self) -> Result<(), Box<dyn Error>> {
        let grew = |before: Option<u64>, after: Option<u64>| after > before.map(|before| before + MEMORY_SLACK_KIB);
        if grew(self.memory_kib, after.memory_kib) {
            return Err("memory grew".into());
        }
        if after.descriptors > self.descriptors || after.tasks > self.tasks {
            return Err("file descriptors or tasks are left over".into());
        }
        Ok(())
    }
}
