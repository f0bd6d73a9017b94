//! Marks of citations in answer texts.
//!
//! The [reranker](crate::Client::rerank) wraps what it cites in `<doc1>…</doc1>`, where the number is the place of the
//! document in the request, from 1. [RAG reasoning](crate::Client::rag_reasoning) wraps it in `<ID>…</ID>`, where `ID`
//! is the id of a hit, such as `doc-1`.
//!
//! ```
//! use clovastudio::citations::{self, Segment};
//!
//! let segments = citations::parse("To delete it, <doc2>remove its subnets first</doc2>.");
//! assert_eq!(segments[0], Segment { text: "To delete it, ", mark: None });
//! assert_eq!(segments[1], Segment { text: "remove its subnets first", mark: Some("doc2") });
//! assert_eq!(segments[1].place(), Some(2));
//! assert_eq!(citations::plain_text(&segments), "To delete it, remove its subnets first.");
//! ```

use std::fmt;

use crate::mask::MASKED;
use crate::raw::types::{RerankDocument, RerankResult};

/// A piece of an answer, cited or not.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Segment<'a> {
    /// The text, without its mark.
    pub text: &'a str,
    /// The name in the mark around the text: the place of a document, such as `doc1`, or the id of a hit. None for text
    /// that is not cited.
    pub mark: Option<&'a str>,
}

impl<'a> Segment<'a> {
    /// The place of the cited document in the request, from 1, when the mark is of that form.
    #[must_use]
    pub fn place(&self) -> Option<usize> {
        let digits = self.mark?.strip_prefix("doc").filter(|digits| is_number(digits))?;
        digits.parse().ok().filter(|place| *place > 0)
    }

    /// The cited document of a reranker's request; none when there is no document at that place.
    #[must_use]
    pub fn document<'d>(&self, documents: &'d [RerankDocument]) -> Option<&'d RerankDocument> {
        documents.get(self.place()? - 1)
    }

    fn plain(text: &'a str) -> Option<Self> {
        (!text.is_empty()).then_some(Self { text, mark: None })
    }
}

impl fmt::Debug for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Segment").field("text", &MASKED).field("mark", &self.mark).finish()
    }
}

/// Cuts an answer at marks of the forms `<doc1>` and `<doc-…>`.
///
/// A mark counts when the next one closes it. All others, such as one that is never closed or one around another, stay
/// in the text.
#[must_use]
pub fn parse(text: &str) -> Vec<Segment<'_>> {
    cut(text, is_usual)
}

/// Cuts an answer at the marks of these ids, for hits whose ids do not begin with `doc-`. Otherwise as [`parse`].
///
/// ```
/// use clovastudio::citations;
///
/// let segments = citations::parse_ids("<faq-7>Open the menu</faq-7> <b>now</b>.", &["faq-7", "faq-9"]);
/// assert_eq!((segments[0].text, segments[0].mark), ("Open the menu", Some("faq-7")));
/// assert_eq!(segments[1].text, " <b>now</b>.");
/// ```
#[must_use]
pub fn parse_ids<'a>(text: &'a str, ids: &[impl AsRef<str>]) -> Vec<Segment<'a>> {
    cut(text, |name| ids.iter().any(|id| id.as_ref() == name))
}

/// The text of all segments, cited or not, without the marks.
#[must_use]
pub fn plain_text(segments: &[Segment<'_>]) -> String {
    segments.iter().map(|segment| segment.text).collect()
}

impl RerankResult {
    /// The answer, cut at its marks; empty when there is no answer. See [`Segment::document`] for the cited documents.
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use clovastudio::raw::types::{RerankDocument, RerankRequest};
    ///
    /// # let simulator = clovastudio::testing::Simulator::start().await?;
    /// # let client = clovastudio::Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
    /// let documents: Vec<RerankDocument> = vec![
    ///     RerankDocument::builder().id("faq-7").doc("Remove every subnet before deleting the network.").try_into()?,
    ///     RerankDocument::builder().id("faq-9").doc("A deleted network cannot be restored.").try_into()?,
    /// ];
    /// let body = RerankRequest::builder().documents(documents.clone()).query("How do I delete a network?");
    /// let answer = client.rerank(body).send().await?;
    /// for segment in answer.segments() {
    ///     match segment.document(&documents) {
    ///         Some(document) => print!("{} [{}]", segment.text, document.id),
    ///         None => print!("{}", segment.text),
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn segments(&self) -> Vec<Segment<'_>> {
        self.result.as_deref().map(parse).unwrap_or_default()
    }
}

/// One end of a mark in a text.
struct Tag<'a> {
    name: &'a str,
    closes: bool,
    start: usize,
    end: usize,
}

fn cut(text: &str, is_mark: impl Fn(&str) -> bool) -> Vec<Segment<'_>> {
    let tags: Vec<_> = tags(text).filter(|tag| is_mark(tag.name)).collect();
    let mut segments = Vec::new();
    let mut done = 0;
    for (begin, end) in tags.iter().zip(tags.iter().skip(1)) {
        if !begin.closes && end.closes && begin.name == end.name {
            segments.extend(Segment::plain(&text[done..begin.start]));
            segments.push(Segment { text: &text[begin.end..end.start], mark: Some(begin.name) });
            done = end.end;
        }
    }
    segments.extend(Segment::plain(&text[done..]));
    segments
}

fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    text.match_indices('<').filter_map(|(start, _)| {
        let rest = &text[start + 1..];
        let length = rest.find(['<', '>']).filter(|end| rest[*end..].starts_with('>'))?;
        let inner = &rest[..length];
        let (name, closes) = inner.strip_prefix('/').map_or((inner, false), |name| (name, true));
        Some(Tag { name, closes, start, end: start + 1 + length + 1 })
    })
}

fn is_usual(name: &str) -> bool {
    name.strip_prefix("doc").is_some_and(|rest| is_number(rest) || is_id(rest))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_id(text: &str) -> bool {
    text.len() > 1 && text.starts_with('-') && !text.contains(char::is_whitespace)
}
