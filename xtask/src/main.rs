//! `cargo xtask`: what the maintainers of the document run.

#[allow(dead_code, reason = "build.rs and the tests use more of it")]
#[path = "../../build/mod.rs"]
mod build;
mod coverage;
mod drift;
mod finding;
mod lint;
mod probe;
mod report;
mod scaffold;
mod simulate;
mod source;
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
    Coverage(coverage::Arguments),
    Drift(drift::Arguments),
    Lint(lint::Arguments),
    Probe(probe::Arguments),
    Scaffold(scaffold::Arguments),
    Simulate(simulate::Arguments),
}

fn main() -> ExitCode {
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
        Command::Coverage(arguments) => coverage::run(&arguments),
        Command::Drift(arguments) => drift::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Probe(arguments) => probe::run(&arguments),
        Command::Scaffold(arguments) => scaffold::run(&arguments),
        Command::Simulate(arguments) => simulate::run(arguments),
    }
}
