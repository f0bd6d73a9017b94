//! Enumerations: open wherever the vendor may add a value, each value with a name and a meaning.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::Rule;
use super::input::{Input, Node};
use super::schemas::is_null;
use super::unions::event_schemas;
use crate::build::document::Fault;
use crate::build::values::{self, OpenValue};

pub const RULES: [Rule; 5] = [
    Rule { name: "closed-values", asks: "values that the vendor may extend are open", check: closed },
    Rule {
        name: "open-values",
        asks: "open values are components of type string that explain each value",
        check: open,
    },
    Rule { name: "open-values-place", asks: "open values stand in components of their own", check: place },
    Rule { name: "open-values-extra", asks: "texts and names are those of values that exist", check: extra },
    Rule { name: "value-name", asks: "values stay apart as Rust names", check: name },
];

const LIST: &str = "x-extensible-enum";
const CATALOGUE: &str = "x-clova-catalogue";

/// A closed list in an answer breaks on the value that the vendor adds tomorrow. The marks of variants, and lists that
/// the lowering takes away, are none.
fn closed(input: &Input) -> Vec<Fault> {
    let events = event_schemas(input);
    let marks = marks(input);
    let is_mark = |schema: &Node<'_>| {
        let of_event = schema.component().is_some_and(|name| events.contains(name));
        (of_event || marks.contains(&schema.pointer))
            && schema.value["enum"].as_array().is_some_and(|values| values.len() == 1)
    };
    let is_taken_away = |schema: &Node<'_>| schema.value["type"] == "boolean" || schema.pointer.contains("/not");
    let lists = input.schemas().filter(|schema| schema.value.get("enum").is_some() && !is_null(schema.value));
    let closed = lists.filter(|schema| !is_mark(schema) && !is_taken_away(schema));
    let faults = closed.filter_map(|schema| schema.get("enum")).map(|node| {
        let problem = "a closed list of values: an answer with a new one could not be read";
        let remedy = "Make it a component of type string with `x-extensible-enum` and `x-enum-descriptions`";
        input.fault(&node, problem, remedy)
    });
    faults.collect()
}

/// The members that tell variants apart.
fn marks(input: &Input) -> BTreeSet<String> {
    let unions = input.schemas().filter(|schema| schema.value.get("discriminator").is_some());
    let marks = unions.flat_map(|union| {
        let property = union.value["discriminator"]["propertyName"].as_str().unwrap_or_default().to_owned();
        let variants = union.items_of("oneOf").into_iter();
        variants.map(move |variant| format!("{}/properties/{property}", variant.text("$ref").trim_start_matches('#')))
    });
    marks.collect()
}

fn is_open(schema: &Node<'_>) -> bool {
    schema.value.get(LIST).is_some() || schema.value.get(CATALOGUE).is_some()
}

/// What the generator of open values asks for.
fn open(input: &Input) -> Vec<Fault> {
    let components = input.components("schemas").into_iter().filter(|(_, schema)| is_open(schema));
    let faults = components.filter_map(|(name, schema)| {
        let fault = values::open_value(input.document, name, schema.value).err();
        let no_text =
            || input.fault(&schema, format!("`{name}` is open and not of type string"), "Write `type: string`");
        fault.or_else(|| (schema.value["type"] != "string").then(no_text))
    });
    faults.collect()
}

fn place(input: &Input) -> Vec<Fault> {
    let nested = input.schemas().filter(|schema| is_open(schema) && schema.pointer.matches('/').count() != 3);
    let faults = nested.map(|schema| {
        let problem = "open values that are no component are not seen by build/values.rs, and come out as text";
        input.fault(&schema, problem, "Move them to `components/schemas`, and refer to them")
    });
    faults.collect()
}

fn extra(input: &Input) -> Vec<Fault> {
    let mut faults = Vec::new();
    for schema in input.schemas().filter(|schema| schema.value.get(LIST).is_some()) {
        let values = schema.value[LIST].as_array().map(Vec::as_slice).unwrap_or_default();
        let entries = ["x-enum-descriptions", "x-enum-names"].into_iter().flat_map(|key| schema.members_of(key));
        let extra = entries.filter(|(value, _)| !values.contains(&json!(value)));
        faults.extend(extra.map(|(value, node)| {
            input.fault(&node, format!("`{value}` is not in `{LIST}`"), "Add it there, or take it out here")
        }));
    }
    faults
}

fn name(input: &Input) -> Vec<Fault> {
    let components = input.components("schemas").into_iter().filter(|(_, schema)| is_open(schema));
    let known = components.filter_map(|(name, schema)| {
        let open = values::open_value(input.document, name, schema.value).ok()?;
        let (value, problem) = clash(&open)?;
        let remedy = match schema.value.get(CATALOGUE) {
            Some(_) => "Give it another `name` in the catalogue",
            None => "Give it a name in `x-enum-names`",
        };
        Some(input.document.fault(&place_of(&schema, &value), problem, remedy))
    });
    known.collect()
}

/// Where a value of an open enumeration stands.
fn place_of(schema: &Node<'_>, value: &str) -> String {
    if let Some(catalogue) = schema.value[CATALOGUE].as_str() {
        return format!("/{catalogue}/{value}");
    }
    let values = schema.value[LIST].as_array().into_iter().flatten();
    let index = values.take_while(|it| **it != json!(value)).count();
    format!("{}/{LIST}/{index}", schema.pointer)
}

/// The first value whose name is no name of a variant, or not its own.
fn clash(open: &OpenValue) -> Option<(String, String)> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::from([("Unknown", "the values that nobody knows")]);
    open.known.iter().find_map(|known| {
        let problem = if syn::parse_str::<syn::Ident>(&known.variant).is_err() {
            format!("`{}` makes no name in Rust", known.value)
        } else {
            let other = seen.insert(&known.variant, &known.value)?;
            format!("`{}` has the Rust name of {other}: `{}`", known.value, known.variant)
        };
        Some((known.value.clone(), problem))
    })
}
