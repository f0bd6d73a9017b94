//! Turns what the raw client fails with into the one error, reading the body of a refusal whatever it is.

use http::StatusCode as HttpStatus;
use serde::Deserialize;

use crate::error::{Error, ErrorKind};
use crate::raw;
use crate::raw::types::{OpenAiErrorBody, Status, StatusCode};

/// Most of a failed answer's body that is kept.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The error of a raw call.
pub(crate) async fn from_raw(error: raw::Error<()>) -> Error {
    match error {
        raw::Error::CommunicationError(error)
        | raw::Error::ResponseBodyError(error)
        | raw::Error::InvalidUpgrade(error) => from_transport(error),
        raw::Error::InvalidResponsePayload(body, error) => {
            undecodable(&error).with_status(HttpStatus::OK).with_body(body)
        }
        raw::Error::UnexpectedResponse(response) => from_response(response).await,
        raw::Error::ErrorResponse(response) => Error::new(ErrorKind::Api).with_status(response.status()),
        raw::Error::InvalidRequest(problem) | raw::Error::Custom(problem) => {
            Error::new(ErrorKind::Request).with_message(problem)
        }
    }
}

/// The error of the HTTP client.
pub(crate) fn from_transport(error: reqwest::Error) -> Error {
    let kind = if error.is_timeout() {
        ErrorKind::Timeout
    } else if error.is_connect() {
        ErrorKind::Connect
    } else if error.is_builder() {
        ErrorKind::Request
    } else {
        ErrorKind::Connection
    };
    // The URL may hold an id; everything else in the text is about the way.
    Error::new(kind).with_source(error.without_url())
}

/// The text of a serde error may quote the answer, so only the place is kept.
pub(crate) fn undecodable(error: &serde_json::Error) -> Error {
    let problem = match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Data => "a member has another type than documented",
        _ => "it is not JSON",
    };
    Error::new(ErrorKind::Decode).with_message(format!("{problem} (line {}, column {})", error.line(), error.column()))
}

async fn from_response(mut response: reqwest::Response) -> Error {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    while body.len() < MAX_BODY_BYTES {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            // The status tells what happened even when the body breaks off.
            Ok(None) | Err(_) => break,
        }
    }
    body.truncate(MAX_BODY_BYTES);
    from_body(&body).with_status(status).with_headers(headers).with_body(body)
}

/// The code and message that a body tells, if it tells any.
pub(crate) fn from_body(body: &[u8]) -> Error {
    refusal(body).unwrap_or_else(|| Error::new(ErrorKind::Api))
}

/// The failure that a body or the data of an event tells of, if it does.
pub(crate) fn refusal(body: &[u8]) -> Option<Error> {
    let (code, message) = serde_json::from_slice::<Refusal>(body).ok()?.into_parts();
    let error = Error::new(ErrorKind::Api);
    let error = code.into_iter().fold(error, |error, code| error.with_code(code.as_str()));
    Some(message.into_iter().fold(error, Error::with_message))
}

/// A failed answer in either of its shapes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Refusal {
    Native { status: Status },
    OpenAi(OpenAiErrorBody),
}

impl Refusal {
    fn into_parts(self) -> (Option<StatusCode>, Option<String>) {
        match self {
            Self::Native { status } => (Some(status.code), status.message),
            Self::OpenAi(body) => (body.error.code, body.error.message),
        }
    }
}
