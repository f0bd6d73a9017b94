//! A parsed answer and what came with it.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::rate_limit::RateLimits;

/// An answer: the parsed result, to which it dereferences, and what came with it.
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    meta: Meta,
}

/// What comes with every answer.
#[derive(Clone, Debug)]
pub(crate) struct Meta {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) request_id: String,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, meta: Meta) -> Self {
        Self { value, meta }
    }

    /// An answer by hand, to test code that takes one: HTTP 200, no headers, request id `test`, one attempt.
    pub fn for_test(value: T) -> Self {
        let meta = Meta {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            request_id: "test".to_owned(),
            attempts: 1,
            elapsed: Duration::ZERO,
        };
        Self { value, meta }
    }

    /// The result alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Changes the result and keeps what came with it.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response { value: change(self.value), meta: self.meta }
    }

    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// Headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// Id of the request: the caller's, or one made for the call. The same on every attempt.
    pub fn request_id(&self) -> &str {
        &self.meta.request_id
    }

    /// Requests and tokens left in this minute, as far as the service tells.
    pub fn rate_limits(&self) -> RateLimits {
        RateLimits::from_headers(&self.meta.headers)
    }

    /// How often the request was sent, at least once.
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// Time from the start of the call to the answer, waits included.
    pub fn elapsed(&self) -> Duration {
        self.meta.elapsed
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("value", &self.value)
            .field("status", &self.meta.status)
            .field("request_id", &self.meta.request_id)
            .field("attempts", &self.meta.attempts)
            .field("elapsed", &self.meta.elapsed)
            .finish_non_exhaustive()
    }
}
