//! Reads what the description of a field says besides prose: range, default, values.

mod defaults;
mod ranges;
mod values;

use std::collections::HashSet;

use super::words::{self, plain};
use crate::drift::attribute::{Attribute, Said};
use crate::drift::range::Range;
use crate::drift::statement::Statement;
use crate::drift::types::{Kind, Type};
pub use values::{is_marked, lists};

/// What a description says about a field of a type.
pub fn describe(text: &str, kind: &Type) -> Statement {
    let mut statement = Statement::default();
    let text = plain(text);
    if words::is_deprecated(&text) {
        statement.say(Attribute::Deprecated, Said::Yes);
    }
    let mut found = Found::default();
    for item in items(&text) {
        let (item, default) = defaults::take(&item, kind);
        if let Some(default) = default {
            statement.say(Attribute::Default, Said::Default(default));
        }
        found.read(&item, kind);
    }
    if let Some(range) = found.range(kind) {
        statement.say(Attribute::Range, Said::Range(range));
    }
    let values = found.values();
    if !values.is_empty() {
        statement.say(Attribute::Values, Said::Words(values));
    }
    statement
}

/// What the items of a description tell about what a field can be.
#[derive(Debug, Default)]
struct Found {
    ranges: Vec<Range>,
    /// Numbers that items begin with: values beside a range, or numbers in prose.
    points: Vec<String>,
    values: Vec<String>,
    /// Values that items explain.
    meanings: Vec<String>,
}

impl Found {
    fn read(&mut self, item: &str, kind: &Type) {
        // What is explained of an object are its members.
        let has_members = kind.has(Kind::Array) || kind.has(Kind::Object) && !kind.has(Kind::String);
        let ranges = ranges::ranges(item, kind);
        if !ranges.is_empty() {
            self.ranges.extend(ranges);
        } else if let Some(listed) = values::list(item).or_else(|| values::worded_list(item).filter(|_| !has_members)) {
            self.values.extend(listed);
        } else if let Some(only) = values::only(item) {
            self.values.push(only);
        } else if let Some(point) = ranges::point(item).filter(|_| kind.is_numeric()) {
            self.points.push(point);
        } else if !has_members {
            self.meanings.extend(values::meaning(item));
        }
    }

    fn range(&self, kind: &Type) -> Option<Range> {
        let has_points = !self.ranges.is_empty() || self.points.len() > 1;
        let points = Range::of_points(&self.points).filter(|_| has_points);
        let range = points.iter().chain(&self.ranges).cloned().reduce(|range, piece| range.joined(&piece))?;
        Some(if kind.is_numeric() { range.of_numbers() } else { range })
    }

    /// Items that explain values are the list of values where there is no other.
    fn values(self) -> Vec<String> {
        let is_explained = self.values.is_empty() && self.meanings.len() > 1;
        let mut values = if is_explained { self.meanings } else { self.values };
        let mut seen = HashSet::new();
        values.retain(|value| seen.insert(value.clone()));
        values
    }
}

/// The items of a flattened list, without examples.
pub fn items(text: &str) -> Vec<String> {
    let text = text.trim().strip_prefix("- ").unwrap_or(text);
    let mut items = vec![String::new()];
    let (mut depth, mut in_code) = (0_usize, false);
    let letters: Vec<char> = text.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        match letter {
            '`' => in_code = !in_code,
            '(' if !in_code => depth += 1,
            ')' if !in_code => depth = depth.saturating_sub(1),
            _ => {}
        }
        let around = (at.checked_sub(1).and_then(|before| letters.get(before)), letters.get(at + 1));
        let separates = *letter == '-' && around == (Some(&' '), Some(&' ')) && depth == 0 && !in_code;
        match items.last_mut() {
            Some(item) if !separates => item.push(*letter),
            _ => items.push(String::new()),
        }
    }
    let items = items.into_iter().map(|item| without_example(&item).trim().to_owned());
    items.filter(|item| !item.is_empty()).collect()
}

fn without_example(item: &str) -> &str {
    let start = words::EXAMPLES.iter().filter_map(|mark| item.find(mark)).min();
    start.map_or(item, |start| &item[..start])
}
