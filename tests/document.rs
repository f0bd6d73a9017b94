//! The catalogues, rules and hosts of the document. What else it promises in `spec/README.md`, `cargo xtask lint` checks.

use clovastudio::catalogue::{Host, STATUS_CODES};
use clovastudio::testing::{document, validator};
use serde_json::json;

#[test]
fn every_code_finds_its_entry_and_knows_whether_it_is_success() {
    for entry in STATUS_CODES {
        assert_eq!(entry.code.is_success(), entry.http_status < 300, "{}", entry.code);
        assert!(std::ptr::eq(entry, entry.code.entry().expect("a known code")), "{}", entry.code);
    }
}

/// Every rule refuses a body made to break it and lets the document's own examples pass, for the models it is about.
#[test]
fn the_rules_between_fields_are_schemas_that_refuse() {
    let long = json!([{ "role": "user", "content": "Hi" }]);
    let image =
        json!([{ "role": "user", "content": [{ "type": "image_url", "imageUrl": { "url": "https://e.com/a.png" } }] }]);
    let tool = json!([{ "type": "function", "function": { "name": "f", "description": "f" } }]);
    let format = json!({ "type": "json", "schema": {} });
    let refused = [
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
        ("rag-tools-without-max-tokens", json!({ "messages": long, "tools": tool, "maxTokens": 1024 })),
    ];
    let mut rules = 0;
    for (name, component) in document()["components"]["schemas"].as_object().expect("schemas") {
        for rule in component["x-clova-rules"].as_array().into_iter().flatten() {
            let id = rule["id"].as_str().expect("an id");
            let (_, body) = refused.iter().find(|(rule, _)| *rule == id).unwrap_or_else(|| panic!("no case for {id}"));
            assert!(validator(name).expect("a schema").is_valid(body), "{id}: the case is no {name}");
            let schema = jsonschema::validator_for(&rule["refuses"]).expect("a JSON Schema");
            assert!(schema.is_valid(body), "{id} does not refuse {body}");
            assert!(!schema.is_valid(&json!({ "messages": long, "model": "HCX-005" })), "{id} refuses everything");
            rules += 1;
        }
    }
    assert_eq!(rules, refused.len(), "a case for each rule");
}

#[test]
fn the_hosts_are_those_of_the_document() {
    assert_eq!(Host::Public.base_url(), "https://clovastudio.stream.ntruss.com");
    assert_eq!(Host::Government.base_url(), "https://clovastudio.stream.gov-ntruss.com");
    assert_eq!(Host::LegacyGateway.base_url(), "https://clovastudio.apigw.ntruss.com");
}
