//! Compares two documents: walks both together and collects what differs.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::change::{Change, Difference, Found, Pointer, Side};
use super::node::Node;
use super::rules::{self, Table};
use super::{catalogues, operations, schema, second, subject};
use crate::build::document::Document;
use crate::finding::Place;

/// What the documents have to say to each other.
pub struct Comparison<'a> {
    /// The document as it was.
    pub old: &'a Document,
    /// The document as it is.
    pub new: &'a Document,
    changes: BTreeMap<Key, Change>,
    seen: HashSet<(Scope, [String; 2])>,
}

/// Pointers by what is at them.
pub type Pointers = BTreeMap<String, String>;

/// A line of the document and what is said of it. An anchor puts one line at several places of the document, which is
/// one change.
type Key = (String, &'static str, String, Option<String>, Option<String>);

/// Whom a part of the document concerns: a side, and an operation if not all of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The side.
    pub side: Side,
    /// The `operationId`.
    pub operation: Option<String>,
}

impl Scope {
    /// All who write requests, or all who read responses.
    pub const fn all(side: Side) -> Self {
        Self { side, operation: None }
    }

    /// A side of an operation.
    pub fn of(operation: &str, side: Side) -> Self {
        Self { side, operation: Some(operation.to_owned()) }
    }
}

/// All changes, worst first.
pub fn compare(old: &Document, new: &Document) -> Vec<Change> {
    let mut comparison = Comparison { old, new, changes: BTreeMap::new(), seen: HashSet::new() };
    operations::compare(&mut comparison);
    catalogues::compare(&mut comparison);
    let mut changes: Vec<Change> = comparison.changes.into_values().collect();
    changes.extend(second::opinion(old, new, &changes));
    changes.sort_by_key(|change| (std::cmp::Reverse(change.worst()), change.difference.fate, change.subject()));
    changes
}

impl Comparison<'_> {
    /// Takes note of differences.
    pub fn add(&mut self, scope: &Scope, found: impl IntoIterator<Item = Found>) {
        for (difference, pointer) in found {
            let (document, pointer) = match &pointer {
                Pointer::Old(pointer) => (self.old, pointer),
                Pointer::New(pointer) => (self.new, pointer),
            };
            let place = Place { line: document.place(pointer), pointer: pointer.clone() };
            let is = difference.clone();
            let key = (place.line.clone(), is.kind, is.text, is.was, is.is);
            let change = self.changes.entry(key).or_insert_with(|| Change {
                difference,
                subjects: [].into(),
                place,
                pointers: [].into(),
                sides: [].into(),
                operations: [].into(),
            });
            change.subjects.insert(subject::name(document, pointer));
            change.pointers.insert(pointer.clone());
            change.sides.insert(scope.side);
            change.operations.extend(scope.operation.clone());
        }
    }

    /// Tells which keys are new and which are gone, and gives the pointers of the others in pairs.
    pub fn pair(
        &mut self,
        scope: &Scope,
        [old, new]: [Pointers; 2],
        added: impl Fn(&str, &Value) -> Difference,
        removed: impl Fn(&str) -> Difference,
    ) -> Vec<[String; 2]> {
        let is_new = new.iter().filter(|(key, _)| !old.contains_key(*key));
        let is_gone = old.iter().filter(|(key, _)| !new.contains_key(*key));
        let found: Vec<Found> = is_new
            .map(|(key, at)| (added(key, self.new.root.pointer(at).unwrap_or(&Value::Null)), Pointer::New(at.clone())))
            .chain(is_gone.map(|(key, at)| (removed(key), Pointer::Old(at.clone()))))
            .collect();
        self.add(scope, found);
        shared(&old, &new).map(|(old, new)| [old.clone(), new.clone()]).collect()
    }

    /// Compares the members of the objects at two pointers.
    pub fn table(&mut self, scope: &Scope, table: &Table, [old, new]: &[String; 2]) {
        let found = rules::compare(table, &rules::members(self.old, old), &rules::members(self.new, new));
        self.add(scope, found);
    }

    /// The pointers of the members of the objects at two pointers.
    pub fn members(&self, [old, new]: &[String; 2]) -> [Pointers; 2] {
        [(self.old, old), (self.new, new)].map(|(document, at)| {
            let members = rules::members(document, at).into_iter();
            members.map(|(key, (_, pointer))| (key.to_owned(), pointer)).collect()
        })
    }

    /// Where the references at two pointers lead.
    pub fn follow(&self, [old, new]: &[String; 2]) -> [String; 2] {
        [follow(self.old, old), follow(self.new, new)]
    }

    /// Compares the schemas at two pointers and all that is in them.
    pub fn schemas(&mut self, scope: &Scope, pair: [String; 2]) {
        let (was, is) = (Node::at(self.old, &pair[0]), Node::at(self.new, &pair[1]));
        if !self.seen.insert((scope.clone(), pair)) {
            return;
        }
        self.add(scope, schema::compare(&was, &is));
        if was.kind() != is.kind() {
            return;
        }
        let pairs = shared(&was.properties, &is.properties)
            .chain(shared(&was.variants, &is.variants))
            .chain(shared(&was.inner, &is.inner))
            .chain(was.references.iter().zip(&is.references));
        for (old, new) in pairs {
            self.schemas(scope, [old.clone(), new.clone()]);
        }
    }
}

fn shared<'a, K: Ord, V>(old: &'a BTreeMap<K, V>, new: &'a BTreeMap<K, V>) -> impl Iterator<Item = (&'a V, &'a V)> {
    old.iter().filter_map(|(key, old)| Some((old, new.get(key)?)))
}

/// The pointer that a reference at a pointer leads to; the pointer itself when there is none.
pub fn follow(document: &Document, pointer: &str) -> String {
    let reference = document.root.pointer(pointer).and_then(|node| node["$ref"].as_str());
    reference.and_then(|reference| reference.strip_prefix('#')).unwrap_or(pointer).to_owned()
}

/// The pointers that a pointer leads to with one more step.
pub fn step(pair: &[String; 2], key: &str) -> [String; 2] {
    [format!("{}/{key}", pair[0]), format!("{}/{key}", pair[1])]
}
