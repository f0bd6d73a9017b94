//! Answers that cite documents.

use super::language::Language;
use super::{sentences, tokenizer, words};

/// A document to cite from.
pub struct Document<'a> {
    /// What its marks are called.
    pub mark: String,
    pub text: &'a str,
}

/// A sentence that answers a question.
#[derive(Clone, Copy)]
struct Passage<'a> {
    /// Place of its document.
    place: usize,
    text: &'a str,
    /// Words of the question in it.
    shared: usize,
}

/// A text and the places of the documents that it cites, best first.
pub struct Cited {
    pub text: String,
    pub places: Vec<usize>,
}

/// An answer from the best sentence of each document that has at least half as many words of the question as the best
/// one, of at most so many tokens.
pub fn answer(question: &str, documents: &[Document<'_>], most: u64) -> Cited {
    let wanted = words::content(question);
    let mut passages: Vec<_> = documents.iter().enumerate().filter_map(|it| passage(it, &wanted)).collect();
    passages.sort_by_key(|passage| std::cmp::Reverse(passage.shared));
    let best = passages.first().map_or(1, |passage| passage.shared);
    passages.retain(|passage| 2 * passage.shared >= best);
    quote(&passages, documents, most)
}

/// An answer from the first document, for hits of a search that share no word with the question.
pub fn first(documents: &[Document<'_>], most: u64) -> Cited {
    let first = documents.iter().enumerate().find_map(|(place, document)| {
        let sentence = *sentences::split(document.text).first()?;
        Some(Passage { place, text: sentence.text, shared: 0 })
    });
    quote(first.as_slice(), documents, most)
}

/// What to say when no document answers a question.
pub fn nothing(question: &str) -> String {
    let topic = words::content(question).join(" ");
    match Language::of(question) {
        Language::Korean => format!("문서에는 {topic}에 관한 내용이 없습니다."),
        Language::English => format!("The documents say nothing about {topic}."),
    }
}

/// The sentence of a document that shares most words with the question, if one shares any.
fn passage<'a>((place, document): (usize, &Document<'a>), wanted: &[String]) -> Option<Passage<'a>> {
    let sentences = sentences::split(document.text).into_iter().rev();
    let passages = sentences.map(|sentence| {
        let shared = words::overlap(wanted, &words::content(sentence.text));
        Passage { place, text: sentence.text, shared }
    });
    passages.max_by_key(|passage| passage.shared).filter(|passage| passage.shared > 0)
}

/// The passages in their marks, as far as they fit; the last one may be cut, but its marks are not.
fn quote(passages: &[Passage<'_>], documents: &[Document<'_>], most: u64) -> Cited {
    let mut cited = Cited { text: String::new(), places: Vec::new() };
    for passage in passages {
        let mark = &documents[passage.place].mark;
        let (text, end) = sentences::without_end(passage.text);
        let end = if end.is_empty() { "." } else { end };
        let space = if cited.text.is_empty() { "" } else { " " };
        let begin = format!("{}{space}<{mark}>", cited.text);
        let frame = tokenizer::count(&begin) + tokenizer::count(&format!("</{mark}>{end}"));
        let text = tokenizer::cut(text, most.saturating_sub(frame));
        if text.is_empty() {
            break;
        }
        cited.text = format!("{begin}{text}</{mark}>{end}");
        cited.places.push(passage.place);
    }
    cited
}
