//! Which functions a chat calls, and with what.

use serde_json::{Map, Value, json};

use super::{Chat, Choice, Tool};
use crate::testing::answers::instance::{self, Clues};
use crate::testing::answers::seed::Seed;
use crate::testing::answers::{counting, words};

/// Words that join two wishes.
const CONJUNCTIONS: [&str; 7] = ["and", "also", "plus", "then", "그리고", "또", "및"];

/// Endings that join two Korean nouns.
const JOINING_PARTICLES: [&str; 4] = ["하고", "와", "과", "랑"];

/// How much more a word of a function's name tells than one of its description or of its parameters.
const WEIGHTS: [usize; 3] = [4, 2, 1];

/// A call of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub id: String,
    pub name: String,
    pub arguments: Map<String, Value>,
}

impl Call {
    /// The arguments as JSON text.
    pub fn arguments_text(&self) -> String {
        Value::Object(self.arguments.clone()).to_string()
    }

    /// Tokens of the call.
    pub fn tokens(&self) -> u64 {
        counting::call_tokens(&json!({ "name": self.name, "arguments": self.arguments }))
    }

    /// The call with its arguments as an object.
    pub fn native(&self) -> Value {
        let Self { id, name, arguments } = self;
        json!({ "id": id, "type": "function", "function": { "name": name, "arguments": arguments } })
    }
}

/// The calls that answer the user, none when it is not the user's turn. The function that fits best is called; several
/// when each part of the question asks for another.
pub fn calls(chat: &Chat<'_>, ids: Seed) -> Vec<Call> {
    if !chat.is_asked() || chat.choice == Choice::None || chat.tools.is_empty() {
        return Vec::new();
    }
    let question = chat.question();
    let forced = chat.tools.iter().find(|tool| chat.choice == Choice::Forced(tool.name));
    let wishes = match forced {
        Some(tool) => vec![(*tool, question.to_owned())],
        None => wishes(&chat.tools, question),
    };
    let call = |(index, (tool, text)): (usize, (Tool<'_>, String))| Call {
        id: ids.call_id(index),
        name: tool.name.to_owned(),
        arguments: arguments(tool, &text),
    };
    wishes.into_iter().enumerate().map(call).collect()
}

/// The functions that a question asks for, each with the text to take its arguments from: the part of the question that
/// asks for it, and then the other parts.
fn wishes<'a>(tools: &[Tool<'a>], question: &str) -> Vec<(Tool<'a>, String)> {
    let clauses = clauses(question);
    let mut wishes: Vec<(Tool<'a>, String)> = Vec::new();
    for (index, clause) in clauses.iter().enumerate() {
        let best = best(tools, clause).filter(|tool| purpose(*tool, clause) > 0);
        if let Some(tool) = best.filter(|tool| wishes.iter().all(|(wish, _)| wish.name != tool.name)) {
            let others = clauses.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, clause)| clause);
            wishes.push((tool, [clause].into_iter().chain(others).cloned().collect::<Vec<_>>().join("\n")));
        }
    }
    match wishes.as_slice() {
        [] => best(tools, question).map(|tool| (tool, question.to_owned())).into_iter().collect(),
        [(tool, _)] => vec![(*tool, question.to_owned())],
        _ => wishes,
    }
}

/// The first of the tools that fit best.
fn best<'a>(tools: &[Tool<'a>], clause: &str) -> Option<Tool<'a>> {
    let fit = |tool: Tool<'_>| purpose(tool, clause) + mentions(&parameters_text(tool), WEIGHTS[2], clause);
    tools.iter().copied().rev().max_by_key(|tool| fit(*tool))
}

/// How much of what a function is for stands in a text.
fn purpose(tool: Tool<'_>, text: &str) -> usize {
    mentions(&words::of_name(tool.name).join(" "), WEIGHTS[0], text) + mentions(tool.description, WEIGHTS[1], text)
}

fn mentions(of: &str, weight: usize, text: &str) -> usize {
    weight * words::overlap(&words::content(text), &words::content(of))
}

/// Names, descriptions and known values of the parameters.
fn parameters_text(tool: Tool<'_>) -> String {
    let properties = tool.parameters.and_then(|schema| schema["properties"].as_object());
    let texts = properties.into_iter().flatten().map(|(name, schema)| {
        let values = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let values = values.collect::<Vec<_>>().join(" ");
        format!("{} {} {values}", words::of_name(name).join(" "), schema["description"].as_str().unwrap_or_default())
    });
    texts.collect::<Vec<_>>().join(" ")
}

/// Arguments with words of a text, as far as it has some that fit.
fn arguments(tool: Tool<'_>, text: &str) -> Map<String, Value> {
    let known = words::content(&format!("{} {}", words::of_name(tool.name).join(" "), tool.description));
    match tool.parameters.and_then(|schema| instance::of(schema, Clues::new(text, &known))) {
        Some(Value::Object(arguments)) => arguments,
        _ => Map::new(),
    }
}

/// The parts of a question between words that join wishes.
fn clauses(question: &str) -> Vec<String> {
    let mut clauses = vec![Vec::new()];
    for word in question.split_whitespace() {
        let is_conjunction = CONJUNCTIONS.contains(&word.to_lowercase().as_str());
        if let Some(clause) = clauses.last_mut().filter(|_| !is_conjunction) {
            clause.push(word);
        }
        if is_conjunction || word.ends_with([',', ';']) || joins(word) {
            clauses.push(Vec::new());
        }
    }
    clauses.into_iter().filter(|clause| !clause.is_empty()).map(|clause| clause.join(" ")).collect()
}

fn joins(word: &str) -> bool {
    let stems = JOINING_PARTICLES.iter().filter_map(|particle| word.strip_suffix(particle));
    stems.into_iter().any(|stem| stem.chars().count() >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEATHER: Tool<'_> =
        Tool { name: "get_weather", description: "Tells the weather of a city. 도시의 날씨", parameters: None };
    const TIME: Tool<'_> =
        Tool { name: "get_time", description: "Tells the local time. 현재 시각", parameters: None };

    fn names(question: &str) -> Vec<&'static str> {
        wishes(&[WEATHER, TIME], question).into_iter().map(|(tool, _)| tool.name).collect()
    }

    #[test]
    fn the_function_that_fits_is_called_and_two_when_two_are_wanted() {
        assert_eq!(names("What time is it in Seoul?"), ["get_time"]);
        assert_eq!(names("How warm is it?"), ["get_weather"]);
        assert_eq!(names("What is the time and the weather in Seoul?"), ["get_time", "get_weather"]);
        assert_eq!(names("서울 날씨와 시각 알려 줘"), ["get_weather", "get_time"]);
        assert_eq!(names("서울과 부산의 날씨"), ["get_weather"]);
        assert_eq!(names(""), ["get_weather"]);
    }
}
