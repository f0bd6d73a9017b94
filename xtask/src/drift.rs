//! `cargo xtask drift`: the vendor's pages, the lock of reviewed facts and the document agree.

mod attribute;
mod class;
mod compare;
mod document;
mod facts;
mod lock;
mod page;
mod range;
mod statement;
mod types;

use std::fs;

use anyhow::Context;
use clap::Args;

use crate::finding::Finding;
use crate::report::{self, Format, Outcome};
use crate::workspace;
use compare::Sides;
use document::DocumentFacts;
use lock::{LOCK, Lock};

/// Compares the vendor's pages, the lock of reviewed facts and the document.
#[derive(Debug, Args)]
pub struct Drift {
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub fn run(arguments: &Drift) -> anyhow::Result<Outcome> {
    let lock = read_lock()?;
    let document = workspace::document()?;
    let facts = DocumentFacts::read(&document);
    let sides = Sides::new(&lock, &facts);
    let findings = unique(sides.document());
    report::print("drift", &findings, arguments.format)
}

fn read_lock() -> anyhow::Result<Lock> {
    let path = workspace::root().join(LOCK);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Lock::parse(&text).with_context(|| LOCK.to_owned())
}

/// Each finding once.
fn unique(findings: Vec<Finding>) -> Vec<Finding> {
    let mut seen = std::collections::HashSet::new();
    findings.into_iter().filter(|finding| seen.insert(finding.fingerprint())).collect()
}
