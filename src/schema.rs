//! JSON Schemas as the service takes them, for structured outputs and for the parameters of functions.
//!
//! The service takes a small part of JSON Schema. [`of`] makes such a schema from a Rust type, [`reduce`] from any JSON
//! Schema. What has an equal in that part is rewritten, references are inlined, annotations are dropped; what has none
//! is an error that says where it stands and what to do.
//!
//! ```
//! use schemars::JsonSchema;
//! use serde::Deserialize;
//! use serde_json::json;
//!
//! #[derive(Deserialize, JsonSchema)]
//! struct Forecast {
//!     /// City name
//!     city: String,
//!     #[schemars(range(min = 0, max = 100))]
//!     rain: Option<u8>,
//! }
//!
//! # fn main() -> Result<(), clovastudio::schema::SchemaError> {
//! let schema = clovastudio::schema::of::<Forecast>()?;
//! let expected = json!({
//!     "type": "object",
//!     "properties": {
//!         "city": { "type": "string", "description": "City name" },
//!         "rain": { "type": "integer", "minimum": 0, "maximum": 100 },
//!     },
//!     "required": ["city"],
//! });
//! assert_eq!(Some(&schema), expected.as_object());
//! # Ok(())
//! # }
//! ```
//!
//! An answer that fits the reduced schema fits the given one, but for three things that it cannot say. Null: a property
//! that may be null may be left out instead, which serde reads as `None` as well, and other values are not null.
//! `oneOf`, which becomes `anyOf`. And whether an object may have further properties, of which the service adds none.

mod error;
mod node;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::limits::{KEYWORDS, Keywords};

pub use error::SchemaError;
use node::{Entry, Node, Null, Place};

/// Keywords that say nothing about the answer by themselves.
const DROPPED: [&str; 11] = [
    "$schema",
    "$id",
    "$comment",
    "$defs",
    "definitions",
    "title",
    "default",
    "examples",
    "readOnly",
    "writeOnly",
    "deprecated",
];

/// The schema of the values that can be read as a `T`.
///
/// Answers are read, so attributes count as for [`Deserialize`](serde::Deserialize): a field with `#[serde(default)]`
/// is not required. Doc comments become descriptions, which the model reads. Integers of 8 and 16 bits come with their
/// range, wider ones without: state it with `#[schemars(range(…))]` where an answer could go past it. Fields come in
/// alphabetical order, unless the feature `preserve_order` of `serde_json` is on.
///
/// # Errors
///
/// When the type is no struct (an enum or a list goes into a field of one) or cannot be expressed: it contains itself, a
/// map, a tuple, a set, any JSON value, or a limit such as the length of a string.
pub fn of<T: JsonSchema>() -> Result<Map<String, Value>, SchemaError> {
    let generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    reduce(generator.into_root_schema_for::<T>().as_value())
}

/// A JSON Schema, for example one written by hand or of an MCP server, with no other keywords than the service takes.
///
/// Reducing a reduced schema changes nothing.
///
/// ```
/// use clovastudio::schema::{SchemaError, reduce};
/// use serde_json::json;
///
/// let schema = json!({ "type": "object", "properties": { "zip": { "type": "string", "pattern": "^[0-9]{5}$" } } });
/// let error = reduce(&schema).unwrap_err();
/// assert_eq!(
///     error,
///     SchemaError::Unsupported { keyword: "pattern".to_owned(), pointer: "/properties/zip/pattern".to_owned() },
/// );
/// ```
///
/// # Errors
///
/// When the root is no object or something cannot be expressed.
pub fn reduce(schema: &Value) -> Result<Map<String, Value>, SchemaError> {
    let schema = reduced(&Node::read(schema, Place::root(schema))?)?;
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => Ok(schema),
        found => Err(SchemaError::NotAnObject { found: found.map(str::to_owned) }),
    }
}

impl Keywords {
    fn of_type(&self, kind: Option<&str>) -> &'static [&'static str] {
        match kind {
            Some("string") => self.string,
            Some("number" | "integer") => self.number,
            Some("array") => self.array,
            Some("object") => self.object,
            _ => &[],
        }
    }

    fn with_type(&self, kind: Option<&str>) -> impl Iterator<Item = &'static str> {
        self.any.iter().chain(self.of_type(kind)).copied()
    }

    fn knows(&self, keyword: &str) -> bool {
        let of_types = [self.string, self.number, self.array, self.object];
        self.any.contains(&keyword) || of_types.iter().any(|keywords| keywords.contains(&keyword))
    }
}

fn reduced(node: &Node) -> Result<Map<String, Value>, SchemaError> {
    if node.null == Null::Only {
        return Err(SchemaError::OnlyNull { pointer: node.pointer.clone() });
    }
    let kind = kind(node)?;
    check_keywords(node, kind)?;
    let members = members(node)?;
    let mut schema = Map::new();
    for keyword in KEYWORDS.with_type(kind) {
        if let Some(value) = value_of(keyword, kind, node, &members)? {
            schema.insert(keyword.to_owned(), value);
        }
    }
    if ["type", "enum", "anyOf"].iter().all(|keyword| !schema.contains_key(*keyword)) {
        return Err(SchemaError::AnyValue { pointer: node.pointer.clone() });
    }
    Ok(schema)
}

/// The one type of the values, without `null`.
fn kind<'a>(node: &Node<'a>) -> Result<Option<&'a str>, SchemaError> {
    let mut kind = None;
    for entry in node.entries("type") {
        let found = one_type(entry)?;
        if *kind.get_or_insert(found) != found {
            return Err(entry.conflict("type"));
        }
    }
    Ok(kind)
}

fn one_type<'a>(entry: &Entry<'a>) -> Result<&'a str, SchemaError> {
    let types = entry.value.as_array().map_or(std::slice::from_ref(entry.value), Vec::as_slice);
    let mut types = types.iter().filter(|kind| *kind != "null");
    match (types.next().and_then(Value::as_str), types.next()) {
        (Some(kind), None) if KEYWORDS.types.contains(&kind) => Ok(kind),
        _ => Err(SchemaError::UnsupportedType { found: entry.value.to_string(), pointer: entry.place.pointer.clone() }),
    }
}

/// Nothing is lost silently: every keyword is taken, rewritten, or of no weight.
fn check_keywords(node: &Node, kind: Option<&str>) -> Result<(), SchemaError> {
    for (keyword, entry) in node.all() {
        let is_fine = match keyword {
            _ if KEYWORDS.with_type(kind).any(|it| it == keyword) || DROPPED.contains(&keyword) => true,
            "const" => true,
            "exclusiveMinimum" | "exclusiveMaximum" => kind == Some("integer"),
            // The width of a Rust number. JSON Schema has no formats of numbers.
            "format" => matches!(kind, Some("number" | "integer")),
            // True and false are about properties that the service does not add; a schema makes the object a map.
            "additionalProperties" | "unevaluatedProperties" => entry.value.is_boolean(),
            _ => false,
        };
        if !is_fine {
            return Err(entry.refused(keyword, KEYWORDS.knows(keyword)));
        }
    }
    Ok(())
}

/// The reduced value of a keyword that the service takes.
fn value_of(
    keyword: &str,
    kind: Option<&str>,
    node: &Node,
    members: &[(&str, Node)],
) -> Result<Option<Value>, SchemaError> {
    match keyword {
        "type" => Ok(kind.map(Value::from)),
        "description" => description(node),
        "enum" => values(node),
        "anyOf" => choice(node),
        "format" if kind == Some("string") => format(node),
        "minimum" => limit(node, "minimum", "exclusiveMinimum", 1),
        "maximum" => limit(node, "maximum", "exclusiveMaximum", -1),
        "items" => items(node),
        "properties" if !node.entries("properties").is_empty() => properties(members).map(Some),
        "required" => required(node, members),
        _ => Ok(node.one(keyword)?.map(|entry| entry.value.clone())),
    }
}

/// The outermost one: that of a field tells more than that of its type.
fn description(node: &Node) -> Result<Option<Value>, SchemaError> {
    match node.entries("description").first() {
        Some(entry) if !entry.value.is_string() => Err(entry.malformed("description")),
        entry => Ok(entry.map(|entry| entry.value.clone())),
    }
}

fn values(node: &Node) -> Result<Option<Value>, SchemaError> {
    let mut values = None;
    for entry in node.entries("enum") {
        let list = entry.value.as_array().ok_or_else(|| entry.malformed("enum"))?;
        let found: Vec<&Value> = list.iter().filter(|value| !value.is_null()).collect();
        if found.is_empty() {
            return Err(SchemaError::NoValue { pointer: entry.place.pointer.clone() });
        }
        if *values.get_or_insert_with(|| found.clone()) != found {
            return Err(entry.conflict("enum"));
        }
    }
    for entry in node.entries("const") {
        if *values.get_or_insert_with(|| vec![entry.value]) != [entry.value] {
            return Err(entry.conflict("const"));
        }
    }
    Ok(values.map(|values| values.into_iter().cloned().collect()))
}

fn choice(node: &Node) -> Result<Option<Value>, SchemaError> {
    match node.choices.as_slice() {
        [] => Ok(None),
        [members] => Ok(Some(members.iter().map(reduced).collect::<Result<Value, _>>()?)),
        _ => Err(SchemaError::Conflict { keyword: "anyOf".to_owned(), pointer: node.pointer.clone() }),
    }
}

fn format(node: &Node) -> Result<Option<Value>, SchemaError> {
    let Some(entry) = node.one("format")? else { return Ok(None) };
    let format = entry.value.as_str().ok_or_else(|| entry.malformed("format"))?;
    if KEYWORDS.string_formats.contains(&format) {
        return Ok(Some(Value::from(format)));
    }
    Err(SchemaError::UnsupportedFormat { format: format.to_owned(), pointer: entry.place.pointer.clone() })
}

/// A limit that is in the range. An exclusive one of an integer is a `step` away from one that is.
fn limit(node: &Node, keyword: &str, exclusive: &str, step: i64) -> Result<Option<Value>, SchemaError> {
    let inclusive = node.one(keyword)?;
    if let Some(entry) = inclusive.filter(|entry| !entry.value.is_number()) {
        return Err(entry.malformed(keyword));
    }
    let Some(entry) = node.one(exclusive)? else { return Ok(inclusive.map(|entry| entry.value.clone())) };
    let integer = entry.value.as_i64().and_then(|limit| limit.checked_add(step));
    let moved = integer.ok_or_else(|| entry.refused(exclusive, false))?;
    let Some(inclusive) = inclusive else { return Ok(Some(Value::from(moved))) };
    let stated = inclusive.value.as_i64().ok_or_else(|| entry.conflict(exclusive))?;
    Ok(Some(Value::from(if step > 0 { moved.max(stated) } else { moved.min(stated) })))
}

fn items(node: &Node) -> Result<Option<Value>, SchemaError> {
    let Some(entry) = node.one("items")? else { return Ok(None) };
    let items = Node::read(entry.value, entry.place.clone())?;
    Ok(Some(Value::Object(reduced(&items)?)))
}

fn properties(members: &[(&str, Node)]) -> Result<Value, SchemaError> {
    let mut properties = Map::new();
    for (name, member) in members {
        properties.insert((*name).to_owned(), Value::Object(reduced(member)?));
    }
    Ok(Value::Object(properties))
}

/// A property that may be null becomes one that may be left out.
fn required(node: &Node, members: &[(&str, Node)]) -> Result<Option<Value>, SchemaError> {
    let may_be_null = members.iter().filter(|(_, member)| member.null == Null::Allowed);
    let mut left_out: BTreeSet<&str> = may_be_null.map(|(name, _)| *name).collect();
    let mut required = Vec::new();
    for entry in node.entries("required") {
        for name in entry.value.as_array().ok_or_else(|| entry.malformed("required"))? {
            let name = name.as_str().ok_or_else(|| entry.malformed("required"))?;
            if left_out.insert(name) {
                required.push(Value::from(name));
            }
        }
    }
    Ok(if required.is_empty() { None } else { Some(Value::Array(required)) })
}

/// The properties in their order. Those of a tag and of what it tags, which `schemars` keeps apart, come together here.
fn members<'a>(node: &Node<'a>) -> Result<Vec<(&'a str, Node<'a>)>, SchemaError> {
    let mut seen = BTreeMap::new();
    let mut members = Vec::new();
    for entry in node.entries("properties") {
        for (name, schema) in entry.value.as_object().ok_or_else(|| entry.malformed("properties"))? {
            let place = entry.place.child(name)?;
            match seen.insert(name, schema) {
                None => members.push((name.as_str(), Node::read(schema, place)?)),
                Some(earlier) if earlier == schema => {}
                Some(_) => return Err(SchemaError::Conflict { keyword: name.clone(), pointer: place.pointer }),
            }
        }
    }
    Ok(members)
}
