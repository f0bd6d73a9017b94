//! Answers of Chat Completions v3.

use serde_json::{Value, json};

use super::reply::{End, Reply};
use super::tools::Call;
use crate::raw::types::FinishReason;
use crate::testing::answers::{Ask, event, signal, tokenizer};

/// The result.
pub fn result(ask: &Ask<'_>, reply: &Reply) -> Value {
    let mut result = json!({
        "message": message(reply),
        "finishReason": finish_reason(reply.end),
        "created": ask.now,
        "seed": reply.seed,
        "usage": reply.usage.native(),
    });
    if let Some(thinking) = reply.usage.thinking {
        result["usage"]["completionTokensDetails"] = json!({ "thinkingTokens": thinking });
    }
    if let Some(filters) = &reply.filters {
        result["aiFilter"] = filters.clone();
    }
    result
}

/// The stream: pieces of reasoning, of text and of calls, then the result and the end mark.
pub fn events(ask: &Ask<'_>, reply: &Reply) -> Vec<Value> {
    let thinking = reply.thinking.iter().flat_map(|text| tokenizer::pieces(text));
    let thinking = thinking.map(|piece| json!({ "role": "assistant", "thinkingContent": piece }));
    let text = tokenizer::pieces(&reply.text).map(|piece| json!({ "role": "assistant", "content": piece }));
    let calls = reply.calls.iter().flat_map(call_pieces);
    let calls = calls.map(|piece| json!({ "role": "assistant", "content": "", "toolCalls": [piece] }));
    let token = |message| json!({ "message": message, "finishReason": null, "created": ask.now, "seed": reply.seed, "usage": null });
    let tokens = thinking.chain(text).chain(calls).map(|message| ("token", token(message)));
    let events = tokens.chain([("result", result(ask, reply))]).enumerate();
    let events = events.map(|(index, (name, data))| event(reply.ids, index, name, &data));
    events.chain([signal()]).collect()
}

/// The message of an answer, also that of RAG reasoning.
pub fn message(reply: &Reply) -> Value {
    let mut message = json!({ "role": "assistant", "content": reply.text });
    if let Some(thinking) = &reply.thinking {
        message["thinkingContent"] = json!(thinking);
    }
    if !reply.calls.is_empty() {
        message["toolCalls"] = reply.calls.iter().map(Call::native).collect();
    }
    message
}

/// How an end is called here and in OpenAI's API.
pub fn finish_reason(end: End) -> FinishReason {
    match end {
        End::Stop => FinishReason::Stop,
        End::Length => FinishReason::Length,
        End::ToolCalls => FinishReason::ToolCalls,
    }
}

/// Id and name come first, then the arguments piece by piece, without id and number.
fn call_pieces(call: &Call) -> Vec<Value> {
    let head = json!({ "id": call.id, "type": "function", "function": { "name": call.name } });
    let arguments = call.arguments_text();
    let pieces = tokenizer::pieces(&arguments);
    let pieces = pieces.map(|piece| json!({ "type": "function", "function": { "partialJson": piece } }));
    [head].into_iter().chain(pieces).collect()
}
