//! Every kind of change, seeded by program at every place of the document that it can happen to: each is found there and
//! nowhere else, and concerns those who can meet it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::change::Side;
use super::super::comparison::compare;
use super::DOCUMENT;
use crate::build::document::{Document, escape};

/// A kind of change.
struct Seed {
    /// How it is found.
    kind: &'static str,
    /// Changes what stands at a pointer, and says where that is found; nothing when it cannot happen there.
    plant: fn(&mut Value, &str) -> Option<String>,
}

/// Kinds of change of schemas.
const SCHEMAS: [Seed; 13] = [
    Seed { kind: "text-changed", plant: |schema, at| replace(schema, at, "description", |_| Some(json!("Seeded."))) },
    Seed { kind: "type-changed", plant: |schema, at| replace(schema, at, "type", other_type) },
    Seed { kind: "default-changed", plant: |schema, at| replace(schema, at, "default", |_| Some(json!("seeded"))) },
    Seed { kind: "limit-widened", plant: |schema, at| replace(schema, at, "maximum", |limit| moved(limit, 1)) },
    Seed { kind: "limit-narrowed", plant: |schema, at| replace(schema, at, "minimum", |limit| moved(limit, 1)) },
    Seed { kind: "limit-narrowed", plant: |schema, at| replace(schema, at, "maxLength", |limit| moved(limit, -1)) },
    Seed { kind: "value-added", plant: |schema, at| replace(schema, at, "enum", with_a_value) },
    Seed { kind: "value-added", plant: |schema, at| replace(schema, at, "x-extensible-enum", with_a_value) },
    Seed { kind: "value-removed", plant: |schema, at| replace(schema, at, "x-extensible-enum", without_a_value) },
    Seed {
        kind: "deprecated",
        plant: |schema, at| put(schema.get("type")?.is_string().then_some(schema)?, at, "deprecated"),
    },
    Seed {
        kind: "field-added",
        plant: |schema, at| put(schema.get_mut("properties")?, &format!("{at}/properties"), "seeded"),
    },
    Seed { kind: "field-removed", plant: without_a_field },
    Seed { kind: "field-required", plant: with_a_required_field },
];

fn replace(schema: &mut Value, at: &str, keyword: &str, with: fn(&Value) -> Option<Value>) -> Option<String> {
    let value = schema.get_mut(keyword).filter(|value| !value.is_object())?;
    *value = with(value)?;
    Some(format!("{at}/{keyword}"))
}

/// Another type; the members of objects and lists are seeded themselves.
fn other_type(name: &Value) -> Option<Value> {
    match name.as_str()? {
        "string" => Some(json!("boolean")),
        "integer" | "number" | "boolean" => Some(json!("string")),
        _ => None,
    }
}

fn moved(limit: &Value, by: i64) -> Option<Value> {
    Some(json!(limit.as_i64()? + by))
}

fn with_a_value(values: &Value) -> Option<Value> {
    let mut values = values.as_array()?.clone();
    values.push(json!("seeded"));
    Some(Value::Array(values))
}

fn without_a_value(values: &Value) -> Option<Value> {
    Some(Value::Array(values.as_array()?.iter().skip(1).cloned().collect()))
}

fn put(object: &mut Value, at: &str, key: &str) -> Option<String> {
    let is_field = key == "seeded";
    let value = if is_field { json!({ "type": "string", "description": "Seeded." }) } else { json!(true) };
    let is_new = object.as_object_mut()?.insert(key.to_owned(), value).is_none();
    is_new.then(|| format!("{at}/{key}"))
}

/// Without a field that leads to no other schema, for those are seeded themselves.
fn without_a_field(schema: &mut Value, at: &str) -> Option<String> {
    let properties = schema.get_mut("properties")?.as_object_mut()?;
    let (name, _) = properties.iter().find(|(_, property)| other_type(&property["type"]).is_some())?;
    let name = name.clone();
    properties.shift_remove(&name);
    Some(format!("{at}/properties/{}", escape(&name)))
}

fn with_a_required_field(schema: &mut Value, at: &str) -> Option<String> {
    let mut required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut names = schema.get("properties")?.as_object()?.keys();
    let name = names.find(|name| required.iter().all(|it| it != *name))?.clone();
    required.push(json!(name));
    schema["required"] = Value::Array(required);
    Some(format!("{at}/properties/{}", escape(&name)))
}

/// The pointers of all component schemas and of the schemas of their members.
fn schemas(document: &Document) -> Vec<String> {
    let schemas = document.schemas().flat_map(|(name, schema)| {
        let at = format!("/components/schemas/{}", escape(name));
        let properties = schema["properties"].as_object().into_iter().flatten();
        let properties = properties.map(|(name, _)| format!("{at}/properties/{}", escape(name)));
        std::iter::once(at.clone()).chain(properties.collect::<Vec<_>>())
    });
    schemas.collect()
}

/// The names of the components that the requests or the responses of the operations are made of.
fn components(document: &Document, side: Side) -> BTreeSet<String> {
    let parts = |operation: &Value| match side {
        Side::Requests => vec![operation["requestBody"].clone(), operation["parameters"].clone()],
        Side::Responses => vec![operation["responses"].clone()],
    };
    let operations = document.operations();
    let mut open: Vec<Value> = operations.iter().flat_map(|operation| parts(operation.value)).collect();
    let mut seen = BTreeSet::new();
    while let Some(node) = open.pop() {
        if let Some(reference) = node["$ref"].as_str().filter(|reference| !seen.contains(*reference)) {
            seen.insert(reference.to_owned());
            open.extend(document.resolve(reference).cloned());
        }
        match node {
            Value::Object(members) => open.extend(members.into_iter().map(|(_, member)| member)),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    seen.iter().filter_map(|reference| Some(reference.strip_prefix("#/components/schemas/")?.to_owned())).collect()
}

#[test]
fn every_kind_of_change_is_found_everywhere() {
    let components = [Side::Requests, Side::Responses].map(|side| (side, components(&DOCUMENT, side)));
    let mut seeded = 0;
    for Seed { kind, plant } in SCHEMAS {
        let mut document = DOCUMENT.clone();
        let expected = schemas(&DOCUMENT).into_iter().filter_map(|at| {
            let schema = document.root.pointer_mut(&at)?;
            plant(schema, &at)
        });
        let expected: BTreeSet<String> = expected.collect();
        assert!(!expected.is_empty(), "{kind} happens nowhere");
        let changes = compare(&DOCUMENT, &document);
        for change in &changes {
            assert_eq!(change.difference.kind, kind, "{change:?}");
            let names = change.pointers.iter().filter_map(|pointer| pointer.split('/').nth(3));
            let names: BTreeSet<&str> = names.collect();
            for (side, components) in &components {
                let is_met = names.iter().any(|name| components.contains(*name));
                assert_eq!(change.sides.contains(side), is_met, "{side:?}: {change:?}");
            }
        }
        let found: BTreeSet<String> = changes.into_iter().flat_map(|change| change.pointers).collect();
        assert_eq!(found, expected, "{kind}");
        seeded += expected.len();
    }
    println!("{seeded} changes seeded");
}
