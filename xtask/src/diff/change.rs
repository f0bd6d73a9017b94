//! A change of the document, and what it means for those who write requests and for those who read responses.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::finding::{Class, Place};

/// Who is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Those who write requests.
    Requests,
    /// Those who read responses.
    Responses,
}

/// What became of a thing: the section of the changelog that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It was not there.
    Added,
    /// It is another.
    Changed,
    /// It is going to end.
    Deprecated,
    /// It is gone.
    Removed,
}

/// What a change does to the set of bodies that a place of the document allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// More of what readers reckon with anyway: members that nobody must look at, values of an open set.
    Extended,
    /// More.
    Widened,
    /// Less.
    Narrowed,
    /// Something else.
    Replaced,
    /// The same bodies; a request that leaves the thing out means something else.
    Reinterpreted,
    /// The same, until further notice.
    Announced,
    /// The same in other words.
    Reworded,
}

impl Effect {
    /// Whoever writes requests lives with more being allowed; whoever reads responses, with less.
    pub const fn class(self, side: Side) -> Class {
        match (self, side) {
            (Self::Reworded, _) | (Self::Reinterpreted, Side::Responses) => Class::Cosmetic,
            (Self::Extended | Self::Announced, _)
            | (Self::Widened, Side::Requests)
            | (Self::Narrowed, Side::Responses) => Class::Additive,
            (Self::Replaced, _)
            | (Self::Narrowed | Self::Reinterpreted, Side::Requests)
            | (Self::Widened, Side::Responses) => Class::Breaking,
        }
    }
}

/// How two versions of a thing differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Stable name of the kind of change, such as `field-added`.
    pub kind: &'static str,
    /// What became of it.
    pub fate: Fate,
    /// What that does.
    pub effect: Effect,
    /// The change in words.
    pub text: String,
    /// How it was.
    pub was: Option<String>,
    /// How it is.
    pub is: Option<String>,
}

impl Difference {
    /// Something new.
    pub fn added(kind: &'static str, effect: Effect, text: impl Into<String>) -> Self {
        Self { kind, fate: Fate::Added, effect, text: text.into(), was: None, is: None }
    }

    /// Something gone.
    pub fn removed(kind: &'static str, effect: Effect, text: impl Into<String>) -> Self {
        Self { fate: Fate::Removed, ..Self::added(kind, effect, text) }
    }

    /// Something that is not what it was.
    pub fn changed(kind: &'static str, effect: Effect, text: impl Into<String>) -> Self {
        Self { fate: Fate::Changed, ..Self::added(kind, effect, text) }
    }

    /// The same with how it was and how it is.
    pub fn between(self, was: impl Into<String>, is: impl Into<String>) -> Self {
        Self { was: Some(was.into()), is: Some(is.into()), ..self }
    }
}

/// A JSON pointer into one of the documents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pointer {
    /// Into the document as it was.
    Old(String),
    /// Into the document as it is.
    New(String),
}

/// A difference and where it is.
pub type Found = (Difference, Pointer);

/// A change of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is.
    pub difference: Difference,
    /// What changed, such as `ChatV3Request.topK`; several where the document repeats one line by an anchor.
    pub subjects: BTreeSet<String>,
    /// Where in the document: in that of before where the thing is gone.
    pub place: Place,
    /// The JSON pointers of all places.
    pub pointers: BTreeSet<String>,
    /// Whom it concerns.
    pub sides: BTreeSet<Side>,
    /// The operations that have it, by `operationId`; none for what concerns all.
    pub operations: BTreeSet<String>,
}

impl Change {
    /// What it means for a side; nothing when it does not concern that side.
    pub fn class(&self, side: Side) -> Option<Class> {
        self.sides.contains(&side).then(|| self.difference.effect.class(side))
    }

    /// The worst that it means.
    pub fn worst(&self) -> Class {
        let classes = self.sides.iter().map(|side| self.difference.effect.class(*side));
        classes.max().unwrap_or(Class::Cosmetic)
    }

    /// What changed, in one line.
    pub fn subject(&self) -> String {
        self.subjects.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}
