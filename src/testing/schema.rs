//! The schemas of the document in the dialect that validators know.

use std::sync::LazyLock;

use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value, json};

use super::document::document;

static SCHEMAS: LazyLock<Value> = LazyLock::new(|| {
    let mut schemas = document()["components"]["schemas"].clone();
    for (_, schema) in schemas.as_object_mut().into_iter().flatten() {
        convert(schema);
    }
    schemas
});

/// A validator of a component schema of the document. Values of open enumerations are not restricted.
///
/// # Errors
///
/// When there is no such schema.
///
/// ```
/// let request = clovastudio::testing::validator("ChatV3Request")?;
/// assert!(request.is_valid(&serde_json::json!({ "messages": [] })));
/// assert!(!request.is_valid(&serde_json::json!({ "messages": [], "topP": 0 })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn validator(schema: &str) -> Result<Validator, ValidationError<'static>> {
    let root = json!({ "$ref": format!("#/components/schemas/{schema}"), "components": { "schemas": &*SCHEMAS } });
    jsonschema::draft202012::new(&root)
}

/// OpenAPI 3.0 writes null and open ends of ranges in its own way.
fn convert(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (_, property) in members.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
                convert(property);
            }
            for key in ["items", "additionalProperties", "not", "allOf", "oneOf", "anyOf"] {
                if let Some(inner) = members.get_mut(key) {
                    convert(inner);
                }
            }
            convert_null(members);
            convert_ends(members);
        }
        Value::Array(schemas) => schemas.iter_mut().for_each(convert),
        _ => {}
    }
}

fn convert_null(schema: &mut Map<String, Value>) {
    let nullable = schema.remove("nullable") == Some(Value::Bool(true));
    if let Some(kind) = schema.get_mut("type").filter(|_| nullable) {
        *kind = json!([kind.clone(), "null"]);
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
