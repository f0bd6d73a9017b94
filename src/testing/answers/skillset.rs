//! Answers of a skillset.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::chat::reply::{End, in_words};
use super::chat::v1::stop_reason;
use super::fixture::{self, FIXTURE, Skill};
use super::instance::Clues;
use super::language::Language;
use super::seed::Seed;
use super::{Ask, event, input_tokens, tokenizer, words};

/// A run: the skill that the query asks for, the call it makes, the answer.
struct Run<'a> {
    skill: Option<&'static Skill>,
    call: Option<Value>,
    answer: String,
    ask: &'a Ask<'a>,
}

/// The final answer.
pub fn result(ask: &Ask<'_>) -> Value {
    let run = Run::of(ask);
    json!({
        "finalAnswer": run.answer,
        "tokenCount": run.planning_tokens() + run.call_tokens() + run.answer_tokens(),
        "useTask": false,
        "apiResult": run.call.iter().collect::<Vec<_>>(),
    })
}

/// The stream: the skill, its call, the answer, and before that its pieces when they are asked for.
pub fn events(ask: &Ask<'_>) -> Vec<Value> {
    let run = Run::of(ask);
    let calls: Vec<_> = run.call.iter().map(streamed).collect();
    let skill = run.skill.map(|skill| json!({ "nameForHuman": skill.name_for_human }));
    let planning = json!({ "selectedSkill": skill, "tokenCount": run.planning_tokens() });
    let cot = json!({ "apiResult": calls, "tokenCount": run.call_tokens() });
    let answer = json!({ "finalAnswer": run.answer, "apiResult": calls, "tokenCount": run.answer_tokens() });
    let pieces = if ask.body["tokenStream"] == true { pieces(&run.answer) } else { Vec::new() };
    let tokens = pieces.into_iter().map(|piece| ("token", piece));
    let data = [("planning", planning), ("cot", cot)].into_iter().chain(tokens).chain([("finalAnswer", answer)]);
    let ids = Seed::of(ask);
    data.enumerate().map(|(index, (name, data))| event(ids, index, name, &data)).collect()
}

/// The pieces of an answer; the last one says why it ended.
fn pieces(answer: &str) -> Vec<Value> {
    let mut pieces: Vec<_> =
        tokenizer::pieces(answer).map(|piece| json!({ "text": piece, "stopReason": null, "probs": [] })).collect();
    if let Some(last) = pieces.last_mut() {
        last["stopReason"] = json!(stop_reason(End::Stop));
    }
    pieces
}

/// A call without the members that streams leave out.
fn streamed(call: &Value) -> Value {
    let members = call.as_object().into_iter().flatten();
    let members = members.filter(|(name, _)| !["operationId", "nameForHuman"].contains(&name.as_str()));
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect())
}

impl<'a> Run<'a> {
    fn of(ask: &'a Ask<'a>) -> Self {
        let query = ask.text("query");
        let skill = ask.queries().find_map(best);
        let subject = skill.map(|skill| subject(skill, ask));
        let call = skill.zip(subject.as_deref()).map(|(skill, subject)| call(skill, subject, ask));
        let answer = answer(skill.zip(subject.as_deref()), Language::of(query));
        Self { skill, call, answer, ask }
    }

    fn planning_tokens(&self) -> u64 {
        input_tokens(self.ask) + self.skill.map_or(0, |skill| tokenizer::count(&skill.name_for_human))
    }

    fn call_tokens(&self) -> u64 {
        self.call.as_ref().map_or(0, |call| tokenizer::count(&call.to_string()))
    }

    fn answer_tokens(&self) -> u64 {
        tokenizer::count(&self.answer)
    }
}

/// The skill with most words in a text, if one has any.
fn best(text: &str) -> Option<&'static Skill> {
    let counts = FIXTURE.skills.iter().rev().map(|skill| (fixture::mentions(text, &skill.words), skill));
    counts.max_by_key(|(count, _)| *count).filter(|(count, _)| *count > 0).map(|(_, skill)| skill)
}

/// What the API is asked for: a word of the conversation that does not lead to the skill.
fn subject(skill: &Skill, ask: &Ask<'_>) -> String {
    let known: Vec<_> = skill.words.iter().flat_map(|phrase| words::content(phrase)).collect();
    let found = ask.queries().find_map(|text| Clues::new(text, &known).text(&skill.parameter, "", |_| true));
    found.unwrap_or_else(|| skill.default.clone())
}

/// The call with the options that the request adds: to the URL, and to the body but of a GET. Headers do not show.
fn call(skill: &Skill, subject: &str, ask: &Ask<'_>) -> Value {
    let mut own = Map::new();
    own.insert(skill.parameter.clone(), json!(subject));
    let is_get = skill.method == "GET";
    let query = overrides(ask, skill, "query");
    let body = overrides(ask, skill, "requestBody");
    let url = if is_get { url(&skill.url, own.iter().chain(&query)) } else { url(&skill.url, query.iter()) };
    own.extend(body);
    let body = if is_get { String::new() } else { Value::Object(own).to_string() };
    json!({
        "url": url,
        "requestBody": body,
        "responseBody": skill.response.to_string(),
        "apiOrder": 1,
        "operationId": skill.operation_id,
        "nameForHuman": skill.name_for_human,
    })
}

/// What a request adds for every API, and then for this one.
fn overrides(ask: &Ask<'_>, skill: &Skill, what: &str) -> Map<String, Value> {
    let request = &ask.body["requestOverride"];
    let own = request["operations"].as_array().into_iter().flatten();
    let own = own.filter(|operation| operation["operationId"] == skill.operation_id.as_str());
    let added = [&request["baseOperation"]].into_iter().chain(own).filter_map(|options| options[what].as_object());
    added.flatten().map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn url<'m>(base: &str, query: impl Iterator<Item = (&'m String, &'m Value)>) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let pairs: Vec<_> = query.map(|(name, value)| format!("{}={}", encode(name), encode(&text(value)))).collect();
    if pairs.is_empty() { base.to_owned() } else { format!("{base}?{}", pairs.join("&")) }
}

/// What the API said, or that no skill fits.
fn answer(used: Option<(&Skill, &str)>, language: Language) -> String {
    let facts = |skill: &Skill| in_words(&skill.response.to_string());
    match (used, language) {
        (Some((skill, subject)), Language::Korean) => format!("{subject}의 결과입니다: {}.", facts(skill)),
        (Some((skill, subject)), Language::English) => format!("For {subject}: {}.", facts(skill)),
        (None, Language::Korean) => "이 질문에 맞는 스킬이 없습니다.".to_owned(),
        (None, Language::English) => "I have no skill for this question.".to_owned(),
    }
}
