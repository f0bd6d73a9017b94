//! The fuzz targets without a fuzzer: their seeds, changed seeds and any bytes pass the checks.
//!
//! Seeds are made from the examples of the document. After a change of the document,
//! `EXPECTORATE=overwrite cargo test --test fuzz` writes them anew. Inputs that a fuzzer found go beside them, under
//! names that begin with `found-`.

#[allow(dead_code, reason = "the checks are shared")]
mod checks;
#[allow(dead_code, reason = "support is shared")]
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use checks::TARGETS;
use clovastudio::raw::Operation;
use clovastudio::sse::Frame;
use clovastudio::testing::{document, request_examples, response_examples, stream_examples};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use support::{event_schema, response_schema};

/// Seeds by target and name.
type Seeds = BTreeMap<(&'static str, String), String>;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeds")
}

fn seeds() -> Seeds {
    let mut seeds = Seeds::new();
    for operation in Operation::all() {
        for (name, value) in response_examples(operation) {
            let text = format!("{}\n{value}", response_schema(operation));
            seeds.insert(("reading", format!("{operation:?}-{name}")), text);
        }
        for (name, events) in stream_examples(operation) {
            for (number, event) in (1..).zip(&events).filter(|(_, event)| event["data"].is_object()) {
                let text = format!("{}\n{}", event_schema(operation, event), event["data"]);
                seeds.insert(("reading", format!("{operation:?}-{name}-{number}")), text);
            }
            let text = events.into_iter().map(|event| frame(event).to_text()).collect();
            seeds.insert(("sse", format!("{operation:?}-{name}")), text);
        }
        for (name, value) in request_examples(operation) {
            let formats = ["/responseFormat/schema", "/response_format/json_schema/schema"];
            let tools = value["tools"].as_array().into_iter().flatten().map(|tool| &tool["function"]["parameters"]);
            let schemas = formats.into_iter().filter_map(|pointer| value.pointer(pointer)).chain(tools);
            for (number, schema) in (1..).zip(schemas) {
                seeds.insert(("schema", format!("{operation:?}-{name}-{number}")), schema.to_string());
            }
        }
    }
    seeds.extend(refusals());
    seeds.insert(("schema", "everything".to_owned()), everything().to_string());
    without_twins(seeds)
}

fn frame(event: &Value) -> Frame {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let data = text(&event["data"]).unwrap_or_else(|| event["data"].to_string());
    Frame { id: text(&event["id"]), event: text(&event["event"]), data }
}

fn refusals() -> Seeds {
    let mut seeds = Seeds::new();
    for (response, value) in document()["components"]["responses"].as_object().into_iter().flatten() {
        let examples = value["content"]["application/json"]["examples"].as_object().into_iter().flatten();
        for (name, example) in examples {
            let status = if response.ends_with("ServerError") { 500 } else { 400 };
            seeds.insert(("error", format!("{response}-{name}")), format!("{status}\n{}", example["value"]));
        }
    }
    seeds.insert(("error", "nothing".to_owned()), "401\n".to_owned());
    seeds.insert(("error", "html".to_owned()), "502\n<html>Bad gateway</html>".to_owned());
    seeds
}

/// A schema with what no example of the document has.
fn everything() -> Value {
    json!({
        "$defs": { "Text": { "type": "string", "format": "date" }, "Maybe": { "type": ["integer", "null"] } },
        "type": "object",
        "title": "Everything",
        "additionalProperties": false,
        "properties": {
            "text": { "$ref": "#/$defs/Text", "description": "a day" },
            "maybe": { "allOf": [{ "$ref": "#/$defs/Maybe" }] },
            "choice": { "oneOf": [{ "const": "a" }, { "type": "null" }, { "enum": [1, "b"] }] },
            "list": { "type": "array", "items": { "type": "number", "maximum": 1.5 }, "minItems": 1, "maxItems": 2 },
            "count": { "type": "integer", "format": "int32", "exclusiveMinimum": 0, "exclusiveMaximum": 9 },
        },
        "required": ["text", "maybe", "count"],
    })
}

/// Operations that share a path share their examples.
fn without_twins(seeds: Seeds) -> Seeds {
    let mut texts = BTreeMap::new();
    for ((target, name), text) in seeds {
        texts.entry((target, text)).or_insert(name);
    }
    texts.into_iter().map(|((target, text), name)| ((target, name), text)).collect()
}

/// The inputs that are kept, by target and name.
fn kept() -> Vec<(usize, String, Vec<u8>)> {
    let mut kept = Vec::new();
    for (index, (target, _)) in TARGETS.iter().enumerate() {
        for entry in fs::read_dir(directory().join(target)).expect("a directory of seeds") {
            let entry = entry.expect("a seed");
            let name = entry.file_name().into_string().expect("a name");
            kept.push((index, name, fs::read(entry.path()).expect("a readable seed")));
        }
    }
    kept
}

#[test]
fn the_seeds_are_those_of_the_document() {
    let seeds = seeds();
    for ((target, name), text) in &seeds {
        expectorate::assert_contents(directory().join(target).join(name), text);
    }
    for (index, name, _) in kept() {
        let is_seed = seeds.contains_key(&(TARGETS[index].0, name.clone()));
        assert!(is_seed || name.starts_with("found-"), "{name} of {} is no seed of the document", TARGETS[index].0);
    }
}

#[test]
fn every_kept_input_passes() {
    let kept = kept();
    for (index, name, bytes) in &kept {
        println!("{} {name}", TARGETS[*index].0);
        TARGETS[*index].1(bytes);
    }
    assert!(TARGETS.iter().enumerate().all(|(target, _)| kept.iter().any(|(index, ..)| *index == target)));
}

/// One change of bytes: where, how many go, and what comes.
type Edit = (Index, usize, Vec<u8>);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let bytes = prop::collection::vec(any::<u8>(), 0..4);
    let tokens =
        ["null", "{}", "[]", "\"\"", "-1", "1e400", ",", ":", "\n\n", "\r", "data:", "event:error\n", "\u{2028}"];
    let tokens = prop::sample::select(tokens.map(|token| token.as_bytes().to_vec()).to_vec());
    prop::collection::vec((any::<Index>(), 0..6_usize, prop_oneof![bytes, tokens]), 1..6)
}

fn edited(mut bytes: Vec<u8>, edits: Vec<Edit>) -> Vec<u8> {
    for (at, removed, added) in edits {
        let at = at.index(bytes.len() + 1);
        let end = bytes.len().min(at + removed);
        bytes.splice(at..end, added);
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_seeds_pass(seed in prop::sample::select(kept()), edits in edits()) {
        let (index, _, bytes) = seed;
        TARGETS[index].1(&edited(bytes, edits));
    }

    #[test]
    fn any_bytes_pass(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for (_, check) in TARGETS {
            check(&bytes);
        }
    }
}
