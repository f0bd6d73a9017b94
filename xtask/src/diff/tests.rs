//! Seeded changes of the real document: each is found, named and classed right for both sides, with what it does to Rust
//! and the version that it demands.

mod everywhere;
mod fields;
mod operations;
mod others;
mod values;

use std::sync::LazyLock;

use serde_json::Value;

use super::api::{self, ApiChange};
use super::change::{Change, Side};
use super::comparison::compare;
use super::print::Report;
use super::second;
use crate::build;
use crate::build::document::Document;
use crate::finding::Class;

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| crate::workspace::document().expect("the document"));

static SURFACE: LazyLock<api::Surface> = LazyLock::new(|| surface(&DOCUMENT));

fn surface(document: &Document) -> api::Surface {
    api::surface(build::generate_unchecked(document)).expect("a surface")
}

/// A seeded change.
struct Case {
    /// What it is, for messages.
    name: &'static str,
    /// What is done to the document, in order.
    edits: &'static [Edit],
    /// What is found, as `kind subject: class for requests, class for responses`.
    changes: &'static [&'static str],
    /// What it does to Rust, without what goes without saying.
    api: &'static [&'static str],
    /// The worst of it.
    worst: Class,
}

/// A change of a document in one place.
enum Edit {
    /// Puts JSON at a pointer; at the end of a list when the pointer ends in `-`.
    Set(&'static str, &'static str),
    /// Takes away what is at a pointer.
    Remove(&'static str),
    /// Copies what is at one pointer to another.
    Copy(&'static str, &'static str),
}

impl Edit {
    fn apply(&self, root: &mut Value) {
        match self {
            Self::Set(pointer, json) => set(root, pointer, serde_json::from_str(json).expect("JSON")),
            Self::Remove(pointer) => drop(remove(root, pointer)),
            Self::Copy(from, to) => {
                let value = root.pointer(from).unwrap_or_else(|| panic!("nothing at {from}")).clone();
                set(root, to, value);
            }
        }
    }
}

fn split(pointer: &str) -> (&str, String) {
    let (above, key) = pointer.rsplit_once('/').expect("a pointer below the root");
    (above, key.replace("~1", "/").replace("~0", "~"))
}

fn set(root: &mut Value, pointer: &str, value: Value) {
    let (above, key) = split(pointer);
    match root.pointer_mut(above).unwrap_or_else(|| panic!("nothing at {above}")) {
        Value::Array(items) if key == "-" => items.push(value),
        Value::Array(items) => items[key.parse::<usize>().expect("an index")] = value,
        Value::Object(members) => drop(members.insert(key, value)),
        other => panic!("{other} has no members"),
    }
}

fn remove(root: &mut Value, pointer: &str) -> Value {
    let (above, key) = split(pointer);
    let removed = match root.pointer_mut(above).unwrap_or_else(|| panic!("nothing at {above}")) {
        Value::Array(items) => Some(items.remove(key.parse().expect("an index"))),
        Value::Object(members) => members.shift_remove(&key),
        _ => None,
    };
    removed.unwrap_or_else(|| panic!("nothing at {pointer}"))
}

/// The document after some edits.
fn edited(edits: &[Edit]) -> Document {
    let mut document = DOCUMENT.clone();
    for edit in edits {
        edit.apply(&mut document.root);
    }
    document
}

fn summary(change: &Change) -> String {
    let [requests, responses] =
        [Side::Requests, Side::Responses].map(|side| change.class(side).map_or("-", Class::name));
    format!("{} {}: {requests}, {responses}", change.difference.kind, change.subject())
}

fn assert_found(cases: &[Case]) {
    for Case { name, edits, changes: expected, api: expected_api, worst } in cases {
        let document = edited(edits);
        let changes = compare(&DOCUMENT, &document);
        assert_eq!(changes.iter().map(summary).collect::<Vec<_>>(), *expected, "{name}");
        for change in &changes {
            assert!(!change.difference.text.is_empty() && change.place.line.contains("openapi.yaml:"), "{change:?}");
        }
        let api = if expected_api.is_empty() { Vec::new() } else { api::differences(&SURFACE, &surface(&document)) };
        assert_eq!(lines(&api), *expected_api, "{name}");
        let report = Report { base: "v0.1.0", changes, api, demand: None };
        assert_eq!(report.worst(), Some(*worst), "{name}");
    }
}

/// The lines of the Rust API that are gone and new.
fn lines(api: &[ApiChange]) -> Vec<String> {
    let lines = api.iter().flat_map(|change| [("-", &change.was), ("+", &change.is)]);
    lines.filter_map(|(sign, line)| line.as_ref().map(|line| format!("{sign} {line}"))).collect()
}

#[test]
fn changes_of_fields_are_found() {
    assert_found(fields::CASES);
}

#[test]
fn changes_of_values_are_found() {
    assert_found(values::CASES);
}

#[test]
fn changes_of_operations_are_found() {
    assert_found(operations::CASES);
}

#[test]
fn changes_beside_the_operations_are_found() {
    assert_found(others::CASES);
}

/// Generating takes a second; the cases that Rust does not notice are seeded together.
#[test]
fn what_rust_does_not_notice_changes_nothing_of_it() {
    let cases = [fields::CASES, values::CASES, operations::CASES, others::CASES];
    let unnoticed = cases.iter().copied().flatten().filter(|case| case.api.is_empty());
    let mut document = DOCUMENT.clone();
    for edit in unnoticed.flat_map(|case| case.edits) {
        edit.apply(&mut document.root);
    }
    assert_eq!(lines(&api::differences(&SURFACE, &surface(&document))), [""; 0]);
}

#[test]
fn what_only_the_second_opinion_sees_is_taken_for_the_worst() {
    let edit = Edit::Set("/components/schemas/ChatV3Request/properties/topK/format", "\"int64\"");
    let document = edited(&[edit]);
    let opinion = second::opinion(&DOCUMENT, &document, &[]);
    let expected = ["unnamed-change ChatV3Request.topK: breaking, -"];
    assert_eq!(opinion.iter().map(summary).collect::<Vec<_>>(), expected);
    assert_eq!(second::opinion(&DOCUMENT, &document, &compare(&DOCUMENT, &document)), []);
}

#[test]
fn a_document_that_gets_no_second_opinion_says_so() {
    let edit = Edit::Remove("/components/schemas/ChatV3Request/properties/topK");
    let document = edited(&[edit, Edit::Set("/paths/~1v1~1openai~1models/get/responses", "[]")]);
    let opinion = second::opinion(&DOCUMENT, &document, &[]);
    assert_eq!(
        opinion.iter().map(summary).collect::<Vec<_>>(),
        ["not-compared-twice the document: cosmetic, cosmetic"]
    );
}

#[test]
fn a_document_does_not_differ_from_itself() {
    assert_eq!(compare(&DOCUMENT, &DOCUMENT), []);
    assert_eq!(api::differences(&SURFACE, &SURFACE), []);
}
