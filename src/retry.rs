//! When to send a request again, and after which wait.

use std::time::Duration;

use crate::catalogue::Retry;
use crate::error::{Error, ErrorKind};
use crate::raw::Operation;

/// How a client repeats failed requests.
///
/// It repeats what can help: failed connections, and answers that the catalogue of codes (else the HTTP status: 408, 429,
/// 500, 502, 503, 504) calls passing. It waits as the service asks, else exponentially longer with full jitter. It never
/// repeats a creation of a training that the service may have got, unless told to, and a stream only until its first
/// event arrived.
///
/// ```
/// use std::time::Duration;
/// use clovastudio::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_retries(8).max_wait(Duration::from_secs(120));
/// let never = RetryPolicy::none();
/// assert_ne!(patient, never);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_retries: u32,
    first_wait: Duration,
    max_wait: Duration,
    repeat_creations: bool,
}

impl Default for RetryPolicy {
    /// Four retries, waits of up to 0.5 s, 1 s, 2 s, 4 s or as the service asks, no wait over 65 s: quotas are counted per
    /// minute.
    fn default() -> Self {
        Self {
            max_retries: 4,
            first_wait: Duration::from_millis(500),
            max_wait: Duration::from_secs(65),
            repeat_creations: false,
        }
    }
}

impl RetryPolicy {
    /// Sends every request once.
    #[must_use]
    pub fn none() -> Self {
        Self::default().max_retries(0)
    }

    /// Most retries after the first attempt.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Longest first wait when the service does not ask for one; each further one is up to twice as long.
    #[must_use]
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// Longest wait. When the service asks for more, the call fails at once.
    #[must_use]
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// Also repeats `create_tuning_task` when the service may have got it, which can train twice.
    #[must_use]
    pub fn repeat_creations(mut self, repeat: bool) -> Self {
        self.repeat_creations = repeat;
        self
    }

    /// The wait before the next attempt, or nothing when there is to be none.
    ///
    /// `attempt` is the number of the failed attempt, from 1; `told` the wait the service asks for; `left` the time until
    /// the deadline; `random` a number from 0 to 1.
    pub(crate) fn decide(
        &self,
        operation: Operation,
        error: &Error,
        attempt: u32,
        told: Option<Duration>,
        left: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        if attempt > self.max_retries || !self.can_help(operation, error, attempt) {
            return None;
        }
        let wait = told.unwrap_or_else(|| self.backoff(attempt).mul_f64(random));
        let fits = wait <= self.max_wait && left.is_none_or(|left| wait < left);
        fits.then_some(wait)
    }

    fn can_help(&self, operation: Operation, error: &Error, attempt: u32) -> bool {
        if error.kind() == ErrorKind::Connect {
            return true;
        }
        if operation == Operation::CreateTuningTask && !self.repeat_creations {
            return false;
        }
        match error.kind() {
            ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::Truncated => true,
            ErrorKind::Api => match error.advice() {
                Retry::Never => false,
                Retry::Once => attempt == 1,
                Retry::Yes | Retry::AfterWaiting => true,
            },
            _ => false,
        }
    }

    fn backoff(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        self.first_wait.saturating_mul(1 << doublings).min(self.max_wait)
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode as HttpStatus;

    use super::*;
    use crate::catalogue::STATUS_CODES;

    const CHAT: Operation = Operation::CreateChatCompletionV3;
    const SECOND: Duration = Duration::from_secs(1);

    fn api(status: u16) -> Error {
        Error::new(ErrorKind::Api).with_status(HttpStatus::from_u16(status).unwrap())
    }

    fn decide(error: &Error, attempt: u32) -> Option<Duration> {
        RetryPolicy::default().decide(CHAT, error, attempt, None, None, 1.0)
    }

    #[test]
    fn statuses_without_a_known_code_are_repeated_when_they_pass() {
        for status in 400..600 {
            let expected = [408, 429, 500, 502, 503, 504].contains(&status);
            assert_eq!(decide(&api(status), 1).is_some(), expected, "{status}");
        }
    }

    #[test]
    fn codes_are_repeated_as_the_catalogue_says() {
        for entry in STATUS_CODES.iter().filter(|entry| !entry.code.is_success()) {
            let error = Error::new(ErrorKind::Api).with_code(entry.code.as_str());
            let repeated = [1, 2].map(|attempt| decide(&error, attempt).is_some());
            let expected = match entry.retry {
                Retry::Never => [false, false],
                Retry::Once => [true, false],
                Retry::Yes | Retry::AfterWaiting => [true, true],
            };
            assert_eq!(repeated, expected, "{}", entry.code);
        }
    }

    #[test]
    fn kinds_are_repeated_when_the_way_was_to_blame() {
        let cases = [
            (ErrorKind::Configuration, false),
            (ErrorKind::Request, false),
            (ErrorKind::Connect, true),
            (ErrorKind::Connection, true),
            (ErrorKind::Timeout, true),
            (ErrorKind::Decode, false),
            (ErrorKind::Truncated, true),
            (ErrorKind::ThinkingBudget, false),
        ];
        for (kind, expected) in cases {
            assert_eq!(decide(&Error::new(kind), 1).is_some(), expected, "{kind:?}");
        }
    }

    #[test]
    fn a_training_is_created_twice_only_when_asked() {
        let create = Operation::CreateTuningTask;
        let (once, twice) = (RetryPolicy::default(), RetryPolicy::default().repeat_creations(true));
        for (error, expected) in [
            (Error::new(ErrorKind::Connect), [true, true]),
            (Error::new(ErrorKind::Connection), [false, true]),
            (Error::new(ErrorKind::Timeout), [false, true]),
            (api(503), [false, true]),
            (api(429), [false, true]),
        ] {
            let repeated = [once, twice].map(|policy| policy.decide(create, &error, 1, None, None, 0.5).is_some());
            assert_eq!(repeated, expected, "{error}");
        }
    }

    #[test]
    fn waits_double_with_jitter_up_to_a_cap() {
        let policy = RetryPolicy::default().max_retries(40).first_wait(SECOND).max_wait(SECOND * 10);
        let wait = |attempt, random| policy.decide(CHAT, &api(503), attempt, None, None, random);
        assert_eq!([1, 2, 3, 4, 5, 40].map(|attempt| wait(attempt, 1.0).unwrap().as_secs()), [1, 2, 4, 8, 10, 10]);
        assert_eq!(wait(3, 0.5), Some(SECOND * 2));
        assert_eq!(wait(3, 0.0), Some(Duration::ZERO));
        assert_eq!(wait(41, 1.0), None);
    }

    #[test]
    fn a_told_wait_is_kept_to_or_not_begun() {
        let policy = RetryPolicy::default();
        let wait = |told, left| policy.decide(CHAT, &api(429), 1, Some(told), left, 0.0);
        assert_eq!(wait(SECOND * 6, None), Some(SECOND * 6));
        assert_eq!(wait(SECOND * 66, None), None, "longer than the cap");
        assert_eq!(wait(SECOND * 6, Some(SECOND * 6)), None, "nothing would be left of the deadline");
        assert_eq!(wait(SECOND * 6, Some(SECOND * 7)), Some(SECOND * 6));
    }

    #[test]
    fn none_is_none() {
        assert_eq!(RetryPolicy::none().decide(CHAT, &api(503), 1, None, None, 0.0), None);
    }
}
