//! A given schema without what a reduced one cannot say.

use serde_json::{Map, Value, json};

/// The schema with `anyOf` for `oneOf`, with any further properties, and with properties required only when they cannot
/// be null. None for one whose references another validator may understand in another way.
pub fn loosened(schema: &Value) -> Option<Value> {
    let is_plain = |node: &Value| {
        let reference = node["$ref"]
            .as_str()
            .is_none_or(|it| it.strip_prefix("#/$defs/").is_some_and(|name| !name.contains(['/', '~', '%', '#'])));
        reference && ["$id", "$schema"].iter().all(|keyword| node.get(keyword).is_none())
    };
    if !all(schema, &is_plain) {
        return None;
    }
    let mut loosened = schema.clone();
    visit(&mut loosened, &mut choose_any);
    let definitions = loosened.get("$defs").cloned().unwrap_or_default();
    visit(&mut loosened, &mut |keywords| require_less(keywords, &definitions));
    Some(loosened)
}

fn all(node: &Value, is_fine: &dyn Fn(&Value) -> bool) -> bool {
    let inner = match node {
        Value::Object(members) => members.values().all(|member| all(member, is_fine)),
        Value::Array(items) => items.iter().all(|item| all(item, is_fine)),
        _ => true,
    };
    inner && is_fine(node)
}

/// Visits a schema and all schemas in it, inner ones first.
fn visit(schema: &mut Value, visitor: &mut dyn FnMut(&mut Map<String, Value>)) {
    let Some(keywords) = schema.as_object_mut() else { return };
    for keyword in ["properties", "$defs"] {
        let schemas = keywords.get_mut(keyword).and_then(Value::as_object_mut).into_iter().flatten();
        schemas.for_each(|(_, schema)| visit(schema, visitor));
    }
    for keyword in ["anyOf", "oneOf", "allOf"] {
        let schemas = keywords.get_mut(keyword).and_then(Value::as_array_mut).into_iter().flatten();
        schemas.for_each(|schema| visit(schema, visitor));
    }
    keywords.get_mut("items").into_iter().for_each(|schema| visit(schema, visitor));
    visitor(keywords);
}

fn choose_any(keywords: &mut Map<String, Value>) {
    keywords.remove("additionalProperties");
    keywords.remove("unevaluatedProperties");
    let Some(choice) = keywords.remove("oneOf") else { return };
    // Beside a choice that is there already, both must hold.
    let all = keywords.entry("allOf").or_insert_with(|| json!([]));
    all.as_array_mut().into_iter().for_each(|all| all.push(json!({ "anyOf": choice })));
}

/// A property that may be null may be left out instead.
fn require_less(keywords: &mut Map<String, Value>, definitions: &Value) {
    let properties = keywords.get("properties").cloned().unwrap_or_default();
    let Some(required) = keywords.get_mut("required").and_then(Value::as_array_mut) else { return };
    required.retain(|name| {
        let property = name.as_str().and_then(|name| properties.get(name));
        property.is_none_or(|property| !takes_null(property, definitions))
    });
}

fn takes_null(schema: &Value, definitions: &Value) -> bool {
    let alone = json!({ "allOf": [schema], "$defs": definitions });
    jsonschema::draft202012::new(&alone).is_ok_and(|validator| validator.is_valid(&Value::Null))
}
