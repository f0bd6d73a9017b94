//! Every example of the document is read by its own Rust type. That it is valid against its schema, `cargo xtask lint`
//! checks.

#![allow(dead_code, reason = "support is shared")]
mod support;

use clovastudio::raw::Operation;
use clovastudio::raw::events::{ChatV1Event, ChatV3Event, SkillsetEvent};
use clovastudio::testing::{document, read_as, request_examples, response_examples, stream_examples};
use serde_json::Value;
use support::{request_schema, response_schema, schema_name};

#[test]
fn requests_pass_through_their_type_unchanged() {
    for operation in Operation::all() {
        let examples = request_examples(operation);
        assert_eq!(examples.is_empty(), operation.method() != "POST", "{operation:?}");
        for (name, value) in examples {
            let schema = request_schema(operation);
            let written =
                read_as(schema, value.clone()).unwrap_or_else(|error| panic!("{operation:?} {name}: {error}"));
            assert_eq!(&written.value, value, "request `{name}` of {operation:?}");
        }
    }
}

#[test]
fn answers_are_read() {
    for operation in Operation::all() {
        let examples = response_examples(operation);
        assert!(!examples.is_empty(), "{operation:?}");
        for (name, value) in examples {
            let schema = response_schema(operation);
            read_as(schema, value.clone()).unwrap_or_else(|error| panic!("{operation:?} {name}: {error}"));
        }
    }
}

#[test]
fn events_are_decoded_as_known_ones() {
    for operation in Operation::all().filter(|operation| operation.is_stream()) {
        let schema = schema_name(operation, "/responses/200/content/text~1event-stream/schema");
        let streams = stream_examples(operation);
        assert!(!streams.is_empty(), "{operation:?}");
        for event in streams.into_values().flatten() {
            assert!(is_known(schema, event), "{event} of {operation:?} is decoded as an unknown event");
        }
    }
}

fn is_known(schema: &str, event: &Value) -> bool {
    let name = event["event"].as_str().unwrap_or_default();
    let data = event["data"].to_string();
    match schema {
        "ChatV3Event" => !matches!(ChatV3Event::decode(name, &data).expect("data"), ChatV3Event::Unknown { .. }),
        "ChatV1Event" => !matches!(ChatV1Event::decode(name, &data).expect("data"), ChatV1Event::Unknown { .. }),
        "SkillsetEvent" => !matches!(SkillsetEvent::decode(name, &data).expect("data"), SkillsetEvent::Unknown { .. }),
        "OpenAiEvent" if event["data"].is_string() => event["data"] == "[DONE]",
        "OpenAiEvent" if event["data"].get("error").is_some() => {
            read_as("OpenAiErrorBody", event["data"].clone()).is_ok()
        }
        "OpenAiEvent" => read_as("OpenAiChunk", event["data"].clone()).is_ok(),
        other => panic!("no decoder for {other}"),
    }
}

#[test]
fn an_event_with_another_name_is_kept() {
    let event = ChatV3Event::decode("heartbeat", "not JSON").expect("unknown events are not parsed");
    let ChatV3Event::Unknown { event, data } = event else { panic!("{event:?}") };
    assert_eq!((event.as_str(), data.as_str()), ("heartbeat", "not JSON"));
}

#[test]
fn failures_are_read() {
    let responses = document()["components"]["responses"].as_object().expect("responses");
    for (name, response) in responses {
        let media_type = &response["content"]["application/json"];
        let schema = media_type["schema"]["$ref"].as_str().and_then(|it| it.rsplit('/').next()).expect("a reference");
        for (example, value) in media_type["examples"].as_object().expect("examples") {
            read_as(schema, value["value"].clone()).unwrap_or_else(|error| panic!("{name} {example}: {error}"));
        }
    }
}

#[test]
fn debug_output_shows_no_text_of_an_example() {
    for operation in Operation::all() {
        let requests = request_examples(operation).into_iter().map(|(_, value)| (request_schema(operation), value));
        let answers = response_examples(operation).into_iter().map(|(_, value)| (response_schema(operation), value));
        for (schema, value) in requests.chain(answers) {
            let debug = read_as(schema, value.clone()).expect("examples are read").debug;
            let mut texts = Vec::new();
            collect_texts(value, &mut texts);
            for text in texts.into_iter().filter(|text| text.len() > 12) {
                assert!(!debug.contains(text), "Debug of {schema} shows `{text}`: {debug}");
            }
        }
    }
}

fn collect_texts<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::Object(members) => members.values().for_each(|member| collect_texts(member, texts)),
        _ => {}
    }
}
