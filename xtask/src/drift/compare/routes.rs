//! Methods and paths: which operation moved, which is new, which is gone.

use crate::drift::facts::Key;

/// How alike two paths must be to be those of one operation, from 0 to 1.
const ALIKE: f64 = 0.6;

/// What became of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It has another path.
    Moved(Key, Key),
    /// It has another method.
    Method(Key, Key),
    /// It is gone.
    Gone(Key),
    /// It is new.
    New(Key),
}

/// What became of the operations that only one side has.
pub fn fates(mut gone: Vec<Key>, mut new: Vec<Key>) -> Vec<Fate> {
    let mut fates = Vec::new();
    while let Some((old, other)) = closest(&gone, &new) {
        gone.retain(|key| *key != old);
        new.retain(|key| *key != other);
        let same_path = split(&old).1 == split(&other).1;
        fates.push(if same_path { Fate::Method(old, other) } else { Fate::Moved(old, other) });
    }
    fates.into_iter().chain(gone.into_iter().map(Fate::Gone)).chain(new.into_iter().map(Fate::New)).collect()
}

fn split(key: &Key) -> (&str, &str) {
    key.as_str().split_once(' ').unwrap_or_default()
}

fn closest(gone: &[Key], new: &[Key]) -> Option<(Key, Key)> {
    let pairs = gone.iter().flat_map(|old| new.iter().map(move |other| (old, other)));
    let likely = pairs.filter_map(|(old, other)| Some((likeness(old, other)?, old, other)));
    let best = likely.max_by(|(one, ..), (other, ..)| one.total_cmp(other));
    best.map(|(_, old, other)| (old.clone(), other.clone()))
}

fn likeness(old: &Key, other: &Key) -> Option<f64> {
    let ((method, path), (other_method, other_path)) = (split(old), split(other));
    let likeness = strsim::normalized_levenshtein(path, other_path);
    let fits = path == other_path || method == other_method && likeness >= ALIKE;
    fits.then_some(likeness)
}
