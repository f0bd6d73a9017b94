//! Components: in use, and of the kinds that the build looks at.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Rule;
use super::input::Input;
use crate::build::document::Fault;

pub const RULES: [Rule; 3] = [
    Rule { name: "unused", asks: "every component is in use", check: unused },
    Rule { name: "unused-tag", asks: "every tag is in use", check: unused_tag },
    Rule { name: "component-kind", asks: "components are of the kinds that the build looks at", check: kind },
];

const REFERRED: [&str; 4] = ["parameters", "headers", "responses", "schemas"];

/// What is reached from the paths, step by step, so that two schemas that only refer to each other are found.
fn unused(input: &Input) -> Vec<Fault> {
    let mut reached = BTreeSet::new();
    let mut nodes = vec![&input.document.root["paths"]];
    while let Some(node) = nodes.pop() {
        if let Some(reference) = node.get("$ref").and_then(Value::as_str).filter(|it| !reached.contains(*it)) {
            reached.insert(reference);
            nodes.extend(input.document.resolve(reference));
        }
        match node {
            Value::Object(members) => nodes.extend(members.values()),
            Value::Array(items) => nodes.extend(items),
            _ => {}
        }
    }
    let mut faults = Vec::new();
    for section in REFERRED {
        let components = input.components(section).into_iter();
        let unused =
            components.filter(|(name, _)| !reached.contains(format!("#/components/{section}/{name}").as_str()));
        faults.extend(unused.map(|(name, node)| {
            input.fault(&node, format!("no operation leads to `{name}`"), "Refer to it, or take it out")
        }));
    }
    faults
}

fn unused_tag(input: &Input) -> Vec<Fault> {
    let used: BTreeSet<&str> = input
        .operations()
        .iter()
        .flat_map(|(_, operation)| operation.items_of("tags"))
        .filter_map(|tag| tag.value.as_str())
        .collect();
    let unused = input.root().items_of("tags").into_iter().filter(|tag| !used.contains(tag.text("name")));
    let faults = unused.map(|tag| {
        input.fault(&tag, format!("no operation has the tag `{}`", tag.text("name")), "Use it, or take it out")
    });
    faults.collect()
}

fn kind(input: &Input) -> Vec<Fault> {
    let sections = input.root().members_of("components");
    let strange = sections
        .into_iter()
        .filter(|(section, _)| !REFERRED.contains(&section.as_str()) && *section != "securitySchemes");
    let faults = strange.map(|(section, node)| {
        let problem = format!("the build does not look into `{section}`");
        input.fault(&node, problem, "Repeat with YAML anchors instead, as `requestBody: &completionBody`")
    });
    faults.collect()
}
