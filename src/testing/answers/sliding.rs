//! Answers of the sliding window.

use serde_json::{Value, json};

use super::{Ask, counting};
use crate::raw::types::ModelName;

/// What stays of the conversation, so that it and `maxTokens` fit the model: system messages, and the latest turns. A
/// turn begins with a message of the user. The last one stays even when it is too long by itself, so that the chat call
/// that follows tells so.
pub fn result(ask: &Ask<'_>) -> Value {
    let messages: Vec<_> = ask.body["messages"].as_array().into_iter().flatten().enumerate().collect();
    let (system, others): (Vec<_>, Vec<_>) = messages.iter().partition(|(_, message)| message["role"] == "system");
    let turns: Vec<_> = others.chunk_by(|_, (_, next)| next["role"] != "user").collect();
    let mut used = tokens(&system);
    let room = room(ask);
    let fits = |turn: &&&[(usize, &Value)]| {
        used += tokens(turn);
        used <= room
    };
    let fitting = turns.iter().rev().take_while(fits).count().max(1);
    let first = turns.get(turns.len().saturating_sub(fitting)).and_then(|turn| turn.first());
    let stays =
        |(at, message): &&(usize, &Value)| message["role"] == "system" || first.is_some_and(|(first, _)| at >= first);
    let stays = messages.iter().filter(stays).map(|(_, message)| message);
    json!({ "messages": stays.collect::<Vec<_>>() })
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

fn tokens(messages: &[(usize, &Value)]) -> u64 {
    messages.iter().map(|(_, message)| counting::message(message)).sum()
}
