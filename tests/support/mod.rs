//! What tests that are generated from the document share.

pub mod caller;
pub mod log;
pub mod methods;
pub mod server;

use clovastudio::raw::Operation;
use clovastudio::testing::document;
use serde_json::{Value, json};

/// The operation object of the document.
pub fn source(operation: Operation) -> &'static Value {
    &document()["paths"][operation.path()][operation.method().to_ascii_lowercase()]
}

/// Name of the schema at a place of an operation.
pub fn schema_name(operation: Operation, pointer: &str) -> &'static str {
    let schema = source(operation).pointer(pointer).unwrap_or_else(|| panic!("{operation:?} has no {pointer}"));
    component_name(schema).unwrap_or_else(|| panic!("{pointer} of {operation:?} is no reference"))
}

/// Name of the schema of a request body.
pub fn request_schema(operation: Operation) -> &'static str {
    schema_name(operation, "/requestBody/content/application~1json/schema")
}

/// Name of the schema of a JSON answer.
pub fn response_schema(operation: Operation) -> &'static str {
    schema_name(operation, "/responses/200/content/application~1json/schema")
}

/// An event as the service writes it: no space after the colon.
pub fn frame(event: &Value) -> Vec<u8> {
    let head = ["id", "event"].iter().filter_map(|key| Some(format!("{key}:{}\n", event[key].as_str()?)));
    let data = event["data"].as_str().map_or_else(|| event["data"].to_string(), str::to_owned);
    format!("{}data:{data}\n\n", head.collect::<String>()).into_bytes()
}

/// The schema of an event's data: of the variant with its name, or, without names, of the one that has its members.
pub fn event_schema(operation: Operation, event: &Value) -> &'static str {
    let union = schema_name(operation, "/responses/200/content/text~1event-stream/schema");
    let union = &document()["components"]["schemas"][union];
    let variants = ["oneOf", "anyOf"].iter().filter_map(|key| union[key].as_array()).flatten();
    let schemas = &document()["components"]["schemas"];
    let wrappers = variants.filter_map(component_name).map(|name| &schemas[name]["properties"]);
    let data = wrappers.filter_map(|wrapper| {
        let data = component_name(&wrapper["data"])?;
        let named = wrapper["event"]["enum"].as_array();
        let fits = named.map_or_else(
            || {
                schemas[data]["required"]
                    .as_array()
                    .is_some_and(|names| names.iter().all(|name| event["data"].get(name.as_str().unwrap()).is_some()))
            },
            |names| names.contains(&event["event"]),
        );
        fits.then_some(data)
    });
    data.into_iter().next().unwrap_or_else(|| panic!("no schema for {event}"))
}

/// Name of the component that a reference points to.
pub fn component_name(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

/// Values for the parameters of an operation, under their names in the document: all of them, or the required ones.
pub fn parameters(operation: Operation, all: bool) -> serde_json::Map<String, Value> {
    let parameters = source(operation)["parameters"].as_array().into_iter().flatten().map(|parameter| {
        let shared = parameter["$ref"].as_str().and_then(|reference| document().pointer(reference.strip_prefix('#')?));
        shared.unwrap_or(parameter)
    });
    let wanted = parameters.filter(|parameter| all || parameter["required"] == json!(true));
    wanted.map(|parameter| (parameter["name"].as_str().unwrap().to_owned(), parameter["example"].clone())).collect()
}

/// The path of an operation with values for its parameters.
pub fn path(operation: Operation, parameters: &serde_json::Map<String, Value>) -> String {
    parameters.iter().fold(operation.path().to_owned(), |path, (name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        path.replace(&format!("{{{name}}}"), &value)
    })
}
