//! Verdicts of the content filters on a text.

use serde_json::{Value, json};

use super::fixture::{self, FIXTURE};
use crate::raw::types::{AiFilterGroup, AiFilterName, AiFilterResult, AiFilterScore};

/// Characters that a filter looks at.
const LOOKED_AT: usize = 500;

/// The verdicts of all filters. One finds harm where a word of the fixture stands, and fails on a text of nothing but
/// signs.
pub fn verdicts(text: &str) -> Value {
    let start: String = text.chars().take(LOOKED_AT).collect();
    AiFilterName::KNOWN.iter().map(|name| verdict(name, &start)).collect()
}

fn verdict(name: &AiFilterName, text: &str) -> Value {
    let is_readable = text.is_empty() || text.contains(char::is_alphanumeric);
    let words = FIXTURE.ai_filters.get(name.as_str());
    let is_harmful = words.is_some_and(|words| fixture::mentions(text, words) > 0);
    let (score, result) = match (is_readable, is_harmful) {
        (false, _) => (AiFilterScore::Failed, AiFilterResult::Error),
        (true, true) => (AiFilterScore::Likely, AiFilterResult::Ok),
        (true, false) => (AiFilterScore::Unlikely, AiFilterResult::Ok),
    };
    json!({ "groupName": group(name), "name": name, "score": score, "result": result })
}

fn group(name: &AiFilterName) -> AiFilterGroup {
    match name {
        AiFilterName::SexualHarassment => AiFilterGroup::UnsafeContents,
        _ => AiFilterGroup::Curse,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(text: &str) -> Vec<String> {
        let verdicts = verdicts(text);
        let scores = verdicts.as_array().into_iter().flatten().map(|it| it["score"].as_str().unwrap_or_default());
        scores.map(str::to_owned).collect()
    }

    #[test]
    fn words_of_the_fixture_are_found_at_the_start_of_a_text() {
        assert_eq!(scores("Hello"), ["2", "2", "2"]);
        assert_eq!(scores("이 바보야"), ["2", "0", "2"]);
        assert_eq!(scores(&format!("{}idiot", "good ".repeat(100))), ["2", "2", "2"]);
        assert_eq!(scores("?!"), ["-1", "-1", "-1"]);
    }

    #[test]
    fn every_filter_has_words_and_its_group() {
        let names: Vec<_> = AiFilterName::KNOWN.iter().map(AiFilterName::as_str).collect();
        assert_eq!(FIXTURE.ai_filters.keys().collect::<Vec<_>>(), names);
        let descriptions = &crate::testing::document()["components"]["schemas"]["AiFilterName"]["x-enum-descriptions"];
        for name in AiFilterName::KNOWN {
            let group = format!("in group `{}`", group(name));
            assert!(descriptions[name.as_str()].as_str().is_some_and(|text| text.contains(&group)), "{name}");
        }
    }
}
