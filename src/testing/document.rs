//! The document and its examples at run time.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

use crate::raw::Operation;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!(concat!(env!("OUT_DIR"), "/document.json"));
    serde_json::from_str(text).expect("the build wrote JSON")
});

/// The OpenAPI document that this crate was built from.
#[must_use]
pub fn document() -> &'static Value {
    &DOCUMENT
}

/// The request bodies that the document gives as examples of an operation, by name. None for an operation without
/// a body.
#[must_use]
pub fn request_examples(operation: Operation) -> Vec<(&'static str, &'static Value)> {
    examples(&source(operation)["requestBody"]["content"]["application/json"])
}

/// The JSON answers that the document gives as examples of an operation, by name.
#[must_use]
pub fn response_examples(operation: Operation) -> Vec<(&'static str, &'static Value)> {
    examples(&source(operation)["responses"]["200"]["content"]["application/json"])
}

/// The streams that the document gives as examples of an operation, by name: each a list of events with `data` and,
/// where the wire has them, `id` and `event`. None for an operation that does not stream.
#[must_use]
pub fn stream_examples(operation: Operation) -> BTreeMap<&'static str, Vec<&'static Value>> {
    let mut streams: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, event) in examples(&source(operation)["responses"]["200"]["content"]["text/event-stream"]) {
        let (stream, position) = name.rsplit_once('-').unwrap_or((name, "0"));
        streams.entry(stream).or_default().push((position.parse::<u32>().unwrap_or_default(), event));
    }
    streams.into_iter().map(|(stream, events)| (stream, in_order(events))).collect()
}

fn in_order(mut events: Vec<(u32, &'static Value)>) -> Vec<&'static Value> {
    events.sort_by_key(|(position, _)| *position);
    events.into_iter().map(|(_, event)| event).collect()
}

/// The operation object of the document.
pub(super) fn source(operation: Operation) -> &'static Value {
    &DOCUMENT["paths"][operation.path()][operation.method().to_ascii_lowercase()]
}

fn examples(media_type: &'static Value) -> Vec<(&'static str, &'static Value)> {
    let examples = media_type["examples"].as_object().into_iter().flatten();
    examples.map(|(name, example)| (name.as_str(), &example["value"])).collect()
}
