//! The rules between fields: each refuses a body made to break it, and the client sends no such body.

#![allow(dead_code, reason = "support is shared")]
mod support;

use clovastudio::raw::Operation;
use clovastudio::testing::{document, validator};
use clovastudio::{CallOptions, Client, ErrorKind};
use serde_json::{Value, json};
use support::server::{Act, Server};
use support::{component_name, methods, source};

fn body_schema(operation: Operation) -> Option<&'static str> {
    component_name(&source(operation)["requestBody"]["content"]["application/json"]["schema"])
}

fn client(server: &Server) -> Client {
    Client::builder().api_key("nv-0123456789").base_url(server.url()).build().expect("a client")
}

/// The rules, each with the schema that it is about.
fn rules() -> Vec<(&'static str, &'static Value)> {
    let schemas = document()["components"]["schemas"].as_object().expect("schemas");
    let rules = schemas.iter().flat_map(|(name, schema)| {
        let rules = schema["x-clova-rules"].as_array().into_iter().flatten();
        rules.map(move |rule| (name.as_str(), rule))
    });
    rules.collect()
}

/// A body for each rule that breaks it.
fn broken() -> Vec<(&'static str, Value)> {
    let long = json!([{ "role": "user", "content": "Hi" }]);
    let image =
        json!([{ "role": "user", "content": [{ "type": "image_url", "imageUrl": { "url": "https://e.com/a.png" } }] }]);
    let no_image = json!([{ "role": "user", "content": [{ "type": "image_url" }] }]);
    let said = |role: &str| json!({ "role": role, "content": "Hi" });
    let returned = json!({ "role": "tool", "content": "1", "toolCallId": "call_1" });
    let tool = json!([{ "type": "function", "function": { "name": "f", "description": "f" } }]);
    let format = json!({ "type": "json", "schema": {} });
    vec![
        ("one-token-limit", json!({ "messages": long, "maxTokens": 9, "maxCompletionTokens": 9 })),
        ("reasoning-model-token-limit", json!({ "messages": long, "maxTokens": 9 })),
        ("tools-need-tokens", json!({ "messages": long, "tools": tool, "maxTokens": 1023 })),
        ("thinking-without-tools", json!({ "messages": long, "tools": tool, "thinking": { "effort": "low" } })),
        ("thinking-without-response-format", json!({ "messages": long, "responseFormat": format })),
        ("thinking-without-stop", json!({ "messages": long, "stop": ["x"], "thinking": {} })),
        ("tools-without-response-format", json!({ "messages": long, "tools": tool, "responseFormat": format })),
        ("response-format-model", json!({ "messages": long, "responseFormat": format })),
        ("thinking-model", json!({ "messages": long, "thinking": { "effort": "none" } })),
        ("tools-model", json!({ "messages": long, "tools": tool })),
        ("image-model", json!({ "messages": image })),
        ("tools-without-images", json!({ "messages": image, "tools": tool })),
        ("openai-tools-need-tokens", json!({ "model": "HCX-005", "messages": long, "tools": tool })),
        ("data-set-members", json!({ "model": "HCX-005", "trainingDatasetBucket": "b" })),
        ("image-source", json!({ "messages": no_image })),
        ("tokenize-v3-image-source", json!({ "messages": no_image })),
        ("rag-tools-without-max-tokens", json!({ "messages": long, "tools": tool, "maxTokens": 1024 })),
        ("tool-message-call", json!({ "messages": [said("tool")] })),
        ("tool-message-calls", json!({ "messages": [said("user"), returned] })),
        ("tokenize-v3-tool-message-call", json!({ "messages": [said("tool")] })),
        ("tokenize-v3-tool-message-calls", json!({ "messages": [said("user"), returned] })),
        ("rag-tool-message-call", json!({ "messages": [said("tool")], "tools": tool })),
        ("rag-tool-message-calls", json!({ "messages": [said("user"), returned], "tools": tool })),
        ("openai-tool-message-call", json!({ "model": "HCX-005", "messages": [said("tool")] })),
        ("v1-roles", json!({ "messages": [said("user"), said("tool")] })),
        ("tokenize-roles", json!({ "messages": [said("user"), said("tool")] })),
        ("sliding-roles", json!({ "messages": [said("user"), said("tool")], "maxTokens": 9 })),
        ("router-roles", json!({ "query": "Hi", "chatHistory": [said("user"), said("assistant")] })),
        ("skillset-roles", json!({ "query": "Hi", "chatHistory": [said("user"), said("system")] })),
        ("summarization-sizes", json!({ "texts": ["Hi"], "segMinSize": 9, "segMaxSize": 8 })),
        ("segmentation-sizes", json!({ "text": "Hi", "postProcess": true, "postProcessMinSize": 1001 })),
    ]
}

fn breaking(rule: &Value) -> Value {
    let id = rule["id"].as_str().expect("an id");
    broken().into_iter().find(|(rule, _)| *rule == id).unwrap_or_else(|| panic!("no case for {id}")).1
}

#[test]
fn rules_are_schemas_that_refuse() {
    assert_eq!(rules().len(), broken().len(), "a case for each rule");
    for (name, rule) in rules() {
        let (id, body) = (&rule["id"], breaking(rule));
        assert!(validator(name).expect("a schema").is_valid(&body), "{id}: the case is no {name}");
        let schema = jsonschema::validator_for(&rule["refuses"]).expect("a JSON Schema");
        assert!(schema.is_valid(&body), "{id} does not refuse {body}");
        let fine = json!({ "messages": [{ "role": "user", "content": "Hi" }], "model": "HCX-005" });
        assert!(!schema.is_valid(&fine) || rule["above"].is_object(), "{id} refuses everything");
    }
}

/// By every method that sends such a body to a base model, a stream as well. What depends on the model is left to the
/// tests of chats.
#[tokio::test]
async fn the_client_sends_nothing_that_breaks_a_rule() {
    let server = Server::follow([]).await;
    let client = client(&server);
    let mut tried = 0;
    for (schema, rule) in rules().into_iter().filter(|(_, rule)| rule.get("models").is_none()) {
        let (id, page, code) = (&rule["id"], &rule["page"], &rule["code"]);
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let operations = Operation::all().filter(|operation| !operation.path().contains("{taskId}"));
        let operations = operations.filter(|operation| body_schema(*operation) == Some(schema));
        for operation in operations {
            let error = methods::call(&client, operation, CallOptions::new(), &breaking(rule)).await.outcome;
            let error = error.expect_err("a rule is broken");
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0), "{id} {operation:?}");
            let shown = error.to_string();
            for part in [format!("rule {},", text(id)), text(page), text(code)] {
                assert!(shown.contains(&part), "{operation:?}: {shown}");
            }
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried} calls");
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn numbers_may_be_above_others_where_they_do_not_matter() {
    let body = json!({ "texts": ["Hi"], "autoSentenceSplitter": false, "segMinSize": 9, "segMaxSize": 8 });
    let answer = json!({ "status": { "code": "20000", "message": "OK" }, "result": { "text": "- Hi" } });
    let server = Server::follow([Act::Answer(200, Vec::new(), answer.to_string())]).await;
    let answer = methods::call(&client(&server), Operation::Summarize, CallOptions::new(), &body).await.outcome;
    answer.expect("it was sent");
}
