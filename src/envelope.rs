//! Opens native answers.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind};
use crate::raw::types;

/// A native answer: a status, and a result unless the status is a failure.
pub trait Envelope: DeserializeOwned {
    /// What is in it.
    type Result: Serialize;

    /// Takes it apart. The OpenAI-compatible answers have no status, nothing but success.
    fn open(self) -> (Option<types::Status>, Option<Self::Result>);

    /// Tokens of input and output that the answer tells of.
    #[must_use]
    fn tokens(_: &Self::Result) -> (Option<i64>, Option<i64>) {
        (None, None)
    }
}

/// The result, or the failure that the status tells.
pub(crate) fn open<E: Envelope>(envelope: E) -> Result<E::Result, Error> {
    let (status, result) = envelope.open();
    if let Some(status) = status.filter(|status| !status.code.is_success()) {
        return Err(refused(status));
    }
    result.ok_or_else(|| {
        Error::new(ErrorKind::Decode).with_status(http::StatusCode::OK).with_message("the answer has no result")
    })
}

/// A failing status as an error. The HTTP status is set by the caller, who knows whether there was one.
pub(crate) fn refused(status: types::Status) -> Error {
    let error = Error::new(ErrorKind::Api).with_status(http::StatusCode::OK).with_code(status.code.as_str());
    match status.message {
        Some(message) => error.with_message(message),
        None => error,
    }
}

mod generated {
    use super::Envelope;
    use crate::raw::types;

    include!(concat!(env!("OUT_DIR"), "/envelopes.rs"));
}
