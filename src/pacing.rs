//! Keeping to requests and tokens per minute.
//!
//! The vendor counts per minute, and does not say where a minute begins. So a model's lane remembers what it let
//! through in the last minute and lets the next request through when it fits: a burst of a whole minute's allowance is
//! fine, and no minute, wherever it begins, holds more than the limit. Token buckets and GCRA (`governor`,
//! `leaky-bucket`) refill while the burst is spent and let nearly twice the limit through in the first minute.

mod estimate;
mod lane;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use http::HeaderMap;
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;

use crate::call::Target;
use crate::catalogue::{MODELS, ModelEntry, RateLimit};
use crate::error::{Error, ErrorKind, Result};
use crate::options::CallOptions;
use crate::pacing::lane::Lane;
use crate::rate_limit::RateLimits;
use crate::raw::types::ModelName;

#[cfg(feature = "testing")]
pub(crate) use estimate::counts_for_model;

/// Requests and tokens per minute that a client keeps to, by model, so that the service need not refuse. Off unless
/// given to [`ClientBuilder::pacing`](crate::ClientBuilder::pacing).
///
/// Before every attempt, a retry as well, a call to a paced model waits until both counters of the model allow it, first
/// come, first served. Up to a whole minute's allowance goes out at once; then calls wait until what was sent a minute
/// ago no longer counts. No 60 seconds see more than the limits. Dropping a waiting call takes nothing.
///
/// The wait counts against the [deadline](crate::ClientBuilder::deadline), not against the
/// [timeout](crate::ClientBuilder::timeout) of an attempt: an attempt that cannot begin before the deadline fails with
/// [`ErrorKind::Timeout`] and is not sent. Without a deadline, a call waits for as long as it takes.
///
/// When an answer says in its `x-ratelimit-*` headers that a counter is used up, for example by another program, the
/// model's next requests wait for the reset that it names, at most a minute.
///
/// # What is counted
///
/// Chats, completions and embeddings, streamed or not, under the model in their path or body (`bge-m3` for
/// `embedding_v2`). The vendor counts tools apart and tuned models as their base model, which a call does not name:
/// both are paced when the call says [as what](CallOptions::paced_as).
///
/// Tokens are the input and the requested maximum of the output, as the vendor counts them; unused output stays counted.
/// The input is estimated, rather too high: a token for each character of the body's texts that is not ASCII and for
/// every two others, and 2,000 for an image, whatever its size. The output is `maxTokens` or `maxCompletionTokens` in
/// either spelling, else the documented default: 512 (5,120 to 20,480 for a reasoning HCX-007), 100 for v1 and the
/// retired completions, 1,024 for reranker and RAG, none for embeddings. A request of more tokens than the limit waits
/// for a minute of its own.
///
/// # Scope
///
/// A client and its clones share the counters; other clients and processes do not. The vendor counts per main account,
/// model and kind of key: give each process its part.
///
/// [Vendor's page](https://guide.ncloud-docs.com/docs/clovastudio-ratelimiting)
///
/// ```
/// use clovastudio::{Client, Pacing};
///
/// let pacing = Pacing::test_key().model("HCX-005", 30, 30_000);
/// let client = Client::builder().api_key("nv-0123456789").pacing(pacing).build()?;
/// # Ok::<(), clovastudio::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pacing {
    limits: BTreeMap<String, (u32, u32)>,
}

impl Pacing {
    /// Paces no model.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Paces the models whose ceilings for test keys the catalogue has.
    #[must_use]
    pub fn test_key() -> Self {
        Self::from_catalogue(|entry| entry.test_key_limit)
    }

    /// Paces the models whose ceilings for service keys the catalogue has: fewer than for test keys.
    #[must_use]
    pub fn service_key() -> Self {
        Self::from_catalogue(|entry| entry.service_key_limit)
    }

    fn from_catalogue(limit: impl Fn(&ModelEntry) -> Option<RateLimit>) -> Self {
        let limits = MODELS.iter().filter_map(|entry| Some((&entry.name, limit(entry)?)));
        limits.fold(Self::new(), |pacing, (name, limit)| {
            pacing.model(name.as_str(), limit.requests_per_minute, limit.tokens_per_minute)
        })
    }

    /// Paces a model, or replaces its limits. Neither may be 0: the client would not
    /// [build](crate::ClientBuilder::build).
    #[must_use]
    pub fn model(mut self, model: impl Into<ModelName>, requests_per_minute: u32, tokens_per_minute: u32) -> Self {
        self.limits.insert(model.into().as_str().to_owned(), (requests_per_minute, tokens_per_minute));
        self
    }
}

/// The lanes of a client, by model.
#[derive(Debug)]
pub(crate) struct Pacer {
    lanes: HashMap<String, Arc<Lane>>,
}

impl Pacer {
    pub(crate) fn new(pacing: &Pacing) -> Result<Self> {
        let lanes = pacing.limits.iter().map(|(model, &(requests, tokens))| {
            if requests == 0 || tokens == 0 {
                return Err(Error::new(ErrorKind::Configuration)
                    .with_message(format!("the pacing of {model} allows nothing: no limit may be 0")));
            }
            Ok((model.clone(), Arc::new(Lane::new(requests, tokens))))
        });
        Ok(Self { lanes: lanes.collect::<Result<_>>()? })
    }

    /// The pace of a call, if its model is paced.
    pub(crate) fn pace(&self, target: &Target, options: &CallOptions, body: &impl Serialize) -> Option<Pace> {
        if self.lanes.is_empty() {
            return None;
        }
        let mut body = serde_json::to_value(body).ok()?;
        if let Value::Object(members) = &mut body {
            members.extend(options.members.clone());
        }
        let model = match &options.paced_as {
            Some(model) => model,
            None => target.model.as_ref().filter(|_| estimate::counts_for_model(target.operation))?,
        };
        let lane = Arc::clone(self.lanes.get(model)?);
        Some(Pace { lane, tokens: estimate::tokens(target.operation, model, &body) })
    }
}

/// The lane of a call, and what each of its attempts takes.
pub(crate) struct Pace {
    lane: Arc<Lane>,
    tokens: u64,
}

impl Pace {
    /// Waits until the next attempt may begin.
    pub(crate) async fn take_turn(&self, deadline: Option<Instant>) -> Result<()> {
        self.lane.take_turn(self.tokens, deadline).await
    }

    /// Takes note of what an answer tells.
    pub(crate) fn hear(&self, headers: &HeaderMap) {
        if let Some(reset) = RateLimits::from_headers(headers).used_up() {
            self.lane.hold(reset);
        }
    }
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pace").field("tokens", &self.tokens).finish_non_exhaustive()
    }
}
