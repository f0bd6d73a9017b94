//! Answers of the token calculators.

use serde_json::{Map, Value, json};

use super::counting::{self, Part};
use super::{Ask, tokenizer};

/// The messages of a v1 conversation, each with its tokens.
pub fn of_messages(ask: &Ask<'_>) -> Value {
    let counted = messages(ask).map(|message| {
        json!({ "role": message["role"], "content": message["content"], "count": counting::message(message) })
    });
    json!({ "messages": counted.collect::<Vec<_>>() })
}

/// The messages of a v3 conversation, each with its parts and their tokens, and the tokens of what else was sent.
pub fn of_parts(ask: &Ask<'_>) -> Value {
    let counted = messages(ask).map(|message| {
        let parts: Vec<_> = counting::parts(message).into_iter().map(|(part, count)| counted(part, count)).collect();
        json!({ "role": message["role"], "content": parts })
    });
    let mut result = json!({ "messages": counted.collect::<Vec<_>>() });
    let others = [("tools", counting::tools(ask.body)), ("responseFormat", counting::response_format(ask.body))];
    for (name, count) in others {
        if let Some(count) = count {
            result[name] = json!({ "count": count });
        }
    }
    result
}

/// The tokens of a text.
pub fn of_text(ask: &Ask<'_>) -> Value {
    json!({ "numTokens": tokenizer::count(ask.text("text")) })
}

fn messages<'a>(ask: &Ask<'a>) -> impl Iterator<Item = &'a Value> {
    ask.body["messages"].as_array().into_iter().flatten()
}

fn counted(part: Part<'_>, count: u64) -> Value {
    let mut counted = match part {
        Part::Text(text) => Map::from_iter([("type".to_owned(), json!("text")), ("text".to_owned(), json!(text))]),
        Part::Image(image) => image.as_object().cloned().unwrap_or_default(),
    };
    counted.insert("count".to_owned(), json!(count));
    Value::Object(counted)
}
