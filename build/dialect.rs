//! Writes schemas in the dialect that JSON Schema validators know: OpenAPI 3.0 has its own ways for null and open ends.
//! The client uses it as well, for its tests.

use serde_json::{Map, Value, json};

/// Converts one schema, not those in it.
pub fn convert(schema: &mut Map<String, Value>) {
    convert_null(schema);
    convert_ends(schema);
}

fn convert_null(schema: &mut Map<String, Value>) {
    let nullable = schema.remove("nullable") == Some(Value::Bool(true));
    if !nullable {
        return;
    }
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.clone(), "null"]);
    }
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut).filter(|it| !it.contains(&Value::Null)) {
        values.push(Value::Null);
    }
}

fn convert_ends(schema: &mut Map<String, Value>) {
    for (end, open) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        let is_open = schema.remove(open) == Some(Value::Bool(true));
        if is_open && let Some(limit) = schema.remove(end) {
            schema.insert(open.to_owned(), limit);
        }
    }
}
