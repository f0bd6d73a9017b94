//! `cargo xtask diff`: what changed in the document, for whom, and the version that it demands.

mod api;
mod base;
mod catalogues;
mod change;
mod comparison;
mod extensions;
mod node;
mod operations;
mod print;
mod rules;
mod schema;
mod second;
mod subject;
mod version;

#[cfg(test)]
mod tests;

use anyhow::{Context, bail};
use clap::Args;

use crate::report::{Format, Outcome};
use crate::workspace;
use base::Base;
use print::Report;
use version::Demand;

const NOTES: &str = "\
Examples:
  cargo xtask diff                      against the newest version tag, or HEAD
  cargo xtask diff HEAD~3               against another revision
  cargo xtask diff ../old/openapi.yaml  against a file
  cargo xtask diff --format markdown    an entry for CHANGELOG.md
  cargo xtask diff --check              fail when Cargo.toml has too small a version

A change is breaking, additive or cosmetic for those who write requests, for those who read responses, and for code \
that uses the Rust API, each by itself; the worst of them decides. At 0.x a breaking change demands a new minor version \
and any other a new patch version; from 1.0 on, breaking, additive and cosmetic changes demand a major, a minor and a \
patch version. Changes of the generator and of the code on top of it are not seen: both documents are generated from \
anew.

Exits with 0, also when there are changes; with 1 when --check fails; with 2 when BASE cannot be read.";

/// Compares the document with an earlier one: what changed, for whom, in Rust, and the version that it demands.
#[derive(Debug, Args)]
#[command(after_help = NOTES)]
pub struct Arguments {
    /// A git revision or a file; the newest version tag if not given, or else HEAD.
    base: Option<String>,
    /// Fails when the version in Cargo.toml is less than the changes demand.
    #[arg(long)]
    check: bool,
    /// How changes are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let base = Base::read(arguments.base.as_deref())?;
    let document = workspace::document()?;
    let changes = comparison::compare(&base.document, &document);
    let api = api::compare(&base.document, &document).with_context(|| format!("cannot generate from {}", base.name))?;
    let mut report = Report { base: &base.name, changes, api, demand: None };
    if let Some(version) = base.version {
        report.demand = Some(Demand::new(version, base::current_version()?, report.worst()));
    } else if arguments.check {
        bail!("{} is a file and has no version to start from; give --check a git revision", base.name);
    }
    print::print(&report, arguments.format)?;
    let is_met = report.demand.as_ref().is_none_or(Demand::is_met);
    Ok(if arguments.check && !is_met { Outcome::Findings } else { Outcome::Clean })
}
