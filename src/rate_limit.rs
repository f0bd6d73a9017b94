//! What the response headers tell about limits and waits.

use std::time::{Duration, SystemTime};

use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName, HeaderValue};

/// Requests and tokens per minute, as the `x-ratelimit-*` headers of an answer tell. The vendor does not document the
/// headers: each may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimits {
    /// Requests.
    pub requests: RateLimitState,
    /// Tokens.
    pub tokens: RateLimitState,
}

/// One counter of [`RateLimits`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitState {
    /// Allowed per minute.
    pub limit: Option<u64>,
    /// Left in this minute.
    pub remaining: Option<u64>,
    /// Time until the counter starts anew.
    pub reset: Option<Duration>,
}

impl RateLimits {
    /// Limits by hand.
    #[must_use]
    pub fn new(requests: RateLimitState, tokens: RateLimitState) -> Self {
        Self { requests, tokens }
    }

    /// The headers that tell of these limits, by hand: what [`from_headers`](Self::from_headers) reads.
    ///
    /// ```
    /// use std::time::Duration;
    /// use clovastudio::{Error, RateLimitState, RateLimits};
    ///
    /// let requests = RateLimitState::new(60, 0, Duration::from_secs(6));
    /// let tokens = RateLimitState::new(60_000, 41_000, Duration::from_secs(6));
    /// let limits = RateLimits::new(requests, tokens);
    /// let error = Error::from_code("42901").with_headers(limits.to_headers());
    /// assert_eq!(error.headers()["x-ratelimit-reset-requests"], "6s");
    /// assert_eq!(error.rate_limits(), limits);
    /// ```
    #[must_use]
    pub fn to_headers(self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (counter, state) in [("requests", self.requests), ("tokens", self.tokens)] {
            let reset = state.reset.map(|reset| match reset.subsec_millis() {
                0 => format!("{}s", reset.as_secs()),
                _ => format!("{}ms", reset.as_millis()),
            });
            let count = |count: Option<u64>| count.map(|count| count.to_string());
            for (part, text) in [("limit", count(state.limit)), ("remaining", count(state.remaining)), ("reset", reset)]
            {
                let name = HeaderName::try_from(name(part, counter)).ok();
                let value = text.and_then(|text| HeaderValue::try_from(text).ok());
                headers.extend(name.zip(value));
            }
        }
        headers
    }

    /// Reads the headers.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self { requests: state(headers, "requests"), tokens: state(headers, "tokens") }
    }

    /// The reset of the counter that is used up, the longer one when both are.
    pub(crate) fn used_up(self) -> Option<Duration> {
        let counters = [self.requests, self.tokens].into_iter();
        counters.filter(|counter| counter.remaining == Some(0)).filter_map(|counter| counter.reset).max()
    }
}

impl RateLimitState {
    /// A counter by hand.
    #[must_use]
    pub fn new(limit: u64, remaining: u64, reset: Duration) -> Self {
        Self { limit: Some(limit), remaining: Some(remaining), reset: Some(reset) }
    }
}

/// Name of the header with a part of a counter.
fn name(part: &str, counter: &str) -> String {
    format!("x-ratelimit-{part}-{counter}")
}

fn state(headers: &HeaderMap, counter: &str) -> RateLimitState {
    let text = |part: &str| headers.get(name(part, counter))?.to_str().ok();
    RateLimitState {
        limit: text("limit").and_then(|text| text.trim().parse().ok()),
        remaining: text("remaining").and_then(|text| text.trim().parse().ok()),
        reset: text("reset").and_then(parse_duration),
    }
}

/// How long the service asks to wait: `Retry-After`, else the reset of the counter that is used up, else the longer of
/// the two resets.
pub(crate) fn told_wait(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let retry_after = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    if let Some(wait) = retry_after.and_then(|text| parse_retry_after(text, now)) {
        return Some(wait);
    }
    let limits = RateLimits::from_headers(headers);
    limits.used_up().or_else(|| limits.requests.reset.max(limits.tokens.reset))
}

fn parse_retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    parse_seconds(text).or_else(|| {
        let date = httpdate::parse_http_date(text).ok()?;
        Some(date.duration_since(now).unwrap_or_default())
    })
}

fn parse_seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// Reads `6s`, `500ms`, `1m2s`, `1h`, or bare seconds.
fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if let Some(bare) = parse_seconds(rest) {
        return Some(bare);
    }
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|char: char| !char.is_ascii_digit() && char != '.')?;
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let number: f64 = number.parse().ok()?;
        total = total.checked_add(Duration::try_from_secs_f64(number * seconds_of(unit)?).ok()?)?;
        rest = tail;
    }
    Some(total).filter(|_| !text.trim().is_empty())
}

fn seconds_of(unit: &str) -> Option<f64> {
    Some(match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Headers = &'static [(&'static str, &'static str)];

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn durations_in_every_form_are_read() {
        let cases = [
            ("6s", Some(6_000)),
            ("500ms", Some(500)),
            ("1m2s", Some(62_000)),
            ("1h", Some(3_600_000)),
            ("6", Some(6_000)),
            ("0.5", Some(500)),
            ("1.5s", Some(1_500)),
            (" 6s ", Some(6_000)),
            ("0s", Some(0)),
            ("", None),
            ("soon", None),
            ("6x", None),
            ("s", None),
            ("-1", None),
            ("1m2", None),
            ("NaN", None),
            ("99999999999999999999h", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_duration(text), expected.map(Duration::from_millis), "{text:?}");
        }
    }

    #[test]
    fn the_wait_is_the_one_the_service_asks_for() {
        let now = httpdate::parse_http_date("Mon, 23 Nov 2026 10:00:00 GMT").unwrap();
        let cases: [(Headers, Option<u64>); 8] = [
            (&[], None),
            (&[("retry-after", "6")], Some(6)),
            (&[("retry-after", "Mon, 23 Nov 2026 10:00:09 GMT")], Some(9)),
            (&[("retry-after", "Mon, 23 Nov 2026 09:00:00 GMT")], Some(0)),
            (&[("retry-after", "later"), ("x-ratelimit-reset-tokens", "3s")], Some(3)),
            (&[("retry-after", "2"), ("x-ratelimit-reset-tokens", "9s")], Some(2)),
            (&[("x-ratelimit-reset-requests", "4s"), ("x-ratelimit-reset-tokens", "9s")], Some(9)),
            (
                &[
                    ("x-ratelimit-remaining-requests", "0"),
                    ("x-ratelimit-reset-requests", "4s"),
                    ("x-ratelimit-remaining-tokens", "100"),
                    ("x-ratelimit-reset-tokens", "9s"),
                ],
                Some(4),
            ),
        ];
        for (pairs, expected) in cases {
            assert_eq!(told_wait(&headers(pairs), now), expected.map(Duration::from_secs), "{pairs:?}");
        }
    }

    #[test]
    fn counters_are_read_and_nonsense_is_left_out() {
        let limits = RateLimits::from_headers(&headers(&[
            ("x-ratelimit-limit-requests", "60"),
            ("x-ratelimit-remaining-requests", "many"),
            ("x-ratelimit-reset-requests", "6s"),
        ]));
        let requests = RateLimitState { limit: Some(60), remaining: None, reset: Some(Duration::from_secs(6)) };
        assert_eq!(limits, RateLimits { requests, tokens: RateLimitState::default() });
    }
}
