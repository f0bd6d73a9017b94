//! Any failed answer becomes an error that takes one line and does not show the body.

use clovastudio::{Error, ErrorKind};
use http::{HeaderMap, StatusCode};

use super::assert_one_line;

/// Takes an HTTP status on a line of its own, and a body.
pub fn check(answer: &[u8]) {
    let mut parts = answer.splitn(2, |byte| *byte == b'\n');
    let status = parts.next().and_then(|line| std::str::from_utf8(line).ok()).and_then(|line| line.parse().ok());
    let status = status.unwrap_or(StatusCode::BAD_REQUEST);
    let body = parts.next().unwrap_or_default();
    let error = Error::from_answer(status, HeaderMap::new(), body);
    assert_eq!((error.kind(), error.status(), error.body()), (ErrorKind::Api, Some(status), Some(body)));
    assert_one_line(&error.to_string());
    assert_hides(&error, body);
    let _ = (error.is_rate_limited(), error.is_auth(), error.is_not_found(), error.is_timeout(), error.is_retryable());
}

/// Asserts that an error shows what it would show of any other body of that length with the same code and message.
fn assert_hides(error: &Error, body: &[u8]) {
    let mut other = Error::new(error.kind()).with_body(vec![0; body.len()]);
    if let Some(code) = error.code() {
        other = other.with_code(code.clone());
    }
    if let Some(message) = error.message() {
        other = other.with_message(message);
    }
    if let Some(status) = error.status() {
        other = other.with_status(status);
    }
    assert_eq!(error.to_string(), other.to_string());
    assert_eq!(format!("{error:?} {error:#?}"), format!("{other:?} {other:#?}"));
}
