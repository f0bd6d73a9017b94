//! Which operation a request is for, from the paths of the document.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use reqwest::Url;
use serde_json::Value;

use crate::raw::Operation;
use crate::testing::document::document;

/// Where the OpenAI-compatible API begins, which has a shape of errors of its own.
const OPENAI: &str = "/v1/openai/";

/// What may stand before a path, the empty prefix included.
static PREFIXES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let prefixes = document()["servers"][0]["variables"]["prefix"]["enum"].as_array();
    prefixes.into_iter().flatten().filter_map(Value::as_str).collect()
});

/// A request that is for an operation.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// The operation, never a streaming twin.
    pub(super) operation: Operation,
    /// Parameters of path and query under their names in the document, decoded.
    pub(super) parameters: BTreeMap<String, String>,
}

/// The operation that a method and a path name. A concrete segment wins over a parameter.
pub(super) fn find(method: &str, path: &str, query: Option<&str>) -> Option<Route> {
    let operations = Operation::all().filter(|operation| !operation.is_stream() && operation.method() == method);
    let matching = operations.filter_map(|operation| Some(Route { operation, parameters: read(operation, path)? }));
    let mut route = matching.min_by_key(|route| route.operation.path().matches('{').count())?;
    route.parameters.extend(pairs(query));
    Some(route)
}

/// Whether errors of a path have OpenAI's shape.
pub(super) fn is_openai(path: &str) -> bool {
    path.starts_with(OPENAI)
}

/// The twin of an operation that answers with a stream.
pub(super) fn streaming_twin(operation: Operation) -> Option<Operation> {
    Operation::all().find(|other| other.is_stream() && other.id() == operation.id())
}

fn read(operation: Operation, path: &str) -> Option<BTreeMap<String, String>> {
    let prefixes = PREFIXES.iter().filter(|prefix| prefix.is_empty() || operation.takes_prefix());
    prefixes.filter_map(|prefix| path.strip_prefix(prefix)).find_map(|path| match_path(operation.path(), path))
}

fn match_path(template: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    let mut parameters = BTreeMap::new();
    loop {
        match (template.next(), path.next()) {
            (None, None) => return Some(parameters),
            (Some(expected), Some(actual)) if expected == actual => {}
            (Some(expected), Some(actual)) if !actual.is_empty() => {
                let name = expected.strip_prefix('{')?.strip_suffix('}')?;
                parameters.insert(name.to_owned(), percent_decode_str(actual).decode_utf8().ok()?.into_owned());
            }
            _ => return None,
        }
    }
}

fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    let Ok(mut url) = Url::parse("http://localhost/") else { return Vec::new() };
    url.set_query(query);
    url.query_pairs().into_owned().collect()
}
