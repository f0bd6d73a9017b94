//! Options of one call.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};

use crate::retry::RetryPolicy;

/// Options of one call, in place of the client's.
///
/// ```
/// use std::time::Duration;
/// use clovastudio::{CallOptions, RetryPolicy};
///
/// let options = CallOptions::new()
///     .deadline(Duration::from_secs(30))
///     .retry(RetryPolicy::none())
///     .request_id("order-4711")
///     .member("memberOfTomorrow", true);
/// ```
#[derive(Clone, Default)]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) guards: Option<bool>,
    pub(crate) paced_as: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) members: Map<String, Value>,
}

impl CallOptions {
    /// The client's options.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Longest time of one attempt: to the whole answer, or to the first event of a stream.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Longest time of the whole call, with all attempts and waits; of a stream, to its first event.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Longest time between two chunks of a stream.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// How to repeat the request when it fails.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Whether to check the rules between fields before sending.
    #[must_use]
    pub fn guards(mut self, on: bool) -> Self {
        self.guards = Some(on);
        self
    }

    /// Model under which the [pacing](crate::Pacing) counts the call: the base model of a tuned one, or a name of its own
    /// for a tool. By default the model that the call names. Without effect when that model is not paced.
    #[must_use]
    pub fn paced_as(mut self, model: impl Into<String>) -> Self {
        self.paced_as = Some(model.into());
        self
    }

    /// Id of the request, sent with every attempt, in place of a new UUID.
    #[must_use]
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// Adds a header, or replaces the one of that name.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds a member to the body, for what the document does not know yet. It replaces one of that name.
    #[must_use]
    pub fn member(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.members.insert(name.into(), value.into());
        self
    }

    /// The added headers. One may be a secret; that it is one cannot be known.
    pub(crate) fn headers(&self) -> HeaderMap {
        let mut headers: HeaderMap = self.headers.iter().cloned().collect();
        headers.values_mut().for_each(|value| value.set_sensitive(true));
        headers
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("idle_timeout", &self.idle_timeout)
            .field("retry", &self.retry)
            .field("guards", &self.guards)
            .field("paced_as", &self.paced_as)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}
