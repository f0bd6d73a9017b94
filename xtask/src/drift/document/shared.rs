//! What all operations of the document share: headers, the envelope, failures.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schema::{Schemas, Walk};
use super::{Ours, members, one};
use crate::build::document::{Document, Operation, escape};
use crate::drift::attribute::{Attribute, Said};
use crate::drift::facts::{Facts, Key, Part, Section};
use crate::drift::statement::Statement;
use crate::drift::types::Need;

/// What the overview tells about all operations.
pub fn read(document: &Document) -> Facts<Ours> {
    let schemas = Schemas::new(document);
    let mut facts = Facts::new();
    let mut add = |part: Part, found: BTreeMap<Key, Ours>| {
        facts.entry(Section::of(part)).or_insert_with(BTreeMap::new).extend(found);
    };
    for ours in keys(document).into_iter().chain(media_types(document)).chain(parameters(schemas)) {
        add(Part::RequestHeaders, one(&Part::RequestHeaders, ours));
    }
    for ours in answer_headers(schemas) {
        add(Part::ResponseHeaders, one(&Part::ResponseHeaders, ours));
    }
    for operation in document.operations() {
        add(Part::Failure, failure(schemas, &operation));
        add(Part::Response, status(schemas, &operation));
    }
    facts.retain(|_, facts| !facts.is_empty());
    facts
}

/// Whether every operation has a parameter.
pub fn has_every_operation(document: &Document, parameter: &Value) -> bool {
    let schemas = Schemas::new(document);
    document.operations().iter().all(|operation| {
        let count = operation.value["parameters"].as_array().map_or(0, Vec::len);
        let pointer = operation.pointer();
        let mut all = (0..count).filter_map(|index| schemas.follow(&format!("{pointer}/parameters/{index}")));
        all.any(|(value, _)| value["name"] == parameter["name"] && value["in"] == parameter["in"])
    })
}

fn header(name: &str, pointer: String, required: Need, values: Vec<String>) -> Ours {
    let mut statement = Statement::default().with(Attribute::Required, Said::Required(required));
    if !values.is_empty() {
        statement.say(Attribute::Values, Said::Words(values));
    }
    Ours { path: name.to_owned(), statement, pointer, set: None }
}

/// The headers that hold keys. The first way to prove who calls is the usual one, the others are for some callers.
fn keys(document: &Document) -> Vec<Ours> {
    let ways = document.root["security"].as_array().into_iter().flatten().enumerate();
    let schemes = ways.flat_map(|(index, way)| {
        let required = if index == 0 { Need::Required } else { Need::Conditional };
        way.as_object().into_iter().flatten().map(move |(name, _)| (name, required))
    });
    let headers = schemes.map(|(name, required)| {
        let pointer = format!("/components/securitySchemes/{}", escape(name));
        let scheme = document.root.pointer(&pointer).unwrap_or(&Value::Null);
        header(scheme["name"].as_str().unwrap_or("Authorization"), pointer, required, Vec::new())
    });
    headers.collect()
}

const STREAM: &str = "text/event-stream";

/// The headers that follow from media types.
fn media_types(document: &Document) -> Vec<Ours> {
    let operations = document.operations();
    let with_body = operations.iter().find(|operation| operation.value.get("requestBody").is_some());
    let body = with_body.map(|operation| {
        let kinds = members(&operation.value["requestBody"], "content").map(|(kind, _)| kind.clone()).collect();
        header("Content-Type", format!("{}/requestBody/content", operation.pointer()), Need::Required, kinds)
    });
    let content = |operation: &Operation<'_>| operation.value["responses"]["200"]["content"].get(STREAM).is_some();
    let stream = operations.iter().find(|operation| content(operation)).map(|operation| {
        let pointer = format!("{}/responses/200/content/{}", operation.pointer(), escape(STREAM));
        header("Accept", pointer, Need::Conditional, vec![STREAM.to_owned()])
    });
    body.into_iter().chain(stream).collect()
}

/// The headers that every operation takes.
fn parameters(schemas: Schemas<'_>) -> Vec<Ours> {
    let operations = schemas.document().operations();
    let Some(first) = operations.first() else { return Vec::new() };
    let count = first.value["parameters"].as_array().map_or(0, Vec::len);
    let all = (0..count).filter_map(|index| schemas.follow(&format!("{}/parameters/{index}", first.pointer())));
    let headers = all.filter(|(value, _)| value["in"] == "header" && has_every_operation(schemas.document(), value));
    let headers = headers.map(|(value, pointer)| {
        let required = if value["required"] == true { Need::Required } else { Need::Optional };
        header(value["name"].as_str().unwrap_or_default(), pointer, required, Vec::new())
    });
    headers.collect()
}

/// The headers of answers.
fn answer_headers(schemas: Schemas<'_>) -> Vec<Ours> {
    let operations = schemas.document().operations();
    let statuses = operations.iter().flat_map(|operation| ["200", "4XX"].map(|status| (operation, status)));
    let responses = statuses
        .filter_map(|(operation, status)| schemas.follow(&format!("{}/responses/{status}", operation.pointer())));
    let responses: Vec<_> = responses.collect();
    let mut headers: Vec<Ours> = Vec::new();
    for (response, at) in &responses {
        for (name, _) in members(response, "headers").filter(|(name, _)| **name != "Content-Type") {
            if headers.iter().all(|known| known.path != *name) {
                let at = format!("{at}/headers/{}", escape(name));
                let pointer = schemas.follow(&at).map_or(at, |(_, at)| at);
                headers.push(Ours { path: name.clone(), statement: Statement::default(), pointer, set: None });
            }
        }
    }
    headers.extend(responses.first().map(|(_, at)| content_type(&responses, format!("{at}/content"))));
    headers
}

fn content_type(responses: &[(&Value, String)], pointer: String) -> Ours {
    let mut kinds: Vec<String> =
        responses.iter().flat_map(|(response, _)| members(response, "content").map(|(kind, _)| kind.clone())).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let statement = Statement::default().with(Attribute::Values, Said::Words(kinds));
    Ours { path: "Content-Type".to_owned(), statement, pointer, set: None }
}

/// The members of a failure that is no envelope.
fn failure(schemas: Schemas<'_>, operation: &Operation<'_>) -> BTreeMap<Key, Ours> {
    let failure = schemas.follow(&format!("{}/responses/4XX", operation.pointer()));
    let body = |at: String| Walk::new(schemas, "", false).body(&format!("{at}/content/application~1json/schema"));
    failure.map(|(_, at)| body(at)).unwrap_or_default()
}

/// The member `status` of an envelope, and what is in it.
fn status(schemas: Schemas<'_>, operation: &Operation<'_>) -> BTreeMap<Key, Ours> {
    let pointer = format!("{}/responses/200/content/application~1json/schema", operation.pointer());
    Walk::new(schemas, "", false).envelope(&pointer)
}
