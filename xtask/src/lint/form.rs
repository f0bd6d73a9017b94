//! The document as a whole: OpenAPI 3.0.3, without words that nobody reads.

use openapiv3::{OpenAPI, Parameter, ReferenceOr, RequestBody, Response, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Rule;
use super::input::{Input, Node};
use crate::build::document::Fault;
use crate::build::references;

pub const RULES: [Rule; 6] = [
    Rule { name: "openapi-version", asks: "OpenAPI 3.0, the newest that the generator reads", check: openapi_version },
    Rule { name: "document-version", asks: "`info.version` is the date of the newest page", check: document_version },
    Rule { name: "structure", asks: "every part has the members that OpenAPI asks for", check: structure },
    Rule { name: "keyword", asks: "only words of OpenAPI 3.0, spelled right", check: keyword },
    Rule { name: "reference", asks: "references point somewhere", check: |input| references::dangling(input.document) },
    Rule {
        name: "reference-sibling",
        asks: "nothing beside a reference, where nobody reads it",
        check: reference_sibling,
    },
];

fn openapi_version(input: &Input) -> Vec<Fault> {
    let version = input.root().text("openapi").to_owned();
    if version.starts_with("3.0.") {
        return Vec::new();
    }
    let remedy = "Write `openapi: 3.0.3`, and what 3.1 says otherwise in the words of 3.0";
    vec![input.document.fault("/openapi", format!("the generator reads OpenAPI 3.0, not `{version}`"), remedy)]
}

fn document_version(input: &Input) -> Vec<Fault> {
    let version = input.document.root["info"]["version"].as_str().unwrap_or_default();
    let is_date = version.len() == 10
        && version.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if is_date {
        return Vec::new();
    }
    let remedy = "Write the date of the newest page that the document reflects, as '2026-10-22', in quotes";
    vec![input.document.fault("/info/version", format!("`{version}` is no date"), remedy)]
}

/// The parts are read on their own, inner ones first, because the reader of the whole document does not say where it
/// stopped.
fn structure(input: &Input) -> Vec<Fault> {
    if reads::<OpenAPI>(&input.document.root).is_none() {
        return Vec::new();
    }
    let operations = input.operations().into_iter().map(|(_, node)| (node, reads::<openapiv3::Operation> as Reader));
    let parts = (input.schemas().map(|node| (node, reads::<ReferenceOr<Schema>> as Reader)))
        .chain(input.parameters().into_iter().map(|node| (node, reads::<Parameter> as Reader)))
        .chain(input.bodies().into_iter().map(|node| (node, reads::<RequestBody> as Reader)))
        .chain(input.responses().into_iter().map(|node| (node, reads::<Response> as Reader)))
        .chain(operations)
        .chain([(input.root(), reads::<OpenAPI> as Reader)]);
    let mut faults: Vec<Fault> = Vec::new();
    for (node, read) in parts {
        let known = faults.iter().any(|fault| fault.pointer.starts_with(&node.pointer));
        if let Some(problem) = read(node.value).filter(|_| !known) {
            let problem = format!("this is not as OpenAPI 3.0 asks for: {problem}");
            faults.push(input.fault(&node, problem, "Compare with a part of the same kind"));
        }
    }
    faults
}

type Reader = fn(&Value) -> Option<String>;

/// Why a part cannot be read.
fn reads<T: DeserializeOwned>(value: &Value) -> Option<String> {
    serde_json::from_value::<T>(value.clone()).err().map(|error| error.to_string())
}

const SCHEMA: &str = "type format description title nullable required properties additionalProperties items allOf \
    oneOf anyOf not discriminator enum default example deprecated minimum maximum exclusiveMinimum exclusiveMaximum \
    multipleOf minLength maxLength pattern minItems maxItems uniqueItems minProperties maxProperties readOnly writeOnly \
    xml externalDocs $ref";
const OPERATION: &str = "operationId tags summary description externalDocs deprecated security servers parameters \
    requestBody responses callbacks";
const PARAMETER: &str = "name in required description schema example examples deprecated style explode allowReserved \
    allowEmptyValue content";
const BODY: &str = "description required content";
const RESPONSE: &str = "description headers content links";
const MEDIA_TYPE: &str = "schema example examples encoding";

fn keyword(input: &Input) -> Vec<Fault> {
    let operations = input.operations().into_iter().map(|(_, node)| (node, OPERATION));
    let parts = (input.schemas().map(|node| (node, SCHEMA)))
        .chain(input.parameters().into_iter().map(|node| (node, PARAMETER)))
        .chain(input.bodies().into_iter().map(|node| (node, BODY)))
        .chain(input.responses().into_iter().map(|node| (node, RESPONSE)))
        .chain(input.media_types().into_iter().map(|(_, node)| (node, MEDIA_TYPE)))
        .chain(operations);
    parts.flat_map(|(node, words)| unknown_words(input, &node, words)).collect()
}

fn unknown_words(input: &Input, node: &Node<'_>, words: &str) -> Vec<Fault> {
    let is_known = |key: &str| key.starts_with("x-") || words.split_whitespace().any(|word| word == key);
    let unknown = node.members().filter(|(key, _)| !is_known(key));
    let faults = unknown.map(|(key, member)| {
        let remedy = "Correct the spelling; what OpenAPI 3.0 has no word for goes into an extension of spec/README.md";
        input.fault(&member, format!("OpenAPI 3.0 knows no `{key}` here"), remedy)
    });
    faults.collect()
}

fn reference_sibling(input: &Input) -> Vec<Fault> {
    let with_siblings = input.schemas().filter(|schema| schema.value.get("$ref").is_some());
    let siblings = with_siblings.flat_map(|schema| schema.members());
    let siblings = siblings.filter(|(key, _)| *key != "$ref");
    let faults = siblings.map(|(key, member)| {
        let remedy = "Put the reference into `allOf: [{$ref: …}]`, where others may stand beside it";
        input.fault(&member, format!("`{key}` beside `$ref` is read by nobody"), remedy)
    });
    faults.collect()
}
