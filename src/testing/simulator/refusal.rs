//! A refusal, as the service words it.

use http::StatusCode as HttpStatus;
use serde_json::{Value, json};

use super::wire::Reply;
use crate::raw::types::StatusCode;

/// A status code with a message.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) code: StatusCode,
    pub(super) message: String,
}

impl Refusal {
    /// A refusal with the first text that the catalogue has for its code.
    pub(super) fn new(code: StatusCode) -> Self {
        Self::about(code, "")
    }

    /// A refusal with the text of the catalogue that has these words in it, else with the first one.
    pub(super) fn about(code: StatusCode, words: &str) -> Self {
        let messages = code.entry().map(|entry| entry.messages).unwrap_or_default();
        let message = messages.iter().find(|message| message.text.contains(words)).or(messages.first());
        let message = message.map(|message| message.text.to_owned()).unwrap_or_default();
        Self { code, message }
    }

    /// A refusal that says what it is about, as in `Invalid parameter: maxTokens`.
    pub(super) fn naming(code: StatusCode, what: &str) -> Self {
        let mut refusal = Self::new(code);
        if !what.is_empty() {
            refusal.message = format!("{}: {what}", refusal.message);
        }
        refusal
    }

    /// A refusal of a parameter.
    pub(super) fn parameter(name: &str) -> Self {
        Self::naming(StatusCode::InvalidParameter, name)
    }

    /// HTTP status by the catalogue; for a code that it does not have, by the first three digits.
    pub(super) fn http_status(&self) -> HttpStatus {
        let listed = self.code.entry().map(|entry| entry.http_status);
        let status = listed.or_else(|| self.code.as_str().get(..3)?.parse().ok()).unwrap_or_default();
        let status = HttpStatus::from_u16(status).ok().filter(|status| !status.is_informational());
        status.unwrap_or(HttpStatus::INTERNAL_SERVER_ERROR)
    }

    /// The body in the shape of the API.
    pub(super) fn body(&self, openai: bool) -> Value {
        if openai {
            json!({ "error": { "message": self.message, "type": null, "param": null, "code": self.code } })
        } else {
            json!({ "status": { "code": self.code, "message": self.message }, "result": null })
        }
    }

    pub(super) fn reply(&self, openai: bool) -> Reply {
        Reply::json(self.http_status(), &self.body(openai))
    }
}
