//! The catalogues at the end of the document: status codes and models.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Ours, members};
use crate::build::document::{Document, escape};
use crate::drift::attribute::{Attribute, Said};
use crate::drift::facts::{Facts, Key, Part, Section};
use crate::drift::statement::Statement;

/// The set of all models.
pub const MODELS: &str = "x-clova-models";

const CODES: &str = "x-clova-status-codes";

/// The facts of both catalogues.
pub fn read(document: &Document) -> Facts<Ours> {
    Facts::from([
        (Section::of(Part::Codes), entries(document, CODES, &Part::Codes, code)),
        (Section::of(Part::Models), entries(document, MODELS, &Part::Models, model)),
    ])
}

fn entries(document: &Document, catalogue: &str, part: &Part, read: fn(&Value) -> Statement) -> BTreeMap<Key, Ours> {
    let entries = members(&document.root, catalogue).map(|(name, entry)| {
        let pointer = format!("/{catalogue}/{}", escape(name));
        (Key::new(part, name), Ours { path: name.clone(), statement: read(entry), pointer, set: None })
    });
    entries.collect()
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn code(entry: &Value) -> Statement {
    let texts = entry["messages"].as_array().into_iter().flatten().filter_map(|message| message["text"].as_str());
    let mut statement = Statement::default();
    say_number(&mut statement, Attribute::Status, &entry["status"]);
    say_words(&mut statement, Attribute::Messages, texts.map(str::to_owned).collect());
    statement
}

fn model(entry: &Value) -> Statement {
    let mut statement = Statement::default();
    let rates = &entry["rateLimits"];
    let numbers = [
        (Attribute::ContextTokens, &entry["contextTokens"]),
        (Attribute::MaxInputTokens, &entry["maxInputTokens"]),
        (Attribute::MaxOutputTokens, &entry["maxOutputTokens"]),
        (Attribute::Dimensions, &entry["dimensions"]),
        (Attribute::TestRequests, &rates["test"]["requestsPerMinute"]),
        (Attribute::TestTokens, &rates["test"]["tokensPerMinute"]),
        (Attribute::ServiceRequests, &rates["service"]["requestsPerMinute"]),
        (Attribute::ServiceTokens, &rates["service"]["tokensPerMinute"]),
    ];
    for (attribute, number) in numbers {
        say_number(&mut statement, attribute, number);
    }
    if entry["retired"] == true {
        statement.say(Attribute::Deprecated, Said::Yes);
    }
    // `vision` is said by `input` already.
    let features = words(&entry["features"]).into_iter().filter(|feature| feature != "vision").collect();
    say_words(&mut statement, Attribute::Features, features);
    say_words(&mut statement, Attribute::Input, words(&entry["input"]));
    say_words(&mut statement, Attribute::Distance, entry["distance"].as_str().map(str::to_owned).into_iter().collect());
    statement
}

fn say_number(statement: &mut Statement, attribute: Attribute, number: &Value) {
    if let Some(number) = number.as_u64() {
        statement.say(attribute, Said::Number(number));
    }
}

fn say_words(statement: &mut Statement, attribute: Attribute, words: Vec<String>) {
    if !words.is_empty() {
        statement.say(attribute, Said::Words(words));
    }
}
