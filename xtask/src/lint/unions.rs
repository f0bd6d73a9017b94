//! Choices: told apart by the kind of JSON, or by a member with one value.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Rule;
use super::input::{Input, Node};
use super::schemas::is_nullable_reference;
use crate::build::document::Fault;
use crate::build::lowering::component_name;

pub const RULES: [Rule; 4] = [
    Rule { name: "any-of", asks: "`anyOf` stands on numbers and events without names only", check: any_of },
    Rule { name: "union", asks: "the variants of a choice can be told apart", check: union },
    Rule {
        name: "discriminator",
        asks: "a discriminator names every variant by a value of its own",
        check: discriminator,
    },
    Rule {
        name: "variant-reference",
        asks: "nothing else refers to a variant with a discriminator",
        check: variant_reference,
    },
];

/// Names of the components that describe events, and of their variants: the lowering drops them.
pub fn event_schemas(input: &Input) -> BTreeSet<String> {
    let streams = input.media_types().into_iter().filter(|(kind, _)| *kind == "text/event-stream");
    let unions = streams.filter_map(|(_, stream)| component_name(&stream.value["schema"]));
    let mut names = BTreeSet::new();
    for union in unions {
        let variants = ["oneOf", "anyOf"]
            .into_iter()
            .flat_map(|key| input.schema(union).into_iter().flat_map(move |it| it.items_of(key)));
        names.extend(variants.filter_map(|variant| component_name(variant.value).map(str::to_owned)));
        names.insert(union.to_owned());
    }
    names
}

/// The schemas that reach the generator.
fn generated<'a>(input: &Input<'a>) -> impl Iterator<Item = Node<'a>> {
    let events = event_schemas(input);
    input.schemas().filter(move |schema| schema.component().is_none_or(|name| !events.contains(name)))
}

fn any_of(input: &Input) -> Vec<Fault> {
    let bad = generated(input).filter(|schema| schema.value["type"] != "number");
    let faults = bad.filter_map(|schema| schema.get("anyOf")).map(|node| {
        let problem = "`anyOf` becomes one object with the members of all, under numbered names";
        input.fault(&node, problem, "Write `oneOf`, with variants that can be told apart")
    });
    faults.collect()
}

fn union(input: &Input) -> Vec<Fault> {
    let unions = generated(input)
        .filter(|schema| schema.value.get("discriminator").is_none() && !is_nullable_reference(schema.value));
    let faults = unions.filter_map(|schema| {
        let choices = schema.get("oneOf")?;
        let kinds: Vec<_> = schema.items_of("oneOf").into_iter().map(|choice| kinds(input, choice, 0)).collect();
        let total: usize = kinds.iter().map(BTreeSet::len).sum();
        let distinct: BTreeSet<&str> = kinds.iter().flatten().copied().collect();
        let apart = kinds.len() > 1 && distinct.len() == total && kinds.iter().all(|kinds| !kinds.is_empty());
        let problem = "variants of the same kind of JSON are tried in turn, and the first that fits wins";
        let remedy =
            "Add a `discriminator` with a member that has one value in each variant, or join them into one object";
        (!apart).then(|| input.fault(&choices, problem, remedy))
    });
    faults.collect()
}

/// The kinds of JSON that a schema takes; none when it does not say.
fn kinds<'a>(input: &'a Input, schema: Node<'a>, depth: usize) -> BTreeSet<&'a str> {
    let schema = input.resolve(schema);
    // A reference may lead back to where it came from.
    if depth > 8 {
        return BTreeSet::new();
    }
    match schema.text("type") {
        "" => ["oneOf", "allOf"]
            .iter()
            .flat_map(|key| schema.items_of(key))
            .flat_map(|it| kinds(input, it, depth + 1))
            .collect(),
        // An integer is a number.
        "integer" => BTreeSet::from(["number"]),
        kind => BTreeSet::from([kind]),
    }
}

fn discriminator(input: &Input) -> Vec<Fault> {
    let unions = input.schemas().filter(|schema| schema.value.get("discriminator").is_some());
    let faults = unions.filter_map(|schema| {
        let lack = lack(input, &schema)?;
        let remedy = "Write `oneOf` with references only, `propertyName`, and a `mapping` from the one value of that member, \
                      which each variant requires, to the variant";
        Some(input.document.fault(&format!("{}/discriminator", schema.pointer), lack, remedy))
    });
    faults.collect()
}

fn lack(input: &Input, union: &Node<'_>) -> Option<String> {
    let discriminator = &union.value["discriminator"];
    let property = discriminator["propertyName"].as_str().unwrap_or_default();
    let mapping = discriminator["mapping"].as_object().into_iter().flatten();
    let mapping: Vec<(&String, &str)> =
        mapping.filter_map(|(value, variant)| Some((value, variant.as_str()?))).collect();
    let variants: Vec<&str> = union.items_of("oneOf").iter().map(|variant| variant.text("$ref")).collect();
    if let Some(variant) = variants.iter().find(|variant| !mapping.iter().any(|(_, mapped)| mapped == *variant)) {
        return Some(format!("no value of the mapping leads to the variant `{variant}`"));
    }
    mapping.into_iter().find_map(|(value, variant)| {
        let schema = input.document.resolve(variant).unwrap_or(&Value::Null);
        let requires = schema["required"].as_array().is_some_and(|names| names.iter().any(|name| name == property));
        let problem = match schema["properties"][property]["enum"] == json!([value]) {
            _ if !variants.contains(&variant) => "is no variant",
            false => "has not this one value in it",
            true if !requires => "does not require it",
            true => return None,
        };
        Some(format!("by `{property}`, the value `{value}` leads to `{variant}`, which {problem}"))
    })
}

/// The lowering moves such a variant into the choice, so that nothing else can refer to it.
fn variant_reference(input: &Input) -> Vec<Fault> {
    let unions: Vec<Node<'_>> = generated(input).filter(|schema| schema.value.get("discriminator").is_some()).collect();
    let variants: BTreeSet<&str> =
        unions.iter().flat_map(|union| union.items_of("oneOf")).map(|it| it.text("$ref")).collect();
    let is_in_union =
        |pointer: &str| unions.iter().any(|union| pointer.starts_with(&format!("{}/oneOf/", union.pointer)));
    let references = generated(input).filter(|schema| variants.contains(schema.text("$ref")));
    let bad = references.filter(|reference| !is_in_union(&reference.pointer));
    let faults = bad.map(|reference| {
        let problem = format!(
            "`{}` is a variant of a choice, and gone once `inline_variants` has moved it there",
            reference.text("$ref")
        );
        input.fault(&reference, problem, "Refer to the choice, or write a schema of its own")
    });
    faults.collect()
}
