//! Texts for readers: everything is described, in sentences.

use super::Rule;
use super::input::{Input, Node};
use crate::build::document::Fault;

pub const RULES: [Rule; 3] = [
    Rule { name: "description", asks: "every part that a reader meets is described", check: description },
    Rule { name: "sentence", asks: "descriptions are sentences", check: sentence },
    Rule {
        name: "example-summary",
        asks: "every example of a request or an answer says what it shows",
        check: summary,
    },
];

/// Parts that must have a description. A reference is described where it points, and the schema of a parameter, header
/// or media type says nothing beyond it.
fn described<'a>(input: &Input<'a>) -> Vec<Node<'a>> {
    let schemas =
        input.schemas().filter(|schema| !schema.pointer.ends_with("/schema") && schema.value.get("$ref").is_none());
    let shared = ["headers", "securitySchemes"].into_iter().flat_map(|section| input.components(section));
    let lists = ["tags", "servers"].into_iter().flat_map(|list| input.root().items_of(list));
    let catalogue = input.root().members_of("x-clova-models");
    (input.operations().into_iter().map(|(_, operation)| operation))
        .chain(input.parameters())
        .chain(input.responses())
        .chain(schemas)
        .chain(shared.chain(catalogue).map(|(_, node)| node))
        .chain(lists)
        .chain(input.node("/info"))
        .collect()
}

fn description(input: &Input) -> Vec<Fault> {
    let bad = described(input).into_iter().filter(|node| node.text("description").trim().is_empty());
    let faults = bad.map(|node| {
        let problem = format!("`{}` is not described", node.name());
        input.fault(&node, problem, "Add a `description`: what it is, its unit, its range in words, what is special")
    });
    faults.collect()
}

/// Members whose text is prose wherever they stand.
const PROSE: [&str; 3] = ["description", "meaning", "rule"];

fn sentence(input: &Input) -> Vec<Fault> {
    let mut faults = Vec::new();
    collect(input, &input.root(), &mut faults);
    faults
}

fn collect(input: &Input, node: &Node<'_>, faults: &mut Vec<Fault>) {
    for (key, member) in node.members().filter(|(key, _)| !["example", "value", "externalDocs"].contains(&key.as_str()))
    {
        let of_value = node.name() == "x-enum-descriptions";
        let text = member.value.as_str().filter(|_| PROSE.contains(&key.as_str()) || of_value);
        if text.is_some_and(|text| !is_prose(text)) {
            let problem = format!("the text of `{key}` is no sentence");
            faults.push(input.fault(
                &member,
                problem,
                "Begin with a capital or a code in backticks, and end with a full stop",
            ));
        }
        collect(input, &member, faults);
    }
    for (index, value) in node.value.as_array().into_iter().flatten().enumerate() {
        collect(input, &Node { pointer: format!("{}/{index}", node.pointer), value }, faults);
    }
}

fn is_prose(text: &str) -> bool {
    let text = text.trim();
    text.ends_with('.')
        && text.starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit() || first == '`')
}

fn summary(input: &Input) -> Vec<Fault> {
    let media_types = input.media_types().into_iter().filter(|(kind, _)| *kind == "application/json");
    let examples = media_types.flat_map(|(_, media_type)| media_type.members_of("examples"));
    let bad = examples.filter(|(_, example)| example.value["summary"].as_str().is_none_or(str::is_empty));
    let faults = bad.map(|(name, example)| {
        input.fault(&example, format!("the example `{name}` does not say what it shows"), "Add a `summary`")
    });
    faults.collect()
}
