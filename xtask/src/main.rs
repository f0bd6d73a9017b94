//! `cargo xtask`: what the maintainers of the document run.

#[cfg(not(feature = "client"))]
mod alone;
#[allow(dead_code, reason = "build.rs and the tests use more of it")]
#[path = "../../build/mod.rs"]
mod build;
#[cfg(feature = "client")]
mod coverage;
mod diff;
mod drift;
mod expand;
mod finding;
mod http;
mod lint;
#[cfg(feature = "client")]
mod probe;
mod report;
mod scaffold;
#[cfg(feature = "client")]
mod simulate;
mod source;
mod surface;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use report::Outcome;

/// Keeps spec/openapi.yaml, the generated client and the vendor's pages together.
///
/// Every command exits with 0 when all is well, with 1 when it has findings and with 2 when it could not check.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 110)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[cfg(feature = "client")]
    Coverage(coverage::Arguments),
    Diff(diff::Arguments),
    Drift(drift::Arguments),
    Expand(expand::Arguments),
    Lint(lint::Arguments),
    #[cfg(feature = "client")]
    Probe(probe::Arguments),
    Scaffold(scaffold::Arguments),
    #[cfg(feature = "client")]
    Simulate(simulate::Arguments),
}

fn main() -> ExitCode {
    #[cfg(not(feature = "client"))]
    if let Some(end) = alone::pass_on() {
        return end;
    }
    let Arguments { command } = Arguments::parse();
    match run(command) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> anyhow::Result<Outcome> {
    match command {
        #[cfg(feature = "client")]
        Command::Coverage(arguments) => coverage::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Drift(arguments) => drift::run(&arguments),
        Command::Expand(arguments) => expand::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        #[cfg(feature = "client")]
        Command::Probe(arguments) => probe::run(&arguments),
        Command::Scaffold(arguments) => scaffold::run(&arguments),
        #[cfg(feature = "client")]
        Command::Simulate(arguments) => simulate::run(arguments),
    }
}
