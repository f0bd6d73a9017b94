//! The tokens of a conversation, part by part.
//!
//! A message costs its parts and two tokens for its role and end, which are counted with its last part, as are the names
//! and arguments of the calls in it. Tools cost their JSON text, a response format that of its schema. The tokens of the
//! prompt are the sum of all of these: what the calculators report adds up to what a chat uses.

use serde_json::Value;

use super::either;
use super::tokenizer;

/// Role and end of a message.
const FRAME: u64 = 2;

/// A part of a message.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    Text(&'a str),
    Image(&'a Value),
}

impl<'a> Part<'a> {
    fn of(part: &'a Value) -> Self {
        if part["type"] == "image_url" {
            Self::Image(part)
        } else {
            Self::Text(part["text"].as_str().unwrap_or_default())
        }
    }

    fn tokens(self) -> u64 {
        match self {
            Self::Text(text) => tokenizer::count(text),
            Self::Image(_) => tokenizer::IMAGE,
        }
    }
}

/// The parts of a message with their tokens.
pub fn parts(message: &Value) -> Vec<(Part<'_>, u64)> {
    let mut parts: Vec<_> = content(message).into_iter().map(|part| (part, part.tokens())).collect();
    if let Some((_, tokens)) = parts.last_mut() {
        *tokens += FRAME + calls(message).map(|call| call_tokens(&call["function"])).sum::<u64>();
    }
    parts
}

/// The parts of a message.
pub fn content(message: &Value) -> Vec<Part<'_>> {
    match &message["content"] {
        Value::String(text) => vec![Part::Text(text)],
        Value::Array(parts) => parts.iter().map(Part::of).collect(),
        _ => Vec::new(),
    }
}

/// The calls in a message.
pub fn calls(message: &Value) -> impl Iterator<Item = &Value> {
    either(message, "toolCalls", "tool_calls").as_array().into_iter().flatten()
}

/// Tokens of a message.
pub fn message(message: &Value) -> u64 {
    parts(message).into_iter().map(|(_, tokens)| tokens).sum()
}

/// Tokens of the tools of a request, when it has some.
pub fn tools(body: &Value) -> Option<u64> {
    body["tools"].as_array().filter(|tools| !tools.is_empty()).map(|_| tokenizer::count(&body["tools"].to_string()))
}

/// Tokens of the response format of a request, when it has one.
pub fn response_format(body: &Value) -> Option<u64> {
    schema(body).map(|schema| tokenizer::count(&schema.to_string()))
}

/// The schema that a request wants its answer to follow.
pub fn schema(body: &Value) -> Option<&Value> {
    body["responseFormat"].get("schema").or_else(|| body["response_format"]["json_schema"].get("schema"))
}

/// Tokens of all that a chat sends.
pub fn prompt(body: &Value) -> u64 {
    let messages: u64 = body["messages"].as_array().into_iter().flatten().map(message).sum();
    messages + tools(body).unwrap_or_default() + response_format(body).unwrap_or_default()
}

/// Tokens of a call: its name and its arguments, which may be an object or its JSON text.
pub fn call_tokens(function: &Value) -> u64 {
    let arguments = match &function["arguments"] {
        Value::String(text) => serde_json::from_str::<Value>(text).map_or_else(|_| text.clone(), |it| it.to_string()),
        Value::Null => String::new(),
        arguments => arguments.to_string(),
    };
    tokenizer::count(function["name"].as_str().unwrap_or_default()) + tokenizer::count(&arguments)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_apis_count_alike() {
        let native = json!({
            "messages": [{ "role": "assistant", "content": "", "toolCalls": [
                { "id": "c", "type": "function", "function": { "name": "f", "arguments": { "city": "Busan" } } },
            ] }],
            "responseFormat": { "type": "json", "schema": { "type": "object" } },
        });
        let compatible = json!({
            "messages": [{ "role": "assistant", "content": "", "tool_calls": [
                { "id": "c", "type": "function", "function": { "name": "f", "arguments": "{ \"city\": \"Busan\" }" } },
            ] }],
            "response_format": { "type": "json_schema", "json_schema": { "name": "n", "schema": { "type": "object" } } },
        });
        assert_eq!(prompt(&native), prompt(&compatible));
        // `f`, `{"city":"Busan"}` and `{"type":"object"}` have 1, 9 and 9 tokens.
        assert_eq!(prompt(&native), FRAME + 1 + 9 + 9);
    }

    #[test]
    fn an_image_counts_and_the_last_part_bears_the_frame() {
        let image = json!({ "type": "image_url", "imageUrl": { "url": "https://example.com/cat.png" } });
        let message = json!({ "role": "user", "content": [image, { "type": "text", "text": "What is this?" }] });
        let tokens: Vec<u64> = parts(&message).into_iter().map(|(_, tokens)| tokens).collect();
        assert_eq!(tokens, [tokenizer::IMAGE, 4 + FRAME]);
        assert_eq!(parts(&json!({ "role": "user", "content": [] })).len(), 0);
    }
}
