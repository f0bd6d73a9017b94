//! Answers of Chat Completions (v1).

use serde_json::{Value, json};

use super::reply::{End, Reply};
use crate::raw::types::StopReason;
use crate::testing::answers::{event, signal, tokenizer};

/// The result. Filters that nobody asked for are an empty list, as recorded.
pub fn result(reply: &Reply) -> Value {
    json!({
        "message": { "role": "assistant", "content": reply.text },
        "stopReason": stop_reason(reply.end),
        "inputLength": reply.usage.prompt,
        "outputLength": reply.usage.completion,
        "seed": reply.seed,
        "aiFilter": reply.filters.clone().unwrap_or_else(|| json!([])),
    })
}

/// The stream: numbered pieces, then the result and the end mark.
pub fn events(reply: &Reply) -> Vec<Value> {
    let token = |(index, piece)| {
        json!({
            "message": { "role": "assistant", "content": piece },
            "index": index,
            "inputLength": reply.usage.prompt,
            "outputLength": 1,
            "stopReason": null,
        })
    };
    let tokens = tokenizer::pieces(&reply.text).enumerate().map(|piece| ("token", token(piece)));
    let events = tokens.chain([("result", result(reply))]).enumerate();
    let events = events.map(|(index, (name, data))| event(reply.ids, index, name, &data));
    events.chain([signal()]).collect()
}

/// How an end is called here. The normal one is `stop_before`, as recorded.
pub fn stop_reason(end: End) -> StopReason {
    match end {
        End::Stop | End::ToolCalls => StopReason::StopBefore,
        End::Length => StopReason::Length,
    }
}
