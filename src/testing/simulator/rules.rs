//! The rules between the fields of a request.

use serde_json::{Map, Value, json};

use super::contract::{BodyContract, Contract, NATIVE_CHAT};
use super::refusal::Refusal;
use super::subject::Subject;
use crate::raw::Operation;
use crate::raw::types::StatusCode;

/// Members of an OpenAI-compatible chat for which the native rules hold, and their native names. Limits of tokens have
/// rules of their own.
const NATIVE_NAMES: [(&str, &str); 5] = [
    ("messages", "messages"),
    ("tools", "tools"),
    ("tool_choice", "toolChoice"),
    ("stop", "stop"),
    ("response_format", "responseFormat"),
];

/// Members of a message, and their native names.
const NATIVE_MEMBERS: [(&str, &str); 4] =
    [("role", "role"), ("content", "content"), ("tool_calls", "toolCalls"), ("tool_call_id", "toolCallId")];

/// Members of a part of a message, and their native names.
const NATIVE_PARTS: [(&str, &str); 2] = [("type", "type"), ("image_url", "imageUrl")];

pub(super) fn check(operation: Operation, subject: Subject, body: &Value) -> Result<(), Refusal> {
    if let Some(contract) = &Contract::of(operation).body {
        check_members(contract, subject, body)?;
    }
    if operation == Operation::OpenaiCreateChatCompletion {
        return check_members(&NATIVE_CHAT, subject, &native(body)).map_err(in_openai_terms);
    }
    Ok(())
}

fn check_members(contract: &BodyContract, subject: Subject, body: &Value) -> Result<(), Refusal> {
    let model = subject.name_in_rules();
    if let Some(rule) = contract.rules.iter().find(|rule| rule.refuses(model, body)) {
        return Err(refusal(StatusCode::from(rule.code), &rule.names_in(body)));
    }
    let foreign = contract
        .taken_by
        .iter()
        .find(|(name, models)| body.get(*name).is_some() && model.is_some_and(|model| !models.contains(&model)));
    foreign.map_or(Ok(()), |(name, _)| Err(Refusal::parameter(name)))
}

/// A rule without names is about what the messages hold.
fn refusal(code: StatusCode, names: &[&str]) -> Refusal {
    match code {
        StatusCode::InvalidParameter => Refusal::parameter(&names.join(", ")),
        code if names.is_empty() => Refusal::about(code, "input format"),
        code => Refusal::new(code),
    }
}

/// An OpenAI-compatible chat as far as the native rules are about it.
fn native(body: &Value) -> Value {
    let mut native = renamed(body, &NATIVE_NAMES);
    if let Some(Value::Array(messages)) = native.get_mut("messages") {
        for message in messages {
            *message = native_message(message);
        }
    }
    let effort = body.get("reasoning_effort").or(body["reasoning"].get("effort"));
    if let Some(effort) = effort {
        native.insert("thinking".to_owned(), json!({ "effort": effort }));
    }
    if let Some(Value::String(stop)) = body.get("stop") {
        native.insert("stop".to_owned(), json!([stop]));
    }
    Value::Object(native)
}

/// A message as far as the native rules are about it.
fn native_message(message: &Value) -> Value {
    let mut native = renamed(message, &NATIVE_MEMBERS);
    if let Some(Value::Array(parts)) = native.get_mut("content") {
        for part in parts {
            *part = Value::Object(renamed(part, &NATIVE_PARTS));
        }
    }
    Value::Object(native)
}

/// The members that have a native name, under it.
fn renamed(value: &Value, names: &[(&str, &str)]) -> Map<String, Value> {
    let members = names.iter().filter_map(|(openai, native)| Some(((*native).to_owned(), value.get(*openai)?.clone())));
    members.collect()
}

fn in_openai_terms(mut refusal: Refusal) -> Refusal {
    for (openai, native) in NATIVE_NAMES.into_iter().chain([("reasoning_effort", "thinking")]) {
        refusal.message = refusal.message.replace(native, openai);
    }
    refusal
}
