//! Any JSON is read as the type of a schema or refused, and what was read is read the same once written.

use clovastudio::testing::read_as;
use serde_json::Value;

/// Takes the name of a schema on a line of its own, and JSON.
pub fn check(input: &[u8]) {
    let Some(end) = input.iter().position(|byte| *byte == b'\n') else { return };
    let (name, json) = input.split_at(end);
    let (Ok(name), Ok(value)) = (std::str::from_utf8(name), serde_json::from_slice(json)) else { return };
    check_value(name, value);
}

/// The same for a value.
pub fn check_value(schema: &str, value: Value) {
    let Ok(read) = read_as(schema, value) else { return };
    let again = read_as(schema, read.value.clone()).unwrap_or_else(|error| panic!("{schema}: {}: {error}", read.value));
    assert_eq!(again.value, read.value, "{schema}");
    assert_eq!(again.debug, read.debug, "{schema}");
}
