//! Request bodies: one media type, JSON, required, with a schema that has a name.

use super::Rule;
use super::input::{Input, Node};
use crate::build::document::Fault;
use crate::build::lowering::component_name;

pub const RULES: [Rule; 6] = [
    Rule { name: "request-media-types", asks: "a request has one media type", check: media_types },
    Rule { name: "request-media-type", asks: "a request is `application/json`", check: media_type },
    Rule { name: "request-required", asks: "a request body is required", check: required },
    Rule { name: "request-schema", asks: "a request has a component schema named `…Request`", check: schema },
    Rule { name: "encoding", asks: "no media type has an encoding of its own", check: encoding },
    Rule { name: "media-type-schema", asks: "every media type has a schema", check: has_schema },
];

fn media_types(input: &Input) -> Vec<Fault> {
    let contents = input.bodies().into_iter().filter_map(|body| body.get("content"));
    let bad = contents.filter(|content| content.members().count() != 1);
    let faults = bad.map(|content| {
        let kinds: Vec<&str> = content.members().map(|(kind, _)| kind.as_str()).collect();
        let problem = format!("the generator sends one media type, not {} ({})", kinds.len(), kinds.join(", "));
        input.fault(&content, problem, "Keep `application/json`, and name the others in the description")
    });
    faults.collect()
}

fn media_type(input: &Input) -> Vec<Fault> {
    let contents = input.bodies().into_iter().flat_map(|body| body.members_of("content"));
    let bad = contents.filter(|(kind, _)| *kind != "application/json");
    let faults = bad.map(|(kind, node)| {
        let remedy = match kind.as_str() {
            "multipart/form-data" => {
                "The generator has no multipart: leave the operation out and write it by hand in src/api"
            }
            _ => "Write `application/json`; another type needs a method by hand in src/api",
        };
        input.fault(&node, format!("requests are JSON, not `{kind}`"), remedy)
    });
    faults.collect()
}

fn required(input: &Input) -> Vec<Fault> {
    let bad = input.bodies().into_iter().filter(|body| body.value["required"] != true);
    let faults = bad.map(|body| {
        let pointer = format!("{}/required", body.pointer);
        let problem = "the generator sends every body: one that may be left out would be sent empty";
        input.document.fault(&pointer, problem, "Write `required: true`, or leave `requestBody` out")
    });
    faults.collect()
}

fn schema(input: &Input) -> Vec<Fault> {
    let contents = input.bodies().into_iter().flat_map(|body| body.members_of("content"));
    let schemas = contents.filter_map(|(_, media_type)| media_type.get("schema"));
    let bad = schemas.filter(|schema| component_name(schema.value).is_none_or(|name| !name.ends_with("Request")));
    let faults = bad.map(|schema| {
        let problem = "the schema of the request has no name, or not one that ends in `Request`";
        input.fault(&schema, problem, "Move it to `components/schemas` as `<Api>Request`, and refer to it")
    });
    faults.collect()
}

/// Faults at media types, of requests and answers.
fn of_media_types(input: &Input, is_good: fn(&Node<'_>) -> bool, problem: &str, remedy: &str) -> Vec<Fault> {
    let bad = input.media_types().into_iter().filter(|(_, media_type)| !is_good(media_type));
    bad.map(|(_, media_type)| input.fault(&media_type, problem, remedy)).collect()
}

fn encoding(input: &Input) -> Vec<Fault> {
    let is_good = |media_type: &Node<'_>| media_type.value.get("encoding").is_none();
    of_media_types(input, is_good, "the generator panics on an `encoding`", "Leave `encoding` out; JSON needs none")
}

fn has_schema(input: &Input) -> Vec<Fault> {
    let is_good = |media_type: &Node<'_>| media_type.value.get("schema").is_some();
    of_media_types(input, is_good, "the generator panics on a media type without `schema`", "Add the `schema`")
}
