//! What was sent and what came, fit to be committed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clovastudio::raw::Operation;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Where recordings are kept.
pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/recordings");

/// A call and its answer, without keys and ids of the caller. `tests/recordings.rs` reads the same form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// Name of the method of the raw client.
    pub operation: String,
    /// Name of the request example of the document.
    pub example: String,
    /// Where it comes from.
    pub source: String,
    /// Path and query parameters.
    pub parameters: Map<String, Value>,
    /// Body of the request, null without one.
    pub request: Value,
    /// HTTP status.
    pub status: u16,
    /// Headers of the answer that the document knows.
    pub headers: BTreeMap<String, String>,
    /// The answer.
    pub answer: Answer,
}

/// A recorded body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// A JSON document.
    Json(Value),
    /// The events of a stream: `id`, `event` and `data`.
    Events(Vec<Value>),
    /// Anything else.
    Text(String),
}

impl Recording {
    /// The method that was called, if the document still has it.
    pub fn method(&self) -> Option<Operation> {
        Operation::from_name(&self.operation)
    }

    /// Writes it into a folder, over an earlier one of the same call.
    pub fn save(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let path = folder.join(format!("{}-{}.json", self.operation, self.example));
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

/// The recordings in a folder, in the order of their names.
pub fn load(folder: &Path) -> anyhow::Result<Vec<Recording>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
    let mut paths: Vec<_> = paths.into_iter().filter(|path| path.extension().is_some_and(|it| it == "json")).collect();
    paths.sort();
    let recordings = paths.iter().map(|path| {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no recording", path.display()))
    });
    recordings.collect()
}
