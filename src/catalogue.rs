//! What the vendor tells about its hosts, status codes and models, generated from the document.

use crate::raw::types::{ModelName, StatusCode};

/// Whether sending the same request again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// It cannot.
    Never,
    /// It may, one time.
    Once,
    /// It can, at once.
    Yes,
    /// It can after a wait.
    AfterWaiting,
}

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The vendor's pages.
    Vendor,
    /// This project's judgement.
    Ours,
}

/// A status code of the
/// [catalogue](https://api.ncloud-docs.com/docs/clovastudio-troubleshoot).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StatusCodeEntry {
    /// The code.
    pub code: StatusCode,
    /// HTTP status of the answer; not the first three digits for codes of skillsets and routers.
    pub http_status: u16,
    /// Whether a retry can help.
    pub retry: Retry,
    /// Who says so.
    pub retry_source: Source,
    /// Texts seen with the code. Texts change: never match on them.
    pub messages: &'static [StatusMessage],
}

/// A text that comes with a status code.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct StatusMessage {
    /// The vendor's text.
    pub text: &'static str,
    /// What it means, and what to do.
    pub meaning: &'static str,
}

/// A model and its limits, in tokens, from the vendor's
/// [model page](https://guide.ncloud-docs.com/docs/clovastudio-model).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ModelEntry {
    /// Its name.
    pub name: ModelName,
    /// Whether the vendor retired it.
    pub retired: bool,
    /// Most tokens of input and output together.
    pub context_tokens: Option<u32>,
    /// Most tokens of the input.
    pub max_input_tokens: Option<u32>,
    /// Most tokens of the output.
    pub max_output_tokens: Option<u32>,
    /// Length of the vectors of an embedding model.
    pub dimensions: Option<u32>,
    /// Operations that serve it, by `operationId`.
    pub operations: &'static [&'static str],
    /// What it can do beyond text: `vision`, `thinking`, `functionCalling`, `structuredOutputs`, `tuning`.
    pub features: &'static [&'static str],
    /// Ceiling for test keys.
    pub test_key_limit: Option<RateLimit>,
    /// Ceiling for service keys.
    pub service_key_limit: Option<RateLimit>,
}

/// A ceiling per main account and minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests (QPM).
    pub requests_per_minute: u32,
    /// Input tokens and requested output tokens together (TPM).
    pub tokens_per_minute: u32,
}

pub use tables::{Host, MODELS, STATUS_CODES};

#[allow(clippy::all, clippy::pedantic, reason = "generated")]
mod tables {
    use super::{ModelEntry, ModelName, RateLimit, Retry, Source, StatusCode, StatusCodeEntry, StatusMessage};

    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));
}

impl StatusCode {
    /// What the catalogue says of this code; nothing for a code it does not have.
    ///
    /// ```
    /// use clovastudio::catalogue::Retry;
    /// use clovastudio::raw::types::StatusCode;
    ///
    /// let entry = StatusCode::RateExceeded.entry().expect("42901 is in the catalogue");
    /// assert_eq!(entry.http_status, 429);
    /// assert_eq!(entry.retry, Retry::AfterWaiting);
    /// ```
    #[must_use]
    pub fn entry(&self) -> Option<&'static StatusCodeEntry> {
        STATUS_CODES.iter().find(|entry| entry.code == *self)
    }

    /// Whether the code reports success.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Ok | Self::NoContent)
    }
}

impl ModelName {
    /// What the catalogue says of this model; nothing for a model it does not have.
    ///
    /// ```
    /// use clovastudio::raw::types::ModelName;
    ///
    /// let entry = ModelName::from("HCX-007").entry().expect("HCX-007 is in the catalogue");
    /// assert_eq!(entry.max_output_tokens, Some(32_768));
    /// ```
    #[must_use]
    pub fn entry(&self) -> Option<&'static ModelEntry> {
        MODELS.iter().find(|entry| entry.name == *self)
    }
}

impl StatusCodeEntry {
    /// The text that usually comes with the code.
    #[must_use]
    pub fn message(&self) -> Option<&'static str> {
        self.messages.first().map(|message| message.text)
    }
}
