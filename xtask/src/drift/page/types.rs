//! Reads the columns of types and of requirements.

use super::words::plain;
use crate::drift::types::{Kind, Need, Type};

/// A type as a page writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenType {
    /// What it is.
    pub kind: Type,
    /// Names of types that are described in sections of their own.
    pub names: Vec<String>,
}

const NAMES: [(Kind, &[&str]); 7] = [
    (Kind::String, &["string", "str", "enum", "text", "date", "datetime", "문자열", "文字列"]),
    (Kind::Integer, &["integer", "int", "long", "int32", "int64", "uint32", "uint64", "정수", "整数"]),
    (Kind::Number, &["double", "float", "number", "decimal"]),
    (Kind::Boolean, &["boolean", "bool"]),
    (Kind::Object, &["object", "map", "json"]),
    (Kind::Array, &["array", "list"]),
    (Kind::Any, &["any"]),
];

/// Reads a type. A column without one is empty or has a dash.
pub fn read(text: &str) -> Option<WrittenType> {
    let text = plain(text).replace('`', "");
    let mut written = WrittenType::default();
    for term in text.split('|').map(str::trim).filter(|term| !term.is_empty() && *term != "-") {
        let (outer, inner) = split(term);
        if let Some(inner) = inner {
            let (kind, name) = one(inner)?;
            written.kind.extend(&Type::array_of(kind));
            written.names.extend(name);
        } else {
            let (kind, name) = one(outer)?;
            written.kind.extend(&Type::of([kind]));
            written.names.extend(name);
        }
    }
    Some(written)
}

/// The item of `Array[Object]`, `List<Object>`, `array of object`, `object array` and `String[]`.
fn split(term: &str) -> (&str, Option<&str>) {
    let is_array = |word: &str| ["array", "list"].contains(&word.trim().to_lowercase().as_str());
    if let Some(item) = term.strip_suffix("[]") {
        return ("array", Some(item));
    }
    if let Some((outer, item)) = term.split_once(['[', '<', '(']).filter(|(outer, _)| is_array(outer)) {
        return (outer, Some(item.trim_end_matches([']', '>', ')'])));
    }
    if let Some((outer, item)) = term.split_once(" of ").filter(|(outer, _)| is_array(outer)) {
        return (outer, Some(item));
    }
    match term.rsplit_once(' ') {
        Some((item, outer)) if is_array(outer) => (outer, Some(item)),
        _ => (term, None),
    }
}

fn one(term: &str) -> Option<(Kind, Option<String>)> {
    // A format in parentheses, such as `Integer (int64)`, says nothing that a range would not.
    let name = term.split('(').next().unwrap_or_default().trim();
    let lower = name.to_lowercase();
    let known = NAMES.iter().find(|(_, names)| names.contains(&lower.as_str()));
    if let Some((kind, _)) = known {
        return Some((*kind, None));
    }
    let is_name = name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric());
    is_name.then(|| (Kind::Object, Some(name.to_owned())))
}

/// Reads whether a field has to be there; a dash says nothing.
pub fn need(text: &str) -> Result<Option<Need>, String> {
    let word = plain(text).replace('`', "").trim().to_lowercase();
    match word.as_str() {
        "" | "-" => Ok(None),
        "required" | "y" | "yes" | "o" | "필수" | "必須" => Ok(Some(Need::Required)),
        "optional" | "n" | "no" | "x" | "선택" | "任意" => Ok(Some(Need::Optional)),
        "conditional" | "조건부" | "条件付き" => Ok(Some(Need::Conditional)),
        _ => Err(format!("the requirement `{text}`")),
    }
}
