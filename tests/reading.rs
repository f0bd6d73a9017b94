//! Reading is tolerant: every example of an answer or event is still read when an optional member is missing or null,
//! when members are added that nobody knows, and when an open value is one that nobody knows; what nobody knows is kept.

#![allow(dead_code, reason = "support and checks are shared")]
mod checks;
mod support;

use clovastudio::raw::Operation;
use clovastudio::testing::{document, read_as, response_examples, stream_examples};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use support::{component_name, event_schema, response_schema};

/// A value that no version of the document knows.
const UNKNOWN: &str = "value-of-tomorrow";

/// One changed example.
struct Mutant {
    change: String,
    value: Value,
    /// What must still stand where after it was read.
    kept: Option<(String, Value)>,
}

#[test]
fn every_mutant_of_every_example_is_read() {
    let mut mutants = 0;
    for (what, schema, example) in examples() {
        for mutant in mutants_of(schema, &example) {
            let read =
                read_as(schema, mutant.value).unwrap_or_else(|error| panic!("{what}, {}: {error}", mutant.change));
            if let Some((pointer, value)) = mutant.kept {
                assert_eq!(read.value.pointer(&pointer), Some(&value), "{what}, {}", mutant.change);
            }
            mutants += 1;
        }
    }
    println!("{mutants} mutants read");
    assert!(mutants > 1000, "only {mutants} mutants: the generator of mutants is broken");
}

/// What the examples show, the schema of the data, and the data.
fn examples() -> Vec<(String, &'static str, Value)> {
    let mut examples = Vec::new();
    for operation in Operation::all() {
        for (name, value) in response_examples(operation) {
            examples.push((format!("answer `{name}` of {operation:?}"), response_schema(operation), value.clone()));
        }
        for (name, events) in stream_examples(operation) {
            let named = events.into_iter().filter(|event| event["data"].is_object());
            examples.extend(named.map(|event| {
                let what = format!("event {} of stream `{name}` of {operation:?}", event["event"]);
                (what, event_schema(operation, event), event["data"].clone())
            }));
        }
    }
    examples
}

fn mutants_of(schema: &str, example: &Value) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
    visit(&schema, example, "", &mut |schema, value, pointer| {
        mutate(schema, value, pointer, example, &mut mutants);
    });
    mutants
}

/// Visits every value of an example with its schema, references and single `allOf` resolved.
fn visit(schema: &Value, value: &Value, pointer: &str, visitor: &mut dyn FnMut(&Value, &Value, &str)) {
    let schema = resolve(schema, value);
    visitor(schema, value, pointer);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value.get(name).filter(|value| !value.is_null()) {
            visit(property, value, &format!("{pointer}/{name}"), visitor);
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        visit(&schema["items"], item, &format!("{pointer}/{index}"), visitor);
    }
}

fn resolve<'a>(schema: &'a Value, value: &Value) -> &'a Value
where
    'static: 'a,
{
    if let Some(name) = component_name(schema) {
        return resolve(&document()["components"]["schemas"][name], value);
    }
    let choices = ["allOf", "oneOf", "anyOf"].iter().filter_map(|key| schema[key].as_array()).flatten();
    let kind = match value {
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::String(_) => "string",
        _ => "number",
    };
    let mut choices = choices.map(|choice| resolve(choice, value));
    choices.find(|choice| choice["type"] == kind).unwrap_or(schema)
}

fn mutate(schema: &Value, value: &Value, pointer: &str, example: &Value, mutants: &mut Vec<Mutant>) {
    if is_open(schema) {
        let mut changed = example.clone();
        *changed.pointer_mut(pointer).unwrap() = json!(UNKNOWN);
        mutants.push(Mutant {
            change: format!("unknown value at {pointer}"),
            value: changed,
            kept: Some((pointer.to_owned(), json!(UNKNOWN))),
        });
    }
    let Some(members) = value.as_object().filter(|_| schema["properties"].is_object()) else { return };
    let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.contains(&json!(name)));
    for name in members.keys().filter(|name| !required(name)) {
        let mut dropped = example.clone();
        dropped.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap().remove(name);
        mutants.push(Mutant { change: format!("without {pointer}/{name}"), value: dropped, kept: None });
        let mut nulled = example.clone();
        nulled.pointer_mut(pointer).unwrap()[name] = Value::Null;
        mutants.push(Mutant { change: format!("null at {pointer}/{name}"), value: nulled, kept: None });
    }
    for added in [json!(UNKNOWN), json!({ "deep": [1, null] }), Value::Null] {
        let mut extended = example.clone();
        extended.pointer_mut(pointer).unwrap()["memberOfTomorrow"] = added.clone();
        let kept = Some((format!("{pointer}/memberOfTomorrow"), added));
        mutants.push(Mutant { change: format!("new member in {pointer}"), value: extended, kept });
    }
}

fn is_open(schema: &Value) -> bool {
    schema.get("x-extensible-enum").is_some() || schema.get("x-clova-catalogue").is_some()
}

#[test]
fn text_that_arrives_as_a_number_is_read() {
    let read = read_as("AiFilter", json!({ "score": -1 })).expect("a number in place of a score");
    assert_eq!(read.value, json!({ "score": "-1" }));
    let read = read_as("Status", json!({ "code": 20000 })).expect("a number in place of a code");
    assert_eq!(read.value, json!({ "code": "20000" }));
}

#[test]
fn numbers_that_arrive_as_text_are_read() {
    let read =
        read_as("TuningTaskPage", json!({ "totalPages": "7,", "size": "20", "number": 0 })).expect("loose numbers");
    assert_eq!(read.value, json!({ "totalPages": 7, "size": 20, "number": 0 }));
    assert!(read_as("TuningTaskPage", json!({ "size": "many" })).is_err());
}

#[test]
fn a_text_that_arrives_in_parts_is_read() {
    let parts = json!([{ "type": "text", "text": "안" }, { "type": "image" }, { "type": "text", "text": "녕" }]);
    for schema in ["ChatV3Answer", "ChatV3Delta", "ChatV1Answer", "OpenAiAnswer", "OpenAiDelta"] {
        let read = read_as(schema, json!({ "role": "assistant", "content": parts }));
        let read = read.unwrap_or_else(|error| panic!("{schema}: {error}"));
        assert_eq!(read.value["content"], "안녕", "{schema}");
    }
    assert!(read_as("ChatV3Answer", json!({ "content": 1 })).is_err());
}

#[test]
fn arguments_are_read_as_object_and_as_text() {
    let object = json!({ "location": "부산" });
    for arguments in [object.clone(), json!(object.to_string())] {
        let read = read_as("ToolCall", json!({ "function": { "name": "f", "arguments": arguments } }));
        assert_eq!(read.expect("arguments").value["function"]["arguments"], object);
        let read = read_as("OpenAiToolCallDelta", json!({ "function": { "arguments": arguments } }));
        assert_eq!(read.expect("arguments").value["function"]["arguments"], object.to_string());
    }
    let read = read_as("ToolCall", json!({ "function": { "arguments": "" } })).expect("no arguments");
    assert_eq!(read.value, json!({ "function": { "arguments": {} } }));
    for arguments in [json!("{"), json!("[]"), json!(1)] {
        assert!(read_as("ToolCall", json!({ "function": { "arguments": arguments } })).is_err(), "{arguments}");
    }
}

/// Pointers to every part of a value.
fn pointers(value: &Value) -> Vec<String> {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, member)| (escaped(name), member)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    let inner = parts
        .into_iter()
        .flat_map(|(segment, part)| pointers(part).into_iter().map(move |pointer| format!("/{segment}{pointer}")));
    std::iter::once(String::new()).chain(inner).collect()
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Any JSON, and numbers and texts that are nearly what is wanted.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        prop::sample::select(vec![json!(null), json!(true), json!(""), json!("20000"), json!("7,"), json!("NaN")]),
        prop::sample::select(vec![json!(-1), json!(0.5), json!(1e300), json!(u64::MAX), json!(i64::MIN)]),
        any::<i64>().prop_map(|number| json!(number)),
        "\\PC{0,8}".prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::btree_map("[a-z]{1,4}|status|code|content|message", inner, 0..3)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn several_harmless_changes_at_once_are_read(
        example in prop::sample::select(examples()),
        changes in prop::collection::vec(any::<Index>(), 2..6),
    ) {
        let (what, schema, mut value) = example;
        let mut made = Vec::new();
        for change in changes {
            let mut mutants = mutants_of(schema, &value);
            if mutants.is_empty() {
                break;
            }
            let mutant = mutants.swap_remove(change.index(mutants.len()));
            value = mutant.value;
            made.push(mutant.change);
        }
        let read = read_as(schema, value);
        prop_assert!(read.is_ok(), "{}, {:?}: {}", what, made, read.err().map_or_else(String::new, |it| it.to_string()));
    }

    #[test]
    fn any_change_is_read_or_refused(
        example in prop::sample::select(examples()),
        changes in prop::collection::vec((any::<Index>(), anything()), 1..4),
    ) {
        let (_, schema, mut value) = example;
        for (at, new) in changes {
            let pointers = pointers(&value);
            let pointer = &pointers[at.index(pointers.len())];
            *value.pointer_mut(pointer).expect("a part of the value") = new;
        }
        checks::reading::check_value(schema, value);
    }
}
