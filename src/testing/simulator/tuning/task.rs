//! One training.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::clock::korean_date;
use super::{Schedule, Settings};
use crate::raw::types::{ModelName, TuningFailureReason, TuningTaskStatus};
use crate::testing::document;

/// Rows that a step of a training takes.
const BATCH: u32 = 8;

/// Tokens of a row.
const ROW: u32 = 128;

/// A training. Its state follows from the time.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) id: String,
    pub(super) model: ModelName,
    name: String,
    kind: String,
    client: &'static str,
    settings: Settings,
    failure: Option<TuningFailureReason>,
    created: Duration,
    /// When it begins to run.
    begins: Duration,
    /// How long it runs, and how long it would if nothing went wrong.
    runs: Duration,
    whole: Duration,
}

impl Task {
    pub(super) fn new(
        id: String,
        body: &Value,
        settings: Settings,
        schedule: Schedule,
        failure: Option<TuningFailureReason>,
        now: Duration,
    ) -> Self {
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        Self {
            id,
            model: ModelName::from(body["model"].as_str().unwrap_or_default()),
            name: text("name").unwrap_or_else(|| korean_date(now)),
            kind: text("taskType").unwrap_or_else(|| "GENERATION".to_owned()),
            client: "API",
            settings,
            runs: runs(schedule.trains, failure.as_ref()),
            whole: schedule.trains,
            failure,
            created: now,
            begins: now + schedule.waits,
        }
    }

    /// A training from the console that is over and went well.
    pub(super) fn finished(id: String, model: &ModelName, schedule: Schedule, now: Duration) -> Self {
        let settings = Settings { epochs: 8, learning_rate: 1e-4 };
        let body = json!({ "model": model, "name": id });
        Self { client: "WEB", ..Self::new(id, &body, settings, schedule, None, now) }
    }

    /// Whether the tuned model can be called.
    pub(super) fn is_ready(&self, now: Duration) -> bool {
        self.status(now) == TuningTaskStatus::Succeeded
    }

    /// The training as the service shows it.
    pub(super) fn describe(&self, now: Duration) -> Value {
        let status = self.status(now);
        let updated = match status {
            TuningTaskStatus::Wait => self.created,
            TuningTaskStatus::Running => now,
            _ => self.ends(),
        };
        json!({
            "id": self.id,
            "name": self.name,
            "model": self.model,
            "method": "LoRA",
            "taskType": self.kind,
            "trainEpochs": self.settings.epochs,
            "learningRate": self.settings.learning_rate,
            "status": status,
            "statusInfo": self.info(&status, now),
            "createdClientType": self.client,
            "createdDate": korean_date(self.created),
            "updatedDate": korean_date(updated),
        })
    }

    fn status(&self, now: Duration) -> TuningTaskStatus {
        match self.failure {
            _ if now < self.begins => TuningTaskStatus::Wait,
            _ if now < self.ends() => TuningTaskStatus::Running,
            None => TuningTaskStatus::Succeeded,
            Some(_) => TuningTaskStatus::Failed,
        }
    }

    /// Progress. Nothing is known of a training that never ran.
    fn info(&self, status: &TuningTaskStatus, now: Duration) -> Value {
        let failure = self.failure.as_ref().filter(|_| *status == TuningTaskStatus::Failed);
        let mut info = json!({
            "label": null, "dataRows": null, "numOfTokens": null, "currStep": null, "totalTrainSteps": null,
            "currEpoch": null, "totalTrainEpochs": null, "estimatedTime": null, "trainLoss": null,
            "sendWeightSuccess": null, "failureReason": failure, "message": failure.map(message), "endDatetime": null,
        });
        if *status == TuningTaskStatus::Wait {
            return info;
        }
        info["endDatetime"] = korean_date(self.ends()).into();
        if self.failure.is_none() || !self.runs.is_zero() {
            self.add_progress(&mut info, now);
            info["sendWeightSuccess"] = (*status == TuningTaskStatus::Succeeded).into();
        }
        info
    }

    fn add_progress(&self, info: &mut Value, now: Duration) {
        let epochs = self.settings.epochs;
        let rows = 100 + self.id.bytes().map(u32::from).sum::<u32>() % 900;
        let steps = rows.div_ceil(BATCH) * epochs;
        let epoch = (self.reached(epochs, now) + 1).min(epochs);
        if self.kind == "CLASSIFICATION" {
            info["label"] = json!(["긍정", "부정"]);
        }
        info["dataRows"] = rows.into();
        info["numOfTokens"] = (rows * ROW).into();
        info["currStep"] = self.reached(steps, now).into();
        info["totalTrainSteps"] = steps.into();
        info["currEpoch"] = epoch.into();
        info["totalTrainEpochs"] = epochs.into();
        info["estimatedTime"] = self.whole.as_secs().into();
        info["trainLoss"] = (2.0 / f64::from(epoch)).into();
    }

    /// How many of all steps or epochs are done.
    fn reached(&self, all: u32, now: Duration) -> u32 {
        let gone = now.saturating_sub(self.begins).min(self.runs).as_millis();
        let done = (u128::from(all) * gone).checked_div(self.whole.as_millis());
        done.and_then(|done| done.try_into().ok()).unwrap_or(all)
    }

    fn ends(&self) -> Duration {
        self.begins + self.runs
    }
}

/// How long a training runs. What is wrong with its file or lacks a GPU never begins.
fn runs(whole: Duration, failure: Option<&TuningFailureReason>) -> Duration {
    use TuningFailureReason::{ClopsError, FileError, TrainUnknown};
    match failure {
        None => whole,
        Some(FileError | ClopsError | TrainUnknown) => whole / 2,
        Some(_) => Duration::ZERO,
    }
}

/// What the document says of a reason.
fn message(reason: &TuningFailureReason) -> &'static Value {
    &document()["components"]["schemas"]["TuningFailureReason"]["x-enum-descriptions"][reason.as_str()]
}
