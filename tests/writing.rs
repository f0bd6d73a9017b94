//! Writing is exact: a request made with only what is required holds only that.

#![allow(dead_code, reason = "support is shared")]
mod support;

use clovastudio::raw::Operation;
use clovastudio::raw::types::{
    ChatMessage, ChatV3Message, ChatV3Request, ChatV3Result, OpenAiMessage, Role, Status, TrainEpochs,
    TuningTaskRequest,
};
use clovastudio::testing::{document, read_as, request_examples};
use serde_json::{Map, Value, json};
use support::{component_name, request_schema};

#[test]
fn only_what_is_required_is_written() {
    let mut requests = 0;
    for operation in Operation::all() {
        for (name, example) in request_examples(operation) {
            let schema = request_schema(operation);
            let reference = json!({ "$ref": format!("#/components/schemas/{schema}") });
            let minimal = only_required(&reference, example);
            let written =
                read_as(schema, minimal.clone()).unwrap_or_else(|error| panic!("{operation:?} {name}: {error}"));
            assert_eq!(written.value, minimal, "request `{name}` of {operation:?}");
            requests += 1;
        }
    }
    assert!(requests > 40, "only {requests} requests");
}

/// The example without any member that may be left out, at every depth.
fn only_required(schema: &Value, value: &Value) -> Value {
    let schema = match component_name(schema) {
        Some(name) => &document()["components"]["schemas"][name],
        None => schema,
    };
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    match value {
        Value::Object(members) if schema["properties"].is_object() => {
            let kept =
                required.map(|name| (name.to_owned(), only_required(&schema["properties"][name], &members[name])));
            Value::Object(kept.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| only_required(&schema["items"], item)).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_built_request_holds_what_was_set() {
    let message = ChatV3Message::builder().role(Role::User).content("안녕");
    let message = ChatV3Message::try_from(message).expect("role and content are set");
    let request = ChatV3Request::builder().messages(vec![message]).stop(Vec::<String>::new());
    let request = ChatV3Request::try_from(request).expect("messages are set");
    let written = serde_json::to_value(request).expect("a request is JSON");
    assert_eq!(written, json!({ "messages": [{ "role": "user", "content": "안녕" }], "stop": [] }));
}

#[test]
fn what_is_missing_is_an_error_that_names_it() {
    let error = TuningTaskRequest::try_from(TuningTaskRequest::builder().train_epochs(TrainEpochs::from(3)))
        .expect_err("no model");
    assert!(error.to_string().contains("model"), "{error}");
}

#[test]
fn types_of_answers_are_built_without_members_that_nobody_knows() {
    let message = ChatMessage::builder().role(Role::User).content("Hi");
    let message = ChatMessage::try_from(message).expect("role and content are set");
    assert_eq!(serde_json::to_value(message).expect("JSON"), json!({ "role": "user", "content": "Hi" }));
    let status = Status::try_from(Status::builder().code("20000")).expect("the code is set");
    assert_eq!(serde_json::to_value(status).expect("JSON"), json!({ "code": "20000" }));
    assert!(ChatV3Result::default().extra.is_empty());
}

#[test]
fn messages_are_made_by_who_says_them() {
    let written = [
        serde_json::to_value(ChatMessage::system("a")),
        serde_json::to_value(ChatV3Message::user("a")),
        serde_json::to_value(OpenAiMessage::assistant(String::from("a"))),
    ];
    for (written, role) in written.into_iter().zip(["system", "user", "assistant"]) {
        assert_eq!(written.expect("JSON"), json!({ "role": role, "content": "a" }));
    }
}
