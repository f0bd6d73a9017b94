//! Answers: one kind of success, failures that all operations share, and the envelope.

use serde_json::{Value, json};

use super::Rule;
use super::input::{Input, Node};
use crate::build::document::{Fault, escape};
use crate::build::lowering::component_name;

pub const RULES: [Rule; 8] = [
    Rule { name: "answer-status", asks: "an operation answers with 200, 204 without body, 4XX and 5XX", check: status },
    Rule { name: "answer-media-type", asks: "answers are JSON, or event streams beside JSON", check: media_type },
    Rule { name: "answer-schema", asks: "an answer has a component schema", check: schema },
    Rule {
        name: "envelope",
        asks: "a native answer is an envelope: `status`, and a `result` that may be null",
        check: envelope,
    },
    Rule { name: "event-schema", asks: "a stream has a component schema named `…Event`", check: event_schema },
    Rule { name: "failure", asks: "every operation has the shared failures of its API", check: failure },
    Rule { name: "failure-media-type", asks: "failures are `application/json`", check: failure_media_type },
    Rule { name: "answer-headers", asks: "every answer has the headers of all others", check: headers },
];

/// The responses that stand in operations, with their status.
fn own<'a>(input: &Input<'a>) -> impl Iterator<Item = (&'a String, Node<'a>)> {
    input.operations().into_iter().flat_map(|(_, operation)| operation.members_of("responses"))
}

/// The answers of success with a body.
fn successes<'a>(input: &Input<'a>) -> impl Iterator<Item = Node<'a>> {
    own(input).filter(|(status, _)| *status == "200").map(|(_, response)| response)
}

fn status(input: &Input) -> Vec<Fault> {
    let is_good = |status: &str, response: &Node<'_>| match status {
        "200" => response.value.get("content").is_some(),
        "204" => response.value.get("content").is_none(),
        other => other.starts_with(['4', '5']),
    };
    let bad = own(input).filter(|(status, response)| !is_good(status, response));
    let faults = bad.map(|(status, response)| {
        let problem = format!("the generator takes one kind of success and none of failure, and `{status}` is another");
        let remedy =
            "Write 200 with a body, 204 without, and failures as `4XX` and `5XX`; join two bodies into one schema";
        input.fault(&response, problem, remedy)
    });
    faults.collect()
}

fn media_type(input: &Input) -> Vec<Fault> {
    let contents = successes(input).filter_map(|response| response.get("content"));
    let bad = contents.filter(|content| {
        let is_known = |kind: &String| ["application/json", "text/event-stream"].contains(&kind.as_str());
        content.value.get("application/json").is_none() || !content.members().all(|(kind, _)| is_known(kind))
    });
    let faults = bad.map(|content| {
        let problem = "an answer of another media type comes out as bytes, or hides the type of the one beside it";
        input.fault(
            &content,
            problem,
            "Write `application/json`, and `text/event-stream` where the operation can stream",
        )
    });
    faults.collect()
}

/// The schemas of a media type of the successes.
fn schemas<'a>(input: &'a Input, kind: &str) -> impl Iterator<Item = Node<'a>> {
    let pointer = format!("/content/{}/schema", escape(kind));
    successes(input).filter_map(move |response| input.node(&format!("{}{pointer}", response.pointer)))
}

fn schema(input: &Input) -> Vec<Fault> {
    let bad = schemas(input, "application/json").filter(|schema| component_name(schema.value).is_none());
    let remedy = "Move it to `components/schemas` as `<Api>Envelope`, and refer to it";
    bad.map(|schema| input.fault(&schema, "the schema of the answer has no name", remedy)).collect()
}

fn event_schema(input: &Input) -> Vec<Fault> {
    let is_good = |schema: &Node<'_>| component_name(schema.value).is_some_and(|name| name.ends_with("Event"));
    let bad = schemas(input, "text/event-stream").filter(|schema| !is_good(schema));
    let remedy = "Move it to `components/schemas` as `<Api>Event`, and refer to it";
    bad.map(|schema| input.fault(&schema, "the schema of the events has no name that ends in `Event`", remedy))
        .collect()
}

/// Whether the operation at a pointer is of the OpenAI-compatible API, which has no envelope.
fn is_openai(pointer: &str) -> bool {
    pointer.starts_with("/paths/~1v1~1openai~1")
}

fn envelope(input: &Input) -> Vec<Fault> {
    let native = schemas(input, "application/json").filter(|schema| !is_openai(&schema.pointer));
    let named = native.filter_map(|schema| Some((component_name(schema.value)?, schema)));
    let bad = named.filter_map(|(name, _)| Some((input.schema(name)?, lack(name, input.schema(name)?.value)?)));
    let faults = bad.map(|(schema, lack)| {
        let remedy = "Write an object named `<Api>Envelope` with `required: [status]`, `status` as `Status`, and `result` as \
                      `oneOf: [{$ref: …Result}, *null]`";
        input.fault(&schema, format!("this native answer is no envelope: {lack}"), remedy)
    });
    faults.collect()
}

fn lack(name: &str, schema: &Value) -> Option<&'static str> {
    let properties = &schema["properties"];
    let result = &properties["result"];
    let keys: Vec<&str> = properties.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    let nullable = result["oneOf"].as_array().is_some_and(|choices| choices.len() == 2);
    [
        (!name.ends_with("Envelope"), "its name"),
        (schema["required"] != json!(["status"]), "what it requires"),
        (component_name(&properties["status"]) != Some("Status"), "its `status`"),
        (keys != ["status", "result"], "its members"),
        (
            result.get("type").is_some()
                || component_name(result).is_some()
                || !nullable && result.get("oneOf").is_some(),
            "its `result`",
        ),
    ]
    .into_iter()
    .find_map(|(lacks, what)| lacks.then_some(what))
}

fn failure(input: &Input) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (_, operation) in input.operations() {
        let native = if is_openai(&operation.pointer) { "OpenAi" } else { "" };
        for (status, kind) in [("4XX", "ClientError"), ("5XX", "ServerError")] {
            let reference = format!("#/components/responses/{native}{kind}");
            if operation.value["responses"][status]["$ref"] != reference {
                let pointer = format!("{}/responses/{status}", operation.pointer);
                let problem = format!("the operation does not answer `{status}` as the others of its API do");
                faults.push(input.document.fault(
                    &pointer,
                    problem,
                    format!("Write `'{status}': {{$ref: '{reference}'}}`"),
                ));
            }
        }
    }
    faults
}

fn failure_media_type(input: &Input) -> Vec<Fault> {
    let shared = input.components("responses").into_iter().filter_map(|(_, response)| response.get("content"));
    let bad = shared.filter(|content| content.members().any(|(kind, _)| kind != "application/json"));
    let faults = bad.map(|content| {
        let problem = "only `application/json` counts as JSON, not `application/problem+json` or another";
        input.fault(&content, problem, "Write `application/json`, which readers take whatever the header says")
    });
    faults.collect()
}

fn headers(input: &Input) -> Vec<Fault> {
    let answers: Vec<Node<'_>> = successes(input).collect();
    let Some(first) = answers.first() else { return Vec::new() };
    let bad = answers.iter().filter(|answer| answer.value["headers"] != first.value["headers"]);
    let faults = bad.map(|answer| {
        let pointer = format!("{}/headers", answer.pointer);
        let remedy = "Write `headers: *rateLimitHeaders`";
        input.document.fault(&pointer, "the headers are not those of the other answers", remedy)
    });
    faults.collect()
}
