//! Reading is tolerant: every example of an answer or event is still read when an optional member is missing or null,
//! when members are added that nobody knows, and when an open value is one that nobody knows; what nobody knows is kept.

#![allow(dead_code, reason = "support is shared")]
mod support;

use clovastudio::raw::Operation;
use clovastudio::testing::{document, read_as, response_examples, stream_examples};
use serde_json::{Value, json};
use support::{component_name, response_schema};

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
                (what, data_schema(operation, event), event["data"].clone())
            }));
        }
    }
    examples
}

/// The schema of an event's data: of the variant with its name, or, without names, of the one that has its members.
fn data_schema(operation: Operation, event: &Value) -> &'static str {
    let union = support::schema_name(operation, "/responses/200/content/text~1event-stream/schema");
    let union = &document()["components"]["schemas"][union];
    let variants = ["oneOf", "anyOf"].iter().filter_map(|key| union[key].as_array()).flatten();
    let schemas = &document()["components"]["schemas"];
    let wrappers = variants.filter_map(component_name).map(|name| &schemas[name]["properties"]);
    let data = wrappers.filter_map(|wrapper| {
        let data = component_name(&wrapper["data"])?;
        let named = wrapper["event"]["enum"].as_array();
        let fits = named.map_or_else(
            || {
                schemas[data]["required"]
                    .as_array()
                    .is_some_and(|names| names.iter().all(|name| event["data"].get(name.as_str().unwrap()).is_some()))
            },
            |names| names.contains(&event["event"]),
        );
        fits.then_some(data)
    });
    data.into_iter().next().unwrap_or_else(|| panic!("no schema for {event}"))
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
