//! The client.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;

use crate::config::{self, ClientBuilder};
use crate::error::Result;
use crate::pacing::Pacer;
use crate::raw::{self, Operation};
use crate::retry::RetryPolicy;
use crate::transport::{CallContext, Transport};

/// The client: one method per operation, each answering with a [`Call`](crate::Call) that is sent when told to.
///
/// Cheap to clone, `Send` and `Sync`; clones share connections.
///
/// # Traces
///
/// Every call is a `tracing` span `clovastudio.call` of the level `INFO`, which lasts until the answer is there or the
/// stream is dropped. Its fields have OpenTelemetry's names where there are any: `gen_ai.operation.name`,
/// `gen_ai.request.model`, `gen_ai.usage.input_tokens` and `.output_tokens`, `http.response.status_code`, `error.type`;
/// the others are `clovastudio.operation`, `.request_id`, `.status_code` (the vendor's) and `.attempts`. A request that is
/// sent again is a `WARN` event with the failed attempt, its status and code, and the wait. See
/// [`trace_content`](ClientBuilder::trace_content) for prompts and answers.
///
/// ```no_run
/// # #[tokio::main] async fn main() -> clovastudio::Result<()> {
/// let client = clovastudio::Client::from_env()?;
/// let reply = client.chat("HCX-005").system("Be brief.").user("What is a tensor?").max_tokens(256).send().await?;
/// println!("{} ({} tokens, request {})", reply.text(), reply.usage().total_tokens, reply.request_id());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    native: raw::Client,
    unprefixed: raw::Client,
    settings: Arc<Settings>,
}

/// What every call starts from.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Option<Duration>,
    pub(crate) idle_timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) guards: bool,
    pub(crate) trace_content: bool,
    pub(crate) pacer: Pacer,
}

impl Client {
    /// A client with the key in `CLOVASTUDIO_API_KEY`, for the public host or the base URL in `CLOVASTUDIO_BASE_URL`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when the key is missing, or a value is malformed.
    pub fn from_env() -> Result<Self> {
        config::from_env()?.build()
    }

    /// A client with an API key, for the public host.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) when the key is empty or cannot stand in a header.
    pub fn new(api_key: impl Into<String>) -> Result<Self> {
        Self::builder().api_key(api_key).build()
    }

    /// Settings for a client.
    #[must_use]
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    pub(crate) fn from_parts(
        prefixed_url: &str,
        base_url: &str,
        http: &reqwest::Client,
        transport: &Transport,
        settings: Arc<Settings>,
    ) -> Self {
        let raw = |url| raw::Client::new_with_client(url, http.clone(), transport.clone());
        Self { native: raw(prefixed_url), unprefixed: raw(base_url), settings }
    }

    /// The generated client, with the same authentication, without retries, deadlines or guards. Its native paths have
    /// the prefix of this client; tuning and the OpenAI-compatible API have none, see
    /// [`raw_unprefixed`](Self::raw_unprefixed).
    #[must_use]
    pub fn raw(&self) -> &raw::Client {
        &self.native
    }

    /// The generated client for paths that never have a prefix. The same as [`raw`](Self::raw) unless a prefix was set.
    #[must_use]
    pub fn raw_unprefixed(&self) -> &raw::Client {
        &self.unprefixed
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The raw client for one call.
    pub(crate) fn for_call(&self, operation: Operation, context: Arc<CallContext>) -> raw::Client {
        let raw = if operation.takes_prefix() { &self.native } else { &self.unprefixed };
        raw.for_call(context)
    }
}

impl raw::Client {
    fn for_call(&self, context: Arc<CallContext>) -> Self {
        let transport = self.inner.for_call(context);
        Self::new_with_client(&self.baseurl, self.client.clone(), transport)
    }
}
