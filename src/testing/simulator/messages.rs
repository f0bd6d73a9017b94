//! Limits of the texts and messages of a request that its schema cannot say.

use serde_json::Value;

use super::contract::limit;
use super::refusal::Refusal;
use crate::raw::Operation;
use crate::raw::types::StatusCode;

/// Members that hold what the request is about: a text, a list of texts, or a list of documents.
const TEXTS: [&str; 5] = ["text", "texts", "query", "input", "documents"];

pub(super) fn check(operation: Operation, body: &Value) -> Result<(), Refusal> {
    let beyond = |count: usize, name: &str| limit(operation, name).is_some_and(|limit| count as u64 > limit);
    check_texts(body)?;
    let texts = body["texts"].as_array().into_iter().flatten().filter_map(Value::as_str);
    if beyond(texts.map(|text| text.chars().count()).sum(), "textsCharacters") {
        return Err(Refusal::new(StatusCode::ContextLengthExceeded));
    }
    let Some(messages) = body["messages"].as_array() else { return Ok(()) };
    if messages.is_empty() {
        return Err(Refusal::parameter("messages"));
    }
    if messages.iter().any(lacks_text) {
        return Err(Refusal::new(StatusCode::TextEmpty));
    }
    let images: Vec<usize> = messages.iter().map(|message| images(message).count()).collect();
    if beyond(images.iter().sum(), "imagesPerRequest") {
        return Err(Refusal::about(StatusCode::ContextLengthExceeded, "Image"));
    }
    if images.iter().any(|images| beyond(*images, "imagesPerMessage")) {
        return Err(Refusal::about(StatusCode::BadRequest, "one image"));
    }
    let systems = messages.iter().filter(|message| message["role"] == "system").count();
    if beyond(systems, "systemMessages") {
        return Err(Refusal::parameter("messages"));
    }
    Ok(())
}

/// The image parts of a message.
pub(super) fn images(message: &Value) -> impl Iterator<Item = &Value> {
    parts(message).filter(|part| part["type"] == "image_url")
}

fn parts(message: &Value) -> impl Iterator<Item = &Value> {
    message["content"].as_array().into_iter().flatten()
}

fn check_texts(body: &Value) -> Result<(), Refusal> {
    let empty = TEXTS.iter().filter_map(|name| body.get(*name)).any(|value| match value {
        Value::Array(items) => items.is_empty() || items.iter().any(|item| item == "" || item["doc"] == ""),
        value => value == "",
    });
    if empty { Err(Refusal::new(StatusCode::TextEmpty)) } else { Ok(()) }
}

/// Only what is said to the model must have a text: an answer with calls has none, and a function may return nothing.
fn lacks_text(message: &Value) -> bool {
    let is_said = message["role"] == "user" || message["role"] == "system";
    let content = &message["content"];
    is_said && (content == "" || content == &Value::Array(Vec::new()) || parts(message).any(|part| part["text"] == ""))
}
