//! Rules between fields, and limits: complete, from a page, and about fields that exist.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Rule;
use super::input::{Input, Node};
use super::operations::pages;
use crate::build::document::Fault;
use crate::build::{limits, rules};

pub const RULES: [Rule; 5] = [
    Rule {
        name: "rule-entry",
        asks: "a rule has id, text, page, code, and a schema that the guards know",
        check: entry,
    },
    Rule { name: "rule-id", asks: "rules have ids of their own", check: id },
    Rule { name: "rule-page", asks: "the page of a rule is one that the document links to", check: page },
    Rule { name: "rule-field", asks: "a rule refuses by fields that the request has", check: field },
    Rule {
        name: "limits",
        asks: "the limits of chat and the keywords of schemas are there, and no limit that nobody keeps to",
        check: constants,
    },
];

/// The rules, with the schema that they stand in.
fn all<'a>(input: &Input<'a>) -> impl Iterator<Item = (Node<'a>, Node<'a>)> {
    let schemas = input.components("schemas").into_iter().map(|(_, schema)| schema);
    schemas.flat_map(|schema| schema.items_of("x-clova-rules").into_iter().map(move |rule| (schema.clone(), rule)))
}

/// What the generator of the guards asks for.
fn entry(input: &Input) -> Vec<Fault> {
    rules::check(input.document)
}

fn id(input: &Input) -> Vec<Fault> {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    let faults = all(input).filter_map(|(_, rule)| {
        let other = seen.insert(rule.text("id"), rule.pointer.clone())?;
        let problem = format!("`{}` is the id of another rule already (#{other})", rule.text("id"));
        Some(input.document.fault(&format!("{}/id", rule.pointer), problem, "Choose another id"))
    });
    faults.collect()
}

fn page(input: &Input) -> Vec<Fault> {
    let pages: BTreeSet<&str> = pages(input).into_iter().collect();
    let bad = all(input)
        .filter_map(|(_, rule)| rule.get("page"))
        .filter(|page| page.value.as_str().is_none_or(|page| !pages.contains(page)));
    let faults = bad.map(|page| {
        let problem = format!("the document links to no page {}", page.value);
        input.fault(&page, problem, "Correct the name, or link to the page from the operation")
    });
    faults.collect()
}

fn field(input: &Input) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (schema, rule) in all(input) {
        let mut named = Vec::new();
        collect_fields(&rule.value["refuses"], &mut named);
        let unknown = named.into_iter().filter(|name| schema.value["properties"].get(name).is_none());
        faults.extend(unknown.map(|name| {
            let problem = format!("`{name}` is no member of `{}`", schema.name());
            input.document.fault(&format!("{}/refuses", rule.pointer), problem, "Write the name of a member")
        }));
    }
    faults
}

/// The members of the body that a schema speaks of.
fn collect_fields<'a>(schema: &'a Value, fields: &mut Vec<&'a str>) {
    fields.extend(schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str));
    fields.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()));
    let inner = ["allOf", "anyOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
    inner.chain(schema.get("not")).for_each(|schema| collect_fields(schema, fields));
}

fn constants(input: &Input) -> Vec<Fault> {
    let unknown = limits::check(input.document);
    limits::generate(input.document).err().into_iter().chain(unknown).collect()
}
