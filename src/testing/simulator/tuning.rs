//! The trainings of a simulator.

mod task;

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use fastrand::Rng;
use serde_json::{Value, json};

use self::task::Task;
use super::refusal::Refusal;
use crate::lock::lock;
use crate::raw::types::{ModelName, StatusCode, TuningFailureReason};
use crate::testing::{document, validator};

/// Where the path of a data file begins that makes a training fail: `fail/<reason>/…`.
const MARKER: &str = "fail/";

/// Length of a task id.
const ID_LENGTH: usize = 8;

/// How long a training takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    pub(super) waits: Duration,
    pub(super) trains: Duration,
}

/// The trainings, oldest first.
#[derive(Debug)]
pub(super) struct Tunings {
    tasks: Mutex<Vec<Task>>,
    failures: Mutex<VecDeque<TuningFailureReason>>,
    schedule: Schedule,
    random: Mutex<Rng>,
}

/// The settings of a training that was asked for.
#[derive(Clone, Copy, Debug)]
struct Settings {
    epochs: u32,
    learning_rate: f64,
}

impl Tunings {
    pub(super) fn new(schedule: Schedule, seed: u64) -> Self {
        let random = Mutex::new(Rng::with_seed(seed));
        Self { tasks: Mutex::default(), failures: Mutex::default(), schedule, random }
    }

    /// A training that is over and went well.
    pub(super) fn add(&self, id: String, model: &ModelName, now: Duration) {
        let schedule = Schedule { waits: Duration::ZERO, trains: Duration::ZERO };
        lock(&self.tasks).push(Task::finished(id, model, schedule, now));
    }

    /// The next training that is created fails for this reason.
    pub(super) fn fail_next(&self, reason: TuningFailureReason) {
        lock(&self.failures).push_back(reason);
    }

    /// The base of a tuned model that is ready.
    pub(super) fn ready(&self, id: &str, now: Duration) -> Option<ModelName> {
        let tasks = lock(&self.tasks);
        tasks.iter().find(|task| task.id == id && task.is_ready(now)).map(|task| task.model.clone())
    }

    /// Whether a training can be created from a body.
    pub(super) fn check(body: &Value) -> Result<(), Refusal> {
        Settings::read(body).map(drop)
    }

    /// Whether there is a training.
    pub(super) fn find(&self, id: &str) -> Result<(), Refusal> {
        let known = lock(&self.tasks).iter().any(|task| task.id == id);
        if known { Ok(()) } else { Err(Refusal::new(StatusCode::NotFound)) }
    }

    pub(super) fn create(&self, body: &Value, now: Duration) -> Result<Value, Refusal> {
        let settings = Settings::read(body)?;
        let id: String = std::iter::repeat_with(|| lock(&self.random).alphanumeric()).take(ID_LENGTH).collect();
        let failure = lock(&self.failures).pop_front().or_else(|| marked(body));
        let task = Task::new(id.to_lowercase(), body, settings, self.schedule, failure, now);
        let mut answer = task.describe(now);
        // The page of each operation shows other members.
        remove(&mut answer, &["method"]);
        lock(&self.tasks).push(task);
        Ok(envelope(&answer))
    }

    pub(super) fn get(&self, id: &str, now: Duration) -> Result<Value, Refusal> {
        let tasks = lock(&self.tasks);
        let task = tasks.iter().find(|task| task.id == id).ok_or(Refusal::new(StatusCode::NotFound))?;
        let mut answer = task.describe(now);
        remove(&mut answer, &["method", "taskType"]);
        Ok(envelope(&answer))
    }

    /// Deletes a training in any state.
    pub(super) fn delete(&self, id: &str) -> Result<Value, Refusal> {
        let mut tasks = lock(&self.tasks);
        let index = tasks.iter().position(|task| task.id == id).ok_or(Refusal::new(StatusCode::NotFound))?;
        tasks.remove(index);
        Ok(json!({ "status": { "code": "20000", "message": "OK" } }))
    }

    /// A page of the trainings, newest first.
    pub(super) fn list(&self, page: usize, size: usize, now: Duration) -> Value {
        let tasks = lock(&self.tasks);
        let content: Vec<Value> =
            tasks.iter().rev().skip(page.saturating_mul(size)).take(size).map(|task| task.describe(now)).collect();
        envelope(&json!({
            "totalPages": tasks.len().div_ceil(size),
            "totalElements": tasks.len(),
            "size": size,
            "number": page,
            "content": content,
        }))
    }
}

impl Settings {
    fn read(body: &Value) -> Result<Self, Refusal> {
        let epochs = number(body, "trainEpochs", "TrainEpochs")?;
        Ok(Self {
            epochs: epochs.as_u64().and_then(|it| it.try_into().ok()).ok_or(Refusal::parameter("trainEpochs"))?,
            learning_rate: number(body, "learningRate", "LearningRate")?.as_f64().unwrap_or_default(),
        })
    }
}

/// A number that may be given as text, such as `8` or `1e-4f`, and must be what its schema says of numbers.
fn number(body: &Value, name: &str, schema: &str) -> Result<Value, Refusal> {
    let default = &document()["components"]["schemas"][schema]["default"];
    let value = match body.get(name).unwrap_or(default) {
        Value::String(text) => numeral(text),
        value => value.clone(),
    };
    let fits = value.is_number() && validator(schema).is_ok_and(|validator| validator.is_valid(&value));
    if fits { Ok(value) } else { Err(Refusal::parameter(name)) }
}

fn numeral(text: &str) -> Value {
    let float = || text.trim_end_matches('f').parse::<f64>().map_or(Value::Null, Value::from);
    text.parse::<i64>().map_or_else(|_| float(), Value::from)
}

/// Why a training fails by the path of its data file. Without one there is no file.
fn marked(body: &Value) -> Option<TuningFailureReason> {
    let Some(path) = body["trainingDatasetFilePath"].as_str() else { return Some(TuningFailureReason::FileNoexist) };
    let (reason, _) = path.strip_prefix(MARKER)?.split_once('/')?;
    TuningFailureReason::KNOWN.iter().find(|known| known.as_str() == reason).cloned()
}

fn envelope(result: &Value) -> Value {
    json!({ "status": { "code": "20000", "message": "OK" }, "result": result })
}

fn remove(task: &mut Value, names: &[&str]) {
    if let Some(members) = task.as_object_mut() {
        members.retain(|name, _| !names.contains(&name.as_str()));
    }
}
