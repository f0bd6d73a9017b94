//! Operations: names that make good Rust, and the texts that every operation has.

use std::collections::HashMap;

use heck::{ToSnakeCase, ToUpperCamelCase};
use serde_json::Value;

use super::Rule;
use super::input::{Input, Node};
use crate::build::document::{Fault, Operation};
use crate::build::lowering::TWIN_SUFFIX;
use crate::build::references;

pub const RULES: [Rule; 9] = [
    Rule { name: "operation-id", asks: "every operation has a name of its own", check: operation_id },
    Rule { name: "operation-id-form", asks: "names are in snake case", check: operation_id_form },
    Rule { name: "operation-id-taken", asks: "names are none that the client needs itself", check: operation_id_taken },
    Rule { name: "operation-id-collision", asks: "names stay apart as Rust types", check: operation_id_collision },
    Rule { name: "operation-summary", asks: "every operation has a summary: one line, no full stop", check: summary },
    Rule { name: "operation-page", asks: "every operation links to its page of the vendor", check: page },
    Rule { name: "operation-tag", asks: "every operation has one tag, of the list of tags", check: tag },
    Rule { name: "request-id", asks: "every operation takes the shared request id, first", check: request_id },
    Rule { name: "security", asks: "schemes of authentication are declared", check: security },
];

/// Where the vendor's pages are.
pub const PAGES: &str = "https://api.ncloud-docs.com/docs/";

/// What the generated client and `src/client.rs` call their own functions, and the traits of the generator theirs.
const TAKEN: [&str; 10] =
    ["new", "new_with_client", "for_call", "api_version", "baseurl", "client", "inner", "pre", "post", "exec"];

fn operation_id(input: &Input) -> Vec<Fault> {
    references::operation_ids(input.document)
}

/// The operations that have a name, with the place of the name.
fn named<'a>(input: &Input<'a>) -> impl Iterator<Item = (Operation<'a>, Node<'a>)> {
    input.operations().into_iter().filter_map(|(operation, node)| Some((operation, node.get("operationId")?)))
}

fn operation_id_form(input: &Input) -> Vec<Fault> {
    let odd = named(input).filter(|(operation, _)| !is_function_name(operation.id()));
    let faults = odd.map(|(operation, node)| {
        let remedy = format!("Write `{}`", operation.id().to_snake_case());
        input.fault(&node, format!("`{}` is no name of a Rust function", operation.id()), remedy)
    });
    faults.collect()
}

/// Snake case, and no keyword.
fn is_function_name(name: &str) -> bool {
    name == name.to_snake_case() && syn::parse_str::<syn::Ident>(name).is_ok()
}

fn operation_id_taken(input: &Input) -> Vec<Fault> {
    let taken =
        named(input).filter(|(operation, _)| TAKEN.contains(&operation.id()) || operation.id().ends_with(TWIN_SUFFIX));
    let faults = taken.map(|(operation, node)| {
        let problem =
            format!("`{}` is the name of another function of the client, or of a streaming twin", operation.id());
        input.fault(&node, problem, "Choose another name")
    });
    faults.collect()
}

fn operation_id_collision(input: &Input) -> Vec<Fault> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    let faults = named(input).filter_map(|(operation, node)| {
        let other = seen.insert(operation.id().to_upper_camel_case(), operation.id())?;
        let problem = format!("`{}` and `{other}` are the same name of a Rust type", operation.id());
        (other != operation.id()).then(|| input.fault(&node, problem, "Choose names that differ in their letters"))
    });
    faults.collect()
}

fn summary(input: &Input) -> Vec<Fault> {
    let bad = input.operations().into_iter().filter(|(_, node)| !is_summary(node.text("summary")));
    let faults = bad.map(|(_, node)| {
        let pointer = format!("{}/summary", node.pointer);
        let remedy =
            "Say in one line of at most 72 characters what it does, beginning with a capital, without full stop";
        input.document.fault(&pointer, "the operation has no good `summary`", remedy)
    });
    faults.collect()
}

fn is_summary(text: &str) -> bool {
    let begins = text.chars().next().is_some_and(char::is_uppercase);
    begins && !text.ends_with('.') && !text.contains('\n') && text.chars().count() <= 72
}

fn page(input: &Input) -> Vec<Fault> {
    let bad = input.operations().into_iter().filter(|(_, node)| {
        let url = node.value["externalDocs"]["url"].as_str().unwrap_or_default();
        url.strip_prefix(PAGES).is_none_or(|slug| !slug.starts_with("clovastudio-") || slug.contains(['/', '#', '?']))
    });
    let faults = bad.map(|(_, node)| {
        let pointer = format!("{}/externalDocs", node.pointer);
        let remedy = format!("Write `externalDocs: {{url: {PAGES}clovastudio-…}}`");
        input.document.fault(&pointer, "the operation links to no page of the vendor", remedy)
    });
    faults.collect()
}

fn tag(input: &Input) -> Vec<Fault> {
    let tags: Vec<&str> = input.root().items_of("tags").iter().map(|tag| tag.text("name")).collect();
    let bad = input.operations().into_iter().filter(|(_, node)| {
        let own = node.items_of("tags");
        own.len() != 1 || !own[0].value.as_str().is_some_and(|tag| tags.contains(&tag))
    });
    let faults = bad.map(|(_, node)| {
        let pointer = format!("{}/tags", node.pointer);
        let remedy = format!("Choose one of {}, or add one to `tags`", tags.join(", "));
        input.document.fault(&pointer, "the operation has not one tag of the list", remedy)
    });
    faults.collect()
}

fn request_id(input: &Input) -> Vec<Fault> {
    const SHARED: &str = "#/components/parameters/RequestId";
    let without = input.operations().into_iter().filter(|(_, node)| node.value["parameters"][0]["$ref"] != SHARED);
    let faults = without.map(|(_, node)| {
        let pointer = format!("{}/parameters", node.pointer);
        let remedy = format!("Begin `parameters` with `$ref: '{SHARED}'`");
        input.document.fault(&pointer, "the operation does not begin with the shared request id", remedy)
    });
    faults.collect()
}

fn security(input: &Input) -> Vec<Fault> {
    let schemes = input.components("securitySchemes");
    let operations = input.operations().into_iter().map(|(_, node)| node);
    let requirements = [input.root()].into_iter().chain(operations).flat_map(|node| node.items_of("security"));
    let names = requirements.flat_map(|node| node.members());
    let unknown = names.filter(|(name, _)| !schemes.iter().any(|(scheme, _)| scheme == name));
    let faults = unknown.map(|(name, node)| {
        let problem = format!("there is no security scheme `{name}`");
        input.fault(&node, problem, "Correct the name, or add the scheme under `components`")
    });
    faults.collect()
}

/// The names of the pages that the document links to.
pub fn pages<'a>(input: &Input<'a>) -> Vec<&'a str> {
    let mut pages = Vec::new();
    collect_pages(&input.document.root, &mut pages);
    pages
}

fn collect_pages<'a>(node: &'a Value, pages: &mut Vec<&'a str>) {
    match node {
        Value::String(text) => pages.extend(text.split(PAGES).skip(1).map(|rest| {
            let end = rest.find(|char: char| !char.is_ascii_alphanumeric() && char != '-').unwrap_or(rest.len());
            &rest[..end]
        })),
        Value::Array(items) => items.iter().for_each(|item| collect_pages(item, pages)),
        Value::Object(members) => members.values().for_each(|member| collect_pages(member, pages)),
        _ => {}
    }
}
