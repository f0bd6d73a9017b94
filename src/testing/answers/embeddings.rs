//! Vectors of texts.
//!
//! Each word of a text, its beginning and each run of two and of three of its characters adds to one component, chosen by
//! a hash; the vector is then scaled to length 1. Texts that share words, or forms of a word such as a noun with other
//! particles, come close to each other.

use serde_json::{Value, json};

use super::seed::hash;
use super::{Ask, tokenizer, words};
use crate::catalogue::ModelEntry;
use crate::raw::types::ModelName;

/// The model of an operation that names none.
const LONG_TEXTS: ModelName = ModelName::BgeM3;

/// How much more a word tells than a run of its characters.
const WORD_WEIGHT: f64 = 3.0;

/// What a word counts that says nothing about the topic.
const STOP_WORD_WEIGHT: f64 = 0.25;

/// Lengths of the runs of characters.
const RUNS: [usize; 2] = [2, 3];

/// The vector of a text, natively.
pub fn result(ask: &Ask<'_>) -> Value {
    let text = ask.text("text");
    json!({ "embedding": vector(text, dimensions(ask)), "inputTokens": tokenizer::count(text) })
}

/// The vectors of one text or of several, in their order, in OpenAI's shape.
pub fn list(ask: &Ask<'_>) -> Value {
    let vectors = inputs(ask.body).enumerate().map(
        |(index, text)| json!({ "object": "embedding", "index": index, "embedding": vector(text, dimensions(ask)) }),
    );
    let tokens: u64 = inputs(ask.body).map(tokenizer::count).sum();
    json!({
        "object": "list",
        "data": vectors.collect::<Vec<_>>(),
        "model": ask.model(),
        "usage": { "prompt_tokens": tokens, "total_tokens": tokens },
    })
}

/// The texts to embed.
pub fn inputs(body: &Value) -> impl Iterator<Item = &str> {
    let input = &body["input"];
    let inputs = input.as_array().map_or(std::slice::from_ref(input), Vec::as_slice);
    inputs.iter().map(|text| text.as_str().unwrap_or_default())
}

fn dimensions(ask: &Ask<'_>) -> usize {
    let named = ModelName::from(ask.model());
    let size = |model: &ModelName| model.entry().and_then(|ModelEntry { dimensions, .. }| *dimensions);
    let size = size(&named).or_else(|| size(&LONG_TEXTS)).unwrap_or_default();
    usize::try_from(size).unwrap_or_default()
}

fn vector(text: &str, dimensions: usize) -> Vec<f64> {
    let mut vector = vec![0.0; dimensions];
    for (feature, weight) in features(text) {
        let hash = hash(&feature);
        let place = usize::try_from(hash % dimensions.max(1) as u64).unwrap_or_default();
        if let Some(component) = vector.get_mut(place) {
            *component += if hash >> 63 == 0 { weight } else { -weight };
        }
    }
    let length = vector.iter().map(|component| component * component).sum::<f64>().sqrt();
    vector.into_iter().map(|component| component / length).collect()
}

/// What the text has, and how much it weighs. A text without words is one feature.
fn features(text: &str) -> Vec<(String, f64)> {
    let mut features = Vec::new();
    for word in words::split(text).map(words::stem) {
        let weight = if words::is_stop_word(&word) { STOP_WORD_WEIGHT } else { 1.0 };
        // A space at the end tells endings from other runs.
        let chars: Vec<_> = word.chars().chain([' ']).collect();
        let runs = RUNS.into_iter().flat_map(|length| chars.windows(length));
        features.extend(runs.map(|run| (run.iter().collect(), weight)));
        features.push((words::root(&word).to_owned(), WORD_WEIGHT * weight));
        features.push((word, WORD_WEIGHT * weight));
    }
    if features.is_empty() {
        features.push((text.to_owned(), 1.0));
    }
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    fn similarity(one: &str, other: &str) -> f64 {
        let [one, other] = [one, other].map(|text| vector(text, 1024));
        one.iter().zip(&other).map(|(one, other)| one * other).sum()
    }

    #[test]
    fn vectors_have_length_one() {
        for text in ["a", "오늘 날씨가 어때?", " ", "?!", "What is a tensor?"] {
            assert!((similarity(text, text) - 1.0).abs() < 1e-9, "{text}");
        }
    }

    #[test]
    fn texts_about_the_same_are_closer_than_others() {
        let triples = [
            ("오늘 서울 날씨가 어때?", "서울의 오늘 날씨를 알려 주세요", "주식 계좌를 여는 방법"),
            ("고양이는 포유류이다", "고양이란 무엇인가요?", "항구는 작년에 커졌다"),
            ("How do I delete a network?", "Deleting networks", "The harbour grew last year"),
            ("The weather in Busan is warm", "Is Busan's weather warm?", "What is the price of a loan?"),
        ];
        for (text, near, far) in triples {
            let [near, far] = [near, far].map(|other| similarity(text, other));
            assert!(near > far + 0.2, "{text}: {near} {far}");
        }
    }
}
