//! What the simulator answers: functions of the request alone. The same request gives the same answer, ids and seeds
//! included; the clock shows in `created` only.

mod chat;
mod citing;
mod completions;
mod counting;
mod embeddings;
mod filters;
mod fixture;
mod instance;
mod language;
mod limits;
mod models;
mod paragraphs;
mod rag;
mod rerank;
mod router;
mod seed;
mod segmentation;
mod sentences;
mod skillset;
mod sliding;
mod summarization;
#[cfg(test)]
mod tests;
mod tokenizer;
mod tokens;
mod words;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use self::chat::reply::Reply;
use self::chat::{openai, v1, v3};
use self::seed::Seed;
use super::document::{document, source};
use crate::raw::Operation;
use crate::raw::types::{ModelName, StatusCode};

/// A request that passed all checks.
pub(super) struct Ask<'a> {
    /// The operation, never a streaming twin.
    pub(super) operation: Operation,
    /// Parameters of path and query by their name in the document, decoded.
    pub(super) parameters: &'a BTreeMap<String, String>,
    /// The body, valid against the schema and the rules; null without one.
    pub(super) body: &'a Value,
    /// The clock of the simulator, in seconds since 1970.
    pub(super) now: i64,
    /// What a test wants to be said next.
    pub(super) script: Option<&'a str>,
}

/// The JSON body of the success. The trainings are no functions of the request: the server has them.
pub(super) fn answer(ask: &Ask<'_>) -> Value {
    match ask.operation {
        Operation::CreateChatCompletionV3 | Operation::CreateTaskChatCompletionV3 => {
            envelope(&v3::result(ask, &Reply::to(ask)))
        }
        Operation::CreateChatCompletionV1
        | Operation::CreateTaskChatCompletionV1
        | Operation::CreateTaskChatCompletionV2 => envelope(&v1::result(&Reply::to(ask))),
        Operation::CreateCompletion | Operation::CreateTaskCompletion => envelope(&completions::result(ask)),
        Operation::OpenaiCreateChatCompletion => openai::completion(ask, &Reply::to(ask)),
        Operation::OpenaiCreateEmbedding => embeddings::list(ask),
        Operation::OpenaiListModels => models::list(ask),
        Operation::Rerank => envelope(&rerank::result(ask)),
        Operation::RagReasoning => envelope(&rag::result(ask)),
        Operation::TokenizeChat => envelope(&tokens::of_messages(ask)),
        Operation::TokenizeChatV3 => envelope(&tokens::of_parts(ask)),
        Operation::TokenizeEmbeddingV2 | Operation::TokenizeCompletion => envelope(&tokens::of_text(ask)),
        Operation::SlideChatMessages => envelope(&sliding::result(ask)),
        Operation::Summarize => envelope(&summarization::result(ask)),
        Operation::SegmentText => envelope(&segmentation::result(ask)),
        Operation::CreateEmbedding | Operation::CreateEmbeddingV2 => envelope(&embeddings::result(ask)),
        Operation::RouteQuery => envelope(&router::result(ask)),
        Operation::GenerateSkillsetFinalAnswer => envelope(&skillset::result(ask)),
        _ => envelope(&Value::Null),
    }
}

/// The events of the stream, each with `data` and, where the wire has them, `id` and `event`. None for an operation that
/// does not stream.
pub(super) fn events(ask: &Ask<'_>) -> Vec<Value> {
    match ask.operation {
        Operation::CreateChatCompletionV3 | Operation::CreateTaskChatCompletionV3 => v3::events(ask, &Reply::to(ask)),
        Operation::CreateChatCompletionV1
        | Operation::CreateTaskChatCompletionV1
        | Operation::CreateTaskChatCompletionV2 => v1::events(&Reply::to(ask)),
        Operation::OpenaiCreateChatCompletion => openai::events(ask, &Reply::to(ask)),
        Operation::GenerateSkillsetFinalAnswer => skillset::events(ask),
        _ => Vec::new(),
    }
}

/// Tokens of the input.
pub(super) fn input_tokens(ask: &Ask<'_>) -> u64 {
    let texts = |name: &str| match &ask.body[name] {
        Value::String(text) => tokenizer::count(text),
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).map(tokenizer::count).sum(),
        _ => 0,
    };
    let documents = ask.body["documents"].as_array().into_iter().flatten();
    let documents: u64 = documents.filter_map(|it| it["doc"].as_str()).map(tokenizer::count).sum();
    let history: u64 = ask.body["chatHistory"].as_array().into_iter().flatten().map(counting::message).sum();
    let texts: u64 = ["text", "texts", "input", "query"].into_iter().map(texts).sum();
    counting::prompt(ask.body) + texts + documents + history
}

/// Tokens of the input and of the longest output that the request allows, which is what a limit per minute counts.
pub(super) fn requested_tokens(ask: &Ask<'_>) -> u64 {
    input_tokens(ask).saturating_add(limits::output(ask).unwrap_or_default())
}

impl<'a> Ask<'a> {
    /// Name of the model that is called; empty where none is named.
    fn model(&self) -> &'a str {
        let named = self.parameters.get("modelName").map(String::as_str);
        named.or_else(|| self.body["model"].as_str()).unwrap_or_default()
    }

    /// Whether the model can reason.
    fn can_think(&self) -> bool {
        ModelName::from(self.model()).entry().is_some_and(|entry| entry.features.contains(&"thinking"))
    }

    /// How a model that can reason is to do so.
    fn effort(&self) -> Option<&'a str> {
        let asked = self.body.pointer("/thinking/effort").or_else(|| self.body.pointer("/reasoning/effort"));
        let asked = asked.or_else(|| self.body.get("reasoning_effort")).and_then(Value::as_str);
        asked.or(limits::default_effort())
    }

    /// A text of the body; empty where there is none.
    fn text(&self, name: &str) -> &'a str {
        self.body[name].as_str().unwrap_or_default()
    }

    /// The query, and the earlier turns of the user, latest first.
    fn queries(&self) -> impl Iterator<Item = &'a str> {
        let earlier = self.body["chatHistory"].as_array().into_iter().flatten().rev();
        let earlier = earlier.filter(|turn| turn["role"] == "user").filter_map(|turn| turn["content"].as_str());
        [self.text("query")].into_iter().chain(earlier)
    }

    /// A whole number of the body, or else its default in the document.
    fn number(&self, name: &str) -> Option<i64> {
        self.body[name].as_i64().or_else(|| properties(self.operation)[name]["default"].as_i64())
    }
}

/// The members of a request in the document.
fn properties(operation: Operation) -> &'static Value {
    let schema = source(operation)["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
    let schema = schema.and_then(|reference| document().pointer(reference.strip_prefix('#')?));
    schema.map_or(&Value::Null, |schema| &schema["properties"])
}

fn envelope(result: &Value) -> Value {
    let code = StatusCode::Ok;
    let message = code.entry().and_then(|entry| entry.messages.first()).map(|message| message.text);
    json!({ "status": { "code": code, "message": message }, "result": result })
}

/// An event of a native stream; each has an id of its own.
fn event(ids: Seed, index: usize, name: &str, data: &Value) -> Value {
    json!({ "id": ids.event_id(index), "event": name, "data": data })
}

/// The end mark of a native stream.
fn signal() -> Value {
    json!({ "event": "signal", "data": { "data": "[DONE]" } })
}

/// A member under its name in the native APIs, or in OpenAI's.
fn either<'a>(value: &'a Value, native: &str, compatible: &str) -> &'a Value {
    value.get(native).unwrap_or_else(|| &value[compatible])
}
