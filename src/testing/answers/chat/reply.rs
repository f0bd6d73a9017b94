//! The answer to a chat, whichever of the APIs it goes back through.

use serde_json::{Map, Value, json};

use super::tools::{self, Call};
use super::{Chat, ToolResult};
use crate::testing::answers::instance::{self, Clues};
use crate::testing::answers::language::Language;
use crate::testing::answers::seed::Seed;
use crate::testing::answers::{Ask, filters, input_tokens, limits, tokenizer};

/// The whole answer.
pub struct Reply {
    pub thinking: Option<String>,
    pub text: String,
    pub calls: Vec<Call>,
    pub end: End,
    pub usage: Usage,
    /// The seed used.
    pub seed: u32,
    /// Where ids come from.
    pub ids: Seed,
    /// Verdicts of the content filters, when asked for.
    pub filters: Option<Value>,
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself or at a string of the request.
    Stop,
    /// At the token limit.
    Length,
    /// With calls.
    ToolCalls,
}

/// Tokens used.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    pub prompt: u64,
    /// Tokens generated, reasoning included.
    pub completion: u64,
    /// Tokens of the reasoning.
    pub thinking: Option<u64>,
}

/// What would be said without limits.
pub struct Draft {
    pub thinking: Option<String>,
    pub text: String,
    pub calls: Vec<Call>,
}

impl Draft {
    /// A text and nothing else.
    pub fn text(text: impl Into<String>) -> Self {
        Self { thinking: None, text: text.into(), calls: Vec::new() }
    }

    fn of(ask: &Ask<'_>, chat: &Chat<'_>) -> Self {
        let thinking = chat.effort.map(|effort| thinking(chat, effort));
        let calls = if ask.script.is_none() { tools::calls(chat, Seed::of(ask)) } else { Vec::new() };
        let text = match (ask.script, chat.schema) {
            (Some(script), _) => script.to_owned(),
            (None, Some(schema)) => structured(schema, chat.question()),
            (None, None) if calls.is_empty() => said(chat),
            (None, None) => String::new(),
        };
        Self { thinking, text, calls }
    }
}

impl Reply {
    /// The answer to a request.
    pub fn to(ask: &Ask<'_>) -> Self {
        let chat = Chat::of(ask);
        Self::within_limits(ask, &chat, Draft::of(ask, &chat))
    }

    /// A draft, cut at the strings and the number of tokens that the request names. Reasoning comes first and may leave
    /// nothing for the text. Calls are not cut: half of their arguments would be no JSON.
    pub fn within_limits(ask: &Ask<'_>, chat: &Chat<'_>, draft: Draft) -> Self {
        let limit = limits::output(ask).unwrap_or(u64::MAX);
        let thinking = draft.thinking.as_deref().map(|text| tokenizer::cut(text, limit));
        let thinking_tokens = thinking.map(tokenizer::count);
        let whole = before(&draft.text, &chat.stops);
        let text = tokenizer::cut(whole, limit - thinking_tokens.unwrap_or_default());
        let is_cut = text.len() < whole.len() || thinking.map(str::len) < draft.thinking.as_deref().map(str::len);
        let end = match (draft.calls.is_empty(), is_cut) {
            (false, _) => End::ToolCalls,
            (true, true) => End::Length,
            (true, false) => End::Stop,
        };
        let calls: u64 = draft.calls.iter().map(Call::tokens).sum();
        let completion = thinking_tokens.unwrap_or_default() + tokenizer::count(text) + calls;
        let ids = Seed::of(ask);
        let asked_seed = ask.body["seed"].as_u64().and_then(|seed| u32::try_from(seed).ok());
        Self {
            thinking: thinking.map(str::to_owned),
            text: text.to_owned(),
            calls: draft.calls,
            end,
            usage: Usage { prompt: input_tokens(ask), completion, thinking: thinking_tokens },
            seed: asked_seed.filter(|seed| *seed > 0).unwrap_or_else(|| ids.number()),
            ids,
            filters: (ask.body["includeAiFilters"] == true).then(|| filters::verdicts(text)),
        }
    }
}

impl Usage {
    /// The counts as the native APIs report them.
    pub fn native(self) -> Value {
        let Self { prompt, completion, .. } = self;
        json!({ "promptTokens": prompt, "completionTokens": completion, "totalTokens": prompt + completion })
    }
}

/// A text up to the first of these strings.
pub fn before<'a>(text: &'a str, stops: &[&str]) -> &'a str {
    let end = stops.iter().filter_map(|stop| text.find(stop)).min().unwrap_or(text.len());
    &text[..end]
}

/// A JSON text that fits a schema, filled from the question. A schema that nothing fits gets an empty object.
fn structured(schema: &Value, question: &str) -> String {
    let value = instance::of(schema, Clues::new(question, &[])).unwrap_or_else(|| Value::Object(Map::new()));
    format!("{value:#}")
}

/// An echo of the user, or what functions returned.
fn said(chat: &Chat<'_>) -> String {
    let results = chat.results();
    match (chat.language(), results.is_empty()) {
        (Language::Korean, false) => sentences(&results, |name, text| format!("{name} 결과: {text}")),
        (Language::English, false) => sentences(&results, |name, text| format!("According to {name}: {text}")),
        (language, true) => echo(chat, language),
    }
}

fn echo(chat: &Chat<'_>, language: Language) -> String {
    let (question, images) = (chat.question().trim(), chat.images());
    let seen = match (language, images) {
        (_, 0) => String::new(),
        (Language::Korean, _) => format!("이미지 {images}장을 보았습니다. "),
        (Language::English, 1) => "I see an image. ".to_owned(),
        (Language::English, _) => format!("I see {images} images. "),
    };
    let said = match language {
        _ if question.is_empty() && images > 0 => String::new(),
        _ if question.is_empty() => "How can I help you?".to_owned(),
        Language::Korean => format!("“{question}”라고 말씀하셨습니다."),
        Language::English => format!("You said: “{question}”"),
    };
    format!("{seen}{said}").trim_end().to_owned()
}

fn sentences(results: &[ToolResult<'_>], sentence: impl Fn(&str, &str) -> String) -> String {
    let sentences: Vec<_> = results.iter().map(|result| sentence(result.name, &in_words(result.content))).collect();
    sentences.join("\n")
}

/// The members of a JSON object as a list; other texts as they are.
pub fn in_words(content: &str) -> String {
    let Ok(Value::Object(members)) = serde_json::from_str(content) else { return content.trim().to_owned() };
    let members = members.iter().map(|(name, value)| match value {
        Value::String(text) => format!("{name} {text}"),
        other => format!("{name} {other}"),
    });
    members.collect::<Vec<_>>().join(", ")
}

/// Reasoning, the longer the greater the effort.
fn thinking(chat: &Chat<'_>, effort: &str) -> String {
    let question = chat.question().trim();
    let (korean, english) = (
        [
            format!("사용자가 “{question}”라고 말한다."),
            "무엇을 묻는지 한 부분씩 살펴본다.".to_owned(),
            "다르게 읽을 수 있는지 따져 본다. 답을 쓰기 전에 한 번 더 확인한다.".to_owned(),
        ],
        [
            format!("The user says “{question}”."),
            "I look at what is asked, part by part.".to_owned(),
            "I compare other ways to read it. I check the answer once more before I write it.".to_owned(),
        ],
    );
    let length = match effort {
        "low" => 1,
        "medium" => 2,
        _ => 3,
    };
    let sentences = match chat.language() {
        Language::Korean => korean,
        Language::English => english,
    };
    sentences[..length].join(" ")
}
