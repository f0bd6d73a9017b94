//! Parameters: of the kinds that the generator sends, and shared where they are the same.

use std::collections::HashMap;

use heck::ToSnakeCase;

use super::Rule;
use super::input::{Input, Node};
use crate::build::document::Fault;

pub const RULES: [Rule; 8] = [
    Rule { name: "parameter-place", asks: "parameters are in the path, the query or a header", check: place },
    Rule { name: "parameter-style", asks: "parameters are written in the usual style", check: style },
    Rule { name: "parameter-schema", asks: "parameters have a schema and no media type", check: schema },
    Rule { name: "parameter-type", asks: "parameters are texts, 32-bit integers or components of these", check: kind },
    Rule { name: "parameter-required", asks: "parameters of the path are required", check: required },
    Rule { name: "parameter-collision", asks: "parameters stay apart as Rust names", check: collision },
    Rule { name: "parameter-shared", asks: "a parameter of several operations is a component", check: shared },
    Rule { name: "parameter-example", asks: "every parameter has an example", check: example },
];

/// What the builder of a call has methods for besides its parameters.
const TAKEN: [&str; 3] = ["body", "send", "new"];

/// A fault at a member of each parameter that is not good.
fn faults(
    input: &Input,
    member: &str,
    is_good: impl Fn(&Node<'_>) -> bool,
    problem: impl Fn(&Node<'_>) -> String,
    remedy: &str,
) -> Vec<Fault> {
    let bad = input.parameters().into_iter().filter(|parameter| !is_good(parameter));
    let faults = bad
        .map(|parameter| input.document.fault(&format!("{}/{member}", parameter.pointer), problem(&parameter), remedy));
    faults.collect()
}

fn place(input: &Input) -> Vec<Fault> {
    let is_good = |parameter: &Node<'_>| ["path", "query", "header"].contains(&parameter.text("in"));
    let problem = |parameter: &Node<'_>| format!("the generator sends no parameter in `{}`", parameter.text("in"));
    faults(input, "in", is_good, problem, "Send a cookie as the header `Cookie`, from src/transport.rs")
}

fn style(input: &Input) -> Vec<Fault> {
    let is_good = |parameter: &Node<'_>| match parameter.text("style") {
        "" => true,
        style => style == if parameter.text("in") == "query" { "form" } else { "simple" },
    };
    let problem = |parameter: &Node<'_>| {
        format!(
            "the generator writes no parameter of the {} in the style `{}`",
            parameter.text("in"),
            parameter.text("style")
        )
    };
    faults(
        input,
        "style",
        is_good,
        problem,
        "Leave `style` out; write an object as several parameters, a list as a text",
    )
}

fn schema(input: &Input) -> Vec<Fault> {
    let is_good =
        |parameter: &Node<'_>| parameter.value.get("content").is_none() && parameter.value.get("schema").is_some();
    let problem = |parameter: &Node<'_>| format!("the parameter `{}` has no `schema`", parameter.text("name"));
    faults(
        input,
        "content",
        is_good,
        problem,
        "Describe the value in `schema`; write JSON inside a parameter as a string",
    )
}

/// `build/operations.rs` reads text and 32-bit integers, and the generator sends a header as text.
fn kind(input: &Input) -> Vec<Fault> {
    let is_good = |parameter: &Node<'_>| parameter.get("schema").is_none_or(|schema| is_plain(input, schema));
    let problem =
        |parameter: &Node<'_>| format!("the parameter `{}` is neither text nor an integer", parameter.text("name"));
    faults(
        input,
        "schema",
        is_good,
        problem,
        "Write `type: string`, `type: integer, format: int32`, or a component of these",
    )
}

fn is_plain(input: &Input, schema: Node<'_>) -> bool {
    let schema = input.resolve(schema);
    let choices = schema.items_of("oneOf");
    match schema.text("type") {
        "string" => true,
        "integer" => schema.text("format") == "int32",
        _ => !choices.is_empty() && choices.into_iter().all(|choice| is_plain(input, choice)),
    }
}

fn required(input: &Input) -> Vec<Fault> {
    let is_good = |parameter: &Node<'_>| parameter.text("in") != "path" || parameter.value["required"] == true;
    let problem =
        |parameter: &Node<'_>| format!("`{}` is in the path and not `required: true`", parameter.text("name"));
    faults(input, "required", is_good, problem, "Write `required: true`")
}

fn collision(input: &Input) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (_, operation) in input.operations() {
        let mut seen: HashMap<String, &str> = TAKEN.map(|name| (name.to_owned(), "a method of the call")).into();
        for (index, parameter) in input.parameters_of(&operation).iter().enumerate() {
            let name = parameter.text("name");
            if let Some(other) = seen.insert(name.to_snake_case(), name) {
                let pointer = format!("{}/parameters/{index}", operation.pointer);
                let problem = format!("`{name}` has the Rust name of {other}");
                faults.push(input.document.fault(
                    &pointer,
                    problem,
                    "The generator has no way to rename it: add a step to build/lowering.rs",
                ));
            }
        }
    }
    faults
}

fn shared(input: &Input) -> Vec<Fault> {
    let components = input.components("parameters");
    let shared = components.iter().map(|(name, parameter)| (key(parameter), format!("#/components/parameters/{name}")));
    let shared: HashMap<_, _> = shared.collect();
    let mut seen = Vec::new();
    let own = input.parameters().into_iter().filter(|parameter| parameter.pointer.starts_with("/paths/"));
    let faults = own.filter_map(|parameter| {
        let reference = shared.get(&key(&parameter));
        let again = seen.contains(&parameter.value);
        seen.push(parameter.value);
        let remedy = match reference {
            Some(reference) => format!("Write `$ref: '{reference}'`"),
            None if again => "Move it to `components/parameters`, and refer to it".to_owned(),
            None => return None,
        };
        let problem = format!("`{}` is a parameter of several operations, written out again", parameter.text("name"));
        Some(input.fault(&parameter, problem, remedy))
    });
    faults.collect()
}

/// What makes two parameters the same to those who call.
fn key(parameter: &Node<'_>) -> (String, String) {
    (parameter.text("in").to_owned(), parameter.text("name").to_owned())
}

fn example(input: &Input) -> Vec<Fault> {
    let is_good = |parameter: &Node<'_>| parameter.value.get("example").is_some();
    let problem = |parameter: &Node<'_>| format!("the parameter `{}` has no example", parameter.text("name"));
    faults(input, "example", is_good, problem, "Add an `example`, which simulator and tests send")
}
