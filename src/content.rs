//! What is traced of requests and answers when that is switched on.

use serde::Serialize;
use serde_json::Value;

include!(concat!(env!("OUT_DIR"), "/secrets.rs"));

/// Longest text that is shown, in bytes. An image has millions.
const LONGEST: usize = 10_000;

/// A body as JSON, without secrets of the caller and without texts that are too long to read.
pub(crate) fn shown(body: &impl Serialize) -> String {
    serde_json::to_value(body).map_or_else(|_| "[not JSON]".to_owned(), |body| masked(body).to_string())
}

fn masked(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| {
                let value = if SECRETS.contains(&name.as_str()) { Value::from("[masked]") } else { masked(value) };
                (name, value)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(masked).collect(),
        Value::String(text) if text.len() > LONGEST => Value::from(format!("[{} bytes]", text.len())),
        other => other,
    }
}
