//! Answers of a router.

use serde_json::{Value, json};

use super::fixture::{self, FIXTURE, Topics};
use super::{Ask, input_tokens, tokenizer};

/// The verdicts by the words of the fixture. A query without a domain of its own is about that of the turn before.
pub fn result(ask: &Ask<'_>) -> Value {
    let query = ask.text("query");
    let domain = ask.queries().find_map(|text| fixture::matching(text, &FIXTURE.domains).first().copied());
    let filters = |topics: &'static Topics| json!({ "result": fixture::matching(query, topics), "called": true });
    let mut result = json!({
        "domain": { "result": domain.unwrap_or_default(), "called": true },
        "blockedContent": filters(&FIXTURE.blocked_content),
        "safety": filters(&FIXTURE.safety),
    });
    let (prompt, completion) = (input_tokens(ask), tokenizer::count(&result.to_string()));
    result["usage"] =
        json!({ "promptTokens": prompt, "completionTokens": completion, "totalTokens": prompt + completion });
    result
}
