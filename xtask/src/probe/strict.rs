//! Compares a recorded answer with the document, strictly.

use clovastudio::raw::Operation;
use clovastudio::raw::types::StatusCode;
use clovastudio::testing::{document, strict_validator};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use super::recording::{Answer, Recording};
use crate::finding::Finding;

/// What the document does not know of a recorded call.
pub fn check(recording: &Recording) -> Vec<Finding> {
    let Some(operation) = recording.method() else {
        let problem = format!("the document has no operation `{}`", recording.operation);
        return vec![Finding::new("gone-operation", &recording.operation, problem, "Remove the recording")];
    };
    let call = format!("{} {}", recording.operation, recording.example);
    match (&recording.answer, recording.status) {
        (Answer::Json(value), 200) => check_value(&call, &answer_schema(operation, "200", "application/json"), value),
        (Answer::Events(events), 200) => check_events(&call, operation, events),
        (Answer::Json(value), status) => check_refusal(&call, operation, status, value),
        (Answer::Events(_), status) => vec![other_form(&call, &format!("HTTP {status} with a stream"))],
        (Answer::Text(_), 401) => Vec::new(),
        (Answer::Text(_), status) => vec![other_form(&call, &format!("HTTP {status} with a body that is not JSON"))],
    }
}

fn other_form(call: &str, what: &str) -> Finding {
    let remedy = "Look at the recording; describe the form in the document if it is meant to be";
    Finding::new("other-form", call, format!("the service answered with {what}"), remedy)
}

fn check_events(call: &str, operation: Operation, events: &[Value]) -> Vec<Finding> {
    let schema = answer_schema(operation, "200", "text/event-stream");
    let mut findings: Vec<Finding> = events.iter().flat_map(|event| check_value(call, &schema, event)).collect();
    findings.dedup_by_key(|finding| finding.fingerprint());
    findings
}

/// A refusal of one of the document's own examples says that the document, or the plan, is wrong.
fn check_refusal(call: &str, operation: Operation, status: u16, value: &Value) -> Vec<Finding> {
    let class = if status < 500 { "4XX" } else { "5XX" };
    let mut findings = check_value(call, &answer_schema(operation, class, "application/json"), value);
    let code = value.pointer("/status/code").or_else(|| value.pointer("/error/code")).and_then(Value::as_str);
    let known = code.and_then(|code| StatusCode::from(code).entry());
    let finding = match known {
        // An empty account, a spent quota or a busy service say nothing of the document.
        Some(entry) if [401, 403, 404, 429].contains(&entry.http_status) || entry.http_status >= 500 => None,
        Some(entry) => {
            let meaning = entry.messages.first().map_or("", |message| message.meaning);
            let problem =
                format!("the service refused an example of the document: {status}, {}: {meaning}", entry.code);
            Some(Finding::new("refused", call, problem, "Correct the example, or the rule that lets it pass"))
        }
        None => {
            let problem = format!("HTTP {status} with the unknown code {}", code.unwrap_or("(none)"));
            Some(Finding::new("unknown-code", call, problem, "Add it to `x-clova-status-codes` in the document"))
        }
    };
    findings.extend(finding);
    findings
}

/// Name of the schema of an answer; empty when the document has none.
fn answer_schema(operation: Operation, status: &str, media_type: &str) -> String {
    let operation = &document()["paths"][operation.path()][operation.method().to_ascii_lowercase()];
    let answer = &operation["responses"][status];
    let shared = answer["$ref"].as_str().and_then(|reference| document().pointer(reference.strip_prefix('#')?));
    let schema = shared.unwrap_or(answer)["content"][media_type]["schema"]["$ref"].as_str();
    schema.and_then(|reference| reference.rsplit('/').next()).unwrap_or_default().to_owned()
}

fn check_value(call: &str, schema: &str, value: &Value) -> Vec<Finding> {
    match strict_validator(schema) {
        Ok(validator) => {
            let errors = validator.iter_errors(value);
            errors.flat_map(|error| explain(call, schema, &error)).collect()
        }
        Err(_) => vec![other_form(call, "a kind of answer that the document does not describe")],
    }
}

/// What an error of the validator says of the document. Where none of several variants fits, the nearest one is meant.
fn explain(call: &str, schema: &str, error: &ValidationError<'_>) -> Vec<Finding> {
    let at = error.instance_path().to_string();
    let finding = |rule, problem: String, remedy: String| {
        let subject = format!("{schema} at {at}");
        Finding { theirs: Some(call.to_owned()), ..Finding::new(rule, subject, problem, remedy) }
    };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let members = unexpected.iter().map(|name| {
                let kind = kind_of(&error.instance()[name.as_str()]);
                let problem = format!("`{at}/{name}` ({kind}) is not in the document");
                let remedy = format!("Add `{name}` to the schema at `{at}` of {schema}");
                Finding { subject: format!("{schema} at {at}/{name}"), ..finding("unknown-member", problem, remedy) }
            });
            members.collect()
        }
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            let nearest = context.iter().min_by_key(|errors| errors.len());
            nearest.into_iter().flatten().flat_map(|error| explain(call, schema, error)).collect()
        }
        ValidationErrorKind::Enum { .. } => {
            let problem = format!("`{at}` has the unknown value {}", error.instance());
            vec![finding("unknown-value", problem, "Add the value, with what it means, to the document".to_owned())]
        }
        ValidationErrorKind::Required { property } => {
            let problem = format!("`{at}` comes without {property}");
            vec![finding("missing-member", problem, "Take the member off `required` in the document".to_owned())]
        }
        ValidationErrorKind::Type { .. } => {
            let problem = format!("`{at}` is of the type {}", kind_of(error.instance()));
            vec![finding("other-type", problem, "Let the document take this type as well".to_owned())]
        }
        kind => {
            let problem = format!("`{at}` does not fit the keyword `{}`", kind.keyword());
            vec![finding("other-value", problem, "Correct the limit in the document".to_owned())]
        }
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
