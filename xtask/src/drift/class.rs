//! What a difference means for those who call, seen from what we say to what they say.

use super::attribute::{Attribute, Said};
use super::facts::{Part, Side};
use super::statement::Statement;
use super::types::Need;
use crate::finding::Class;

/// A fact that they have and we do not.
pub fn of_added(part: &Part, statement: &Statement) -> Class {
    match part {
        Part::Unsupported => Class::Breaking,
        Part::Releases => Class::Cosmetic,
        _ if part.side() == Side::Request && statement.required() == Some(Need::Required) => Class::Breaking,
        _ => Class::Additive,
    }
}

/// A fact that we have and they do not.
pub fn of_removed(part: &Part) -> Class {
    match part {
        Part::Unsupported => Class::Additive,
        Part::Releases | Part::Codes => Class::Cosmetic,
        _ => Class::Breaking,
    }
}

/// An attribute that they see otherwise.
pub fn of_attribute(
    part: &Part,
    attribute: Attribute,
    ours: Option<&Said>,
    theirs: Option<&Said>,
    integers: bool,
) -> Class {
    match (part.side(), attribute) {
        (Side::Note, _) | (_, Attribute::Deprecated | Attribute::Messages) => Class::Cosmetic,
        (_, Attribute::Status) => Class::Breaking,
        (Side::Request, _) => for_writers(attribute, ours, theirs, integers),
        (Side::Response, _) => for_readers(attribute, ours, theirs),
    }
}

fn either(is_harmless: bool) -> Class {
    if is_harmless { Class::Additive } else { Class::Breaking }
}

/// Requests break when less is allowed, or more is asked for.
fn for_writers(attribute: Attribute, ours: Option<&Said>, theirs: Option<&Said>, integers: bool) -> Class {
    match (ours, theirs) {
        (Some(Said::Type(ours)), Some(Said::Type(theirs))) => either(theirs.covers(ours)),
        (Some(Said::Range(ours)), Some(Said::Range(theirs))) => either(theirs.covers(ours, integers)),
        (Some(Said::Number(ours)), Some(Said::Number(theirs))) => {
            either(attribute != Attribute::Dimensions && theirs >= ours)
        }
        (Some(Said::Default(_)), Some(Said::Default(_))) => Class::Breaking,
        (Some(ours), Some(theirs)) if attribute != Attribute::Required => either(theirs.has_words_of(ours)),
        (ours, theirs) if attribute == Attribute::Required => either(demand(theirs) <= demand(ours)),
        (None, _) => match attribute {
            Attribute::Range | Attribute::Values => Class::Breaking,
            _ => Class::Cosmetic,
        },
        (_, _) => match attribute {
            Attribute::Range | Attribute::Values => Class::Additive,
            _ => Class::Cosmetic,
        },
    }
}

/// Answers break when something else may come, or a promise is gone.
fn for_readers(attribute: Attribute, ours: Option<&Said>, theirs: Option<&Said>) -> Class {
    match (ours, theirs) {
        (Some(Said::Type(ours)), Some(Said::Type(theirs))) => either(ours.covers(theirs)),
        (ours, theirs) if attribute == Attribute::Required => either(demand(theirs) >= demand(ours)),
        // The values of answers are open, so a new one breaks nothing.
        (ours, Some(theirs)) if attribute == Attribute::Values => {
            let is_known = ours.is_some_and(|ours| ours.has_words_of(theirs));
            if is_known { Class::Cosmetic } else { Class::Additive }
        }
        _ => Class::Cosmetic,
    }
}

fn demand(said: Option<&Said>) -> u8 {
    match said {
        Some(Said::Required(Need::Required)) => 2,
        Some(Said::Required(Need::Conditional)) => 1,
        _ => 0,
    }
}
