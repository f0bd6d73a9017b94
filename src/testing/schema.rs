//! The schemas of the document in the dialect that validators know.

use std::sync::LazyLock;

use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value, json};

use super::document::document;

#[path = "../../build/dialect.rs"]
mod dialect;

static SCHEMAS: LazyLock<Value> = LazyLock::new(|| converted(&[dialect::convert]));

static STRICT_SCHEMAS: LazyLock<Value> =
    LazyLock::new(|| converted(&[close_object, close_catalogue, close_enumeration, dialect::convert]));

/// What a request may hold: known values of open enumerations only. Names of models have codes of their own.
const REQUESTS: [Conversion; 2] = [close_enumeration, dialect::convert];

static REQUEST_SCHEMAS: LazyLock<Value> = LazyLock::new(|| converted(&REQUESTS));

/// Changes one schema, not those in it.
type Conversion = fn(&mut Map<String, Value>);

fn converted(conversions: &[Conversion]) -> Value {
    let mut schemas = document()["components"]["schemas"].clone();
    for (_, schema) in schemas.as_object_mut().into_iter().flatten() {
        convert(schema, conversions);
    }
    schemas
}

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
    validator_of(schema, &SCHEMAS)
}

/// A validator of a component schema that also refuses what the document does not know: further members of an object
/// and other values of an open enumeration. For answers of the service, to find out what the document lacks.
///
/// # Errors
///
/// When there is no such schema.
///
/// ```
/// let usage = serde_json::json!({ "promptTokens": 9, "creditsOfTomorrow": 1 });
/// assert!(clovastudio::testing::validator("ChatV3Usage")?.is_valid(&usage));
/// assert!(!clovastudio::testing::strict_validator("ChatV3Usage")?.is_valid(&usage));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn strict_validator(schema: &str) -> Result<Validator, ValidationError<'static>> {
    validator_of(schema, &STRICT_SCHEMAS)
}

/// A validator of what is sent to the service, by a schema of the document, in which it may be nameless. Places in its
/// errors are those of the document.
pub(super) fn request_validator(schema: &Value) -> Result<Validator, ValidationError<'static>> {
    let mut root = schema.clone();
    convert(&mut root, &REQUESTS);
    root["components"] = json!({ "schemas": &*REQUEST_SCHEMAS });
    jsonschema::draft202012::new(&root)
}

fn validator_of(schema: &str, schemas: &Value) -> Result<Validator, ValidationError<'static>> {
    let root = json!({ "$ref": format!("#/components/schemas/{schema}"), "components": { "schemas": schemas } });
    jsonschema::draft202012::new(&root)
}

fn convert(schema: &mut Value, conversions: &[Conversion]) {
    match schema {
        Value::Object(members) => {
            for (_, property) in members.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
                convert(property, conversions);
            }
            for key in ["items", "additionalProperties", "not", "allOf", "oneOf", "anyOf"] {
                if let Some(inner) = members.get_mut(key) {
                    convert(inner, conversions);
                }
            }
            for conversion in conversions {
                conversion(members);
            }
        }
        Value::Array(schemas) => schemas.iter_mut().for_each(|schema| convert(schema, conversions)),
        _ => {}
    }
}

fn close_object(schema: &mut Map<String, Value>) {
    if schema.contains_key("properties") {
        schema.entry("additionalProperties").or_insert(Value::Bool(false));
    }
}

fn close_catalogue(schema: &mut Map<String, Value>) {
    let catalogue = schema.get("x-clova-catalogue").and_then(Value::as_str).map(|name| &document()[name]);
    if let Some(entries) = catalogue.and_then(Value::as_object) {
        schema.insert("enum".to_owned(), entries.keys().cloned().map(Value::String).collect());
    }
}

fn close_enumeration(schema: &mut Map<String, Value>) {
    if let Some(values) = schema.get("x-extensible-enum").cloned() {
        schema.insert("enum".to_owned(), values);
    }
}
