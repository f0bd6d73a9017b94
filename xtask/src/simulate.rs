//! `simulate`: the simulator of the service as a process of its own.

use std::io::{Write, stdout};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use anyhow::Context;
use clap::{Args, ValueEnum};
use clovastudio::testing::{Fault, Pieces, Quotas, Simulator};

use crate::report::Outcome;

const EXAMPLES: &str = "\
Examples:
  cargo xtask simulate --port 8787
  curl http://127.0.0.1:8787/v3/chat-completions/HCX-005 -H 'Authorization: Bearer nv-any' \\
       -H 'Content-Type: application/json' -d '{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}'
  curl … -H 'x-simulator-fault: 42901'                    ask for a fault by name
  cargo xtask simulate --fault-rate 0.1 --fault 42902 --fault cut-in-body
  cargo xtask simulate --fault help                       names of the faults";

/// Runs a simulator of the service, for tests in any language, until it is interrupted.
///
/// It speaks all operations of the document and their streams, refuses what the service refuses, and takes every key that
/// begins with `nv-`. The first line it prints is its base URL.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// Port to listen at; 0 for a free one.
    #[arg(long, default_value_t = 8787)]
    port: u16,

    /// Address to listen at. With one that is not of loopback, other machines can call it.
    #[arg(long, default_value_t = Ipv4Addr::LOCALHOST.into())]
    address: IpAddr,

    /// What chance depends on.
    #[arg(long, default_value_t = 0)]
    seed: u64,

    /// Ceilings of requests and tokens per minute, and what keys are that do not begin with `nv-service`, which are
    /// service keys.
    #[arg(long, value_enum, default_value_t)]
    quotas: WhoseQuotas,

    /// Part of the requests, from 0 to 1, that meet one of the faults.
    #[arg(long, value_name = "RATE", default_value_t = 0.0)]
    fault_rate: f64,

    /// A fault that requests can meet by chance; may be repeated. All of them if not given.
    #[arg(long, value_name = "NAME")]
    fault: Vec<Fault>,

    /// How streams are cut into chunks.
    #[arg(long, value_enum, default_value_t)]
    pieces: Cut,

    /// Milliseconds before each event of a stream.
    #[arg(long, value_name = "MS", default_value_t = 40)]
    event_interval: u64,

    /// A tuned model that is ready, such as czf9fbky=HCX-005; may be repeated.
    #[arg(long, value_name = "ID=MODEL", value_parser = tuned_model)]
    tuned_model: Vec<(String, String)>,

    /// Also serve models that the vendor retired.
    #[arg(long)]
    retired_models: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum WhoseQuotas {
    /// No ceilings.
    #[default]
    Off,
    /// Keys are test keys.
    Test,
    /// Keys are service keys.
    Service,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Cut {
    /// A chunk for each event.
    #[default]
    Events,
    /// A chunk for each byte.
    Bytes,
    /// In the middle of characters, names and blank lines.
    Awkward,
}

fn tuned_model(text: &str) -> Result<(String, String), String> {
    let (id, model) = text.split_once('=').ok_or("write it as ID=MODEL")?;
    Ok((id.to_owned(), model.to_owned()))
}

/// Runs the command.
pub fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(arguments))
}

async fn serve(arguments: Arguments) -> anyhow::Result<Outcome> {
    let Arguments { address, port, .. } = arguments;
    let simulator = start(arguments).await.with_context(|| format!("cannot simulate at {address}:{port}"))?;
    writeln!(stdout(), "{}", simulator.base_url())?;
    eprintln!("simulating CLOVA Studio at {}; Ctrl-C ends it", simulator.base_url());
    tokio::signal::ctrl_c().await?;
    Ok(Outcome::Clean)
}

async fn start(arguments: Arguments) -> std::io::Result<Simulator> {
    let faults = if arguments.fault.is_empty() { Fault::all() } else { arguments.fault };
    let quotas = match arguments.quotas {
        WhoseQuotas::Off => Quotas::Off,
        WhoseQuotas::Test => Quotas::TestKey,
        WhoseQuotas::Service => Quotas::ServiceKey,
    };
    let pieces = match arguments.pieces {
        Cut::Events => Pieces::Events,
        Cut::Bytes => Pieces::Bytes,
        Cut::Awkward => Pieces::Awkward,
    };
    let mut builder = Simulator::builder()
        .address(arguments.address)
        .port(arguments.port)
        .seed(arguments.seed)
        .quotas(quotas)
        .fault_rate(arguments.fault_rate, faults)
        .pieces(pieces)
        .event_interval(Duration::from_millis(arguments.event_interval))
        // Nobody can ask for it.
        .journal_limit(0);
    if arguments.retired_models {
        builder = builder.retired_models();
    }
    for (id, model) in arguments.tuned_model {
        builder = builder.tuned_model(id, model);
    }
    builder.start().await
}
