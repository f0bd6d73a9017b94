//! What the document promises in `spec/README.md`.

use std::collections::BTreeSet;

use clovastudio::catalogue::{Host, MODELS, STATUS_CODES};
use clovastudio::raw::Operation;
use clovastudio::testing::{document, validator};
use serde_json::{Value, json};

#[test]
fn everything_is_described() {
    let mut missing = Vec::new();
    find_undescribed(&document()["components"], "#/components", &mut missing);
    for operation in Operation::all().filter(|operation| !operation.is_stream()) {
        let source = &document()["paths"][operation.path()][operation.method().to_ascii_lowercase()];
        for member in ["summary", "description", "operationId"] {
            assert!(source[member].as_str().is_some_and(|text| !text.trim().is_empty()), "{operation:?}: {member}");
        }
        assert!(operation.page().starts_with("https://api.ncloud-docs.com/docs/clovastudio-"), "{operation:?}");
        for answer in ["4XX", "5XX"] {
            assert!(source["responses"].get(answer).is_some(), "{operation:?}: no {answer}");
        }
        find_undescribed(&source["parameters"], operation.name(), &mut missing);
    }
    assert!(missing.is_empty(), "without a description: {missing:#?}");
}

/// Schemas, parameters and headers without a description; a reference is described where it points.
fn find_undescribed(node: &Value, at: &str, missing: &mut Vec<String>) {
    let described = node.get("description").is_some() || node.get("$ref").is_some();
    let is_described_kind =
        ["type", "oneOf", "anyOf", "in"].iter().any(|key| node[key].is_string() || node[key].is_array());
    let is_data = node.get("value").is_some();
    // The schema of a parameter or header says nothing beyond it.
    if is_described_kind && !described && !at.ends_with("/schema") && !is_data {
        missing.push(at.to_owned());
    }
    match node {
        Value::Object(members) => {
            let inner = members.iter().filter(|(key, _)| !key.starts_with("x-") && !key.starts_with("example"));
            inner.for_each(|(key, value)| find_undescribed(value, &format!("{at}/{key}"), missing));
        }
        Value::Array(items) => items.iter().for_each(|item| find_undescribed(item, at, missing)),
        _ => {}
    }
}

#[test]
fn no_component_is_unused() {
    let text = document().to_string();
    for section in ["parameters", "headers", "responses", "schemas"] {
        for name in document()["components"][section].as_object().expect("components").keys() {
            assert!(text.contains(&format!("\"#/components/{section}/{name}\"")), "{section} {name} is unused");
        }
    }
}

#[test]
fn the_catalogue_of_models_names_operations_of_the_document() {
    let operations: BTreeSet<_> = Operation::all().map(Operation::id).collect();
    for model in MODELS {
        for operation in model.operations {
            assert!(operations.contains(operation), "{}: no operation {operation}", model.name);
        }
    }
    let with_model = Operation::all().filter(|operation| operation.path().contains("{modelName}"));
    for operation in with_model {
        assert!(MODELS.iter().any(|model| model.operations.contains(&operation.id())), "no model for {operation:?}");
    }
}

#[test]
fn the_catalogue_of_codes_agrees_with_the_rule_of_its_digits() {
    for entry in STATUS_CODES {
        let code = entry.code.as_str();
        assert_eq!(code.len(), 5, "{code}");
        assert!(!entry.messages.is_empty(), "{code}");
        if !code.starts_with('6') {
            assert_eq!(code[..3], entry.http_status.to_string(), "{code}");
        }
        assert_eq!(entry.code.is_success(), entry.http_status < 300, "{code}");
        assert!(std::ptr::eq(entry, entry.code.entry().expect("a known code")), "{code}");
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
            assert!(rule["rule"].is_string() && rule["page"].is_string() && rule["code"].is_string(), "{id}");
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
