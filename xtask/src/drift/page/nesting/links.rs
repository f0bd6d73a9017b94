//! Links from fields to the headings of what describes them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::super::table::Field;
use super::super::words;

/// The numbers in links to headings that are the same, by heading.
#[derive(Debug)]
pub struct Numbers(BTreeMap<String, BTreeSet<u32>>);

impl Numbers {
    /// Those in all links, to some of the headings.
    pub fn of<'a>(links: impl Iterator<Item = &'a String>, headings: &HashSet<String>) -> Self {
        let mut numbers = BTreeMap::<_, BTreeSet<u32>>::new();
        for (_, anchor) in links.filter_map(|link| link.split_once('#')) {
            let (heading, number) = without_number(anchor);
            if headings.contains(&heading) && !headings.contains(&plain(anchor)) {
                numbers.entry(heading).or_default().extend(number);
            }
        }
        Self(numbers)
    }

    /// The heading that a link names, and which of those it is, where links are numbered: `#message` is the first,
    /// `#message-1` the next.
    pub fn place(&self, link: &str) -> Option<(String, usize)> {
        let (heading, number) = without_number(link.split_once('#')?.1);
        let numbers = self.0.get(&heading)?;
        let place = match number {
            Some(number) => 1 + numbers.iter().position(|known| *known == number)?,
            None => 0,
        };
        Some((heading, place))
    }
}

/// A heading in a link, and the number behind it.
fn without_number(anchor: &str) -> (String, Option<u32>) {
    let anchor = plain(anchor);
    let heading = anchor.trim_end_matches(|last: char| last.is_ascii_digit());
    (heading.to_owned(), anchor[heading.len()..].parse().ok())
}

/// The headings that a field points to. Where two are the same, links number them.
pub fn pointers(field: &Field) -> Vec<String> {
    let anchors = field.links.iter().filter_map(|link| link.split_once('#'));
    let anchors = anchors.flat_map(|(_, anchor)| [plain(anchor), without_number(anchor).0]);
    anchors.chain(field.types.iter().map(|name| plain(name))).collect()
}

/// A name without marks and without the word for object.
pub fn plain(name: &str) -> String {
    let name = words::plain(name).to_lowercase();
    let name = ["object", "객체", "필드", "オブジェクト"]
        .iter()
        .fold(name.trim(), |name, word| name.strip_suffix(word).unwrap_or(name).trim_end());
    name.chars().filter(|letter| letter.is_alphanumeric()).collect()
}
