//! Requests and tokens per minute: for the account as a whole, by model or tool, and apart for test and service keys.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::keys::Kind;
use super::refusal::Refusal;
use super::subject::Subject;
use crate::catalogue::{MODELS, ModelEntry, RateLimit};
use crate::lock::lock;
use crate::pacing::counts_for_model;
use crate::raw::Operation;
use crate::raw::types::StatusCode;

const MINUTE: Duration = Duration::from_secs(60);

/// Whether ceilings are kept, and what a key is that does not say so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quotas {
    /// None are kept.
    #[default]
    Off,
    /// Those of the catalogue; keys are test keys.
    TestKey,
    /// Those of the catalogue; keys are service keys.
    ServiceKey,
}

impl Quotas {
    /// What a key is that does not say so.
    pub(super) fn usual_kind(self) -> Kind {
        match self {
            Self::Off | Self::TestKey => Kind::Test,
            Self::ServiceKey => Kind::Service,
        }
    }

    /// The ceilings for a kind of key, by name of the model.
    fn ceilings(self, kind: Kind) -> BTreeMap<String, Ceiling> {
        let limit = |model: &ModelEntry| match (self, kind) {
            (Self::Off, _) => None,
            (_, Kind::Test) => model.test_key_limit,
            (_, Kind::Service) => model.service_key_limit,
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
    test: BTreeMap<String, Ceiling>,
    service: BTreeMap<String, Ceiling>,
    windows: Mutex<BTreeMap<Counter, Window>>,
}

/// What a request is counted under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Counter {
    kind: Kind,
    /// The model, or the operation.
    name: &'static str,
}

/// What was used in a minute, which begins with a request.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    begins: Duration,
    requests: u64,
    tokens: u64,
}

impl Counter {
    /// Chats and embeddings are counted under their model, a tuned one under its base, and tools under the name of their
    /// operation.
    pub(super) fn of(kind: Kind, operation: Operation, subject: Subject) -> Self {
        let name = match subject.model() {
            Some(model) if counts_for_model(operation) => model.name.as_str(),
            _ => operation.id(),
        };
        Self { kind, name }
    }
}

impl Counters {
    /// Counters with the ceilings of the catalogue, and others for either kind of key.
    pub(super) fn new(quotas: Quotas, others: &BTreeMap<String, Ceiling>) -> Self {
        let [test, service] = [Kind::Test, Kind::Service].map(|kind| {
            let mut ceilings = quotas.ceilings(kind);
            ceilings.extend(others.clone());
            ceilings
        });
        Self { test, service, windows: Mutex::default() }
    }

    fn ceiling(&self, counter: Counter) -> Option<&Ceiling> {
        match counter.kind {
            Kind::Test => self.test.get(counter.name),
            Kind::Service => self.service.get(counter.name),
        }
    }

    /// Counts a request and its tokens, if the ceilings leave room for them.
    pub(super) fn count(&self, counter: Counter, tokens: u64, now: Duration) -> Result<(), Refusal> {
        let Some(ceiling) = self.ceiling(counter) else { return Ok(()) };
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
    pub(super) fn headers(&self, counter: Counter, now: Duration) -> HeaderMap {
        let Some(ceiling) = self.ceiling(counter) else { return HeaderMap::new() };
        let windows = lock(&self.windows);
        let current = windows.get(&counter).copied().filter(|window| now < window.begins + MINUTE);
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
