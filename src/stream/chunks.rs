//! The whole answer from the chunks of an OpenAI-compatible stream.
//!
//! Chunks are joined as JSON, so that a member which the document gets to know, or which nobody knows, is kept without
//! a line here.

use serde_json::{Map, Value};

use crate::error::Result;
use crate::failure;
use crate::raw::types::{OpenAiChatCompletion, OpenAiChunk};

/// Members whose text comes in pieces; a new value of any other takes the place of the old one.
const PIECES: [&str; 5] = ["content", "reasoning_content", "thinking_content", "refusal", "arguments"];

/// Lists whose items come in pieces.
const LISTS: [&str; 2] = ["choices", "tool_calls"];

/// The chunks that arrived, joined into one.
#[derive(Clone, Default)]
pub struct Chunks {
    joined: Map<String, Value>,
    ended: bool,
}

impl Chunks {
    /// Adds a chunk, or the end mark, and tells whether every choice that began has finished. What comes then is
    /// usage, which has no choice.
    pub(super) fn join(&mut self, chunk: Option<&OpenAiChunk>) -> bool {
        match chunk.map(serde_json::to_value) {
            Some(Ok(Value::Object(chunk))) => join_members(&mut self.joined, chunk),
            Some(_) => {}
            None => self.ended = true,
        }
        let choices = self.joined.get("choices").and_then(Value::as_array).filter(|choices| !choices.is_empty());
        choices.is_some_and(|choices| self.ended || choices.iter().all(|choice| !choice["finish_reason"].is_null()))
    }

    /// The chunks as a document.
    pub(super) fn reply(mut self) -> Result<OpenAiChatCompletion> {
        if let Some(object) = self.joined.get_mut("object") {
            *object = Value::from("chat.completion");
        }
        for choice in in_order(self.joined.get_mut("choices")) {
            let mut message = choice.remove("delta").unwrap_or_default();
            for call in in_order(message.get_mut("tool_calls")) {
                call.remove("index");
            }
            choice.insert("message".to_owned(), message);
        }
        serde_json::from_value(Value::Object(self.joined)).map_err(|error| failure::undecodable(&error))
    }
}

/// The items of a list, sorted by their number.
fn in_order(list: Option<&mut Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    let mut items = list.and_then(Value::as_array_mut);
    if let Some(items) = &mut items {
        items.sort_by_key(|item| item["index"].as_i64());
    }
    items.into_iter().flatten().filter_map(Value::as_object_mut)
}

fn join_members(joined: &mut Map<String, Value>, new: Map<String, Value>) {
    for (name, value) in new {
        join_value(&name, joined.entry(&name).or_insert(Value::Null), value);
    }
}

fn join_value(name: &str, joined: &mut Value, new: Value) {
    match (joined, new) {
        (_, Value::Null) => {}
        (Value::String(joined), Value::String(piece)) if PIECES.contains(&name) => joined.push_str(&piece),
        (joined, Value::Object(new)) => {
            let mut members = if let Value::Object(members) = joined.take() { members } else { Map::new() };
            join_members(&mut members, new);
            *joined = Value::Object(members);
        }
        (joined, Value::Array(new)) if LISTS.contains(&name) => {
            let mut items = if let Value::Array(items) = joined.take() { items } else { Vec::new() };
            for item in new {
                join_item(&mut items, item);
            }
            *joined = Value::Array(items);
        }
        (joined, new) => *joined = new,
    }
}

/// Joins a piece to the last item with its number and id. A piece without either belongs to the last item; a new id
/// begins an item even under an old number, which some services give to every call.
fn join_item(items: &mut Vec<Value>, new: Value) {
    let fits = |item: &Value, key| new[key].is_null() || item[key].is_null() || item[key] == new[key];
    if let Some(item) = items.iter_mut().rev().find(|item| fits(item, "index") && fits(item, "id")) {
        return join_value("", item, new);
    }
    let mut item = Value::Null;
    join_value("", &mut item, new);
    items.push(item);
}
