//! Reads the values that a field can have.

use std::sync::LazyLock;

use regex::Regex;

use super::ranges::regex;
use super::{defaults, items};

/// The only value that is taken: `` `float`만 지원 ``, ``(only `1` is allowed)``. A model that alone takes a field
/// is no value of it; names of models have a hyphen, values have none.
static ONLY: LazyLock<Regex> = LazyLock::new(|| {
    let bare = r"[A-Za-z0-9_][A-Za-z0-9_.-]*";
    regex(&format!(r"(?i)^\(?\s*(?:only\s+`([^`]+)`|`([^`]+)`\s*(?:만|のみ|only\b)|({bare})\s*(?:만|のみ))"))
});

/// One value, and a remark that it is the only valid one.
static VALUE: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:`([^`]+)`|([A-Za-z0-9_.\[\]/-]+))\s*(\([^()]*\))?$"));

static VALID: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)유효|valid|有効|only|만 "));

/// An item that explains a value.
static MEANING: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:`([^`]+)`|([A-Z][A-Z_]{2,}))\s*:"));

/// Values in a sentence: ``One of `a`, `b`, and `c` ``.
static WORDED_LIST: LazyLock<Regex> = LazyLock::new(|| {
    let next = r"\s*(?:[,、](?:\s*(?:or|and)\b)?|or\b|and\b|또는|혹은|または)\s*";
    regex(&format!(r"(?i)^(?:(?:one of|either)\s+)?`[^`]+`(?:{next}`[^`]+`)+(?:\s*중\s*(?:하나|1개))?$"))
});

/// A list of values behind prose: ``Kind of content (`text` | `image_url`)``.
static LIST_IN_PARENTHESES: LazyLock<Regex> = LazyLock::new(|| regex(r"\((`[^()|]+(?:\|[^()|]+)+)\)"));

/// Whether an item is a value with the remark that it is valid, or the default.
pub fn is_marked(item: &str) -> bool {
    let captures = VALUE.captures(item.trim());
    // `n` (only `1`) is no value, but tells the one of `n`.
    let is_valid = captures
        .and_then(|captures| captures.get(3))
        .is_some_and(|remark| VALID.is_match(remark.as_str()) && only(remark.as_str()).is_none());
    is_valid || defaults::is_marked(item)
}

/// The only value that an item, or a remark, says is taken.
pub fn only(text: &str) -> Option<String> {
    let captures = ONLY.captures(text)?;
    let value = captures.iter().skip(1).flatten().next()?.as_str();
    let is_model = value.trim_start_matches('-').contains('-');
    (!is_model).then(|| value.to_owned())
}

/// Whether a description has a value in a list.
pub fn lists(text: &str, value: &str) -> bool {
    items(text).iter().filter_map(|item| list(item)).flatten().any(|listed| listed == value)
}

/// The values of a sentence that lists nothing else, or of a list in parentheses behind one.
pub fn worded_list(item: &str) -> Option<Vec<String>> {
    if let Some(captures) = LIST_IN_PARENTHESES.captures(item) {
        return list(&captures[1]);
    }
    // Between two marks of code stands what is no value.
    let values = item.split('`').skip(1).step_by(2).map(str::to_owned);
    WORDED_LIST.is_match(item).then(|| values.collect())
}

/// The values of an item that is a list of values, or a single valid one.
pub fn list(item: &str) -> Option<Vec<String>> {
    let mut pieces: Vec<&str> = item.split('|').map(str::trim).collect();
    // Beside texts an object may be taken.
    let is_object = |piece: &str| ["object", "객체", "オブジェクト"].contains(&piece.to_lowercase().as_str());
    pieces.retain(|piece| !piece.is_empty() && !is_object(piece));
    // Behind the last of several values there may be a colon and prose; behind a single one it is its meaning.
    if let [_, .., last] = pieces.as_mut_slice() {
        *last = last.split(": ").next().unwrap_or(last).trim_end_matches(':');
    } else if pieces.is_empty() {
        return None;
    }
    let values = pieces.iter().map(|piece| {
        if !piece.starts_with(|first: char| first.is_ascii()) {
            return None;
        }
        let captures = VALUE.captures(piece)?;
        let value = captures.get(1).or(captures.get(2))?.as_str().to_owned();
        let is_valid = captures.get(3).is_some_and(|remark| VALID.is_match(remark.as_str()));
        let is_media_type = item == value && value.contains('/');
        let is_code = captures.get(1).is_some() && captures.get(3).is_none() && !value.contains([' ', '*']);
        // An empty array is a default, not a word.
        ((item.contains('|') || is_valid || is_code || is_media_type) && value != "[]").then_some(value)
    });
    values.collect()
}

/// The value that an item explains.
pub fn meaning(item: &str) -> Option<String> {
    let captures = MEANING.captures(item)?;
    captures.get(1).or(captures.get(2)).map(|value| value.as_str().to_owned())
}
