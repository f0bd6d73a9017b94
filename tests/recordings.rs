//! Recorded traffic, played back over a socket: the client reads it and loses nothing. `cargo xtask probe --save` makes
//! more, `cargo xtask probe --replay` compares it with the document.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::fs;
use std::path::PathBuf;

use clovastudio::raw::{self, Operation};
use clovastudio::sse::Decoder;
use clovastudio::testing::{Answer, CallError, call};
use clovastudio::{Credentials, Transport, http_client};
use futures_util::TryStreamExt;
use httpmock::MockServer;
use serde_json::Value;
use support::frame;

fn recordings() -> Vec<(PathBuf, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings");
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path());
    let recordings = files.filter(|path| path.extension().is_some_and(|it| it == "json")).map(|path| {
        let text = fs::read_to_string(&path).expect("a text");
        (path, serde_json::from_str(&text).expect("JSON"))
    });
    recordings.collect()
}

/// The body as it went over the wire.
fn body(answer: &Value) -> Vec<u8> {
    if let Some(events) = answer["events"].as_array() {
        return events.iter().flat_map(frame).collect();
    }
    let text = answer.get("text").and_then(Value::as_str).map(str::to_owned);
    text.unwrap_or_else(|| answer["json"].to_string()).into_bytes()
}

/// Whether everything that was recorded, but for nulls, stands in what was read.
fn holds(read: &Value, recorded: &Value) -> bool {
    match (read, recorded) {
        (_, Value::Null) => true,
        (Value::Object(read), Value::Object(recorded)) => {
            recorded.iter().all(|(key, value)| value.is_null() || read.get(key).is_some_and(|read| holds(read, value)))
        }
        (Value::Array(read), Value::Array(recorded)) => {
            read.len() == recorded.len() && read.iter().zip(recorded).all(|(read, recorded)| holds(read, recorded))
        }
        _ => read == recorded,
    }
}

#[tokio::test]
async fn recorded_traffic_is_read_whole() {
    let mut played = 0;
    for (path, recording) in recordings() {
        let name = path.display();
        let operation = Operation::from_name(recording["operation"].as_str().expect("a name"));
        let operation = operation.unwrap_or_else(|| panic!("{name}: the document has no such operation"));
        let answer = &recording["answer"];
        let server = MockServer::start_async().await;
        let mock = server
            .mock_async(|_, then| {
                let status = recording["status"].as_u64().and_then(|it| u16::try_from(it).ok()).expect("a status");
                let headers = recording["headers"].as_object().expect("headers").iter();
                let then = headers.fold(then.status(status), |then, (name, value)| {
                    then.header(name, value.as_str().expect("a text"))
                });
                then.body(body(answer));
            })
            .await;
        let transport = Transport::new(&Credentials::api_key("nv-test")).expect("a key");
        let client = raw::Client::new_with_client(&server.base_url(), http_client().expect("TLS"), transport);
        let parameters = recording["parameters"].as_object().expect("parameters");
        match call(&client, operation, parameters, &recording["request"]).await {
            Ok(Answer::Json(reply)) => {
                assert!(holds(&reply, &answer["json"]), "{name}: read as {:#}", *reply);
            }
            Ok(Answer::Stream(reply)) => {
                let chunks: Vec<_> = reply.into_inner_stream().try_collect().await.expect("the body arrives");
                let mut decoder = Decoder::new();
                decoder.push(&chunks.concat());
                for event in answer["events"].as_array().expect("events") {
                    let frame = decoder.next_frame().expect("a frame").expect("another frame");
                    assert_eq!(frame.event.as_deref(), event["event"].as_str(), "{name}");
                    assert_eq!(serde_json::from_str::<Value>(&frame.data).expect("JSON"), event["data"], "{name}");
                }
            }
            Err(CallError::Method(error)) => {
                assert_eq!(error.status().map(|it| u64::from(it.as_u16())), recording["status"].as_u64(), "{name}");
            }
            Err(error) => panic!("{name}: {error}"),
        }
        mock.assert_async().await;
        played += 1;
    }
    assert!(played >= 3, "only {played} recordings");
}
