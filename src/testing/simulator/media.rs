//! What a request says of media types, in `Accept` and `Content-Type`.

use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE};
use serde_json::Value;

use super::refusal::Refusal;
use super::routes::streaming_twin;
use super::wire::{EVENTS, JSON};
use crate::raw::Operation;
use crate::raw::types::StatusCode;

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Stream,
}

/// The form that a request asks for: natively in `Accept`, in the OpenAI-compatible API, where `Accept` plays no role,
/// in the body.
pub(super) fn form(operation: Operation, headers: &HeaderMap, body: &Value) -> Form {
    let streams = if operation.tag() == "openai" { body["stream"] == true } else { names(headers, EVENTS) };
    if streams && streaming_twin(operation).is_some() { Form::Stream } else { Form::Json }
}

/// Whether the service has a form that the caller takes.
pub(super) fn check_accept(operation: Operation, headers: &HeaderMap) -> Result<(), Refusal> {
    let any = [JSON, "application/*", "*/*"].iter().any(|range| names(headers, range));
    let streams = names(headers, EVENTS) && streaming_twin(operation).is_some();
    if operation.tag() == "openai" || !headers.contains_key(ACCEPT) || any || streams {
        return Ok(());
    }
    Err(Refusal::new(StatusCode::NotAcceptable))
}

/// Whether a body is said to be JSON.
pub(super) fn check_content(operation: Operation, headers: &HeaderMap) -> Result<(), Refusal> {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (kind, parameters) = value.split_once(';').unwrap_or((value, ""));
    if kind.trim().eq_ignore_ascii_case(JSON) {
        return Ok(());
    }
    let is_form = kind.trim().eq_ignore_ascii_case("multipart/form-data");
    Err(Refusal::new(match operation.tag() {
        "tuning" if is_form && !parameters.contains("boundary=") => StatusCode::NoMultipartBoundary,
        _ => StatusCode::UnsupportedMediaType,
    }))
}

fn names(headers: &HeaderMap, range: &str) -> bool {
    let values = headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    let mut ranges = values.flat_map(|value| value.split(',')).map(|it| it.split(';').next().unwrap_or_default());
    ranges.any(|it| it.trim().eq_ignore_ascii_case(range))
}
