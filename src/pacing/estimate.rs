//! How many tokens a request counts for.

use serde_json::Value;

use crate::limits::MOST_OUTPUT;
use crate::raw::Operation;

/// Tokens of an image. Its size is not known here; the most that the document's examples have is 1,478.
const IMAGE: u64 = 2_000;

/// Whether the service counts an operation under its model. Tools have counters of their own.
pub(crate) fn counts_for_model(operation: Operation) -> bool {
    matches!(operation.tag(), "chat" | "openai" | "completions" | "embeddings")
}

/// Input, rather too high, and requested output.
pub(super) fn tokens(operation: Operation, model: &str, body: &Value) -> u64 {
    let asked = MOST_OUTPUT.iter().find_map(|name| body.get(name)?.as_u64());
    input(body).saturating_add(asked.unwrap_or_else(|| default_output(operation, model, body)))
}

/// A body is mostly text, so names of members and punctuation count as text.
fn input(value: &Value) -> u64 {
    match value {
        Value::Object(members) if members.get("type").is_some_and(|kind| kind == "image_url") => IMAGE,
        Value::Object(members) => members.iter().map(|(name, value)| text(name) + input(value)).sum(),
        Value::Array(items) => items.iter().map(input).sum(),
        Value::String(string) => text(string),
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
    }
}

fn text(text: &str) -> u64 {
    let ascii = text.bytes().filter(u8::is_ascii).count();
    let others = text.chars().filter(|char| !char.is_ascii()).count();
    (ascii.div_ceil(2) + others) as u64
}

/// What the service generates at most when the request does not say.
fn default_output(operation: Operation, model: &str, body: &Value) -> u64 {
    match operation {
        Operation::CreateChatCompletionV3 | Operation::CreateChatCompletionV3Stream if model == "HCX-007" => {
            default_reasoning(body)
        }
        Operation::CreateChatCompletionV3
        | Operation::CreateChatCompletionV3Stream
        | Operation::CreateTaskChatCompletionV3
        | Operation::CreateTaskChatCompletionV3Stream
        | Operation::OpenaiCreateChatCompletion
        | Operation::OpenaiCreateChatCompletionStream => 512,
        Operation::Rerank | Operation::RagReasoning => 1_024,
        _ if matches!(operation.tag(), "chat" | "completions") => 100,
        _ => 0,
    }
}

/// HCX-007 reasons with `low` unless told otherwise.
fn default_reasoning(body: &Value) -> u64 {
    match body.pointer("/thinking/effort").and_then(Value::as_str) {
        Some("none") => 512,
        Some("medium") => 10_240,
        Some("high") => 20_480,
        _ => 5_120,
    }
}
