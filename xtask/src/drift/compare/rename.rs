//! Guesses which of the facts that are gone came back under another name.

use std::collections::BTreeMap;

use crate::drift::facts::{Key, Part};
use crate::drift::statement::Statement;

/// How alike two names must be, from 0 to 1.
const ALIKE: f64 = 0.7;

/// Whether facts of a part may be renamed: not those whose name is a value.
pub fn is_possible(part: &Part) -> bool {
    part.is_body() || matches!(part, Part::RequestHeaders | Part::PathParameters | Part::QueryParameters)
}

/// The likeliest pair of a fact that is gone and a fact that is new, in the same object.
pub fn guess(gone: &BTreeMap<Key, Statement>, new: &BTreeMap<Key, Statement>) -> Option<(Key, Key)> {
    let pairs = gone.iter().flat_map(|gone| new.iter().map(move |new| (gone, new)));
    let likely = pairs.filter_map(|((old, was), (new, is))| {
        let likeness = strsim::jaro_winkler(&plain(old.name()), &plain(new.name()));
        let fits = old.parent() == new.parent() && likeness >= ALIKE && agree(was, is);
        fits.then_some((likeness, old, new))
    });
    let best = likely.max_by(|(one, ..), (other, ..)| one.total_cmp(other));
    best.map(|(_, old, new)| (old.clone(), new.clone()))
}

fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether both have the same type, and more in common than not.
fn agree(was: &Statement, is: &Statement) -> bool {
    let (same, other): (Vec<_>, Vec<_>) =
        was.iter().partition(|(attribute, said)| is.get(*attribute).is_some_and(|other| other == *said));
    was.kind() == is.kind() && same.len() >= other.len()
}
