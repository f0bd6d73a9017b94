//! Whether a body is what its schema says, and what the service answers when it is not.

use http::HeaderMap;
use hyper::body::Bytes;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use super::contract::Contract;
use super::media;
use super::refusal::Refusal;
use crate::raw::Operation;
use crate::raw::types::StatusCode;
use crate::testing::document::document;

/// Reads a body and checks it against its schema; null for an operation without one.
pub(super) fn read(operation: Operation, headers: &HeaderMap, bytes: &Bytes) -> Result<Value, Refusal> {
    let contract = Contract::of(operation);
    let Some(schema) = &contract.body else { return Ok(Value::Null) };
    media::check_content(operation, headers)?;
    let body: Value = serde_json::from_slice(bytes).map_err(|_| Refusal::new(StatusCode::BadRequest))?;
    if let Some(member) = contract.unsupported.iter().find(|name| body.get(**name).is_some()) {
        return Err(Refusal::naming(StatusCode::UnsupportedParameter, member));
    }
    let refusal = schema.validator.iter_errors(&body).next().map(|error| refusal(operation, &error));
    refusal.map_or(Ok(body), Err)
}

fn refusal(operation: Operation, error: &ValidationError<'_>) -> Refusal {
    let name = name(error);
    match error.kind() {
        ValidationErrorKind::Type { .. } if name.is_empty() => Refusal::new(StatusCode::BadRequest),
        ValidationErrorKind::MinLength { .. } => Refusal::new(StatusCode::TextEmpty),
        ValidationErrorKind::MaxLength { .. } => Refusal::new(StatusCode::ContextLengthExceeded),
        ValidationErrorKind::Enum { .. } => match code_of_values(error) {
            StatusCode::UnsupportedFunction => Refusal::new(StatusCode::UnsupportedFunction),
            code => Refusal::naming(code, &name),
        },
        _ if operation.tag() == "skillset" && name == "query" => Refusal::new(StatusCode::SkillQueryMissing),
        _ => Refusal::parameter(&name),
    }
}

/// The code that refuses other values than those of an enumeration.
fn code_of_values(error: &ValidationError<'_>) -> StatusCode {
    let place = error.schema_path().as_str();
    let schema = place.rsplit_once('/').and_then(|(schema, _)| document().pointer(schema));
    let code = schema.and_then(|schema| schema["x-clova-refused-with"].as_str());
    code.map_or(StatusCode::InvalidParameter, StatusCode::from)
}

/// Name of the member that is wrong or missing, such as `messages[0].content`.
fn name(error: &ValidationError<'_>) -> String {
    let missing = match error.kind() {
        ValidationErrorKind::Required { property } => property.as_str(),
        _ => None,
    };
    let segments =
        error.instance_path().as_str().split('/').skip(1).chain(missing).map(|segment| {
            if segment.parse::<usize>().is_ok() { format!("[{segment}]") } else { format!(".{segment}") }
        });
    segments.collect::<String>().trim_start_matches('.').to_owned()
}
