//! Answers of the segmentation.

use serde_json::{Value, json};

use super::paragraphs::{self, Parting};
use super::sentences::{self, Sentence};
use super::{Ask, tokenizer};

/// The value of `alpha` that leaves the threshold to the service.
const AUTOMATIC: f64 = -100.0;

/// The paragraphs. A wanted number of them counts more than a threshold. With post-processing, a sentence longer than a
/// paragraph may be is cut, and its pieces count as sentences.
pub fn result(ask: &Ask<'_>) -> Value {
    let text = ask.text("text");
    let sizes = Sizes::of(ask);
    let mut sentences = sentences::split(text);
    if let Some(sizes) = &sizes {
        sentences = sentences.into_iter().flat_map(|sentence| pieces(sentence, sizes.most)).collect();
    }
    let mut paragraphs = paragraphs::part(&sentences, parting(ask));
    if let Some(Sizes { least, most }) = sizes {
        paragraphs = paragraphs::resize(&sentences, &paragraphs, &(least..=most));
    }
    let texts = paragraphs
        .iter()
        .map(|paragraph| sentences[paragraph.clone()].iter().map(|sentence| sentence.text).collect::<Vec<_>>());
    json!({
        "topicSeg": texts.collect::<Vec<_>>(),
        "span": paragraphs.iter().map(|paragraph| paragraph.clone().collect::<Vec<_>>()).collect::<Vec<_>>(),
        "inputTokens": tokenizer::count(text),
    })
}

/// Characters of a paragraph.
struct Sizes {
    least: usize,
    most: usize,
}

impl Sizes {
    /// Those of a request with post-processing. The shortest length may be left to the service, which then has none.
    fn of(ask: &Ask<'_>) -> Option<Self> {
        let number = |name| ask.number(name).and_then(|number| usize::try_from(number).ok());
        let most = number("postProcessMaxSize").unwrap_or(usize::MAX).max(1);
        let least = number("postProcessMinSize").unwrap_or_default().min(most);
        (ask.body["postProcess"] == true).then_some(Self { least, most })
    }
}

fn parting(ask: &Ask<'_>) -> Parting {
    let count = ask.number("segCnt").and_then(|count| usize::try_from(count).ok()).filter(|count| *count > 0);
    let alpha = ask.body["alpha"].as_f64().filter(|alpha| *alpha > AUTOMATIC).unwrap_or_default();
    count.map_or(Parting::Threshold(alpha), Parting::Count)
}

fn pieces(sentence: Sentence<'_>, most: usize) -> Vec<Sentence<'_>> {
    let pieces = paragraphs::pieces(sentence.text, most).into_iter().enumerate();
    let piece = |(index, text)| Sentence { text, begins_paragraph: sentence.begins_paragraph && index == 0 };
    pieces.map(piece).collect()
}
