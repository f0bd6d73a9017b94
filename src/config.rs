//! Construction of the client.

mod environment;
mod url;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::header::USER_AGENT;

use crate::catalogue::Host;
use crate::client::{Client, Settings};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::http_client::{CONNECT_TIMEOUT, http_client_with};
use crate::pacing::{Pacer, Pacing};
use crate::retry::RetryPolicy;
use crate::transport::Transport;
use url::{checked_url, shown_url};

pub(crate) use environment::from_env;

/// Prefix of native paths, which apps needed until 2025-07-17. The paths of tuning and of the OpenAI-compatible API
/// never have one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AppPrefix {
    /// No prefix: the key decides.
    #[default]
    None,
    /// `/testapp`, for a test app.
    Test,
    /// `/serviceapp`, for a registered service app.
    Service,
}

impl AppPrefix {
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Test => "/testapp",
            Self::Service => "/serviceapp",
        }
    }
}

/// Settings of a [`Client`].
///
/// ```
/// use std::time::Duration;
/// use clovastudio::{AppPrefix, Client, RetryPolicy, catalogue::Host};
///
/// let client = Client::builder()
///     .api_key("nv-0123456789")
///     .host(Host::Government)
///     .app_prefix(AppPrefix::Service)
///     .deadline(Duration::from_secs(120))
///     .retry(RetryPolicy::default().max_retries(6))
///     .build()?;
/// # Ok::<(), clovastudio::Error>(())
/// ```
#[derive(Clone)]
pub struct ClientBuilder {
    credentials: Option<Credentials>,
    base_url: String,
    prefix: AppPrefix,
    allow_http: bool,
    http: Option<reqwest::Client>,
    connect_timeout: Duration,
    user_agent: String,
    headers: Vec<(String, String)>,
    timeout: Duration,
    deadline: Option<Duration>,
    idle_timeout: Duration,
    retry: RetryPolicy,
    guards: bool,
    trace_content: bool,
    pacing: Pacing,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            credentials: None,
            base_url: Host::Public.base_url().to_owned(),
            prefix: AppPrefix::None,
            allow_http: false,
            http: None,
            connect_timeout: CONNECT_TIMEOUT,
            user_agent: concat!("clovastudio-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            headers: Vec::new(),
            timeout: Duration::from_secs(300),
            deadline: None,
            idle_timeout: Duration::from_secs(60),
            retry: RetryPolicy::default(),
            guards: true,
            trace_content: false,
            pacing: Pacing::new(),
        }
    }
}

impl ClientBuilder {
    /// The key, sent as `Authorization: Bearer`. Keys issued now begin with `nv-`.
    #[must_use]
    pub fn api_key(self, key: impl Into<String>) -> Self {
        self.credentials(Credentials::api_key(key))
    }

    /// The pair of keys issued before January 2025.
    #[must_use]
    pub fn key_pair(self, app_key: impl Into<String>, gateway_key: impl Into<String>) -> Self {
        self.credentials(Credentials::key_pair(app_key, gateway_key))
    }

    /// How to authenticate.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// A host of the service; by default the public one.
    #[must_use]
    pub fn host(self, host: Host) -> Self {
        self.base_url(host.base_url())
    }

    /// Any base URL, for example that of a proxy or of a simulator. `https`, except on loopback.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Prefix of native paths; none by default.
    #[must_use]
    pub fn app_prefix(mut self, prefix: AppPrefix) -> Self {
        self.prefix = prefix;
        self
    }

    /// Allows `http` to other machines than this one. Keys and prompts then travel in clear.
    #[must_use]
    pub fn allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// An HTTP client of your own. It should have no total timeout, which would cut streams, and not follow redirects.
    /// Without one, [`http_client`](crate::http_client) makes it.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Longest time to reach the service; 10 s by default. Does not apply to an HTTP client of your own.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Longest time of one attempt, to the whole answer or to the first event of a stream; 5 min by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Longest time of a whole call, with all attempts and waits; of a stream, to its first event. None by default.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Longest time between two chunks of a stream; 60 s by default.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// How to repeat failed requests.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// A header of every request.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The `User-Agent` header; name and version of this crate by default.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Whether to check the rules between fields before sending; on by default. Switch it off when the vendor relaxed
    /// a rule that this version still knows.
    #[must_use]
    pub fn guards(mut self, on: bool) -> Self {
        self.guards = on;
        self
    }

    /// Whether to trace the bodies of requests and of good answers, which hold prompts and answers; off by default. They
    /// are `tracing` events of the target `clovastudio::content` and the level `DEBUG`, in the span of the call; that of
    /// a stream comes at its end. Keys are never in them, nor are members that the caller added with
    /// [`CallOptions::member`](crate::CallOptions::member); texts of more than 10,000 bytes are left out.
    #[must_use]
    pub fn trace_content(mut self, on: bool) -> Self {
        self.trace_content = on;
        self
    }

    /// Requests and tokens per minute to keep to, by model; none by default.
    #[must_use]
    pub fn pacing(mut self, pacing: Pacing) -> Self {
        self.pacing = pacing;
        self
    }

    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] when the key is missing, empty or cannot stand in a header; when the base URL is no
    /// URL or `http` to another machine; when a header is malformed; when a limit of the pacing is 0; or when TLS cannot
    /// be set up.
    pub fn build(self) -> Result<Client> {
        let credentials = self.credentials.as_ref();
        let credentials =
            credentials.ok_or_else(|| refused("no key; set `api_key`, or CLOVASTUDIO_API_KEY with `from_env`"))?;
        let transport = Transport::new(credentials).map_err(|error| refused(error.to_string()))?;
        let base_url = checked_url(&self.base_url, self.allow_http)?;
        check_host(credentials, &base_url)?;
        let http = match &self.http {
            Some(client) => client.clone(),
            None => http_client_with(self.connect_timeout)
                .map_err(|error| refused("TLS cannot be set up").with_source(error))?,
        };
        let settings = Settings {
            headers: self.headers()?,
            timeout: self.timeout,
            deadline: self.deadline,
            idle_timeout: self.idle_timeout,
            retry: self.retry,
            guards: self.guards,
            trace_content: self.trace_content,
            pacer: Pacer::new(&self.pacing)?,
        };
        let prefixed = format!("{base_url}{}", self.prefix.path());
        Ok(Client::from_parts(&prefixed, &base_url, &http, &transport, Arc::new(settings)))
    }

    fn headers(&self) -> Result<HeaderMap> {
        let pairs = std::iter::once((USER_AGENT.as_str(), self.user_agent.as_str()))
            .chain(self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let header = HeaderName::try_from(name).map_err(|_| refused(format!("`{name}` is no name of a header")))?;
            let mut value = HeaderValue::try_from(value)
                .map_err(|_| refused(format!("the value of header `{name}` has a control character")))?;
            // A header of the caller may be a secret; that it is one cannot be known.
            value.set_sensitive(true);
            headers.insert(header, value);
        }
        Ok(headers)
    }
}

fn check_host(credentials: &Credentials, base_url: &str) -> Result<()> {
    match credentials {
        Credentials::ApiKey(_) if base_url == Host::LegacyGateway.base_url() => {
            Err(refused("the legacy gateway takes a pair of keys, no API key; use another host, or `key_pair`"))
        }
        _ => Ok(()),
    }
}

fn refused(problem: impl Into<String>) -> Error {
    Error::new(ErrorKind::Configuration).with_message(problem)
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("base_url", &shown_url(&self.base_url))
            .field("prefix", &self.prefix)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("idle_timeout", &self.idle_timeout)
            .field("retry", &self.retry)
            .field("guards", &self.guards)
            .field("pacing", &self.pacing)
            .finish_non_exhaustive()
    }
}
