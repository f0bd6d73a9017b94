//! The words that lead to a domain, a filter or a skill, as `fixture.json` lists them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use super::words;

/// The fixture.
pub static FIXTURE: LazyLock<Fixture> =
    LazyLock::new(|| serde_json::from_str(include_str!("fixture.json")).expect("the fixture is JSON of this form"));

/// Lists of words by the name of what they lead to.
pub type Topics = BTreeMap<String, Vec<String>>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fixture {
    /// Domains of the router.
    pub domains: Topics,
    /// Its content filters.
    pub blocked_content: Topics,
    /// Its safety filters.
    pub safety: Topics,
    /// Content filters of chats.
    pub ai_filters: Topics,
    /// Skills of the skillset.
    pub skills: Vec<Skill>,
}

/// A skill with the one API that it calls.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Skill {
    pub name_for_human: String,
    /// Words of a query that lead to it.
    pub words: Vec<String>,
    pub operation_id: String,
    /// GET takes its parameter in the URL, POST in the body.
    pub method: String,
    pub url: String,
    /// Name of what the API is asked for, and what it is asked for when the query does not tell.
    pub parameter: String,
    pub default: String,
    /// Body of the API's response.
    pub response: Value,
}

/// How many of the wanted words and phrases a text has.
pub fn mentions(text: &str, wanted: &[String]) -> usize {
    let lower = text.to_lowercase();
    let words: Vec<_> = words::split(&lower).map(words::stem).collect();
    let is_there = |wanted: &String| {
        if wanted.contains(' ') { lower.contains(wanted.as_str()) } else { words::has(&words, wanted) }
    };
    wanted.iter().filter(|wanted| is_there(wanted)).count()
}

/// The names of the topics that a text mentions, those it mentions most first.
pub fn matching<'a>(text: &str, topics: &'a Topics) -> Vec<&'a str> {
    let counts = topics.iter().map(|(name, words)| (mentions(text, words), name.as_str()));
    let mut found: Vec<_> = counts.filter(|(count, _)| *count > 0).collect();
    found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    found.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_to_its_topic() {
        let Fixture { domains, blocked_content, safety, ai_filters, skills } = &*FIXTURE;
        for (name, words) in [domains, blocked_content, safety, ai_filters].into_iter().flatten() {
            for word in words {
                assert_eq!(mentions(&format!("Tell me: {word}?"), std::slice::from_ref(word)), 1, "{name}: {word}");
                assert_eq!(word.to_lowercase(), *word, "{name}: texts are compared in lower case");
            }
        }
        assert!(skills.iter().all(|skill| mentions(&skill.words.join(". "), &skill.words) == skill.words.len()));
    }

    #[test]
    fn the_topic_with_most_words_comes_first() {
        assert_eq!(matching("A hotel with good weather, and a flight", &FIXTURE.domains), ["travel", "weather"]);
        assert_eq!(matching("화성에 비가 오나요?", &FIXTURE.domains), ["weather"]);
        assert_eq!(matching("비용은 얼마인가요?", &FIXTURE.domains), [""; 0]);
    }
}
