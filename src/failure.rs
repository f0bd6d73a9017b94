//! Turns what the raw client fails with into the one error, reading the body of a refusal whatever it is.

use std::future::poll_fn;

use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, ErrorKind};
use crate::raw::types::{OpenAiErrorBody, Status, StatusCode};
use crate::raw::{self, ByteStream, Problem, ResponseValue};

/// Most of a failed answer's body that is kept.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The error of a raw call.
pub(crate) async fn from_raw(error: raw::Error) -> Error {
    match error {
        raw::Error::InvalidRequest(problem) => Error::new(ErrorKind::Request).with_message(problem),
        raw::Error::Communication(error) => from_transport(error),
        raw::Error::UnexpectedResponse(response) => from_response(response).await,
        raw::Error::Undecodable(answer) => {
            // The OpenAI-compatible API has no envelope that could tell of a failure inside a success.
            let error = reported(answer.body())
                .unwrap_or_else(|| Error::new(ErrorKind::Decode).with_message(answer.problem().to_string()));
            error.with_status(answer.status()).with_headers(answer.headers().clone()).with_body(answer.into_body())
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

/// The error of JSON that is not what it should be.
pub(crate) fn undecodable(error: &serde_json::Error) -> Error {
    Error::new(ErrorKind::Decode).with_message(Problem::from(error).to_string())
}

async fn from_response(response: reqwest::Response) -> Error {
    let (status, headers) = (response.status(), response.headers().clone());
    Error::from_answer(status, headers, beginning(ResponseValue::stream(response)).await)
}

/// The error of a document that came where a stream was asked for.
pub(crate) async fn from_document(answer: ResponseValue<ByteStream>) -> Error {
    let status = answer.status();
    let body = beginning(answer).await;
    let error = reported(&body)
        .unwrap_or_else(|| Error::new(ErrorKind::Decode).with_message("a document came instead of a stream"));
    error.with_status(status).with_body(body)
}

/// As much of a body as is kept. The status tells what happened even when the body breaks off.
async fn beginning(answer: ResponseValue<ByteStream>) -> Vec<u8> {
    let mut chunks = answer.into_inner_stream();
    let mut body = Vec::new();
    while body.len() < MAX_BODY_BYTES {
        let Some(Ok(chunk)) = poll_fn(|context| chunks.as_mut().poll_next(context)).await else { break };
        body.extend_from_slice(&chunk);
    }
    body.truncate(MAX_BODY_BYTES);
    body
}

/// The failure that a body reports, which came with a status of success.
fn reported(body: &[u8]) -> Option<Error> {
    refusal(body).filter(|error| error.code().is_some_and(|code| !code.is_success()))
}

/// The failure that a body or the data of an event tells of, if it does.
pub(crate) fn refusal(body: &[u8]) -> Option<Error> {
    // As a value first, which takes a member that stands twice.
    let body: Value = serde_json::from_slice(body).ok()?;
    let (code, message) = serde_json::from_value::<Refusal>(body).ok()?.into_parts();
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
