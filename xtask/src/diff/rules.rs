//! Compares the members of two objects by a table that says what each member means.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::{Difference, Effect, Fate, Found, Pointer};
use crate::build::document::{Document, escape};

/// The members of an object with the pointer of each.
pub type Members<'a> = BTreeMap<&'a str, (&'a Value, String)>;

/// What a member means.
#[derive(Clone, Copy)]
pub enum Rule {
    /// Words.
    Text,
    /// Words about values, by value. Those of new values and of values that are gone go without saying.
    Texts,
    /// The most that there may be; no limit when absent.
    Most,
    /// The least that there may be; no limit when absent.
    Least,
    /// A list of what there may be.
    Values,
    /// A list of the only ones for whom something is there; for all when absent.
    OnlyFor,
    /// A list of what is refused.
    Refused,
    /// Whether something is allowed.
    Allows,
    /// Whether something is going to end.
    Ending,
    /// What a request means that leaves the thing out. To say it for the first time changes nothing.
    Default,
    /// Something that may be left unsaid; any other change of it does this.
    Detail(Effect),
    /// Anything; any change of it does this.
    Any(Effect),
    /// A matter of its own.
    By(fn(&Value, &Value) -> Vec<Difference>),
    /// The frame of the object, which is compared elsewhere.
    Frame,
}

/// What the members mean.
pub type Table = [(&'static str, Rule)];

/// What may be said of anything, in words.
const NOTES: [&str; 7] =
    ["basis", "description", "example", "examples", "externalDocs", "x-clova-basis", "x-clova-decision"];

fn rule_of(table: &Table, name: &str) -> Rule {
    match table.iter().find(|(known, _)| *known == name) {
        Some((_, rule)) => *rule,
        None if NOTES.contains(&name) => Rule::Text,
        None => Rule::Any(Effect::Replaced),
    }
}

/// The members of an object of the document.
pub fn members<'a>(document: &'a Document, pointer: &str) -> Members<'a> {
    let members = document.root.pointer(pointer).and_then(Value::as_object).into_iter().flatten();
    members.map(|(key, value)| (key.as_str(), (value, format!("{pointer}/{}", escape(key))))).collect()
}

/// How the members of two objects differ. A member that neither the table nor `NOTES` has counts as one
/// that replaces the thing.
pub fn compare(table: &Table, old: &Members<'_>, new: &Members<'_>) -> Vec<Found> {
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let differences = names.into_iter().flat_map(|name| {
        let [was, is] = [old, new].map(|members| members.get(name).map_or(&Value::Null, |(value, _)| value));
        let pointer = match (new.get(name), old.get(name)) {
            (Some((_, pointer)), _) => Pointer::New(pointer.clone()),
            (None, Some((_, pointer))) => Pointer::Old(pointer.clone()),
            (None, None) => Pointer::New(String::new()),
        };
        differences(name, rule_of(table, name), was, is)
            .into_iter()
            .map(move |difference| (difference, pointer.clone()))
    });
    differences.collect()
}

/// How things differ that stand in two objects by name. What is said of one begins with its label.
pub fn compare_named(table: &Table, was: &Value, is: &Value, label: fn(&str) -> String) -> Vec<Difference> {
    let objects = [was, is].map(|value| value.as_object().into_iter().flatten());
    let names: BTreeSet<&String> = objects.into_iter().flatten().map(|(name, _)| name).collect();
    let differences = names.into_iter().flat_map(|name| {
        let [was, is] = [was, is].map(|things| {
            let members = things[name].as_object().into_iter().flatten();
            members.map(|(key, value)| (key.as_str(), (value, String::new()))).collect()
        });
        let found = compare(table, &was, &is).into_iter();
        found.map(move |(difference, _)| Difference {
            text: format!("{}: {}", label(name), difference.text),
            ..difference
        })
    });
    differences.collect()
}

/// How two values of a member differ.
pub fn differences(name: &str, rule: Rule, was: &Value, is: &Value) -> Vec<Difference> {
    if was == is {
        return Vec::new();
    }
    match rule {
        Rule::Frame => Vec::new(),
        Rule::By(differences) => differences(was, is),
        Rule::Text => vec![Difference::changed("text-changed", Effect::Reworded, format!("`{name}` reworded"))],
        Rule::Texts => texts(name, was, is),
        Rule::Most => limit(name, was, is, |was, is| is > was),
        Rule::Least => limit(name, was, is, |was, is| is < was),
        Rule::Values => values(name, was, is),
        Rule::OnlyFor => only_for(name, was, is),
        Rule::Refused => refused(name, was, is),
        Rule::Allows => allows(name, is),
        Rule::Ending => ending(name, is),
        Rule::Default | Rule::Detail(_) if was.is_null() || is.is_null() => detail(name, was, is, Effect::Reworded),
        Rule::Default => vec![
            Difference::changed("default-changed", Effect::Reinterpreted, format!("{name} changed"))
                .between(show(was), show(is)),
        ],
        Rule::Detail(effect) | Rule::Any(effect) => detail(name, was, is, effect),
    }
}

fn detail(name: &str, was: &Value, is: &Value, effect: Effect) -> Vec<Difference> {
    let (fate, text) = match (was.is_null(), is.is_null()) {
        (true, _) => (Fate::Added, format!("`{name}` said")),
        (_, true) => (Fate::Removed, format!("`{name}` no longer said")),
        _ => (Fate::Changed, format!("`{name}` changed")),
    };
    let difference = Difference { fate, ..Difference::changed("detail-changed", effect, text) };
    let [was, is] = [was, is].map(|value| (!value.is_null()).then(|| show(value)));
    vec![Difference { was, is, ..difference }]
}

fn texts(name: &str, was: &Value, is: &Value) -> Vec<Difference> {
    let was = was.as_object().into_iter().flatten();
    let reworded = was.filter(|(key, text)| is.get(key).is_some_and(|other| other != *text));
    reworded
        .map(|(key, _)| Difference::changed("text-changed", Effect::Reworded, format!("`{name}` of `{key}` reworded")))
        .collect()
}

/// A limit; `wider` says whether the second number allows more than the first.
fn limit(name: &str, was: &Value, is: &Value, wider: fn(f64, f64) -> bool) -> Vec<Difference> {
    let is_wider = match (was.as_f64(), is.as_f64()) {
        (Some(was), Some(is)) => wider(was, is),
        (_, is) => is.is_none(),
    };
    vec![limit_moved(name, is_wider).between(show_limit(was), show_limit(is))]
}

/// A limit that allows more or less than before.
pub fn limit_moved(name: &str, is_wider: bool) -> Difference {
    if is_wider {
        Difference::changed("limit-widened", Effect::Widened, format!("`{name}` allows more"))
    } else {
        Difference::changed("limit-narrowed", Effect::Narrowed, format!("`{name}` allows less"))
    }
}

fn show_limit(value: &Value) -> String {
    if value.is_null() { "no limit".to_owned() } else { show(value) }
}

fn values(name: &str, was: &Value, is: &Value) -> Vec<Difference> {
    let (was, is) = (texts_of(was), texts_of(is));
    let added = is
        .difference(&was)
        .map(|value| Difference::added("value-added", Effect::Widened, format!("`{value}` in `{name}`")));
    let removed = was.difference(&is).map(|value| {
        Difference::removed("value-removed", Effect::Narrowed, format!("`{value}` no longer in `{name}`"))
    });
    added.chain(removed).collect()
}

fn only_for(name: &str, was: &Value, is: &Value) -> Vec<Difference> {
    let effect = match (was.as_array(), is.as_array()) {
        (_, None) => Effect::Widened,
        (None, _) => Effect::Narrowed,
        _ if texts_of(was).is_subset(&texts_of(is)) => Effect::Widened,
        _ if texts_of(is).is_subset(&texts_of(was)) => Effect::Narrowed,
        _ => Effect::Replaced,
    };
    let all = |value: &Value| if value.is_null() { "all".to_owned() } else { show(value) };
    vec![Difference::changed("users-changed", effect, format!("`{name}` changed")).between(all(was), all(is))]
}

fn refused(name: &str, was: &Value, is: &Value) -> Vec<Difference> {
    let (was, is) = (texts_of(was), texts_of(is));
    let refused = is
        .difference(&was)
        .map(|value| Difference::added("refusal-added", Effect::Narrowed, format!("`{value}` refused (`{name}`)")));
    let taken = was.difference(&is).map(|value| {
        Difference::removed("refusal-removed", Effect::Widened, format!("`{value}` no longer refused (`{name}`)"))
    });
    refused.chain(taken).collect()
}

fn allows(name: &str, is: &Value) -> Vec<Difference> {
    vec![if *is == Value::Bool(true) {
        Difference::changed("allowance-added", Effect::Widened, format!("`{name}` now"))
    } else {
        Difference::changed("allowance-removed", Effect::Narrowed, format!("`{name}` no longer"))
    }]
}

fn ending(name: &str, is: &Value) -> Vec<Difference> {
    vec![if *is == Value::Bool(true) {
        Difference {
            fate: Fate::Deprecated,
            ..Difference::changed("deprecated", Effect::Announced, format!("`{name}`"))
        }
    } else {
        Difference::changed("undeprecated", Effect::Announced, format!("`{name}` no longer"))
    }]
}

/// The items of a list as texts.
pub fn texts_of(list: &Value) -> BTreeSet<String> {
    list.as_array().into_iter().flatten().map(show).collect()
}

/// A value as it stands in a sentence.
pub fn show(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
