//! Answers of the retired Completions API.

use serde_json::{Value, json};

use super::chat::Chat;
use super::chat::reply::{Draft, Reply};
use super::chat::v1::stop_reason;
use super::language::Language;
use super::{Ask, tokenizer};

/// The continued text: the prompt, `start`, what was generated, `restart`.
pub fn result(ask: &Ask<'_>) -> Value {
    let text = |name: &str| ask.body[name].as_str().unwrap_or_default();
    let (prompt, start, restart) = (text("text"), text("start"), text("restart"));
    let draft = Draft::text(ask.script.map_or_else(|| continuation(prompt), str::to_owned));
    let reply = Reply::within_limits(ask, &Chat::of(ask), draft);
    let output = format!("{start}{}{restart}", reply.text);
    let mut result = json!({
        "text": format!("{prompt}{output}"),
        "stopReason": stop_reason(reply.end),
        "inputText": prompt,
        "inputLength": reply.usage.prompt,
        "outputText": output,
        "outputLength": reply.usage.completion,
    });
    if ask.body["includeTokens"] == true {
        result["inputTokens"] = tokenizer::pieces(prompt).collect();
        result["outputTokens"] = tokenizer::pieces(&reply.text).collect();
    }
    if ask.body["includeProbs"] == true {
        result["probs"] = json!([]);
    }
    if let Some(filters) = reply.filters {
        result["aiFilter"] = filters;
    }
    result
}

fn continuation(prompt: &str) -> String {
    match Language::of(prompt) {
        Language::Korean => " 그리고 이야기는 이어집니다.".to_owned(),
        Language::English => " And so it goes on.".to_owned(),
    }
}
