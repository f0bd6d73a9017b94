//! The one error of the client.

use std::error::Error as StdError;
use std::fmt::{self, Write};
use std::time::Duration;

use http::{HeaderMap, StatusCode as HttpStatus};

use crate::catalogue::{Retry, StatusCodeEntry};
use crate::failure;
use crate::one_line::OneLine;
use crate::rate_limit::RateLimits;
use crate::raw::Operation;
use crate::raw::types::{StatusCode, TuningFailureReason};

type Source = Box<dyn StdError + Send + Sync>;

/// A `Result` with the [`Error`] of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed, wherever it failed: before sending, on the way, by its HTTP status, by a failing `status` inside
/// HTTP 200, or by an `error` event of a stream.
///
/// `Display` is one line with HTTP status, code, message and request id. Neither it nor `Debug` shows a key, a prompt
/// or an answer; [`body`](Self::body) gives the raw answer to those who ask.
///
/// Build one with [`Error::from_code`], [`Error::from_answer`] or [`Error::new`] to test how your code handles it:
///
/// ```
/// use clovastudio::{Error, ErrorKind};
///
/// let error = Error::from_code("42901");
/// assert!(error.is_rate_limited() && error.is_retryable());
/// assert_eq!(error.to_string(), "the service refused: HTTP 429, code 42901, Too many requests - rate exceeded");
///
/// let error = Error::new(ErrorKind::Timeout).with_message("no answer within 60.0s");
/// assert!(error.is_timeout() && error.code().is_none());
/// ```
pub struct Error(Box<Parts>);

struct Parts {
    kind: ErrorKind,
    operation: Option<Operation>,
    status: Option<HttpStatus>,
    code: Option<StatusCode>,
    message: Option<String>,
    request_id: Option<String>,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    attempts: u32,
    elapsed: Duration,
    deadline: Option<Duration>,
    tuning_failure: Option<TuningFailureReason>,
    source: Option<Source>,
}

/// What kind of failure an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built from its settings. Nothing was sent.
    Configuration,
    /// The request is incomplete, or breaks a rule that the service is known to enforce. Nothing was sent.
    Request,
    /// No connection to the service. Nothing was sent.
    Connect,
    /// The connection broke on the way; the service may have got the request.
    Connection,
    /// The time ran out: of an attempt, of the whole call, or between two events of a stream.
    Timeout,
    /// The service answered with a failure: see [`Error::code`] and [`Error::status`].
    Api,
    /// The answer is not what the document says, or not JSON.
    Decode,
    /// A stream ended before its result.
    Truncated,
    /// The token limit was reached while the model was still reasoning, so there is no answer. Raise
    /// `max_completion_tokens` or lower the effort.
    ThinkingBudget,
    /// A function that the model called failed, or the model does not stop calling.
    Tool,
    /// A training ended without a model: see [`Error::tuning_failure`] and [`Error::message`].
    TuningFailed,
}

impl ErrorKind {
    const fn text(self) -> &'static str {
        match self {
            Self::Configuration => "the client cannot be built",
            Self::Request => "the request was not sent",
            Self::Connect => "no connection to the service",
            Self::Connection => "the connection broke",
            Self::Timeout => "the time ran out",
            Self::Api => "the service refused",
            Self::Decode => "the answer cannot be read",
            Self::Truncated => "the stream ended before its result",
            Self::ThinkingBudget => "reasoning used the whole token limit, so there is no answer",
            Self::Tool => "function calling failed",
            Self::TuningFailed => "the training failed",
        }
    }
}

impl Error {
    /// An error of a kind, with nothing else known.
    #[must_use]
    pub fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Parts {
            kind,
            operation: None,
            status: None,
            code: None,
            message: None,
            request_id: None,
            headers: HeaderMap::new(),
            body: None,
            attempts: 0,
            elapsed: Duration::ZERO,
            deadline: None,
            tuning_failure: None,
            source: None,
        }))
    }

    /// The refusal with this code, with the HTTP status and the message that the catalogue has for it.
    #[must_use]
    pub fn from_code(code: impl Into<StatusCode>) -> Self {
        let code = code.into();
        let message = code.entry().and_then(StatusCodeEntry::message);
        let error = Self::new(ErrorKind::Api).with_code(code);
        match message {
            Some(message) => error.with_message(message),
            None => error,
        }
    }

    /// What the client makes of an answer with a failing HTTP status, whatever its body is: code and message are taken
    /// from a native or OpenAI-compatible one, and none from any other.
    ///
    /// ```
    /// use clovastudio::Error;
    /// use http::{HeaderMap, StatusCode};
    ///
    /// let body = r#"{"error":{"message":"Invalid key","code":"40104"}}"#;
    /// let error = Error::from_answer(StatusCode::UNAUTHORIZED, HeaderMap::new(), body);
    /// assert_eq!(error.to_string(), "the service refused: HTTP 401, code 40104, Invalid key");
    ///
    /// let error = Error::from_answer(StatusCode::BAD_GATEWAY, HeaderMap::new(), "<html>Bad gateway</html>");
    /// assert_eq!(error.to_string(), "the service refused: HTTP 502");
    /// ```
    #[must_use]
    pub fn from_answer(status: HttpStatus, headers: HeaderMap, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let refusal = failure::refusal(&body).unwrap_or_else(|| Self::new(ErrorKind::Api));
        refusal.with_status(status).with_headers(headers).with_body(body)
    }

    /// Sets the vendor's code, and the HTTP status that comes with it unless one is set.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<StatusCode>) -> Self {
        let code = code.into();
        let status = code.entry().and_then(|entry| HttpStatus::from_u16(entry.http_status).ok());
        self.0.status = self.0.status.or(status);
        self.0.code = Some(code);
        self
    }

    /// Sets the HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: HttpStatus) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Sets the message.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = Some(message.into());
        self
    }

    /// Sets the request id.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.0.request_id = Some(id.into());
        self
    }

    /// Sets the headers of the answer.
    #[must_use]
    pub fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.0.headers = headers;
        self
    }

    /// Sets the raw body of the answer.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.0.body = Some(body.into());
        self
    }

    /// Sets why a training failed.
    #[must_use]
    pub fn with_tuning_failure(mut self, reason: impl Into<TuningFailureReason>) -> Self {
        self.0.tuning_failure = Some(reason.into());
        self
    }

    /// Sets the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Sets the operation that failed.
    #[must_use]
    pub fn with_operation(mut self, operation: Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Sets how often the request was sent, and the time from the start of the call.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32, elapsed: Duration) -> Self {
        self.0.attempts = attempts;
        self.0.elapsed = elapsed;
        self
    }

    /// Sets the deadline of the whole call.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.0.deadline = Some(deadline);
        self
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed; none for an error at construction.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.0.operation
    }

    /// HTTP status of the answer. 200 when the failure came inside a successful answer or a stream.
    #[must_use]
    pub fn status(&self) -> Option<HttpStatus> {
        self.0.status
    }

    /// The vendor's code; [`StatusCode::entry`] tells what it means.
    #[must_use]
    pub fn code(&self) -> Option<&StatusCode> {
        self.0.code.as_ref()
    }

    /// The vendor's text, or what this crate has to say. Texts change: never match on them.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// Id of the request, for the vendor's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Headers of the answer; empty when there was none.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// Requests and tokens left in this minute, as far as the headers of the answer tell.
    #[must_use]
    pub fn rate_limits(&self) -> RateLimits {
        RateLimits::from_headers(&self.0.headers)
    }

    /// Raw body of the answer. It may hold a prompt or an answer.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.0.body.as_deref()
    }

    /// How often the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Time from the start of the call to this error, waits included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The deadline of the whole call, when one was set.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        self.0.deadline
    }

    /// Why the training failed, as far as the service tells, for an error of kind
    /// [`TuningFailed`](ErrorKind::TuningFailed).
    ///
    /// **Troubleshooting**: after `resource.timeout` create the same training again; most others are about the file, and
    /// the [message](Self::message) says what to correct.
    #[must_use]
    pub fn tuning_failure(&self) -> Option<&TuningFailureReason> {
        self.0.tuning_failure.as_ref()
    }

    /// Whether requests or tokens per minute were exceeded (codes 42900, 42901, 42903, 64429).
    ///
    /// **Troubleshooting**: quotas hold per main account and model, so more keys do not help. Wait as
    /// [`rate_limits`](Self::rate_limits) says, or ask for fewer tokens: the requested maximum counts.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(HttpStatus::TOO_MANY_REQUESTS) && !self.is_overloaded()
    }

    /// Whether the service was overloaded (code 42902), which can happen within one's limits.
    ///
    /// **Troubleshooting**: wait and try again; nothing is wrong with the request or the quota.
    #[must_use]
    pub fn is_overloaded(&self) -> bool {
        self.code() == Some(&StatusCode::Overloaded)
    }

    /// Whether the time ran out, here or at the service.
    ///
    /// **Troubleshooting**: reasoning takes long; stream, or raise the timeout.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
            || self.has_status(HttpStatus::REQUEST_TIMEOUT)
            || self.has_status(HttpStatus::GATEWAY_TIMEOUT)
    }

    /// Whether the key is missing, wrong, or not allowed to do this (HTTP 401 and 403).
    ///
    /// **Troubleshooting**: keys issued now begin with `nv-` and go to the public host; a pair of older keys goes to the
    /// legacy gateway. A service key works for its registered service app only.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.has_status(HttpStatus::UNAUTHORIZED) || self.has_status(HttpStatus::FORBIDDEN)
    }

    /// Whether the model or resource does not exist, or is not served by this operation.
    ///
    /// **Troubleshooting**: HCX-005, HCX-007 and HCX-DASH-002 answer on Chat Completions v3 only, HCX-003 and
    /// HCX-DASH-001 on v1 only.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        let models = [StatusCode::ModelNotFound, StatusCode::ModelFadeOut, StatusCode::UnsupportedApiForModel];
        self.has_status(HttpStatus::NOT_FOUND) || self.code().is_some_and(|code| models.contains(code))
    }

    /// Whether there was no connection, so that nothing was sent.
    ///
    /// **Troubleshooting**: look at the source of the error, the base URL and the network; the request can be sent again.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Whether sending the same request again can help, as the catalogue says of the code, else by the HTTP status.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Connect | ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::Truncated => true,
            ErrorKind::Api => self.advice() != Retry::Never,
            _ => false,
        }
    }

    /// What the catalogue says of a retry, else what the HTTP status says.
    pub(crate) fn advice(&self) -> Retry {
        const PASSING: [u16; 6] = [408, 429, 500, 502, 503, 504];
        let entry = self.code().and_then(StatusCode::entry);
        entry.map_or_else(
            || {
                let passing = self.status().is_some_and(|status| PASSING.contains(&status.as_u16()));
                if passing { Retry::AfterWaiting } else { Retry::Never }
            },
            |entry| entry.retry,
        )
    }

    fn has_status(&self, status: HttpStatus) -> bool {
        let by_code = self.code().and_then(StatusCode::entry).map(|entry| entry.http_status);
        by_code.map_or(self.status() == Some(status), |code| code == status.as_u16())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &self.0;
        let mut line = OneLine(f);
        line.write_str(parts.kind.text())?;
        let mut separator = ": ";
        let mut add = |fact: fmt::Arguments<'_>| {
            line.write_str(std::mem::replace(&mut separator, ", "))?;
            line.write_fmt(fact)
        };
        if let Some(status) = parts.status {
            add(format_args!("HTTP {}", status.as_u16()))?;
        }
        if let Some(code) = &parts.code {
            add(format_args!("code {code}"))?;
        }
        if let Some(reason) = &parts.tuning_failure {
            add(format_args!("{reason}"))?;
        }
        if let Some(message) = &parts.message {
            add(format_args!("{message}"))?;
        }
        if let Some(id) = &parts.request_id {
            add(format_args!("request {id}"))?;
        }
        if parts.attempts > 1 {
            add(format_args!("{} attempts in {:.1?}", parts.attempts, parts.elapsed))?;
        }
        // Had there been more time, it might have been repeated.
        if let Some(deadline) = parts.deadline.filter(|_| self.is_retryable()) {
            add(format_args!("deadline {deadline:.1?}"))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &self.0;
        f.debug_struct("Error")
            .field("kind", &parts.kind)
            .field("operation", &parts.operation)
            .field("status", &parts.status)
            .field("code", &parts.code)
            .field("message", &parts.message)
            .field("request_id", &parts.request_id)
            .field("body", &parts.body.as_ref().map(|body| format!("[{} bytes]", body.len())))
            .field("attempts", &parts.attempts)
            .field("elapsed", &parts.elapsed)
            .field("tuning_failure", &parts.tuning_failure)
            .field("source", &parts.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
