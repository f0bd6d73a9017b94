//! Every operation of the document and every streaming twin has a method of the client, which sends the document's own
//! example and opens its answer.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::collections::BTreeMap;

use clovastudio::raw::Operation;
use clovastudio::testing::{example_parameters, response_examples, stream_examples};
use clovastudio::{CallOptions, Client};
use httpmock::{Method, Mock, MockServer};
use serde_json::Value;
use support::methods::{call, example};
use support::{frame, path};

fn stream_body(operation: Operation) -> Vec<u8> {
    let streams = stream_examples(operation);
    let (_, events) = streams.iter().find(|(name, _)| **name != "error").expect("a stream");
    events.iter().flat_map(|event| frame(event)).collect()
}

/// One mock per operation, which takes the right path only, and tells a stream by how it is asked for.
fn mocks(server: &MockServer) -> BTreeMap<&'static str, Mock<'_>> {
    let mock = |operation: Operation| {
        server.mock(|when, then| {
            let path = path(operation, &example_parameters(operation, &example(operation)));
            let when = when.method(operation.method().parse::<Method>().expect("a method")).path(path);
            when.header("accept", if operation.is_stream() { "text/event-stream" } else { "application/json" });
            let good = |answer: &Value| answer.get("status").is_none_or(|status| status["code"] == "20000");
            if operation.is_stream() {
                then.status(200).body(stream_body(operation));
            } else {
                let (_, answer) =
                    response_examples(operation).into_iter().find(|(_, answer)| good(answer)).expect("an answer");
                then.status(200).json_body(answer.clone());
            }
        })
    };
    Operation::all().map(|operation| (operation.name(), mock(operation))).collect()
}

#[tokio::test]
async fn every_operation_has_a_method_of_the_client() {
    let server = MockServer::start_async().await;
    let mocks = mocks(&server);
    let client = Client::builder().api_key("nv-k").base_url(server.base_url()).build().expect("a client");
    for operation in Operation::all() {
        let shown = call(&client, operation, CallOptions::new(), &example(operation)).await;
        shown.outcome.unwrap_or_else(|error| panic!("{operation:?}: {error}"));
    }
    for (operation, mock) in mocks {
        assert_eq!(mock.calls_async().await, 1, "{operation}");
    }
}
