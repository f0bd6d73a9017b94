//! Answers of the sliding window.

use serde_json::{Value, json};

use super::{Ask, counting};
use crate::raw::types::ModelName;

/// What stays of the conversation, so that it and `maxTokens` fit the model: system messages, and the latest turns. A
/// turn begins with a message of the user. The last one stays even when it is too long by itself, so that the chat call
/// that follows tells so.
pub fn result(ask: &Ask<'_>) -> Value {
    let messages: Vec<_> = ask.body["messages"].as_array().into_iter().flatten().collect();
    let (system, others): (Vec<_>, Vec<_>) = messages.iter().partition(|message| message["role"] == "system");
    let room = room(ask).saturating_sub(tokens(&system));
    let starts: Vec<_> = (0..others.len()).filter(|at| *at == 0 || others[*at]["role"] == "user").collect();
    let fitting = starts.iter().copied().find(|start| tokens(&others[*start..]) <= room);
    let start = fitting.or(starts.last().copied()).unwrap_or_default();
    let dropped = &others[..start];
    let stays = |message: &&&Value| !dropped.iter().any(|dropped| std::ptr::eq(*dropped, **message));
    json!({ "messages": messages.iter().filter(stays).collect::<Vec<_>>() })
}

/// Tokens that the model has for messages.
fn room(ask: &Ask<'_>) -> u64 {
    let model = ModelName::from(ask.model());
    let entry = model.entry();
    let context = entry.and_then(|entry| entry.context_tokens).map_or(u64::MAX, u64::from);
    let input = entry.and_then(|entry| entry.max_input_tokens).map_or(u64::MAX, u64::from);
    let answer = ask.number("maxTokens").and_then(|tokens| u64::try_from(tokens).ok()).unwrap_or_default();
    context.saturating_sub(answer).min(input)
}

fn tokens(messages: &[&Value]) -> u64 {
    messages.iter().map(|message| counting::message(message)).sum()
}
