//! A parsed answer and what came with it.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::error::Error;
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

impl Meta {
    pub(crate) fn for_test() -> Self {
        Self {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            request_id: "test".to_owned(),
            attempts: 1,
            elapsed: Duration::ZERO,
        }
    }
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, meta: Meta) -> Self {
        Self { value, meta }
    }

    /// An answer by hand, to test code that takes one: HTTP 200, no headers, request id `test`, one attempt. What a test
    /// is about can be set.
    ///
    /// ```
    /// use std::time::Duration;
    /// use clovastudio::raw::types::EmbeddingResult;
    /// use clovastudio::{RateLimitState, RateLimits, Response};
    ///
    /// fn is_last_of_this_minute<T>(response: &Response<T>) -> bool {
    ///     response.rate_limits().requests.remaining == Some(0)
    /// }
    ///
    /// let requests = RateLimitState::new(60, 0, Duration::from_secs(6));
    /// let response = Response::for_test(EmbeddingResult::from_vector([0.6, 0.8]))
    ///     .with_headers(RateLimits::new(requests, RateLimitState::default()).to_headers())
    ///     .with_attempts(2);
    /// assert!(is_last_of_this_minute(&response));
    /// ```
    pub fn for_test(value: T) -> Self {
        Self { value, meta: Meta::for_test() }
    }

    /// The same with another HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.meta.status = status;
        self
    }

    /// The same with these headers, in place of those it had. [`RateLimits::to_headers`] makes those that tell of limits.
    #[must_use]
    pub fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.meta.headers = headers;
        self
    }

    /// The same with another id of the request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.meta.request_id = id.into();
        self
    }

    /// The same after this many attempts.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.meta.attempts = attempts;
        self
    }

    /// The same after this time.
    #[must_use]
    pub fn with_elapsed(mut self, elapsed: Duration) -> Self {
        self.meta.elapsed = elapsed;
        self
    }

    /// The result alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Changes the result and keeps what came with it.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response { value: change(self.value), meta: self.meta }
    }

    /// An error that is about this answer, with what came with it.
    pub(crate) fn blame(&self, error: Error) -> Error {
        let Meta { status, headers, request_id, attempts, elapsed } = &self.meta;
        let error = error.with_status(*status).with_headers(headers.clone()).with_request_id(request_id.clone());
        error.with_attempts(*attempts, *elapsed)
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
