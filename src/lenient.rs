//! Readers that take what the service sends although its pages say otherwise.

use std::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

/// Reads a text that may arrive as a number or a flag.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    deserializer.deserialize_any(Text)
}

struct Text;

impl Visitor<'_> for Text {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, or a number in place of one")
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<String, E> {
        Ok(value.to_owned())
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<String, E> {
        Ok(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<String, E> {
        Ok(value.to_string())
    }
}

/// Reads a text that may arrive as a list of parts, whose texts are joined.
pub(crate) fn text_or_parts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Content {
        Text(String),
        Parts(Vec<Part>),
    }
    #[derive(Deserialize)]
    struct Part {
        text: Option<String>,
    }
    let content = Option::deserialize(deserializer)?;
    Ok(content.map(|content| match content {
        Content::Text(text) => text,
        Content::Parts(parts) => parts.into_iter().filter_map(|part| part.text).collect(),
    }))
}

/// Reads an object that may arrive as its JSON text.
pub(crate) fn object_or_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Map<String, Value>>, D::Error> {
    match Option::deserialize(deserializer)? {
        Some(Value::String(text)) if text.trim().is_empty() => Ok(Some(Map::new())),
        Some(Value::String(text)) => serde_json::from_str(&text).map(Some).map_err(|_| de::Error::custom("no object")),
        Some(value) => Map::deserialize(value).map(Some).map_err(de::Error::custom),
        None => Ok(None),
    }
}

/// Reads a JSON text that may arrive as the object itself.
pub(crate) fn text_or_object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map(|value| match value {
        Value::String(text) => text,
        object => object.to_string(),
    }))
}

/// Reads a list that may be null; the field may be missing.
pub(crate) fn list_or_nothing<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// An integer that may arrive as a string with a trailing comma, as an example of the vendor prints it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LooseInteger(pub i64);

impl From<LooseInteger> for i64 {
    fn from(value: LooseInteger) -> Self {
        value.0
    }
}

impl From<i64> for LooseInteger {
    fn from(value: i64) -> Self {
        Self(value)
    }
}

impl Serialize for LooseInteger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for LooseInteger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = text(deserializer)?;
        let digits = text.trim().trim_end_matches(',');
        digits.parse().map(Self).map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &"an integer"))
    }
}
