//! Compares the extensions of the document that are objects of their own.

use std::collections::BTreeMap;

use serde_json::Value;

use super::change::{Difference, Effect};
use super::rules::{Rule, Table, compare_named};

/// Limits that are a least, by what their name ends with; all others are a most.
const LEAST: [&str; 1] = ["ShortSidePixels"];

/// `x-clova-rules`: what requests are refused for. A rule is known by its `id`.
pub fn rules(was: &Value, is: &Value) -> Vec<Difference> {
    let (was, is) = (by_id(was), by_id(is));
    let added = is.iter().filter(|(id, _)| !was.contains_key(*id));
    let added = added.map(|(id, rule)| {
        Difference::added(
            "rule-added",
            Effect::Narrowed,
            format!("rule `{id}`: {}", rule["rule"].as_str().unwrap_or_default()),
        )
    });
    let removed = was.keys().filter(|id| !is.contains_key(*id));
    let removed = removed.map(|id| Difference::removed("rule-removed", Effect::Widened, format!("rule `{id}`")));
    let kept = is.iter().filter_map(|(id, rule)| Some((*id, *was.get(id)?, *rule)));
    let changed = kept.filter(|(_, was, is)| was != is).map(|(id, was, is)| {
        let is_same = ["refuses", "above", "models", "code"].iter().all(|key| was[*key] == is[*key]);
        let effect = if is_same { Effect::Reworded } else { Effect::Replaced };
        Difference::changed("rule-changed", effect, format!("rule `{id}`"))
    });
    added.chain(removed).chain(changed).collect()
}

fn by_id(rules: &Value) -> BTreeMap<&str, &Value> {
    rules.as_array().into_iter().flatten().map(|rule| (rule["id"].as_str().unwrap_or_default(), rule)).collect()
}

/// `x-clova-limits`: numbers, and lists of what is taken.
pub fn limits(was: &Value, is: &Value) -> Vec<Difference> {
    each(was, is, |name, value| match value {
        Value::Array(_) => Rule::Values,
        _ if LEAST.iter().any(|ending| name.ends_with(ending)) => Rule::Least,
        _ => Rule::Most,
    })
}

/// `x-clova-schema-keywords`: lists of what is taken.
pub fn schema_keywords(was: &Value, is: &Value) -> Vec<Difference> {
    each(was, is, |_, _| Rule::Values)
}

/// Compares the members of two objects, each by a rule for it.
fn each(was: &Value, is: &Value, rule: fn(&str, &Value) -> Rule) -> Vec<Difference> {
    let members = |value: &'_ Value| value.as_object().cloned().unwrap_or_default();
    let (was, is) = (members(was), members(is));
    let names = is.iter().chain(was.iter().filter(|(name, _)| !is.contains_key(*name)));
    let differences = names.flat_map(|(name, value)| {
        let [was, is] = [&was, &is].map(|members| members.get(name).unwrap_or(&Value::Null));
        super::rules::differences(name, rule(name, value), was, is)
    });
    differences.collect()
}

const RATE: &Table = &[("requestsPerMinute", Rule::Most), ("tokensPerMinute", Rule::Most)];

/// `rateLimits` of a model, by kind of key.
pub fn rate_limits(was: &Value, is: &Value) -> Vec<Difference> {
    compare_named(RATE, was, is, |kind| format!("{kind} key"))
}
