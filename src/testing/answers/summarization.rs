//! Answers of the summarization.

use std::ops::Range;

use serde_json::{Value, json};

use super::paragraphs::{self, Parting};
use super::sentences::{self, Sentence};
use super::{Ask, tokenizer, words};

/// A line for each paragraph: the sentence with most of its words. Without the splitter, each text is one paragraph.
pub fn result(ask: &Ask<'_>) -> Value {
    let texts = || ask.body["texts"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let lines = texts().flat_map(|text| {
        let sentences = sentences::split(text);
        let lines = paragraphs(ask, &sentences).into_iter().filter_map(|range| line(&sentences[range]));
        lines.collect::<Vec<_>>()
    });
    json!({
        "text": lines.collect::<Vec<_>>().join("\n"),
        "inputTokens": texts().map(tokenizer::count).sum::<u64>(),
    })
}

fn paragraphs(ask: &Ask<'_>, sentences: &[Sentence<'_>]) -> Vec<Range<usize>> {
    if ask.body["autoSentenceSplitter"] == false {
        return paragraphs::part(sentences, Parting::Count(1));
    }
    let size = |name| ask.number(name).and_then(|size| usize::try_from(size).ok());
    let most = size("segMaxSize").unwrap_or(usize::MAX).max(1);
    let least = size("segMinSize").unwrap_or_default().min(most);
    if let Some(count) = size("segCount").filter(|count| *count > 0) {
        return paragraphs::part(sentences, Parting::Count(count));
    }
    let topics = paragraphs::part(sentences, Parting::Threshold(0.0));
    paragraphs::resize(sentences, &topics, &(least..=most))
}

fn line(paragraph: &[Sentence<'_>]) -> Option<String> {
    let all = words::content(&paragraph.iter().map(|sentence| sentence.text).collect::<Vec<_>>().join(" "));
    let shared = |sentence: &&Sentence<'_>| words::overlap(&all, &words::content(sentence.text));
    let best = paragraph.iter().rev().max_by_key(shared)?;
    Some(format!("- {}", sentences::without_end(best.text).0))
}
