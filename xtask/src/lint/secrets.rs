//! Secrets: in recordings of traffic, and in the document itself.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::Rule;
use super::input::Input;
use crate::build::document::{Document, Fault, escape};

pub const RULES: [Rule; 2] = [
    Rule { name: "recording", asks: "recordings are JSON", check: recording },
    Rule { name: "secret", asks: "no key or long secret stands in recordings or examples", check: secret },
];

/// Length of the shortest text that may be a secret.
const SHORTEST: usize = 8;

/// Names of members and headers that hold keys.
static NAME: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:authorization|.*api-?key|.*(?:access|secret)_?key)$"));

/// What a secret looks like in a text, and what it is.
static SECRETS: LazyLock<[(Regex, &str); 3]> = LazyLock::new(|| {
    [
        (pattern(r"\bnv-[0-9A-Za-z_-]{8,}"), "an API key"),
        (pattern(r"(?i)\bbearer\s+[0-9a-z._+/=-]{8,}"), "the value of an `Authorization` header"),
        (
            pattern(r#"(?i)(?:authorization|api-?key|access_?key|secret_?key)["']?\s*[:=]\s*["']?[0-9a-z._+/=-]{8,}"#),
            "a key beside its name",
        ),
    ]
});

static LONG: LazyLock<Regex> = LazyLock::new(|| pattern(r"[0-9A-Za-z+/_-]{40,}"));

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this file")
}

fn recording(input: &Input) -> Vec<Fault> {
    input.recordings.iter().filter_map(|file| Document::parse(&file.name, &file.text).err()).collect()
}

fn secret(input: &Input) -> Vec<Fault> {
    let recordings = input.recordings.iter().filter_map(|file| Document::parse(&file.name, &file.text).ok());
    let mut faults = Vec::new();
    for document in recordings.chain([input.document.clone()]) {
        search(&document, &document.root, "", "", &mut faults);
    }
    faults
}

/// Searches a node; `name` is what it is the value of.
fn search(document: &Document, node: &Value, pointer: &str, name: &str, faults: &mut Vec<Fault>) {
    match node {
        Value::String(text) => faults.extend(kind(name, text).map(|kind| {
            // The text itself would end up in the log of a build.
            let problem = format!("{kind} stands here");
            document.fault(pointer, problem, "Write `[masked]` in its place; if it was ever pushed, have it revoked")
        })),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                search(document, item, &format!("{pointer}/{index}"), name, faults);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                // Headers may be listed as objects with `name` and `value`.
                let name = if key == "value" { node["name"].as_str().unwrap_or(key) } else { key };
                search(document, member, &format!("{pointer}/{}", escape(key)), name, faults);
            }
        }
        _ => {}
    }
}

fn kind(name: &str, text: &str) -> Option<&'static str> {
    if text.len() < SHORTEST {
        return None;
    }
    let shown = text.split_whitespace().any(|word| word.len() >= SHORTEST && !word.starts_with('['));
    let by_form = SECRETS.iter().find(|(pattern, _)| pattern.is_match(text)).map(|(_, kind)| *kind);
    by_form
        .or_else(|| (NAME.is_match(name) && shown).then_some("the value of a key"))
        .or_else(|| (!is_image(text) && has_random(text)).then_some("a long text in Base64"))
}

/// Whether a text is a PNG, JPEG or WebP file in Base64, of which examples have small ones.
fn is_image(text: &str) -> bool {
    ["iVBORw0KGgo", "/9j/", "UklGR"].iter().any(|beginning| text.starts_with(beginning))
}

fn has_random(text: &str) -> bool {
    LONG.find_iter(text).any(|long| is_random(long.as_str()))
}

/// Names and paths have hardly a digit.
fn is_random(text: &str) -> bool {
    let count = |is: fn(&char) -> bool| text.chars().filter(is).count();
    count(char::is_ascii_digit) >= 3 && count(char::is_ascii_uppercase) >= 3 && count(char::is_ascii_lowercase) >= 3
}
