//! Which requests are those of an operation.

use httpmock::When;
use progenitor_client::encode_path;
use regex::Regex;
use serde::Serialize;
use serde_json::Value;

use crate::config::AppPrefix;
use crate::raw::Operation;

/// The requests of an operation, with or without a prefix of the app.
pub(super) fn of(operation: Operation, when: When) -> When {
    let when = when.method(operation.method()).path_matches(paths_of(operation, None));
    let when = rivals(operation).fold(when, |when, rival| {
        let paths = paths_of(rival, None);
        when.is_false(move |request| paths.is_match(request.uri().path()))
    });
    match (operation.tag() == "openai", operation.is_stream()) {
        _ if !has_twin(operation) => when,
        (true, true) => when.json_body_includes(STREAM_MEMBER),
        (true, false) => when.json_body_excludes(STREAM_MEMBER),
        (false, true) => when.header_includes("accept", EVENT_STREAM),
        (false, false) => when.header_excludes("accept", EVENT_STREAM),
    }
}

/// What asks the native API for a stream.
const EVENT_STREAM: &str = "text/event-stream";

/// What asks the OpenAI-compatible API for a stream.
const STREAM_MEMBER: &str = r#"{"stream":true}"#;

/// Only the requests with this value in their path.
pub(super) fn with_parameter(when: When, operation: Operation, name: &str, value: &str) -> When {
    when.path_matches(paths_of(operation, Some((name, value))))
}

/// Only the requests with this body, to which a stream of the OpenAI-compatible API adds what asks for it.
pub(super) fn with_body(when: When, operation: Operation, body: &impl Serialize) -> When {
    let mut body = serde_json::to_value(body).expect("bodies can be written as JSON");
    if operation.tag() == "openai" && operation.is_stream() {
        body["stream"] = Value::Bool(true);
    }
    when.json_body(body)
}

/// Operations whose path fits the path of another one and is more exact, so that it is they who are meant.
fn rivals(operation: Operation) -> impl Iterator<Item = Operation> {
    let paths = paths_of(operation, None);
    let others = Operation::all().filter(move |other| other.path() != operation.path());
    others.filter(move |other| other.method() == operation.method() && paths.is_match(other.path()))
}

fn has_twin(operation: Operation) -> bool {
    Operation::all().any(|other| other != operation && other.id() == operation.id())
}

/// The paths of an operation, of which one parameter may have to have a value.
fn paths_of(operation: Operation, parameter: Option<(&str, &str)>) -> Regex {
    let segments = operation.path().split('/').map(|segment| {
        let Some(name) = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}')) else {
            return regex::escape(segment);
        };
        let value = parameter.filter(|(wanted, _)| *wanted == name).map(|(_, value)| value);
        value.map_or_else(|| "[^/]+".to_owned(), |value| regex::escape(&encode_path(value)))
    });
    let prefixes = [AppPrefix::Test, AppPrefix::Service].map(|prefix| regex::escape(prefix.path())).join("|");
    let prefix = if operation.takes_prefix() { format!("({prefixes})?") } else { String::new() };
    let paths = format!("^{prefix}{}$", segments.collect::<Vec<_>>().join("/"));
    Regex::new(&paths).expect("every text in it is escaped")
}
