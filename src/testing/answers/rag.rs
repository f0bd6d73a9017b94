//! Answers of RAG reasoning.

use serde_json::{Value, json};

use super::chat::Chat;
use super::chat::reply::{Draft, Reply};
use super::chat::tools;
use super::chat::v3::message;
use super::citing::{self, Document};
use super::language::Language;
use super::seed::Seed;
use super::{Ask, limits};

/// A call of the search function that fits, or an answer from what it found.
pub fn result(ask: &Ask<'_>) -> Value {
    let chat = Chat::of(ask);
    let reply = Reply::within_limits(ask, &chat, draft(ask, &chat));
    json!({ "message": message(&reply), "usage": reply.usage.native() })
}

fn draft(ask: &Ask<'_>, chat: &Chat<'_>) -> Draft {
    if let Some(script) = ask.script {
        return Draft::text(script);
    }
    let calls = tools::calls(chat, Seed::of(ask));
    if calls.is_empty() {
        return Draft::text(answer(ask, chat));
    }
    let thinking = match chat.language() {
        Language::Korean => "답하려면 먼저 검색해야 한다.",
        Language::English => "A search is needed before I can answer.",
    };
    Draft { thinking: Some(thinking.to_owned()), text: String::new(), calls }
}

/// An answer from the hits since the user spoke. Hits were found by a search, so one that shares no word with the
/// question is still an answer.
fn answer(ask: &Ask<'_>, chat: &Chat<'_>) -> String {
    let most = limits::output(ask).unwrap_or(u64::MAX);
    let contents: Vec<Value> =
        chat.results().iter().filter_map(|result| serde_json::from_str(result.content).ok()).collect();
    let documents: Vec<_> = contents.iter().flat_map(hits).collect();
    let question = chat.question();
    let best = citing::answer(question, &documents, most);
    let cited = if best.places.is_empty() { citing::first(&documents, most) } else { best };
    if cited.places.is_empty() { citing::nothing(question) } else { cited.text }
}

/// The hits of a search: one object with `search_result`, or a list of such.
fn hits(content: &Value) -> Vec<Document<'_>> {
    let objects = content.as_array().map_or(std::slice::from_ref(content), Vec::as_slice);
    let hits = objects.iter().flat_map(|object| object["search_result"].as_array().into_iter().flatten());
    hits.filter_map(|hit| hit["doc"].as_str().zip(hit["id"].as_str()))
        .map(|(text, id)| Document { mark: id.to_owned(), text })
        .collect()
}
