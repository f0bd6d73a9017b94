//! What the simulator takes and how it answers, over real sockets, without the client under test.

#![allow(dead_code, reason = "support is shared")]
mod support;

use clovastudio::catalogue::MODELS;
use clovastudio::raw::Operation;
use clovastudio::testing::{Fault, Simulator, SimulatorBuilder, request_examples, validator};
use serde_json::{Value, json};
use support::caller::{Caller, answer};
use support::{response_schema, schema_name};

/// A simulator that serves every operation: with tuned and with retired models.
fn generous() -> SimulatorBuilder {
    let builder = Simulator::builder().retired_models();
    builder.tuned_model("tuned-v3", "HCX-005").tuned_model("tuned-v1", "HCX-003").tuned_model("tuned-lk", "LK-D2")
}

async fn start() -> (Simulator, Caller) {
    let simulator = generous().start().await.expect("a port of loopback");
    let caller = Caller::new(&simulator);
    (simulator, caller)
}

/// What can be called with an operation: models, and trainings of [`generous`].
fn subjects(operation: Operation) -> Vec<&'static str> {
    match operation {
        _ if operation.path().contains("{modelName}") => {
            let models = MODELS.iter().filter(|model| model.operations.contains(&operation.id()));
            models.map(|model| model.name.as_str()).collect()
        }
        Operation::CreateTaskChatCompletionV3 => vec!["tuned-v3"],
        Operation::CreateTaskCompletion => vec!["tuned-lk"],
        _ => vec!["tuned-v1"],
    }
}

fn bodies(operation: Operation) -> Vec<(&'static str, &'static Value)> {
    let examples = request_examples(operation);
    if examples.is_empty() { vec![("none", &Value::Null)] } else { examples }
}

#[tokio::test]
async fn every_example_of_a_request_is_answered_as_the_document_says() {
    let (_simulator, caller) = start().await;
    let mut calls = 0;
    for operation in Operation::all().filter(|operation| !operation.is_stream()) {
        // Deleting comes last: the others ask for the same training.
        if operation == Operation::DeleteTuningTask {
            continue;
        }
        let schema = validator(response_schema(operation)).expect("a schema");
        for (name, body) in bodies(operation).into_iter().filter(|(_, body)| body["stream"] != true) {
            let mut served = 0;
            for subject in subjects(operation) {
                let answer = answer(caller.operation(operation, subject, body)).await;
                let problems: Vec<_> = schema.iter_errors(&answer.body).map(|error| error.to_string()).collect();
                match answer.status.as_u16() {
                    200 => assert!(problems.is_empty(), "{operation:?} {name}: {problems:?}"),
                    // Not every model does what an example asks for.
                    _ => assert!(["40001", "40009"].contains(&answer.code()), "{operation:?} {name}: {answer:?}"),
                }
                served += usize::from(answer.status == 200);
                calls += 1;
            }
            assert!(served > 0, "no model serves `{name}` of {operation:?}");
        }
    }
    let answer = answer(caller.operation(Operation::DeleteTuningTask, "tuned-v1", &Value::Null)).await;
    assert_eq!(answer.body, json!({ "status": { "code": "20000", "message": "OK" } }));
    assert!(calls > 40, "{calls} calls");
}

#[tokio::test]
async fn streams_hold_events_as_the_document_has_them() {
    let (_simulator, caller) = start().await;
    for operation in Operation::all().filter(|operation| operation.is_stream()) {
        let schema = schema_name(operation, "/responses/200/content/text~1event-stream/schema");
        let schema = validator(schema).expect("a schema");
        let plain = Operation::from_name(operation.id()).expect("the operation");
        let mut served = 0;
        for (_, body) in bodies(plain) {
            let mut body = body.clone();
            if operation.tag() == "openai" {
                body["stream"] = true.into();
            }
            for subject in subjects(plain) {
                let request = caller.operation(plain, subject, &body).header("accept", "text/event-stream");
                let response = request.send().await.expect("an answer");
                if response.status() != 200 {
                    continue;
                }
                assert_eq!(response.headers()["content-type"], "text/event-stream", "{operation:?}");
                let events = events(operation, &response.text().await.expect("a body"));
                assert!(events.len() > 1, "{events:?}");
                for event in events {
                    assert!(schema.is_valid(&event), "{operation:?}: {event}");
                }
                served += 1;
            }
        }
        assert!(served >= bodies(plain).len(), "{served} streams of {operation:?}");
    }
}

/// The events of a stream, read as it was recorded: no space after a colon natively, one in the OpenAI-compatible API.
fn events(operation: Operation, text: &str) -> Vec<Value> {
    let colon = if operation.tag() == "openai" { ": " } else { ":" };
    let frames = text.split_terminator("\n\n").map(|frame| {
        let members = frame.lines().map(|line| {
            let (name, value) = line.split_once(colon).unwrap_or_else(|| panic!("{line} is no field"));
            assert!(!value.starts_with(' '), "{line}");
            let data = || serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
            (name.to_owned(), if name == "data" { data() } else { Value::from(value) })
        });
        Value::Object(members.collect())
    });
    frames.collect()
}

const V3: &str = "/v3/chat-completions/HCX-005";

fn user(content: &str) -> Value {
    json!([{ "role": "user", "content": content }])
}

#[tokio::test]
async fn a_prefix_of_an_app_is_taken_where_the_document_has_one() {
    let (_simulator, caller) = start().await;
    for prefix in ["", "/testapp", "/serviceapp"] {
        let answer = caller.post(&format!("{prefix}{V3}"), &json!({ "messages": user("Hi") })).await;
        assert_eq!(answer.code(), "20000", "{prefix}");
    }
}

#[tokio::test]
async fn what_the_service_does_not_know_is_ignored() {
    let (_simulator, caller) = start().await;
    let bodies =
        [json!({ "messages": user("Hi"), "stream": true }), json!({ "messages": user("Hi"), "repeatPenalty": 5 })];
    for body in bodies {
        assert_eq!(caller.post(V3, &body).await.code(), "20000", "{body}");
    }
}

#[tokio::test]
async fn the_request_id_comes_back() {
    let (_simulator, caller) = start().await;
    for path in [V3, "/nowhere"] {
        let request = caller.request("POST", path).json(&json!({ "messages": user("Hi") }));
        let answer = answer(request.header("x-ncp-clovastudio-request-id", "order-4711")).await;
        assert_eq!(answer.header("x-ncp-clovastudio-request-id"), Some("order-4711"), "{path}");
    }
}

#[tokio::test]
async fn settings_that_mean_nothing_are_refused() {
    let builders = [
        (Simulator::builder().tuned_model("t", "HCX-999"), "HCX-999"),
        (Simulator::builder().quota("HCX-999", 1, 1), "HCX-999"),
        (Simulator::builder().fault_rate(1.5, []), "1.5"),
    ];
    for (builder, part) in builders {
        let error = builder.start().await.expect_err("a setting that means nothing");
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[tokio::test]
async fn dropping_it_closes_its_connections_and_its_port() {
    let (simulator, caller) = start().await;
    simulator.fail_next(Fault::Stall);
    let hanging = tokio::spawn(caller.request("POST", V3).json(&json!({ "messages": user("Hi") })).send());
    while simulator.journal().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(simulator);
    hanging.await.expect("no panic").expect_err("the connection is closed");
    caller.request("POST", V3).send().await.expect_err("nobody listens");
}

#[test]
fn outside_of_a_runtime_it_cannot_start() {
    let error = futures_util::FutureExt::now_or_never(Simulator::start()).expect("no wait").expect_err("no runtime");
    assert!(error.to_string().contains("runtime"), "{error}");
}
