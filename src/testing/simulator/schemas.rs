//! Whether the JSON Schemas inside a request have only what the service takes.

use std::sync::LazyLock;

use serde_json::Value;

use super::refusal::Refusal;
use crate::limits::KEYWORDS;
use crate::raw::types::StatusCode;
use crate::testing::document::document;

/// Keywords that the parameters of a function must not have.
static REFUSED: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let parameters = &document()["components"]["schemas"]["FunctionDefinition"]["properties"]["parameters"];
    let keywords = parameters["x-clova-refused-keywords"].as_array().into_iter().flatten();
    keywords.filter_map(Value::as_str).collect()
});

pub(super) fn check(body: &Value) -> Result<(), Refusal> {
    let native = body["responseFormat"].get("schema");
    let format = native.or(body["response_format"]["json_schema"].get("schema"));
    if format.is_some_and(|schema| schema["type"] != "object" || !is_taken(schema)) {
        return Err(Refusal::new(StatusCode::InvalidResponseFormatSchema));
    }
    let tools = body["tools"].as_array().into_iter().flatten();
    let mut parameters = tools.map(|tool| &tool["function"]["parameters"]);
    if parameters.any(has_refused) { Err(Refusal::parameter("tools")) } else { Ok(()) }
}

/// Whether a schema has only keywords that structured outputs take, each beside a type that it goes with.
fn is_taken(schema: &Value) -> bool {
    let Some(keywords) = schema.as_object() else { return false };
    let kind = schema.get("type").map(|kind| kind.as_str().unwrap_or_default());
    let taken = |name: &str| KEYWORDS.any.contains(&name) || kind.is_some_and(|kind| of_type(kind).contains(&name));
    let format = schema["format"].as_str();
    kind.is_none_or(|kind| KEYWORDS.types.contains(&kind))
        && format.is_none_or(|format| KEYWORDS.string_formats.contains(&format))
        && keywords.keys().all(|name| taken(name))
        && inner(schema).all(is_taken)
}

fn of_type(kind: &str) -> &'static [&'static str] {
    match kind {
        "string" => KEYWORDS.string,
        "number" | "integer" => KEYWORDS.number,
        "array" => KEYWORDS.array,
        "object" => KEYWORDS.object,
        _ => &[],
    }
}

fn has_refused(schema: &Value) -> bool {
    REFUSED.iter().any(|keyword| schema.get(*keyword).is_some()) || inner(schema).any(has_refused)
}

/// The schemas right inside a schema.
fn inner(schema: &Value) -> impl Iterator<Item = &Value> {
    let properties = schema["properties"].as_object().into_iter().flatten().map(|(_, member)| member);
    let choices = schema["anyOf"].as_array().into_iter().flatten();
    properties.chain(choices).chain(schema.get("items"))
}
