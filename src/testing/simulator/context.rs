//! Whether input and requested output fit the model, or the tool.

use super::contract::limit;
use super::refusal::Refusal;
use super::subject::Subject;
use crate::limits::MOST_OUTPUT;
use crate::raw::types::StatusCode;
use crate::testing::answers::{self, Ask};

/// Whether the limits of a model hold for an operation. Calculators count any text, and the sliding window is
/// there to shorten one.
fn is_limited(tag: &str) -> bool {
    matches!(tag, "chat" | "openai" | "completions" | "embeddings")
}

pub(super) fn check(ask: &Ask<'_>, subject: Subject) -> Result<(), Refusal> {
    let input = answers::input_tokens(ask);
    if limit(ask.operation, "inputTokens").is_some_and(|limit| input > limit) {
        return Err(Refusal::new(StatusCode::ContextLengthExceeded));
    }
    let Some(model) = subject.model().filter(|_| is_limited(ask.operation.tag())) else { return Ok(()) };
    let beyond = |tokens: u64, limit: Option<u32>| limit.is_some_and(|limit| tokens > u64::from(limit));
    let asked = MOST_OUTPUT.iter().filter_map(|name| Some((name, ask.body.get(*name)?.as_u64()?)));
    if let Some((name, _)) = asked.into_iter().find(|(_, tokens)| beyond(*tokens, model.max_output_tokens)) {
        return Err(Refusal::parameter(name));
    }
    if beyond(input, model.max_input_tokens) || beyond(answers::requested_tokens(ask), model.context_tokens) {
        return Err(Refusal::new(StatusCode::ContextLengthExceeded));
    }
    Ok(())
}
