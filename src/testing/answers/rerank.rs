//! Answers of the reranker.

use serde_json::{Value, json};

use super::citing::{self, Document};
use super::{Ask, input_tokens, limits, tokenizer, words};

/// What the answers of the service begin with, in every language.
const HEAD: &str = "답변: ";

/// Most queries to try next.
const MAX_SUGGESTIONS: usize = 3;

/// The answer with its citations, or queries to try next.
pub fn result(ask: &Ask<'_>) -> Value {
    let query = ask.text("query");
    let sources: Vec<_> = ask.body["documents"].as_array().into_iter().flatten().collect();
    let documents: Vec<_> = sources.iter().zip(1..).map(|(source, place)| document(source, place)).collect();
    let most = limits::output(ask).unwrap_or(u64::MAX);
    let cited = citing::answer(query, &documents, most.saturating_sub(tokenizer::count(HEAD.trim_end())));
    let is_found = !cited.places.is_empty();
    let text = if is_found { cited.text } else { citing::nothing(query) };
    let text = format!("{HEAD}{text}");
    let text = tokenizer::cut(&text, most);
    let (prompt, completion) = (input_tokens(ask), tokenizer::count(text));
    json!({
        "result": text,
        "citedDocuments": cited.places.iter().map(|place| sources[*place]).collect::<Vec<_>>(),
        "suggestedQueries": if is_found { Vec::new() } else { suggestions(query) },
        "usage": { "promptTokens": prompt, "completionTokens": completion, "totalTokens": prompt + completion },
    })
}

/// A document, whose marks bear its place, from 1.
fn document(source: &Value, place: usize) -> Document<'_> {
    Document { mark: format!("doc{place}"), text: source["doc"].as_str().unwrap_or_default() }
}

/// The topic of a query, and its words.
fn suggestions(query: &str) -> Vec<String> {
    let words = words::content(query);
    let topic = Some(words.join(" ")).filter(|_| words.len() > 1);
    topic.into_iter().chain(words).take(MAX_SUGGESTIONS).collect()
}
