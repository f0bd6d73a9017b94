//! Any JSON Schema is reduced to what the service takes, with the same values, or refused with a reason.

mod instances;
mod loosened;

use clovastudio::schema::reduce;
use clovastudio::testing::document;
use jsonschema::Validator;
use serde_json::Value;

use super::assert_one_line;

/// Takes JSON.
pub fn check(schema: &[u8]) {
    if let Ok(schema) = serde_json::from_slice(schema) {
        check_value(&schema);
    }
}

/// The same for a value.
pub fn check_value(schema: &Value) {
    match reduce(schema) {
        Ok(reduced) => {
            let reduced = Value::Object(reduced);
            assert_within_service(&reduced);
            assert_eq!(
                reduce(&reduced).ok().map(Value::Object),
                Some(reduced.clone()),
                "{schema} is reduced once more"
            );
            assert_same_values(schema, &reduced);
        }
        Err(error) => {
            assert_one_line(&error.to_string());
            assert!(error.to_string().contains("; "), "no advice: {error}");
        }
    }
}

/// Asserts that a schema has only keywords, types and formats of the service.
pub fn assert_within_service(schema: &Value) {
    let keywords = &document()["components"]["schemas"]["ResponseFormat"]["properties"]["schema"];
    let keywords = &keywords["x-clova-schema-keywords"];
    let has = |list: &str, word: &Value| keywords[list].as_array().is_some_and(|words| words.contains(word));
    let kind = schema.get("type");
    let list = match kind.and_then(Value::as_str) {
        Some("integer") => "number",
        Some(kind) => kind,
        None => "any",
    };
    assert!(kind.is_none_or(|kind| has("types", kind)), "{schema}");
    assert!(schema.get("format").is_none_or(|format| has("stringFormats", format)), "{schema}");
    for keyword in schema.as_object().expect("a schema is an object").keys() {
        let keyword = Value::from(keyword.as_str());
        assert!(has("any", &keyword) || has(list, &keyword), "{keyword} in {schema}");
    }
    assert!(["type", "enum", "anyOf"].iter().any(|keyword| schema.get(keyword).is_some()), "{schema}");
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.for_each(|(_, property)| assert_within_service(property));
    schema.get("items").into_iter().for_each(assert_within_service);
    schema.get("anyOf").and_then(Value::as_array).into_iter().flatten().for_each(assert_within_service);
}

/// Asserts that a reduced schema takes the same values as the given one, but for what it cannot say: null, the one of
/// `oneOf`, and no further properties.
fn assert_same_values(schema: &Value, reduced: &Value) {
    let Some(given) = loosened::loosened(schema).as_ref().and_then(validator) else { return };
    let reduced_validator = validator(reduced).expect("a reduced schema is a schema");
    for value in instances::instances(reduced) {
        let (by_given, by_reduced) = (given.is_valid(&value), reduced_validator.is_valid(&value));
        assert_eq!(by_given, by_reduced, "{value}, which {schema} takes or not, unlike {reduced}");
    }
}

fn validator(schema: &Value) -> Option<Validator> {
    jsonschema::draft202012::options().should_validate_formats(false).build(schema).ok()
}
