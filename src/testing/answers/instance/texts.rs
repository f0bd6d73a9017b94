//! Texts of a format or a length.

use serde_json::json;

use super::clues::{Clues, from_name};
use super::merged::{self, Merged};

/// A text for each format, where the prompt has none.
pub const SAMPLES: [(&str, &str); 9] = [
    ("date-time", "2026-01-31T09:30:00Z"),
    ("date", "2026-01-31"),
    ("time", "09:30:00Z"),
    ("duration", "PT30M"),
    ("email", "name@example.com"),
    ("hostname", "example.com"),
    ("ipv4", "192.0.2.1"),
    ("ipv6", "2001:db8::1"),
    ("uuid", "123e4567-e89b-42d3-a456-426614174000"),
];

/// A text that fits.
pub fn text(merged: &Merged<'_>, name: &str, clues: &mut Clues<'_>) -> Option<String> {
    if merged.max_length.is_some_and(|most| most < merged.min_length) {
        return None;
    }
    let formats: Vec<_> = merged.formats.iter().filter(|format| is_known(format)).collect();
    if !formats.is_empty() {
        return formatted(&formats, clues);
    }
    let has_length = |text: &str| {
        let length = text.chars().count();
        length >= merged.min_length && merged.max_length.is_none_or(|most| length <= most)
    };
    let found = clues.text(name, merged.description(), has_length);
    Some(found.unwrap_or_else(|| of_length(&from_name(name), merged)))
}

/// A word of the prompt that has the formats, else a sample that has.
fn formatted(formats: &[&&str], clues: &Clues<'_>) -> Option<String> {
    let schemas: Vec<_> = formats.iter().map(|format| json!({ "format": format })).collect();
    let validator = merged::validator(&json!({ "allOf": schemas }))?;
    let has_formats = |text: &str| validator.is_valid(&json!(text));
    let sample = || SAMPLES.iter().map(|(_, sample)| (*sample).to_owned()).find(|sample| has_formats(sample));
    clues.word(has_formats).or_else(sample)
}

/// Whether texts of a format can be told from others.
fn is_known(format: &str) -> bool {
    SAMPLES.iter().any(|(known, _)| *known == format)
}

fn of_length(text: &str, merged: &Merged<'_>) -> String {
    let most = merged.max_length.unwrap_or(usize::MAX);
    let length = text.chars().count().max(merged.min_length).min(most);
    text.chars().chain(std::iter::repeat('…')).take(length).collect()
}
