//! Failures by their code.

use crate::catalogue::StatusCodeEntry;
use crate::raw::types::{OpenAiError, OpenAiErrorBody, Status, StatusCode, StreamError};

impl Status {
    /// The status with this code and the text that the catalogue has for it, if any.
    #[must_use]
    pub fn from_code(code: impl Into<StatusCode>) -> Self {
        let code = code.into();
        let message = message(&code);
        Self { message, ..Self::new(code) }
    }
}

impl StreamError {
    /// What a native stream sends in an `error` event for this code.
    #[must_use]
    pub fn from_code(code: impl Into<StatusCode>) -> Self {
        Self::new(Status::from_code(code))
    }
}

impl OpenAiErrorBody {
    /// What the OpenAI-compatible API answers with for this code.
    #[must_use]
    pub fn from_code(code: impl Into<StatusCode>) -> Self {
        let code = code.into();
        let error = OpenAiError { message: message(&code), code: Some(code), ..OpenAiError::default() };
        Self::new(error)
    }
}

fn message(code: &StatusCode) -> Option<String> {
    code.entry().and_then(StatusCodeEntry::message).map(str::to_owned)
}
