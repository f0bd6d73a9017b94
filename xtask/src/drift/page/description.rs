//! Reads what the description of a field says besides prose: range, default, values.

mod ranges;

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::{Captures, Match, Regex};
use serde_json::Value;

use super::words::{self, plain};
use crate::drift::attribute::{Attribute, Said};
use crate::drift::range::{Range, number};
use crate::drift::statement::Statement;
use crate::drift::types::{Default, Kind, Type};
use ranges::{point, ranges, regex};

const DEFAULT_MARK: &str = r"(?:기본값|기본 값|default(?: value)?|デフォルト値?)";

/// `(기본값: 0.80)`, `(default: x)`, `(デフォルト: x)`; or the mark alone, after a value.
static DEFAULT: LazyLock<Regex> = LazyLock::new(|| {
    let value = r"(`[^`]+`|[A-Za-z0-9_.\[\]/-]+)";
    let said = r"((?:[^()]|\([^()]*\))*)";
    regex(&format!(r"(?i)(?:{value}\s*)?\(\s*{DEFAULT_MARK}\s*(?:[:=]\s*{said})?\)"))
});

/// A value with its meaning, and the mark that it is the default: `0: at random (default)`.
static MEANT_DEFAULT: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"(?i)^(`[^`]+`|[A-Za-z0-9_./-]+)\s*:(.*?)\s*\(\s*{DEFAULT_MARK}\s*\)\s*$")));

/// A default outside of parentheses, or behind something else in them: `기본값은 0`, `Default: []`.
static PLAIN_DEFAULT: LazyLock<Regex> = LazyLock::new(|| {
    let is = r"(?:[:=]|은|는|인|is\b|は)?";
    let value = r"(`[^`]+`|\[\]|NUMBER|true\b|false\b)";
    regex(&format!(r"(?i)(?:^|[,;.]\s*|시\s+){DEFAULT_MARK}\s*{is}\s*{value}"))
});

/// The only value that is taken: `` `float`만 지원 ``, ``(only `1` is allowed)``. Models are taken a field, not as values.
static ONLY: LazyLock<Regex> = LazyLock::new(|| {
    let bare = r"[A-Za-z0-9_][A-Za-z0-9_.-]*";
    regex(&format!(r"(?i)^\(?\s*(?:only\s+`([^`]+)`|`([^`]+)`\s*(?:만|のみ|only\b)|({bare})\s*(?:만|のみ))"))
});

static MODEL: LazyLock<Regex> = LazyLock::new(|| regex("^(?:HCX|LK)-"));

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

/// What a description says about a field of a type.
pub fn describe(text: &str, kind: &Type) -> Statement {
    let mut statement = Statement::default();
    let text = plain(text);
    if words::is_deprecated(&text) {
        statement.say(Attribute::Deprecated, Said::Yes);
    }
    // What is explained of an object are its members.
    let has_members = kind.has(Kind::Array) || kind.has(Kind::Object) && !kind.has(Kind::String);
    let mut pieces: Vec<Range> = Vec::new();
    let mut points: Vec<String> = Vec::new();
    let mut values: Vec<String> = Vec::new();
    let mut meanings: Vec<String> = Vec::new();
    for item in items(&text) {
        let (item, default) = take_default(&item, kind);
        let (item, default) = match default {
            Some(default) => (item, Some(default)),
            None => take_plain_default(&item, kind),
        };
        if let Some(default) = default {
            statement.say(Attribute::Default, Said::Default(default));
        }
        let found = ranges(&item, kind);
        if !found.is_empty() {
            pieces.extend(found);
        } else if let Some(listed) = list(&item).or_else(|| worded_list(&item).filter(|_| !has_members)) {
            values.extend(listed);
        } else if let Some(only) = only(&item) {
            values.push(only);
        } else if let Some(point) = kind.is_numeric().then(|| point(&item)).flatten() {
            points.push(point);
        } else if let Some(captures) = MEANING.captures(&item) {
            meanings.extend(captures.get(1).or(captures.get(2)).map(|value| value.as_str().to_owned()));
        }
    }
    // Items that explain values are the list of values where there is no other.
    if values.is_empty() && meanings.len() > 1 && !has_members {
        values = meanings;
    }
    if (!pieces.is_empty() || points.len() > 1)
        && let Some(points) = Range::of_points(&points)
    {
        pieces.insert(0, points);
    }
    if let Some(range) = pieces.into_iter().reduce(|range, piece| range.joined(&piece)) {
        let range = if kind.is_numeric() { range.of_numbers() } else { range };
        statement.say(Attribute::Range, Said::Range(range));
    }
    if !values.is_empty() {
        let mut seen = HashSet::new();
        values.retain(|value| seen.insert(value.clone()));
        statement.say(Attribute::Values, Said::Words(values));
    }
    statement
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

fn take_default(item: &str, kind: &Type) -> (String, Option<Default>) {
    if !item.contains('(') {
        return (item.to_owned(), None);
    }
    if let Some(captures) = MEANT_DEFAULT.captures(item) {
        return (format!("{}:{}", &captures[1], &captures[2]), literal(&captures[1], kind));
    }
    let mut default = None;
    let rest = DEFAULT.replace_all(item, |captures: &Captures<'_>| {
        let before = captures.get(1).filter(|value| stands_alone(value, item)).map_or("", |value| value.as_str());
        let said = captures.get(2).map_or(before, |value| value.as_str());
        default = default.take().or_else(|| literal(said, kind));
        // What is marked as the default is a value, also where it is not marked as code.
        match captures.get(2) {
            None if !before.is_empty() => format!("`{}`", before.trim_matches('`')),
            _ => captures.get(1).map_or("", |value| value.as_str()).to_owned(),
        }
    });
    (rest.trim().to_owned(), default)
}

/// Whether what stands before a mark is a value, and not the last word of a sentence.
fn stands_alone(value: &Match<'_>, item: &str) -> bool {
    let before = item[..value.start()].trim_end();
    let ends = ["|", ",", "、", "(", "또는", "혹은", " or", "または"];
    value.as_str().starts_with('`') || before.is_empty() || ends.iter().any(|end| before.ends_with(end))
}

fn take_plain_default(item: &str, kind: &Type) -> (String, Option<Default>) {
    let default = PLAIN_DEFAULT.captures(item).and_then(|captures| literal(&captures[1], kind));
    let rest = if default.is_some() { PLAIN_DEFAULT.replace(item, "") } else { item.into() };
    (rest.trim().to_owned(), default)
}

/// A default, unless it is told in words.
fn literal(text: &str, kind: &Type) -> Option<Default> {
    let text = text.trim();
    let bare = text.trim_matches(['`', '"', '\'']).trim();
    let bare = if bare.chars().filter(|letter| *letter != ' ').eq("[]".chars()) { "[]" } else { bare };
    let is_word = bare.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.-/".contains(letter));
    let first = bare.split([' ', '(']).next().unwrap_or_default();
    Some(Default::value(match first {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "[]" => Value::Array(Vec::new()),
        "" if text.contains(['`', '"', '\'']) => Value::from(""),
        "" => return None,
        _ => match number(first) {
            Some(number) => Value::from(number),
            None if text.starts_with('`') || is_word && (kind.is_empty() || kind.has(Kind::String)) => {
                Value::from(bare)
            }
            None => return None,
        },
    }))
}

/// Whether an item is a value with the remark that it is valid, or the default.
pub fn is_marked_value(item: &str) -> bool {
    let captures = VALUE.captures(item.trim());
    // `n` (only `1`) is no value, but tells the one of `n`.
    let is_valid = captures
        .and_then(|captures| captures.get(3))
        .is_some_and(|remark| VALID.is_match(remark.as_str()) && only(remark.as_str()).is_none());
    let is_default = DEFAULT
        .captures(item)
        .is_some_and(|captures| captures.get(1).is_some_and(|value| value.start() == 0) && captures.get(2).is_none());
    is_valid || is_default
}

/// The only value that an item, or a remark, says is taken.
fn only(text: &str) -> Option<String> {
    let captures = ONLY.captures(text)?;
    let value = captures.iter().skip(1).flatten().next()?.as_str();
    (!MODEL.is_match(value)).then(|| value.to_owned())
}

/// Whether a description has a value in a list.
pub fn lists(text: &str, value: &str) -> bool {
    items(text).iter().filter_map(|item| list(item)).flatten().any(|listed| listed == value)
}

/// The values of a sentence that lists nothing else, or of a list in parentheses behind one.
fn worded_list(item: &str) -> Option<Vec<String>> {
    if let Some(captures) = LIST_IN_PARENTHESES.captures(item) {
        return list(&captures[1]);
    }
    // Between two marks of code stands what is no value.
    let values = item.split('`').skip(1).step_by(2).map(str::to_owned);
    WORDED_LIST.is_match(item).then(|| values.collect())
}

/// The values of an item that is a list of values, or a single valid one.
fn list(item: &str) -> Option<Vec<String>> {
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
