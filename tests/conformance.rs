//! Every operation and streaming twin × every fault of the simulator that can happen to it, through the client.
//!
//! The cells come from the document and from the simulator's list of faults, so that a new operation, code or fault is
//! among them at once. What must come out of a cell is told by the fault and by what the catalogue says of retries.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::io::{Write, stdout};
use std::time::Duration;

use clovastudio::catalogue::Retry;
use clovastudio::raw::Operation;
use clovastudio::raw::types::StatusCode;
use clovastudio::testing::{Fault, Simulator, example_parameters};
use clovastudio::{CallOptions, Client, ErrorKind, REQUEST_ID, RetryPolicy};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use support::methods::{self, example};
use support::server::in_time_driven_by;

const RETRIES: u32 = 2;
const TIMEOUT: Duration = Duration::from_secs(5);
const DEADLINE: Duration = Duration::from_secs(200);

/// How far the driven time moves at once: the cells wait for minutes together.
const STEP: Duration = Duration::from_millis(50);

/// What comes out of a cell.
#[derive(Debug, PartialEq)]
struct Outcome {
    /// What failed; nothing for a success.
    failure: Option<Failure>,
    /// How often the request arrived.
    attempts: usize,
}

#[derive(Debug, PartialEq)]
struct Failure {
    kind: ErrorKind,
    status: Option<u16>,
    code: Option<String>,
}

fn success() -> Outcome {
    Outcome { failure: None, attempts: 1 }
}

fn failure(kind: ErrorKind, status: Option<u16>, attempts: usize) -> Outcome {
    Outcome { failure: Some(Failure { kind, status, code: None }), attempts }
}

fn refusal(status: u16, code: &StatusCode, attempts: usize) -> Outcome {
    let failure = Failure { kind: ErrorKind::Api, status: Some(status), code: Some(code.to_string()) };
    Outcome { failure: Some(failure), attempts }
}

fn expected(operation: Operation, fault: &Fault) -> Outcome {
    let persistent = if operation == Operation::CreateTuningTask { 1 } else { 1 + RETRIES as usize };
    let by_status = |status: u16| if [408, 429, 500, 502, 503, 504].contains(&status) { persistent } else { 1 };
    match fault {
        Fault::Code(code) => {
            let entry = code.entry().expect("a code of the catalogue");
            let attempts = match entry.retry {
                Retry::Never => 1,
                Retry::Once => persistent.min(2),
                Retry::Yes | Retry::AfterWaiting => persistent,
            };
            refusal(entry.http_status, code, attempts)
        }
        Fault::RateLimited(_) => refusal(429, &StatusCode::RateExceeded, persistent),
        Fault::Html(status) if status.is_success() => failure(ErrorKind::Decode, Some(200), 1),
        Fault::Empty(status) | Fault::Html(status) => {
            failure(ErrorKind::Api, Some(status.as_u16()), by_status(status.as_u16()))
        }
        Fault::Delay(_) | Fault::SlowDrip(_) | Fault::MissingSignal => success(),
        Fault::MalformedJson | Fault::OversizedEvent => failure(ErrorKind::Decode, Some(200), 1),
        Fault::MissingResult => failure(ErrorKind::Truncated, Some(200), 1),
        Fault::ErrorEvent(code) => refusal(200, code, 1),
        // A stream is not opened again once its first event arrived.
        Fault::StallInBody if operation.is_stream() => failure(ErrorKind::Timeout, Some(200), 1),
        Fault::CutInBody | Fault::CutInCharacter | Fault::CutInEvent if operation.is_stream() => {
            failure(ErrorKind::Connection, Some(200), 1)
        }
        // The training is gone, only the answer was spoilt: the second attempt does not find it.
        Fault::InsideOk(_) | Fault::StallInBody | Fault::CutInBody | Fault::CutInCharacter
            if operation == Operation::DeleteTuningTask =>
        {
            refusal(404, &StatusCode::NotFound, 2)
        }
        Fault::InsideOk(code) => refusal(200, code, persistent),
        Fault::Stall | Fault::StallInBody => failure(ErrorKind::Timeout, None, persistent),
        Fault::CutBeforeHeaders | Fault::CutInBody | Fault::CutInCharacter => {
            failure(ErrorKind::Connection, None, persistent)
        }
        other => panic!("no expectation for {other}"),
    }
}

/// A simulator of its own for each cell, so that none sees what another did.
async fn simulator(operation: Operation) -> Simulator {
    let mut builder = Simulator::builder().retired_models();
    if let Some(task) = example_parameters(operation, &example(operation)).get("taskId") {
        builder = builder.tuned_model(task.as_str().expect("a text"), methods::base(operation));
    }
    builder.start().await.expect("a port of loopback")
}

async fn cell(http: reqwest::Client, operation: Operation, fault: Fault) -> Result<(), String> {
    let simulator = simulator(operation).await;
    let retry = RetryPolicy::default().max_retries(RETRIES).first_wait(Duration::from_millis(20));
    let client = Client::builder().api_key("nv-cell").base_url(simulator.base_url()).http_client(http).retry(retry);
    let client = client.timeout(TIMEOUT).idle_timeout(TIMEOUT).deadline(DEADLINE).build().expect("a client");
    let id = format!("{}-{fault}", operation.name());
    let name = fault.name().parse().expect("a name");
    let options = CallOptions::new().request_id(&id).header("x-simulator-fault".parse().expect("a header"), name);

    let started = tokio::time::Instant::now();
    let error = methods::call(&client, operation, options, &example(operation)).await.outcome.err();
    let elapsed = started.elapsed();

    let journal = simulator.journal();
    let failure = error.as_ref().map(|error| Failure {
        kind: error.kind(),
        status: error.status().map(|status| status.as_u16()),
        code: error.code().map(ToString::to_string),
    });
    let came_out = Outcome { failure, attempts: journal.len() };
    let must = expected(operation, &fault);
    let problem = if came_out != must {
        Some(format!("{came_out:?} came out, must be {must:?}: {error:?}"))
    } else if let Some(error) = error.filter(|error| error.attempts() as usize != must.attempts) {
        Some(format!("the error counts {} attempts", error.attempts()))
    } else if elapsed > DEADLINE {
        Some(format!("it took {elapsed:?}"))
    } else if !journal.iter().all(|received| received.header(REQUEST_ID.as_str()) == Some(id.as_str())) {
        Some("an attempt has another request id".to_owned())
    } else {
        None
    };
    problem.map_or(Ok(()), |problem| Err(format!("{id}: {problem}")))
}

#[tokio::test]
async fn every_operation_meets_every_fault() {
    // Made once: it reads the certificates of the system.
    let http = clovastudio::http_client().expect("TLS is set up");
    let mut cells = 0;
    let mut problems = Vec::new();
    for operation in Operation::all() {
        let faults = Fault::all().into_iter().filter(|fault| fault.applies_to(operation));
        // Waits of the cells of an operation overlap in the driven time.
        let running: FuturesUnordered<_> = faults.map(|fault| cell(http.clone(), operation, fault)).collect();
        let outcomes: Vec<_> = in_time_driven_by(STEP, running.collect()).await;
        cells += outcomes.len();
        problems.extend(outcomes.into_iter().filter_map(Result::err));
    }
    // Not with `println!`, which is shown of failed tests only.
    writeln!(stdout(), "conformance: {cells} cells, {} wrong", problems.len()).expect("a terminal");
    assert!(problems.is_empty(), "{} of {cells} cells:\n{}", problems.len(), problems.join("\n"));
}
