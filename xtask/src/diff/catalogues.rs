//! Compares what stands beside the operations: hosts, authentication, models and status codes.

use std::collections::BTreeSet;

use serde_json::Value;

use super::change::{Difference, Effect, Side};
use super::comparison::{Comparison, Pointers, Scope};
use super::extensions::rate_limits;
use super::rules::{Rule, Table, compare as compare_members, compare_named, members, show};
use crate::build::document::Document;

const ROOT: &Table = &[
    ("openapi", Rule::Text),
    ("info", Rule::Text),
    ("tags", Rule::Text),
    ("security", Rule::By(security)),
    ("servers", Rule::Frame),
    ("paths", Rule::Frame),
    ("components", Rule::Frame),
    ("x-clova-models", Rule::Frame),
    ("x-clova-status-codes", Rule::Frame),
];

const SERVER: &Table = &[
    ("url", Rule::Any(Effect::Replaced)),
    ("variables", Rule::By(variables)),
    ("x-clova-name", Rule::Text),
    ("x-clova-deprecated", Rule::Ending),
];

const VARIABLE: &Table = &[("enum", Rule::Values), ("default", Rule::Default)];

const SCHEME: &Table = &[
    ("type", Rule::Any(Effect::Replaced)),
    ("scheme", Rule::Any(Effect::Replaced)),
    ("in", Rule::Any(Effect::Replaced)),
    ("name", Rule::Any(Effect::Replaced)),
];

/// What a model takes; what it gives concerns those who read.
const MODEL: &Table = &[
    ("retired", Rule::By(retired)),
    ("operations", Rule::Values),
    ("input", Rule::Values),
    ("features", Rule::Values),
    ("contextTokens", Rule::Most),
    ("maxInputTokens", Rule::Most),
    ("maxOutputTokens", Rule::Most),
    ("rateLimits", Rule::By(rate_limits)),
    ("dimensions", Rule::Frame),
    ("distance", Rule::Frame),
];

/// What a model gives.
const MODEL_OUTPUT: [&str; 2] = ["dimensions", "distance"];

const CODE: &Table = &[
    ("name", Rule::Text),
    ("status", Rule::Any(Effect::Replaced)),
    ("retry", Rule::By(retry)),
    ("retryBy", Rule::Text),
    ("messages", Rule::Text),
    ("scope", Rule::Text),
];

/// Compares everything beside the operations.
pub fn compare(comparison: &mut Comparison<'_>) {
    let (requests, responses) = (Scope::all(Side::Requests), Scope::all(Side::Responses));
    comparison.table(&requests, ROOT, &[String::new(), String::new()]);
    compare_servers(comparison, &requests, &both("/servers"));
    compare_entries(comparison, &requests, "/components/securitySchemes", &AUTHENTICATION);
    compare_entries(comparison, &responses, "/x-clova-status-codes", &CODES);
    for pair in compare_entries(comparison, &requests, "/x-clova-models", &MODELS) {
        let [old, new] = [(comparison.old, &pair[0]), (comparison.new, &pair[1])].map(|(document, at)| {
            let members = members(document, at).into_iter();
            members.filter(|(name, _)| MODEL_OUTPUT.contains(name)).collect()
        });
        comparison.add(&responses, compare_members(&[], &old, &new));
    }
}

/// Things that are kept by name, to which more may come at any time.
struct Entries {
    name: &'static str,
    added: &'static str,
    removed: &'static str,
    table: &'static Table,
}

const AUTHENTICATION: Entries =
    Entries { name: "authentication", added: "authentication-added", removed: "authentication-removed", table: SCHEME };

const CODES: Entries = Entries { name: "code", added: "code-added", removed: "code-removed", table: CODE };

const MODELS: Entries = Entries { name: "model", added: "model-added", removed: "model-removed", table: MODEL };

const HOSTS: Entries = Entries { name: "host", added: "host-added", removed: "host-removed", table: SERVER };

fn compare_entries(comparison: &mut Comparison<'_>, scope: &Scope, at: &str, entries: &Entries) -> Vec<[String; 2]> {
    let pointers = comparison.members(&both(at));
    pair_entries(comparison, scope, pointers, entries)
}

fn pair_entries(
    comparison: &mut Comparison<'_>,
    scope: &Scope,
    pointers: [Pointers; 2],
    entries: &Entries,
) -> Vec<[String; 2]> {
    let text = |name: &str| format!("{} `{name}`", entries.name);
    let added = |name: &str, _: &Value| Difference::added(entries.added, Effect::Extended, text(name));
    let removed = |name: &str| Difference::removed(entries.removed, Effect::Narrowed, text(name));
    let pairs = comparison.pair(scope, pointers, added, removed);
    for pair in &pairs {
        comparison.table(scope, entries.table, pair);
    }
    pairs
}

fn both(at: &str) -> [String; 2] {
    [at.to_owned(), at.to_owned()]
}

/// Compares two lists of hosts.
pub fn compare_servers(comparison: &mut Comparison<'_>, scope: &Scope, [old, new]: &[String; 2]) {
    let pointers = [servers(comparison.old, old), servers(comparison.new, new)];
    pair_entries(comparison, scope, pointers, &HOSTS);
}

/// The pointers of hosts by name, or else by address.
fn servers(document: &Document, at: &str) -> Pointers {
    let servers = document.root.pointer(at).and_then(Value::as_array).into_iter().flatten().enumerate();
    let named = servers.map(|(index, server)| {
        let name = server["x-clova-name"].as_str().or_else(|| server["url"].as_str()).unwrap_or_default();
        (name.to_owned(), format!("{at}/{index}"))
    });
    named.collect()
}

fn variables(was: &Value, is: &Value) -> Vec<Difference> {
    compare_named(VARIABLE, was, is, str::to_owned)
}

/// Alternatives of authentication.
pub fn security(was: &Value, is: &Value) -> Vec<Difference> {
    let alternatives = |value: &Value| -> BTreeSet<String> {
        let alternatives = value.as_array().into_iter().flatten().map(|alternative| {
            let schemes = alternative.as_object().into_iter().flatten();
            schemes.map(|(scheme, _)| scheme.as_str()).collect::<Vec<_>>().join(" and ")
        });
        alternatives.collect()
    };
    let (old, new) = (alternatives(was), alternatives(is));
    let added = new
        .difference(&old)
        .map(|it| Difference::added("authentication-added", Effect::Widened, format!("authentication by {it}")));
    let removed = old
        .difference(&new)
        .map(|it| Difference::removed("authentication-removed", Effect::Narrowed, format!("authentication by {it}")));
    added.chain(removed).collect()
}

fn retired(_: &Value, is: &Value) -> Vec<Difference> {
    vec![if *is == Value::Bool(true) {
        Difference::removed("model-retired", Effect::Narrowed, "retired")
    } else {
        Difference::changed("model-revived", Effect::Extended, "no longer retired")
    }]
}

/// Whether a retry can help: one that no longer can is one that fails.
fn retry(was: &Value, is: &Value) -> Vec<Difference> {
    let help = |value: &Value| ["never", "once"].iter().position(|word| value == word).unwrap_or(2);
    let effect = if help(is) < help(was) { Effect::Replaced } else { Effect::Extended };
    vec![Difference::changed("retry-changed", effect, "retry").between(show(was), show(is))]
}
