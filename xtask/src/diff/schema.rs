//! Compares two schemas, without the schemas in them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::change::{Difference, Effect, Found, Pointer};
use super::extensions;
use super::node::Node;
use super::rules::{Rule, Table, compare as compare_members, limit_moved, show, texts_of};

/// What the keywords of a schema mean.
pub const KEYWORDS: &Table = &[
    ("title", Rule::Text),
    ("type", Rule::Frame),
    ("format", Rule::Frame),
    ("enum", Rule::Frame),
    ("x-extensible-enum", Rule::Frame),
    ("minimum", Rule::Frame),
    ("maximum", Rule::Frame),
    ("exclusiveMinimum", Rule::Frame),
    ("exclusiveMaximum", Rule::Frame),
    ("minLength", Rule::Least),
    ("maxLength", Rule::Most),
    ("minItems", Rule::Least),
    ("maxItems", Rule::Most),
    ("minProperties", Rule::Least),
    ("maxProperties", Rule::Most),
    ("pattern", Rule::By(condition)),
    ("not", Rule::By(condition)),
    ("uniqueItems", Rule::By(condition)),
    ("additionalProperties", Rule::By(unnamed_members)),
    ("nullable", Rule::Allows),
    ("deprecated", Rule::Ending),
    ("default", Rule::Default),
    ("discriminator", Rule::By(discriminator)),
    ("x-enum-descriptions", Rule::Texts),
    ("x-enum-names", Rule::Texts),
    ("x-extensible-union", Rule::Allows),
    ("x-clova-catalogue", Rule::Any(Effect::Replaced)),
    ("x-clova-default-by", Rule::Default),
    ("x-clova-limits", Rule::By(extensions::limits)),
    ("x-clova-rules", Rule::By(extensions::rules)),
    ("x-clova-schema-keywords", Rule::By(extensions::schema_keywords)),
    ("x-clova-secret", Rule::Text),
    ("x-clova-taken-by", Rule::OnlyFor),
    ("x-clova-unit", Rule::Detail(Effect::Replaced)),
];

/// How two schemas differ. A schema of another type has nothing else in common.
pub fn compare(old: &Node<'_>, new: &Node<'_>) -> Vec<Found> {
    let (was, is) = (old.kind(), new.kind());
    if was != is {
        let difference = Difference::changed("type-changed", Effect::Replaced, "another type").between(was, is);
        return vec![(difference, at(old, new, &["type", "format"]))];
    }
    let mut found = compare_members(KEYWORDS, &old.keywords, &new.keywords);
    found.extend(compare_values(old, new));
    found.extend(ENDS.iter().filter_map(|end| end.compare(old, new)));
    found.extend(compare_properties(old, new));
    found.extend(compare_variants(old, new));
    found
}

/// Where the first of some keywords stands, or else the first that the schema has.
fn at(old: &Node<'_>, new: &Node<'_>, keywords: &[&str]) -> Pointer {
    let find = |node: &Node<'_>| {
        let named = keywords.iter().find_map(|keyword| node.keywords.get(keyword));
        named.map(|(_, pointer)| pointer.clone())
    };
    let any = |node: &Node<'_>| node.keywords.values().next().map(|(_, pointer)| pointer.clone());
    let new_pointer = find(new).map(Pointer::New);
    let pointer = new_pointer.or_else(|| find(old).map(Pointer::Old)).or_else(|| any(new).map(Pointer::New));
    pointer.unwrap_or_else(|| Pointer::Old(any(old).unwrap_or_default()))
}

/// The values that a schema lists, and whether others may come.
struct Values {
    known: BTreeSet<String>,
    is_open: bool,
}

impl Values {
    fn of(node: &Node<'_>) -> Option<Self> {
        let closed = node.keyword("enum");
        let is_open = closed.is_null();
        let list = if is_open { node.keyword("x-extensible-enum") } else { closed };
        list.is_array().then(|| Self { known: texts_of(list), is_open })
    }
}

fn compare_values(old: &Node<'_>, new: &Node<'_>) -> Vec<Found> {
    let differences = match (Values::of(old), Values::of(new)) {
        (None, None) => Vec::new(),
        (None, Some(values)) => {
            let effect = if values.is_open { Effect::Reworded } else { Effect::Narrowed };
            vec![Difference::added("values-added", effect, "values listed").between("any", list(&values.known))]
        }
        (Some(values), None) => {
            let effect = if values.is_open { Effect::Reworded } else { Effect::Widened };
            vec![
                Difference::removed("values-removed", effect, "values no longer listed")
                    .between(list(&values.known), "any"),
            ]
        }
        (Some(was), Some(is)) => each_value(&was, &is),
    };
    let pointer = at(old, new, &["enum", "x-extensible-enum"]);
    differences.into_iter().map(|difference| (difference, pointer.clone())).collect()
}

fn each_value(was: &Values, is: &Values) -> Vec<Difference> {
    let mut differences = Vec::new();
    match (was.is_open, is.is_open) {
        (false, true) => {
            differences.push(Difference::changed("values-opened", Effect::Widened, "other values may come"));
        }
        (true, false) => {
            differences.push(Difference::changed("values-closed", Effect::Narrowed, "no other values come"));
        }
        _ => {}
    }
    let more = if was.is_open && is.is_open { Effect::Extended } else { Effect::Widened };
    let added = is.known.difference(&was.known);
    differences.extend(added.map(|value| Difference::added("value-added", more, format!("value `{value}`"))));
    let removed = was.known.difference(&is.known);
    differences.extend(
        removed.map(|value| Difference::removed("value-removed", Effect::Narrowed, format!("value `{value}`"))),
    );
    differences
}

fn list(values: &BTreeSet<String>) -> String {
    values.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// An end of a range.
struct End {
    keywords: [&'static str; 2],
    signs: [&'static str; 2],
    /// Whether the second number, with whether it is itself outside, allows more than the first.
    is_wider: fn((f64, bool), (f64, bool)) -> bool,
}

const ENDS: [End; 2] = [
    End {
        keywords: ["minimum", "exclusiveMinimum"],
        signs: ["≥", ">"],
        is_wider: |(was, was_outside), (is, is_outside)| (is, is_outside) < (was, was_outside),
    },
    End {
        keywords: ["maximum", "exclusiveMaximum"],
        signs: ["≤", "<"],
        is_wider: |(was, was_outside), (is, is_outside)| (is, !is_outside) > (was, !was_outside),
    },
];

impl End {
    fn of(&self, node: &Node<'_>) -> Option<(f64, bool)> {
        let number = node.keyword(self.keywords[0]).as_f64()?;
        Some((number, *node.keyword(self.keywords[1]) == Value::Bool(true)))
    }

    fn show(&self, node: &Node<'_>) -> String {
        let Some((_, is_outside)) = self.of(node) else { return "no limit".to_owned() };
        format!("{} {}", self.signs[usize::from(is_outside)], show(node.keyword(self.keywords[0])))
    }

    fn compare(&self, old: &Node<'_>, new: &Node<'_>) -> Option<Found> {
        let is_wider = match (self.of(old), self.of(new)) {
            (was, is) if was == is => return None,
            (Some(was), Some(is)) => (self.is_wider)(was, is),
            (_, is) => is.is_none(),
        };
        let difference = limit_moved(self.keywords[0], is_wider).between(self.show(old), self.show(new));
        Some((difference, at(old, new, &self.keywords)))
    }
}

fn compare_properties(old: &Node<'_>, new: &Node<'_>) -> Vec<Found> {
    let added = new.properties.iter().filter(|(name, _)| !old.properties.contains_key(*name));
    let added = added.map(|(name, pointer)| {
        let is_required = new.required.contains(name);
        let (effect, text) =
            if is_required { (Effect::Narrowed, "required field") } else { (Effect::Extended, "optional field") };
        (Difference::added("field-added", effect, text), Pointer::New(pointer.clone()))
    });
    let removed = old.properties.iter().filter(|(name, _)| !new.properties.contains_key(*name));
    let removed = removed.map(|(_, pointer)| {
        (Difference::removed("field-removed", Effect::Replaced, "field"), Pointer::Old(pointer.clone()))
    });
    let kept = new.properties.iter().filter(|(name, _)| old.properties.contains_key(*name));
    let moved = kept.filter_map(|(name, pointer)| {
        let difference = match (old.required.contains(name), new.required.contains(name)) {
            (false, true) => Difference::changed("field-required", Effect::Narrowed, "optional field now required"),
            (true, false) => Difference::changed("field-optional", Effect::Widened, "required field now optional"),
            _ => return None,
        };
        Some((difference, Pointer::New(pointer.clone())))
    });
    added.chain(removed).chain(moved).collect()
}

fn compare_variants(old: &Node<'_>, new: &Node<'_>) -> Vec<Found> {
    let more = if *new.keyword("x-extensible-union") == Value::Bool(true) { Effect::Extended } else { Effect::Widened };
    let added = new.variants.iter().filter(|(name, _)| !old.variants.contains_key(*name));
    let added = added.map(|(name, pointer)| {
        (Difference::added("variant-added", more, format!("variant `{name}`")), Pointer::New(pointer.clone()))
    });
    let removed = old.variants.iter().filter(|(name, _)| !new.variants.contains_key(*name));
    let removed = removed.map(|(name, pointer)| {
        let difference = Difference::removed("variant-removed", Effect::Narrowed, format!("variant `{name}`"));
        (difference, Pointer::Old(pointer.clone()))
    });
    added.chain(removed).collect()
}

/// A condition that bodies must meet.
fn condition(was: &Value, is: &Value) -> Vec<Difference> {
    let is_absent = |value: &Value| value.is_null() || *value == Value::Bool(false);
    let difference = match (is_absent(was), is_absent(is)) {
        (true, true) => return Vec::new(),
        (true, false) => Difference::added("condition-added", Effect::Narrowed, "condition"),
        (false, true) => Difference::removed("condition-removed", Effect::Widened, "condition"),
        (false, false) => Difference::changed("condition-changed", Effect::Replaced, "condition"),
    };
    vec![difference.between(show(was), show(is))]
}

/// Members without a name: allowed unless forbidden.
fn unnamed_members(was: &Value, is: &Value) -> Vec<Difference> {
    let allows = |value: &Value| *value != Value::Bool(false);
    match (allows(was), allows(is)) {
        (true, false) => vec![Difference::changed("members-closed", Effect::Narrowed, "no members without a name")],
        (false, true) => vec![Difference::changed("members-opened", Effect::Extended, "members without a name")],
        _ => Vec::new(),
    }
}

/// What tells variants apart. New and gone variants are found by themselves.
fn discriminator(was: &Value, is: &Value) -> Vec<Difference> {
    let name_changed = was["propertyName"] != is["propertyName"];
    let names = |value: &Value| -> Vec<(String, String)> {
        let mapping = value["mapping"].as_object().into_iter().flatten();
        mapping.map(|(name, reference)| (show(reference), name.clone())).collect()
    };
    let (old, new) = (names(was), names(is));
    let renamed = old.iter().any(|(reference, name)| {
        let mut others = new.iter().filter(|(other, _)| other == reference).peekable();
        others.peek().is_some() && others.all(|(_, other)| other != name)
    });
    if name_changed || renamed {
        let difference =
            Difference::changed("discriminator-changed", Effect::Replaced, "variants told apart otherwise");
        return vec![difference.between(show(was), show(is))];
    }
    Vec::new()
}
