//! The document and its examples at run time.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::catalogue::{MODELS, ModelEntry};
use crate::guard;
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

/// Path, query and header parameters to send a body with, under their names in the document: its examples, and for
/// `modelName` a model that takes the body.
///
/// ```
/// use clovastudio::raw::Operation;
/// use clovastudio::testing::{example_parameters, request_examples};
///
/// let operation = Operation::CreateChatCompletionV3;
/// let examples = request_examples(operation);
/// let (_, body) = examples.iter().find(|(name, _)| *name == "thinking").expect("there is one");
/// assert_eq!(example_parameters(operation, body)["modelName"], "HCX-007");
/// ```
#[must_use]
pub fn example_parameters(operation: Operation, body: &Value) -> Map<String, Value> {
    let parameters = source(operation)["parameters"].as_array().into_iter().flatten().map(resolve);
    let parameters = parameters.map(|parameter| {
        let name = parameter["name"].as_str().unwrap_or_default();
        let model = (name == "modelName").then(|| model_for(operation, body)).flatten();
        (name.to_owned(), model.map_or_else(|| parameter["example"].clone(), |model| model.name.as_str().into()))
    });
    parameters.collect()
}

/// The first model of the catalogue that the operation serves and that takes the body; a retired one only where there
/// is no other.
fn model_for(operation: Operation, body: &Value) -> Option<&'static ModelEntry> {
    let schema = operation.body_schema().unwrap_or_default();
    let takes = |model: &&ModelEntry| {
        model.operations.contains(&operation.id())
            && guard::check(schema, Some(model.name.as_str()), body).is_ok()
            && takes_members(schema, model.name.as_str(), body)
    };
    let mut models = MODELS.iter().filter(|model| !model.retired).chain(MODELS.iter().filter(|model| model.retired));
    models.find(takes)
}

fn takes_members(schema: &str, model: &str, body: &Value) -> bool {
    let properties = &DOCUMENT["components"]["schemas"][schema]["properties"];
    let mut members = body.as_object().into_iter().flatten();
    members.all(|(name, _)| taken_by(&properties[name]).is_none_or(|models| models.contains(&model)))
}

/// The models that take a member of a body (`x-clova-taken-by`); nothing when all do.
pub(super) fn taken_by(member: &'static Value) -> Option<Vec<&'static str>> {
    let models = [member, resolve(member)].into_iter().find_map(|schema| schema["x-clova-taken-by"].as_array())?;
    Some(models.iter().filter_map(Value::as_str).collect())
}

/// The part of the document that a reference points to, or the part itself.
pub(super) fn resolve(node: &'static Value) -> &'static Value {
    let target = node["$ref"].as_str().and_then(|reference| DOCUMENT.pointer(reference.strip_prefix('#')?));
    target.unwrap_or(node)
}

/// The operation object of the document.
pub(super) fn source(operation: Operation) -> &'static Value {
    &DOCUMENT["paths"][operation.path()][operation.method().to_ascii_lowercase()]
}

fn examples(media_type: &'static Value) -> Vec<(&'static str, &'static Value)> {
    let examples = media_type["examples"].as_object().into_iter().flatten();
    examples.map(|(name, example)| (name.as_str(), &example["value"])).collect()
}
