//! When the document agrees with pages.

use crate::drift::attribute::{Attribute, Said};
use crate::drift::facts::Part;
use crate::drift::statement::Statement;
use crate::drift::types::Need;

/// How a page is compared with the document.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The part that the fact is of.
    pub part: &'a Part,
    /// Whether other pages may know what this one does not.
    pub is_of_several: bool,
    /// Whether values are integers.
    pub integers: bool,
}

impl Terms<'_> {
    /// Whether the document agrees with what one page says. It may say more where the page knows a part only.
    pub fn agree(self, attribute: Attribute, theirs: &Said, ours: &Statement) -> bool {
        match (theirs, ours.get(attribute)) {
            (Said::Type(theirs), Some(Said::Type(ours))) if self.is_of_several => ours.covers(theirs),
            (Said::Type(theirs), Some(Said::Type(ours))) => ours.agrees(theirs),
            (Said::Required(theirs), _) => self.agree_in_need(*theirs, ours.required()),
            (Said::Range(theirs), Some(Said::Range(ours))) => theirs.fits_schema(ours, self.integers),
            (Said::Range(theirs), None) => theirs.is_beyond_schema(),
            (Said::Words(_), Some(ours)) => ours.has_words_of(theirs),
            (theirs, ours) => Some(theirs) == ours,
        }
    }

    fn agree_in_need(self, theirs: Need, ours: Option<Need>) -> bool {
        match (theirs, ours) {
            // A parameter of one of several paths is conditional on pages, and always needed on its path.
            (Need::Conditional, Some(Need::Required)) => *self.part == Part::PathParameters,
            (Need::Required, ours) => ours == Some(Need::Required),
            (Need::Conditional, _) => true,
            (Need::Optional, ours) => matches!(ours, None | Some(Need::Optional)),
        }
    }

    /// Whether some page says as much as the document, with the values that pages list elsewhere for the same set. No
    /// page marks the members of answers, and what a single page says of a type was compared already.
    pub fn back(self, ours: &Said, theirs: Option<&Said>, in_set: &dyn Fn(&str) -> bool) -> bool {
        match (ours, theirs) {
            (Said::Type(ours), Some(Said::Type(theirs))) => !self.is_of_several || theirs.covers(ours),
            (Said::Type(_) | Said::Required(_), _) => true,
            (Said::Words(ours), theirs) => {
                let theirs = theirs.map_or(&[][..], Said::words);
                ours.iter().all(|word| theirs.contains(word) || in_set(word))
            }
            (_, theirs) => theirs.is_some(),
        }
    }
}

/// What several pages say together: all kinds of a type, all words.
pub fn join(one: &Statement, other: &Statement) -> Statement {
    let joined = one.or(other);
    match (one.kind(), other.kind()) {
        (Some(one), Some(other)) => {
            let mut kind = one.clone();
            kind.extend(other);
            joined.with(Attribute::Type, Said::Type(kind))
        }
        _ => joined,
    }
}
