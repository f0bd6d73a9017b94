//! The whole answer from the events of a skillset.

use crate::error::Result;
use crate::failure;
use crate::raw::events::SkillsetEvent;
use crate::raw::types::{SkillsetFinalAnswer, SkillsetResult};
use crate::stream::truncated;

/// The run of a skillset, as far as its events tell.
#[derive(Clone, Default)]
pub struct SkillsetRun {
    answer: Option<SkillsetFinalAnswer>,
    tokens: Option<i64>,
}

impl SkillsetRun {
    /// Adds an event, and tells whether the answer is there.
    pub(super) fn join(&mut self, event: Option<&SkillsetEvent>) -> bool {
        let tokens = match event {
            Some(SkillsetEvent::Planning(planning)) => planning.token_count,
            Some(SkillsetEvent::Cot(calls)) => calls.token_count,
            Some(SkillsetEvent::FinalAnswer(answer)) => {
                self.answer = Some(answer.clone());
                answer.token_count
            }
            _ => None,
        };
        if let Some(tokens) = tokens {
            self.tokens = Some(self.tokens.unwrap_or_default().saturating_add(tokens));
        }
        self.answer.is_some()
    }

    /// The answer as a document. Each event counts its own tokens, a document those of all.
    pub(super) fn reply(self) -> Result<SkillsetResult> {
        let answer = serde_json::to_value(self.answer.ok_or_else(truncated)?);
        let answer = answer.and_then(serde_json::from_value).map_err(|error| failure::undecodable(&error))?;
        Ok(SkillsetResult { token_count: self.tokens, ..answer })
    }
}
