//! What can go wrong, by name.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use http::StatusCode as HttpStatus;
use serde_json::Value;

use crate::catalogue::STATUS_CODES;
use crate::raw::Operation;
use crate::raw::types::StatusCode;
use crate::testing::document::stream_examples;

/// Something that goes wrong with an answer.
///
/// A fault has a name, by which a request can ask for it in the header `x-simulator-fault`. It hits requests that would
/// otherwise succeed. Faults that take the place of the answer, from [`Code`](Self::Code) to
/// [`CutBeforeHeaders`](Self::CutBeforeHeaders) without [`Delay`](Self::Delay), change nothing: no training is created
/// or deleted. The others spoil the answer to what was done.
///
/// ```
/// use clovastudio::raw::Operation;
/// use clovastudio::testing::Fault;
///
/// let fault: Fault = "cut-in-event".parse()?;
/// assert_eq!(fault, Fault::CutInEvent);
/// assert!(fault.applies_to(Operation::CreateChatCompletionV3Stream));
/// assert!(!fault.applies_to(Operation::CreateChatCompletionV3));
/// assert!(Fault::all().contains(&fault));
/// # Ok::<(), clovastudio::testing::UnknownFault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A refusal with this code, such as `42901`. A code that the catalogue does not have gets the HTTP status of its
    /// first three digits.
    Code(StatusCode),
    /// HTTP 429 with code 42901 and a wait in this form, such as `429-retry-after-seconds`.
    RateLimited(WaitForm),
    /// This HTTP status with an empty body, such as `empty-502`.
    Empty(HttpStatus),
    /// This HTTP status with a page of HTML, such as `html-502`.
    Html(HttpStatus),
    /// The connection stays open and nothing comes: `stall`.
    Stall,
    /// The connection is closed before an answer begins: `cut-before-headers`.
    CutBeforeHeaders,
    /// The answer comes this much later, such as `delay-100ms`.
    Delay(Duration),
    /// HTTP 200 with this failing code in the body, such as `inside-200-42901`. JSON answers only.
    InsideOk(StatusCode),
    /// JSON that breaks off, in a whole body or in an event: `malformed-json`.
    MalformedJson,
    /// The connection stays open after a part of the body, of a stream after the first event: `stall-in-body`.
    StallInBody,
    /// The connection is closed in the middle of the body, of a stream after the first event: `cut-in-body`.
    CutInBody,
    /// The connection is closed in the middle of a character of several bytes: `cut-in-character`. One is put in where
    /// the answer has none.
    CutInCharacter,
    /// The body comes in 20 pieces with this wait before each, such as `slow-drip-50ms`.
    SlowDrip(Duration),
    /// The connection is closed in the middle of the second event: `cut-in-event`. Streams only.
    CutInEvent,
    /// An error with this code takes the place of the second event and those after it, such as `event-42901`. Streams
    /// only.
    ErrorEvent(StatusCode),
    /// An event of 17 MiB comes second: `oversized-event`. Streams only.
    OversizedEvent,
    /// The stream ends without its result and what comes after: `missing-result`. Streams only.
    MissingResult,
    /// The stream ends without the mark of its end, which is an event `signal` or `[DONE]`: `missing-signal`. Streams
    /// that have one only.
    MissingSignal,
}

/// How a refusal tells the time to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitForm {
    /// `Retry-After: 6`.
    RetryAfterSeconds,
    /// `Retry-After` with a date, 6 seconds from now.
    RetryAfterDate,
    /// `x-ratelimit-reset-requests: 6s`.
    ResetSeconds,
    /// `x-ratelimit-reset-requests: 500ms`.
    ResetMilliseconds,
    /// `x-ratelimit-reset-requests: 1m2s`.
    ResetMinutes,
    /// `x-ratelimit-reset-requests: 6`.
    ResetBare,
}

impl WaitForm {
    /// Each form.
    pub const ALL: [Self; 6] = [
        Self::RetryAfterSeconds,
        Self::RetryAfterDate,
        Self::ResetSeconds,
        Self::ResetMilliseconds,
        Self::ResetMinutes,
        Self::ResetBare,
    ];

    /// The time to wait.
    #[must_use]
    pub fn wait(self) -> Duration {
        match self {
            Self::ResetMilliseconds => Duration::from_millis(500),
            Self::ResetMinutes => Duration::from_secs(62),
            _ => Duration::from_secs(6),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::RetryAfterSeconds => "retry-after-seconds",
            Self::RetryAfterDate => "retry-after-date",
            Self::ResetSeconds => "reset-seconds",
            Self::ResetMilliseconds => "reset-milliseconds",
            Self::ResetMinutes => "reset-minutes",
            Self::ResetBare => "reset-bare",
        }
    }
}

impl Fault {
    /// Every kind of fault: each failing code of the catalogue, each form of a wait, and the others with usual values.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let failing = STATUS_CODES.iter().filter(|entry| entry.http_status >= 400);
        let codes = failing.map(|entry| Self::Code(entry.code.clone()));
        let waits = WaitForm::ALL.into_iter().map(Self::RateLimited);
        let statuses = [
            HttpStatus::UNAUTHORIZED,
            HttpStatus::INTERNAL_SERVER_ERROR,
            HttpStatus::BAD_GATEWAY,
            HttpStatus::SERVICE_UNAVAILABLE,
            HttpStatus::GATEWAY_TIMEOUT,
        ];
        let empty = statuses.into_iter().map(Self::Empty);
        let others = [
            Self::Html(HttpStatus::OK),
            Self::Html(HttpStatus::BAD_GATEWAY),
            Self::Stall,
            Self::CutBeforeHeaders,
            Self::Delay(Duration::from_millis(100)),
            Self::InsideOk(StatusCode::RateExceeded),
            Self::MalformedJson,
            Self::StallInBody,
            Self::CutInBody,
            Self::CutInCharacter,
            Self::SlowDrip(Duration::from_millis(50)),
            Self::CutInEvent,
            Self::ErrorEvent(StatusCode::RateExceeded),
            Self::OversizedEvent,
            Self::MissingResult,
            Self::MissingSignal,
        ];
        codes.chain(waits).chain(empty).chain(others).collect()
    }

    /// Its name, which does not change: `parse` makes the fault of it again.
    #[must_use]
    pub fn name(&self) -> String {
        let with_wait = |name: &str, wait: &Duration| format!("{name}-{}ms", wait.as_millis());
        match self {
            Self::Code(code) => code.to_string(),
            Self::RateLimited(form) => format!("429-{}", form.name()),
            Self::Empty(status) => format!("empty-{}", status.as_u16()),
            Self::Html(status) => format!("html-{}", status.as_u16()),
            Self::Stall => "stall".to_owned(),
            Self::CutBeforeHeaders => "cut-before-headers".to_owned(),
            Self::Delay(wait) => with_wait("delay", wait),
            Self::InsideOk(code) => format!("inside-200-{code}"),
            Self::MalformedJson => "malformed-json".to_owned(),
            Self::StallInBody => "stall-in-body".to_owned(),
            Self::CutInBody => "cut-in-body".to_owned(),
            Self::CutInCharacter => "cut-in-character".to_owned(),
            Self::SlowDrip(wait) => with_wait("slow-drip", wait),
            Self::CutInEvent => "cut-in-event".to_owned(),
            Self::ErrorEvent(code) => format!("event-{code}"),
            Self::OversizedEvent => "oversized-event".to_owned(),
            Self::MissingResult => "missing-result".to_owned(),
            Self::MissingSignal => "missing-signal".to_owned(),
        }
    }

    /// Whether the fault can happen to an answer of an operation. A streaming twin stands for the stream.
    #[must_use]
    pub fn applies_to(&self, operation: Operation) -> bool {
        match self {
            Self::InsideOk(_) => !operation.is_stream(),
            Self::CutInEvent | Self::ErrorEvent(_) | Self::OversizedEvent | Self::MissingResult => {
                operation.is_stream()
            }
            Self::MissingSignal => operation.is_stream() && ends_with_mark(operation),
            _ => true,
        }
    }
}

fn ends_with_mark(operation: Operation) -> bool {
    stream_examples(operation).values().flatten().any(|event| is_end_mark(event))
}

/// Whether an event says only that the stream is over.
pub(super) fn is_end_mark(event: &Value) -> bool {
    event["event"] == "signal" || event["data"].is_string()
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        let named = Self::all().into_iter().find(|fault| fault.name() == name);
        named.or_else(|| with_value(name)).ok_or_else(|| UnknownFault { name: name.to_owned() })
    }
}

/// A fault with another value than the one in [`Fault::all`].
fn with_value(name: &str) -> Option<Fault> {
    let after = |start: &str| name.strip_prefix(start);
    if let Some(code) = code(name) {
        return Some(Fault::Code(code));
    }
    if let Some(code) = after("inside-200-").and_then(code) {
        return Some(Fault::InsideOk(code));
    }
    if let Some(code) = after("event-").and_then(code) {
        return Some(Fault::ErrorEvent(code));
    }
    if let Some(status) = after("empty-").and_then(status) {
        return Some(Fault::Empty(status));
    }
    if let Some(status) = after("html-").and_then(status) {
        return Some(Fault::Html(status));
    }
    let delay = after("delay-").and_then(milliseconds).map(Fault::Delay);
    delay.or_else(|| after("slow-drip-").and_then(milliseconds).map(Fault::SlowDrip))
}

/// A failing code: five digits.
fn code(text: &str) -> Option<StatusCode> {
    let fails = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()) && text >= "40000";
    fails.then(|| StatusCode::from(text))
}

fn status(text: &str) -> Option<HttpStatus> {
    text.parse::<HttpStatus>().ok().filter(|status| !status.is_informational())
}

fn milliseconds(text: &str) -> Option<Duration> {
    text.strip_suffix("ms")?.parse().ok().map(Duration::from_millis)
}

/// No fault has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFault {
    name: String,
}

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Fault::all().iter().map(Fault::name).collect();
        write!(f, "no fault is named `{}`; there are {}", self.name, names.join(", "))
    }
}

impl std::error::Error for UnknownFault {}
