//! The answer of a chat.

use std::iter::Sum;
use std::ops::Add;

use crate::error::{Error, ErrorKind, Result};
use crate::raw::types::{AiFilter, ChatV3Answer, ChatV3Result, FinishReason, ToolCall};

/// The answer of a chat, the same from a document and from a stream.
#[derive(Clone, Debug)]
pub struct ChatReply {
    pub(super) result: ChatV3Result,
}

/// Tokens used by a chat; 0 where the service did not tell. Several can be summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens of the input.
    pub prompt_tokens: i64,
    /// Generated tokens, reasoning included.
    pub completion_tokens: i64,
    /// All tokens; need not be the sum of the others.
    pub total_tokens: i64,
    /// Tokens of the reasoning.
    pub thinking_tokens: i64,
}

impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            prompt_tokens: self.prompt_tokens.saturating_add(other.prompt_tokens),
            completion_tokens: self.completion_tokens.saturating_add(other.completion_tokens),
            total_tokens: self.total_tokens.saturating_add(other.total_tokens),
            thinking_tokens: self.thinking_tokens.saturating_add(other.thinking_tokens),
        }
    }
}

impl Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(usages: I) -> Self {
        usages.fold(Self::default(), Add::add)
    }
}

impl ChatReply {
    /// An answer by hand, or from the generated type.
    #[must_use]
    pub fn new(result: ChatV3Result) -> Self {
        Self { result }
    }

    /// The text. Empty when the model asks for function calls, or when reasoning used the whole token limit.
    #[must_use]
    pub fn text(&self) -> &str {
        self.message().and_then(|message| message.content.as_deref()).unwrap_or_default()
    }

    /// The text, or the reason why there is none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ThinkingBudget`] when reasoning used the whole token limit.
    pub fn answer(&self) -> Result<&str> {
        if self.spent_on_thinking() { Err(Error::new(ErrorKind::ThinkingBudget)) } else { Ok(self.text()) }
    }

    /// The reasoning of HCX-007. It may repeat the system prompt: not for end users as it is.
    #[must_use]
    pub fn thinking(&self) -> Option<&str> {
        self.message()?.thinking_content.as_deref()
    }

    /// Calls the model asks for.
    #[must_use]
    pub fn tool_calls(&self) -> &[ToolCall] {
        self.message().and_then(|message| message.tool_calls.as_deref()).unwrap_or_default()
    }

    /// Tokens used.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let Some(usage) = &self.result.usage else { return Usage::default() };
        let details = usage.completion_tokens_details.as_ref();
        Usage {
            prompt_tokens: usage.prompt_tokens.unwrap_or_default(),
            completion_tokens: usage.completion_tokens.unwrap_or_default(),
            total_tokens: usage.total_tokens.unwrap_or_default(),
            thinking_tokens: details.and_then(|details| details.thinking_tokens).unwrap_or_default(),
        }
    }

    /// Why the generation ended. Missing in some answers.
    #[must_use]
    pub fn finish_reason(&self) -> Option<&FinishReason> {
        self.result.finish_reason.as_ref()
    }

    /// Whether the token limit cut the answer off.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        self.finish_reason() == Some(&FinishReason::Length)
    }

    /// Whether the token limit was reached while the model was still reasoning, so that there is no answer. Raise
    /// `max_completion_tokens` or lower the effort.
    #[must_use]
    pub fn spent_on_thinking(&self) -> bool {
        self.is_cut_off() && self.text().is_empty() && self.tool_calls().is_empty()
    }

    /// Verdicts of the content filters, when asked for.
    #[must_use]
    pub fn ai_filter(&self) -> &[AiFilter] {
        self.result.ai_filter.as_deref().unwrap_or_default()
    }

    /// The seed used.
    #[must_use]
    pub fn seed(&self) -> Option<i64> {
        self.result.seed
    }

    /// The generated type.
    #[must_use]
    pub fn result(&self) -> &ChatV3Result {
        &self.result
    }

    /// The generated type.
    #[must_use]
    pub fn into_result(self) -> ChatV3Result {
        self.result
    }

    fn message(&self) -> Option<&ChatV3Answer> {
        self.result.message.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usages_are_summed_up() {
        let usage =
            |tokens| Usage { prompt_tokens: tokens, completion_tokens: 1, total_tokens: tokens, thinking_tokens: 0 };
        let total: Usage = [usage(3), usage(4), usage(i64::MAX)].into_iter().sum();
        assert_eq!(total, Usage { completion_tokens: 3, ..usage(i64::MAX) });
    }
}
