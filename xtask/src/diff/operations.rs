//! Compares the operations: their paths and names, parameters, requests and responses.

use serde_json::Value;

use super::catalogues::{compare_servers, security};
use super::change::{Difference, Effect, Found, Pointer, Side};
use super::comparison::{Comparison, Pointers, Scope, follow, step};
use super::rules::{Rule, Table};
use crate::build::document::{Document, Operation, escape};

const OPERATION: &Table = &[
    ("operationId", Rule::Frame),
    ("parameters", Rule::Frame),
    ("requestBody", Rule::Frame),
    ("responses", Rule::Frame),
    ("servers", Rule::Frame),
    ("tags", Rule::Text),
    ("summary", Rule::Text),
    ("deprecated", Rule::Ending),
    ("security", Rule::By(security)),
    ("x-clova-unsupported", Rule::Refused),
];

const PARAMETER: &Table = &[
    ("name", Rule::Frame),
    ("in", Rule::Frame),
    ("schema", Rule::Frame),
    ("required", Rule::By(required)),
    ("deprecated", Rule::Ending),
];

const BODY: &Table = &[("content", Rule::Frame), ("headers", Rule::Frame), ("required", Rule::By(required))];

const MEDIA_TYPE: &Table = &[("schema", Rule::Frame)];

/// Compares all operations. Two that have one name, or else one method and path, are the same.
pub fn compare(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old.operations(), comparison.new.operations());
    let pairs: Vec<_> = new.iter().map(|operation| (counterpart(operation, &old, &new), operation)).collect();
    for old in old.iter().filter(|old| pairs.iter().all(|(pair, _)| pair.is_none_or(|pair| pair.id() != old.id()))) {
        let removed = Difference::removed("operation-removed", Effect::Replaced, "operation");
        both_sides(comparison, old, &(removed, Pointer::Old(old.pointer())));
    }
    for (old, new) in pairs {
        let added = Difference::added("operation-added", Effect::Extended, "operation");
        match old {
            Some(old) => compare_pair(comparison, old, new),
            None => both_sides(comparison, new, &(added, Pointer::New(new.pointer()))),
        }
    }
}

fn counterpart<'a>(
    operation: &Operation<'_>,
    old: &'a [Operation<'a>],
    new: &[Operation<'_>],
) -> Option<&'a Operation<'a>> {
    let by_name = old.iter().find(|old| old.id() == operation.id());
    by_name.or_else(|| {
        let mut others = old.iter().filter(|old| new.iter().all(|new| new.id() != old.id()));
        others.find(|old| old.method == operation.method && route(old.path) == route(operation.path))
    })
}

/// A path without the names of its parameters, which callers do not see.
fn route(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
}

fn both_sides(comparison: &mut Comparison<'_>, operation: &Operation<'_>, found: &Found) {
    for side in [Side::Requests, Side::Responses] {
        comparison.add(&Scope::of(operation.id(), side), [found.clone()]);
    }
}

fn compare_pair(comparison: &mut Comparison<'_>, old: &Operation<'_>, new: &Operation<'_>) {
    let requests = Scope::of(new.id(), Side::Requests);
    let responses = Scope::of(new.id(), Side::Responses);
    let pair = [old.pointer(), new.pointer()];
    comparison.add(&requests, compare_head(old, new));
    comparison.table(&requests, OPERATION, &pair);
    compare_servers(comparison, &requests, &step(&pair, "servers"));
    compare_servers(
        comparison,
        &requests,
        &[old.path, new.path].map(|path| format!("/paths/{}/servers", escape(path))),
    );
    compare_parameters(comparison, &requests, old, new);
    compare_request(comparison, &requests, &pair);
    compare_responses(comparison, &responses, &pair);
}

fn compare_head(old: &Operation<'_>, new: &Operation<'_>) -> Vec<Found> {
    let address = |operation: &Operation<'_>| format!("{} {}", operation.method.to_uppercase(), operation.path);
    let mut found = Vec::new();
    if old.method != new.method || route(old.path) != route(new.path) {
        let moved = Difference::changed("operation-moved", Effect::Replaced, "another address");
        found.push((moved.between(address(old), address(new)), Pointer::New(new.pointer())));
    }
    if old.id() != new.id() {
        let renamed = Difference::changed("operation-renamed", Effect::Reworded, "another name");
        found.push((renamed.between(old.id(), new.id()), Pointer::New(format!("{}/operationId", new.pointer()))));
    }
    found
}

fn compare_parameters(comparison: &mut Comparison<'_>, scope: &Scope, old: &Operation<'_>, new: &Operation<'_>) {
    let parameters = [parameters(comparison.old, old), parameters(comparison.new, new)];
    let added = |name: &str, parameter: &Value| {
        let (effect, kind) = necessity(parameter);
        Difference::added("parameter-added", effect, format!("{kind} {name}"))
    };
    let removed = |name: &str| Difference::removed("parameter-removed", Effect::Replaced, name);
    for pair in comparison.pair(scope, parameters, added, removed) {
        comparison.table(scope, PARAMETER, &pair);
        comparison.schemas(scope, step(&pair, "schema"));
    }
}

/// The pointers of the parameters of an operation. One in the path is known by its place there, others by their name.
fn parameters(document: &Document, operation: &Operation<'_>) -> Pointers {
    let lists =
        [format!("/paths/{}/parameters", escape(operation.path)), format!("{}/parameters", operation.pointer())];
    let pointers = lists.iter().flat_map(|list| {
        let length = document.root.pointer(list).and_then(Value::as_array).map_or(0, Vec::len);
        (0..length).map(move |index| follow(document, &format!("{list}/{index}")))
    });
    let named = pointers.filter_map(|pointer| {
        let parameter = document.root.pointer(&pointer)?;
        let (name, place) = (parameter["name"].as_str()?, parameter["in"].as_str()?);
        let position = operation.path.split('/').position(|part| part == format!("{{{name}}}"));
        let key = match position.filter(|_| place == "path") {
            Some(position) => format!("part {position} of the path"),
            None => format!("{place} parameter `{name}`"),
        };
        Some((key, pointer))
    });
    named.collect()
}

/// What it does when something is there that was not.
fn necessity(thing: &Value) -> (Effect, &'static str) {
    if thing["required"] == true { (Effect::Narrowed, "required") } else { (Effect::Extended, "optional") }
}

fn compare_request(comparison: &mut Comparison<'_>, scope: &Scope, pair: &[String; 2]) {
    let bodies = comparison.follow(&step(pair, "requestBody"));
    let found = [(comparison.old, &bodies[0]), (comparison.new, &bodies[1])]
        .map(|(document, at)| document.root.pointer(at).map(|_| ("body".to_owned(), at.clone())).into_iter().collect());
    let added = |_: &str, body: &Value| {
        let (effect, kind) = necessity(body);
        Difference::added("body-added", effect, format!("{kind} body"))
    };
    let removed = |_: &str| Difference::removed("body-removed", Effect::Replaced, "body");
    for pair in comparison.pair(scope, found, added, removed) {
        compare_body(comparison, scope, &pair);
    }
}

fn compare_responses(comparison: &mut Comparison<'_>, scope: &Scope, pair: &[String; 2]) {
    let responses = comparison.members(&step(pair, "responses"));
    // Readers reckon with any failure, not with any success.
    let more = |status: &str| if status.starts_with('2') { Effect::Widened } else { Effect::Extended };
    let added =
        |status: &str, _: &Value| Difference::added("response-added", more(status), format!("response {status}"));
    let removed =
        |status: &str| Difference::removed("response-removed", Effect::Narrowed, format!("response {status}"));
    for pair in comparison.pair(scope, responses, added, removed) {
        let pair = comparison.follow(&pair);
        compare_body(comparison, scope, &pair);
        compare_headers(comparison, scope, &pair);
    }
}

fn compare_body(comparison: &mut Comparison<'_>, scope: &Scope, pair: &[String; 2]) {
    comparison.table(scope, BODY, pair);
    let media_types = comparison.members(&step(pair, "content"));
    let added =
        |name: &str, _: &Value| Difference::added("media-type-added", Effect::Extended, format!("media type {name}"));
    let removed =
        |name: &str| Difference::removed("media-type-removed", Effect::Replaced, format!("media type {name}"));
    for pair in comparison.pair(scope, media_types, added, removed) {
        comparison.table(scope, MEDIA_TYPE, &pair);
        comparison.schemas(scope, step(&pair, "schema"));
    }
}

fn compare_headers(comparison: &mut Comparison<'_>, scope: &Scope, pair: &[String; 2]) {
    let headers = comparison.members(&step(pair, "headers"));
    let added = |name: &str, _: &Value| Difference::added("header-added", Effect::Extended, format!("header {name}"));
    let removed = |name: &str| Difference::removed("header-removed", Effect::Replaced, format!("header {name}"));
    for pair in comparison.pair(scope, headers, added, removed) {
        let pair = comparison.follow(&pair);
        comparison.table(scope, PARAMETER, &pair);
        comparison.schemas(scope, step(&pair, "schema"));
    }
}

/// Whether something must be there.
fn required(_: &Value, is: &Value) -> Vec<Difference> {
    vec![if *is == Value::Bool(true) {
        Difference::changed("now-required", Effect::Narrowed, "now required")
    } else {
        Difference::changed("now-optional", Effect::Widened, "now optional")
    }]
}
