//! Reads defaults.

use std::sync::LazyLock;

use regex::{Captures, Match, Regex};
use serde_json::Value;

use super::ranges::regex;
use crate::drift::range::number;
use crate::drift::types::{Default, Kind, Type};

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

/// The default that an item tells, and what else it says.
pub fn take(item: &str, kind: &Type) -> (String, Option<Default>) {
    let (rest, default) = take_marked(item, kind);
    if default.is_some() { (rest, default) } else { take_plain(&rest, kind) }
}

/// Whether an item begins with a value that is marked as the default.
pub fn is_marked(item: &str) -> bool {
    let captures = DEFAULT.captures(item);
    captures.is_some_and(|found| found.get(1).is_some_and(|value| value.start() == 0) && found.get(2).is_none())
}

fn take_marked(item: &str, kind: &Type) -> (String, Option<Default>) {
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

fn take_plain(item: &str, kind: &Type) -> (String, Option<Default>) {
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
