//! Requests and tokens per minute.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::refusal::Refusal;
use super::subject::Subject;
use crate::catalogue::{MODELS, ModelEntry, RateLimit};
use crate::lock::lock;
use crate::pacing::counts_for_model;
use crate::raw::Operation;
use crate::raw::types::StatusCode;

const MINUTE: Duration = Duration::from_secs(60);

/// Whose ceilings are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quotas {
    /// Nobody's.
    #[default]
    Off,
    /// Those of test keys, for the models where the catalogue has them.
    TestKey,
    /// Those of service keys, for the models where the catalogue has them.
    ServiceKey,
}

impl Quotas {
    /// The ceilings by name of the model.
    pub(super) fn ceilings(self) -> BTreeMap<String, Ceiling> {
        let limit = |model: &ModelEntry| match self {
            Self::Off => None,
            Self::TestKey => model.test_key_limit,
            Self::ServiceKey => model.service_key_limit,
        };
        MODELS.iter().filter_map(|model| Some((model.name.to_string(), limit(model)?.into()))).collect()
    }
}

/// Most requests and tokens in a minute.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ceiling {
    pub(super) requests: u64,
    pub(super) tokens: u64,
}

impl From<RateLimit> for Ceiling {
    fn from(limit: RateLimit) -> Self {
        Self { requests: limit.requests_per_minute.into(), tokens: limit.tokens_per_minute.into() }
    }
}

/// Counters with their ceilings.
#[derive(Debug)]
pub(super) struct Counters {
    ceilings: BTreeMap<String, Ceiling>,
    windows: Mutex<BTreeMap<&'static str, Window>>,
}

/// What was used in a minute, which begins with a request.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    begins: Duration,
    requests: u64,
    tokens: u64,
}

/// What a request is counted under: chats and embeddings under their model, a tuned one under its base, and tools
/// under the name of their operation.
pub(super) fn counter(operation: Operation, subject: Subject) -> &'static str {
    match subject.model() {
        Some(model) if counts_for_model(operation) => model.name.as_str(),
        _ => operation.id(),
    }
}

impl Counters {
    pub(super) fn new(ceilings: BTreeMap<String, Ceiling>) -> Self {
        Self { ceilings, windows: Mutex::default() }
    }

    /// Counts a request and its tokens, if the ceilings leave room for them.
    pub(super) fn count(&self, counter: &'static str, tokens: u64, now: Duration) -> Result<(), Refusal> {
        let Some(ceiling) = self.ceilings.get(counter) else { return Ok(()) };
        let mut windows = lock(&self.windows);
        let window = windows.entry(counter).or_insert(Window { begins: now, ..Window::default() });
        if now >= window.begins + MINUTE {
            *window = Window { begins: now, ..Window::default() };
        }
        if window.requests >= ceiling.requests || window.tokens + tokens > ceiling.tokens {
            return Err(Refusal::new(StatusCode::RateExceeded));
        }
        window.requests += 1;
        window.tokens += tokens;
        Ok(())
    }

    /// The headers that tell how a counter stands.
    pub(super) fn headers(&self, counter: &str, now: Duration) -> HeaderMap {
        let Some(ceiling) = self.ceilings.get(counter) else { return HeaderMap::new() };
        let windows = lock(&self.windows);
        let current = windows.get(counter).copied().filter(|window| now < window.begins + MINUTE);
        let window = current.unwrap_or(Window { begins: now, ..Window::default() });
        let left = (window.begins + MINUTE).saturating_sub(now);
        // Whole seconds, rounded up, so that who waits as told has waited long enough.
        let reset = format!("{}s", left.as_secs_f64().ceil());
        let headers = [
            ("x-ratelimit-limit-requests", ceiling.requests.to_string()),
            ("x-ratelimit-remaining-requests", ceiling.requests.saturating_sub(window.requests).to_string()),
            ("x-ratelimit-reset-requests", reset.clone()),
            ("x-ratelimit-limit-tokens", ceiling.tokens.to_string()),
            ("x-ratelimit-remaining-tokens", ceiling.tokens.saturating_sub(window.tokens).to_string()),
            ("x-ratelimit-reset-tokens", reset),
        ];
        let headers = headers.into_iter();
        headers
            .filter_map(|(name, value)| Some((HeaderName::from_static(name), HeaderValue::try_from(value).ok()?)))
            .collect()
    }
}
