//! A second opinion: what the comparison of the `drift` crate sees and the first one does not name.
//!
//! It walks requests and responses on its own and says where they are not the same, for most kinds of change without
//! saying how. What it sees where nothing is named is taken for the worst, in its words.

use openapi_drift::{ChangeClass, ChangeComparison, ChangeInfo, ChangePath};
use serde_json::Value;

use super::change::{Change, Difference, Effect, Side};
use super::subject;
use crate::build::client::quietly;
use crate::build::document::Document;
use crate::finding::Place;

/// The changes that only the second comparison sees.
pub fn opinion(old: &Document, new: &Document, named: &[Change]) -> Vec<Change> {
    let (was, is) = with_shared_media_types(&old.root, &new.root);
    // It panics on what it does not know.
    let seen = quietly(|| openapi_drift::compare(&was, &is).map_err(|error| error.to_string()));
    let changes = match seen {
        Ok(changes) => changes,
        Err(reason) => return vec![unanswered(new, &reason)],
    };
    let seen = changes.iter().flat_map(|change| change.changes.iter().map(|info| (&change.paths, info)));
    let unnamed = seen.filter(|(paths, info)| is_of_bodies(paths, info) && !is_named(paths, named));
    unnamed.map(|(paths, info)| change(new, paths, info)).collect()
}

/// Operations that come, go and move are seen well enough.
fn is_of_bodies(paths: &[ChangePath], info: &ChangeInfo) -> bool {
    let is_structural = paths.iter().all(|path| path.comparison == ChangeComparison::Structural);
    !is_structural && info.class != ChangeClass::Trivial
}

/// Whether something is named in the component or operation of a change.
fn is_named(paths: &[ChangePath], named: &[Change]) -> bool {
    let bases = paths.iter().flat_map(|path| [&path.old, &path.new]).map(|stack| stack.base_and_subpath().0);
    let bases: Vec<&str> = bases.map(|base| base.trim_start_matches('#')).collect();
    let pointers = named.iter().flat_map(|change| &change.pointers);
    let is_within = |pointer: &str, base: &str| {
        pointer.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    pointers.into_iter().any(|pointer| bases.iter().any(|base| is_within(pointer, base)))
}

fn change(new: &Document, paths: &[ChangePath], info: &ChangeInfo) -> Change {
    let effect = match info.class {
        ChangeClass::Trivial => Effect::Reworded,
        ChangeClass::ForwardIncompatible => Effect::Extended,
        _ => Effect::Replaced,
    };
    let pointer = paths.first().map_or("", |path| path.new.base_and_subpath().0).trim_start_matches('#').to_owned();
    let sides = paths.iter().filter_map(|path| match path.comparison {
        ChangeComparison::Input => Some(Side::Requests),
        ChangeComparison::Output => Some(Side::Responses),
        ChangeComparison::Structural => None,
    });
    Change {
        difference: Difference::changed("unnamed-change", effect, info.message.clone()),
        subjects: [subject::name(new, &format!("{pointer}/{}", info.new_subpath))].into(),
        place: Place { line: new.place(&pointer), pointer: pointer.clone() },
        pointers: [pointer].into(),
        sides: sides.collect(),
        operations: [].into(),
    }
}

/// No answer is no consent, but no objection either.
fn unanswered(new: &Document, reason: &str) -> Change {
    Change {
        difference: Difference::changed("not-compared-twice", Effect::Reworded, format!("no second opinion: {reason}")),
        subjects: ["the document".to_owned()].into(),
        place: Place { line: new.place(""), pointer: String::new() },
        pointers: [].into(),
        sides: [Side::Requests, Side::Responses].into(),
        operations: [].into(),
    }
}

/// Both documents without the media types that only one has, which the second comparison does not take.
fn with_shared_media_types(old: &Value, new: &Value) -> (Value, Value) {
    let (mut was, mut is) = (old.clone(), new.clone());
    drop_unshared(&mut was["paths"], &mut is["paths"]);
    drop_unshared(&mut was["components"], &mut is["components"]);
    (was, is)
}

fn drop_unshared(old: &mut Value, new: &mut Value) {
    let (Some(old), Some(new)) = (old.as_object_mut(), new.as_object_mut()) else { return };
    for (key, old) in old {
        let Some(new) = new.get_mut(key) else { continue };
        if key == "content"
            && let (Some(old), Some(new)) = (old.as_object_mut(), new.as_object_mut())
        {
            old.retain(|media_type, _| new.contains_key(media_type));
            new.retain(|media_type, _| old.contains_key(media_type));
        }
        drop_unshared(old, new);
    }
}
