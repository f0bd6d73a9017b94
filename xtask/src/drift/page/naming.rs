//! Gives facts their full names.

use std::collections::BTreeMap;

use super::Told;
use crate::drift::attribute::Attribute;
use crate::drift::facts::{Facts, Key, Part, Section};
use crate::drift::statement::Statement;
use crate::drift::types::Kind;

/// Gives all facts their full names: `result.` where a table leaves the envelope out, `[]` after arrays.
pub fn finish(facts: &mut Facts<Told>) {
    for (section, told) in facts.iter_mut() {
        if section.part == Part::Response && section.scope.is_empty() {
            *told = in_envelope(std::mem::take(told));
        }
        if section.part.is_body() {
            mark_arrays(told);
        }
    }
    // Pages list `Accept` among the headers of answers; it is one of the request.
    let accept = Key::new(&Part::ResponseHeaders, "Accept");
    let answers = facts.get_mut(&Section::of(Part::ResponseHeaders));
    if let Some(told) = answers.and_then(|told| told.remove(&accept)) {
        facts.entry(Section::of(Part::RequestHeaders)).or_default().entry(accept).or_insert(told);
    }
    facts.retain(|_, told| !told.is_empty());
}

fn in_envelope(told: BTreeMap<Key, Told>) -> BTreeMap<Key, Told> {
    let has_envelope = ["status", "result"].iter().any(|name| {
        let key = Key::new(&Part::Response, name);
        told.get(&key).is_some_and(|told| is_object(&told.statement)) || told.keys().any(|other| other.is_inside(&key))
    });
    let renamed = told.into_iter().map(|(key, told)| {
        if has_envelope {
            return (key, told);
        }
        let path = format!("result.{}", told.path);
        (Key::new(&Part::Response, &path), Told { path, ..told })
    });
    // What is in `result` says what it is.
    renamed.filter(|(key, told)| key.as_str() != "result" || !is_object(&told.statement)).collect()
}

fn is_object(statement: &Statement) -> bool {
    let kind = statement.kind().cloned().unwrap_or_default();
    kind.is_empty() || kind.kinds().all(|kind| matches!(kind, Kind::Object | Kind::Any))
}

fn mark_arrays(told: &mut BTreeMap<Key, Told>) {
    let marked = |key: &Key| {
        told.get(key).is_some_and(|told| {
            told.statement.get(Attribute::Type).is_some()
                && told.statement.kind().is_some_and(|kind| kind.has(Kind::Array))
        }) || told.iter().any(|(inner, told)| inner.is_inside(key) && says_array(&told.path, key))
    };
    let paths: Vec<(Key, String)> = told.keys().map(|key| (key.clone(), full_path(key, &marked))).collect();
    for (key, path) in paths {
        if let Some(told) = told.get_mut(&key) {
            told.path = path;
        }
    }
}

/// Whether a path has `[]` after the field with a key.
fn says_array(path: &str, key: &Key) -> bool {
    let depth = key.as_str().split('.').count();
    path.split('.').nth(depth - 1).is_some_and(|name| name.ends_with("[]"))
}

fn full_path(key: &Key, is_array: &dyn Fn(&Key) -> bool) -> String {
    match key.parent() {
        None => key.as_str().to_owned(),
        Some(parent) => {
            let mark = if is_array(&parent) { "[]" } else { "" };
            format!("{}{mark}.{}", full_path(&parent, is_array), key.name())
        }
    }
}
