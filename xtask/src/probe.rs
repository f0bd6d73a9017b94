//! `probe`: calls the service and looks for what the document does not know.

mod ask;
mod plan;
mod recording;
mod strict;

use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::finding::Finding;
use crate::report::{self, Format, Outcome};
use ask::Asker;
use plan::{Plan, Planned};
use recording::Recording;

const KEY_VARIABLE: &str = "CLOVASTUDIO_API_KEY";

const EXAMPLES: &str = "\
Examples:
  cargo xtask probe --save     call what costs next to nothing, keep recordings
  cargo xtask probe --all      call everything but trainings
  cargo xtask probe --operation get_tuning_task --parameter taskId=czf9fbky
  cargo xtask probe --replay   check the recordings again, without key and network";

/// Calls the real service with the document's own examples and reports what the document does not know.
///
/// The key is read from `CLOVASTUDIO_API_KEY`. Without further arguments only operations are called that cost next to
/// nothing: lists, token counting and embeddings. Every unknown member, value, type and status code of an answer is a
/// finding that says what to add to the document.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// Also call what generates text.
    #[arg(long, conflicts_with = "operation")]
    all: bool,

    /// Call only this operation, by its operationId; may be repeated. The only way to create or delete a training.
    #[arg(long, value_name = "ID")]
    operation: Vec<String>,

    /// A path or query parameter, such as taskId=czf9fbky; may be repeated. Operations without a value are left out.
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    parameter: Vec<(String, String)>,

    /// Where the service is.
    #[arg(long, env = "CLOVASTUDIO_BASE_URL", default_value = clovastudio::catalogue::Host::Public.base_url())]
    base_url: String,

    /// Seconds between two calls: quotas count per minute.
    #[arg(long, value_name = "SECONDS", default_value_t = 1.2, value_parser = seconds)]
    pause: f64,

    /// Save recordings in DIR, without the key and the ids given here. Lists show what else the account holds: look at
    /// them before you commit them.
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = recording::FOLDER)]
    save: Option<PathBuf>,

    /// Check the recordings in DIR instead of calling the service.
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = recording::FOLDER)]
    #[arg(conflicts_with_all = ["all", "operation", "parameter", "save"])]
    replay: Option<PathBuf>,

    /// How findings are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number")?;
    if (0.0..=600.0).contains(&seconds) { Ok(seconds) } else { Err("from 0 to 600".to_owned()) }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    match &arguments.replay {
        Some(folder) => replay(folder, arguments.format),
        None => call(arguments),
    }
}

fn replay(folder: &Path, format: Format) -> anyhow::Result<Outcome> {
    let recordings = recording::load(folder)?;
    let findings: Vec<Finding> = recordings.iter().flat_map(strict::check).collect();
    report::print(&report::counted(recordings.len(), "recording"), &findings, format)
}

fn call(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let key = env::var(KEY_VARIABLE).ok().filter(|key| !key.is_empty());
    let Some(key) = key else { bail!("{KEY_VARIABLE} is not set: the service answers nobody without a key") };
    let plan = Plan::new(arguments.all, &arguments.operation, &arguments.parameter)?;
    for reason in &plan.left_out {
        eprintln!("left out: {reason}");
    }
    let asker = Asker::new(&arguments.base_url, &key)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let recordings = runtime.block_on(ask_all(&asker, &plan.calls, Duration::from_secs_f64(arguments.pause)))?;
    if let Some(folder) = &arguments.save {
        recordings.iter().try_for_each(|recording| recording.save(folder))?;
        eprintln!("saved {} in {}", report::counted(recordings.len(), "recording"), folder.display());
    }
    let findings: Vec<Finding> = recordings.iter().flat_map(strict::check).collect();
    report::print(&report::counted(recordings.len(), "call"), &findings, arguments.format)
}

async fn ask_all(asker: &Asker, calls: &[Planned], pause: Duration) -> anyhow::Result<Vec<Recording>> {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?;
    let progress = ProgressBar::new(calls.len() as u64).with_style(style);
    let mut recordings = Vec::new();
    for call in calls {
        progress.set_message(call.name());
        let recording = asker.ask(call).await.with_context(|| call.name())?;
        recordings.push(recording);
        progress.inc(1);
        tokio::time::sleep(pause).await;
    }
    progress.finish_and_clear();
    Ok(recordings)
}
