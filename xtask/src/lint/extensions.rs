//! Extensions: those of the table in spec/README.md, and what each holds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Rule;
use super::input::{Input, Node, TextFile};
use crate::build::document::Fault;

pub const RULES: [Rule; 3] = [
    Rule { name: "extension", asks: "extensions stand in the table of spec/README.md", check: extension },
    Rule { name: "extension-unused", asks: "extensions of the table are in use", check: extension_unused },
    Rule { name: "decision", asks: "decisions and sources are written out as sentences", check: decision },
];

/// Objects whose keys are names and no words of OpenAPI.
const NAMED: [&str; 11] = [
    "paths",
    "schemas",
    "properties",
    "parameters",
    "headers",
    "responses",
    "requestBodies",
    "securitySchemes",
    "examples",
    "variables",
    "content",
];

/// Members that hold data.
const DATA: [&str; 5] = ["example", "value", "default", "enum", "mapping"];

/// The extensions of the table, with their lines.
fn listed(conventions: &TextFile) -> BTreeMap<&str, usize> {
    let rows = conventions.text.lines().enumerate().filter(|(_, row)| row.starts_with("| `x-"));
    let names = rows.flat_map(|(line, row)| {
        let cell = row.split('|').nth(1).unwrap_or_default();
        cell.split('`').filter(|part| part.starts_with("x-")).map(move |name| (name, line))
    });
    names.collect()
}

/// The extensions of the document.
fn used<'a>(input: &Input<'a>) -> Vec<(String, Node<'a>)> {
    let mut used = Vec::new();
    collect(&input.root(), false, &mut used);
    used
}

fn collect<'a>(node: &Node<'a>, named: bool, used: &mut Vec<(String, Node<'a>)>) {
    if let Value::Array(items) = node.value {
        for (index, value) in items.iter().enumerate() {
            collect(&Node { pointer: format!("{}/{index}", node.pointer), value }, false, used);
        }
    }
    for (key, member) in node.members() {
        if !named && key.starts_with("x-") {
            // An extension may hold decisions of its own.
            collect(&member, false, used);
            used.push((key.clone(), member));
        } else if named || !DATA.contains(&key.as_str()) {
            collect(&member, !named && NAMED.contains(&key.as_str()), used);
        }
    }
}

fn extension(input: &Input) -> Vec<Fault> {
    let listed = listed(input.conventions);
    let unknown = used(input).into_iter().filter(|(name, _)| !listed.contains_key(name.as_str()));
    let faults = unknown.map(|(name, node)| {
        let remedy = "Correct the name, or explain the extension in the table of spec/README.md";
        input.fault(&node, format!("nobody explains `{name}`"), remedy)
    });
    faults.collect()
}

fn extension_unused(input: &Input) -> Vec<Fault> {
    let used: BTreeSet<String> = used(input).into_iter().map(|(name, _)| name).collect();
    let unused = listed(input.conventions).into_iter().filter(|(name, _)| !used.contains(*name));
    let faults = unused.map(|(name, line)| {
        let problem = format!("the document has no `{name}`");
        input.conventions.fault(line, name, problem, "Take the row out of the table, or use the extension")
    });
    faults.collect()
}

fn decision(input: &Input) -> Vec<Fault> {
    let explained =
        used(input).into_iter().filter(|(name, _)| ["x-clova-decision", "x-clova-basis"].contains(&name.as_str()));
    let empty = explained.filter(|(_, node)| !is_explanation(node.value.as_str().unwrap_or_default()));
    let faults = empty.map(|(name, node)| {
        let remedy =
            "Write what is in doubt and what was decided, or where the fact comes from, ending with a full stop";
        input.fault(&node, format!("`{name}` explains nothing"), remedy)
    });
    faults.collect()
}

/// Three words and a full stop at least.
fn is_explanation(text: &str) -> bool {
    let text = text.trim();
    text.ends_with('.') && text.split_whitespace().count() >= 3
}
