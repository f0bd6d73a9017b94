//! Answers of the OpenAI-compatible chat API.

use serde_json::{Value, json};

use super::reply::{Reply, Usage};
use super::tools::Call;
use super::v3::finish_reason;
use crate::testing::answers::{Ask, tokenizer};

/// The answer.
pub fn completion(ask: &Ask<'_>, reply: &Reply) -> Value {
    let mut message = json!({ "role": "assistant", "content": reply.text });
    if let Some(thinking) = &reply.thinking {
        message["reasoning_content"] = json!(thinking);
    }
    if !reply.calls.is_empty() {
        message["tool_calls"] = reply.calls.iter().map(|call| tool_call(call, &call.arguments_text())).collect();
    }
    json!({
        "id": reply.ids.answer_id(),
        "object": "chat.completion",
        "created": ask.now,
        "model": ask.model(),
        "choices": [{ "index": 0, "message": message, "finish_reason": finish_reason(reply.end) }],
        "usage": usage(reply.usage),
        "seed": reply.seed,
    })
}

/// The stream: chunks, the last of them with the end and the usage, then the end mark.
pub fn events(ask: &Ask<'_>, reply: &Reply) -> Vec<Value> {
    let thinking = reply.thinking.iter().flat_map(|text| tokenizer::pieces(text));
    let thinking = thinking.map(|piece| json!({ "reasoning_content": piece }));
    let text = tokenizer::pieces(&reply.text).map(|piece| json!({ "content": piece }));
    let calls = reply.calls.iter().enumerate().flat_map(|(index, call)| call_pieces(index, call));
    let calls = calls.map(|piece| json!({ "tool_calls": [piece] }));
    let chunk = |delta: Value, finish_reason: Value| {
        json!({
            "id": reply.ids.answer_id(),
            "object": "chat.completion.chunk",
            "created": ask.now,
            "model": ask.model(),
            "choices": [{ "index": 0, "delta": delta, "finish_reason": finish_reason }],
            "seed": reply.seed,
        })
    };
    let role = json!({ "role": "assistant", "content": "" });
    let deltas = [role].into_iter().chain(thinking).chain(text).chain(calls);
    let mut last = chunk(json!({}), json!(finish_reason(reply.end)));
    last["usage"] = usage(reply.usage);
    let chunks = deltas.map(|delta| chunk(delta, Value::Null)).chain([last, json!("[DONE]")]);
    chunks.map(|data| json!({ "data": data })).collect()
}

/// Id, name and no arguments come first, then the arguments piece by piece, all under the number of the call.
fn call_pieces(index: usize, call: &Call) -> Vec<Value> {
    let mut head = tool_call(call, "");
    head["index"] = json!(index);
    let arguments = call.arguments_text();
    let pieces = tokenizer::pieces(&arguments);
    let pieces = pieces.map(|piece| json!({ "index": index, "function": { "arguments": piece } }));
    [head].into_iter().chain(pieces).collect()
}

fn tool_call(call: &Call, arguments: &str) -> Value {
    json!({ "id": call.id, "type": "function", "function": { "name": call.name, "arguments": arguments } })
}

fn usage(usage: Usage) -> Value {
    let Usage { prompt, completion, thinking } = usage;
    json!({
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "completion_tokens_details": thinking.map(|thinking| json!({ "reasoning_tokens": thinking })),
    })
}
