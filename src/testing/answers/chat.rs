//! A chat, whichever of the APIs it came through.

pub mod openai;
pub mod reply;
pub mod tools;
pub mod v1;
pub mod v3;

use serde_json::Value;

use super::counting::{self, Part};
use super::language::Language;
use super::{Ask, either};

/// A function whose result no call in the conversation asked for.
const NAMELESS: &str = "the function";

/// What a request asks for.
pub struct Chat<'a> {
    messages: Vec<Message<'a>>,
    /// The functions that may be called.
    pub tools: Vec<Tool<'a>>,
    /// Which of them.
    pub choice: Choice<'a>,
    /// The schema that the answer must follow.
    pub schema: Option<&'a Value>,
    /// How to reason, if at all.
    pub effort: Option<&'a str>,
    /// Strings that end the answer.
    pub stops: Vec<&'a str>,
}

struct Message<'a> {
    role: &'a str,
    text: String,
    images: usize,
    source: &'a Value,
}

/// A function that may be called.
#[derive(Clone, Copy, Debug)]
pub struct Tool<'a> {
    pub name: &'a str,
    pub description: &'a str,
    /// Schema of the arguments.
    pub parameters: Option<&'a Value>,
}

/// Whether and which function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice<'a> {
    Auto,
    None,
    Forced(&'a str),
}

/// What a function returned.
#[derive(Debug, PartialEq, Eq)]
pub struct ToolResult<'a> {
    /// Name of the function.
    pub name: &'a str,
    pub content: &'a str,
}

impl<'a> Chat<'a> {
    /// The chat of a request.
    pub fn of(ask: &Ask<'a>) -> Self {
        let body = ask.body;
        let tools: Vec<_> = body["tools"].as_array().into_iter().flatten().map(Tool::of).collect();
        let schema = counting::schema(body);
        let thinks = ask.can_think() && tools.is_empty() && schema.is_none();
        Self {
            messages: body["messages"].as_array().into_iter().flatten().map(Message::of).collect(),
            tools,
            choice: Choice::of(either(body, "toolChoice", "tool_choice")),
            schema,
            effort: ask.effort().filter(|effort| thinks && *effort != "none"),
            stops: stops(body),
        }
    }

    /// What the user said last.
    pub fn question(&self) -> &str {
        self.last_of_user().map_or("", |message| &message.text)
    }

    /// Images beside it.
    pub fn images(&self) -> usize {
        self.last_of_user().map_or(0, |message| message.images)
    }

    /// The language of the user.
    pub fn language(&self) -> Language {
        Language::of(self.question())
    }

    /// Whether it is the user's turn that is to be answered.
    pub fn is_asked(&self) -> bool {
        self.messages.last().is_some_and(|message| message.role == "user")
    }

    /// What functions returned since the user spoke.
    pub fn results(&self) -> Vec<ToolResult<'a>> {
        let last = self.messages.iter().rposition(|message| message.role == "user").map_or(0, |last| last + 1);
        let results = self.messages[last..].iter().filter(|message| message.role == "tool");
        results.map(|message| self.result(message.source)).collect()
    }

    fn result(&self, message: &'a Value) -> ToolResult<'a> {
        let id = either(message, "toolCallId", "tool_call_id");
        let calls = self.messages.iter().flat_map(|message| counting::calls(message.source));
        let call = calls.filter(|call| id.is_string() && call["id"] == *id).last();
        let name = call.and_then(|call| call["function"]["name"].as_str()).unwrap_or(NAMELESS);
        let content = counting::content(message).into_iter().find_map(|part| match part {
            Part::Text(text) => Some(text),
            Part::Image(_) => None,
        });
        ToolResult { name, content: content.unwrap_or_default() }
    }

    fn last_of_user(&self) -> Option<&Message<'a>> {
        self.messages.iter().rfind(|message| message.role == "user")
    }
}

impl<'a> Message<'a> {
    fn of(source: &'a Value) -> Self {
        let (mut texts, mut images) = (Vec::new(), 0);
        for part in counting::content(source) {
            match part {
                Part::Text(text) => texts.push(text),
                Part::Image(_) => images += 1,
            }
        }
        Self { role: source["role"].as_str().unwrap_or_default(), text: texts.join("\n"), images, source }
    }
}

impl<'a> Tool<'a> {
    fn of(source: &'a Value) -> Self {
        let function = &source["function"];
        let [name, description] = ["name", "description"].map(|key| function[key].as_str().unwrap_or_default());
        Self { name, description, parameters: function.get("parameters") }
    }
}

impl<'a> Choice<'a> {
    fn of(source: &'a Value) -> Self {
        match source["function"]["name"].as_str() {
            Some(name) => Self::Forced(name),
            None if source == "none" => Self::None,
            None => Self::Auto,
        }
    }
}

/// The strings that end an answer: a list, or one string in OpenAI's API. An empty one never ends anything.
fn stops(body: &Value) -> Vec<&str> {
    let stops = either(body, "stop", "stopBefore");
    let list = stops.as_array().map_or(std::slice::from_ref(stops), Vec::as_slice);
    list.iter().filter_map(Value::as_str).filter(|stop| !stop.is_empty()).collect()
}
