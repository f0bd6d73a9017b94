//! The HTTP client under the raw client.

use std::fmt;
use std::time::Duration;

use reqwest::redirect;

/// Time to reach the service.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Builds an HTTP client with the TLS back end of the features: connect timeout of 10 s, no total timeout, which would
/// cut streams, and no redirects, which could carry a key elsewhere.
///
/// # Errors
///
/// When the TLS back end cannot be set up, for example without certificates of the system.
pub fn http_client() -> Result<reqwest::Client, HttpClientError> {
    http_client_with(CONNECT_TIMEOUT)
}

pub(crate) fn http_client_with(connect_timeout: Duration) -> Result<reqwest::Client, HttpClientError> {
    let builder = reqwest::Client::builder()
        .connect_timeout(connect_timeout)
        .redirect(redirect::Policy::none())
        .user_agent(concat!("clovastudio-rust/", env!("CARGO_PKG_VERSION")));
    with_tls(builder)?.build().map_err(HttpClientError::new)
}

// With another back end, reqwest finds its TLS configuration itself. With ring alone it would panic unless somebody
// installed a provider for the whole process.
#[cfg(all(feature = "rustls-ring", not(any(feature = "rustls-aws-lc", feature = "native-tls"))))]
fn with_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, HttpClientError> {
    use rustls_platform_verifier::BuilderVerifierExt;

    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(HttpClientError::new)?;
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

#[cfg(any(feature = "rustls-aws-lc", feature = "native-tls", not(feature = "rustls-ring")))]
#[expect(clippy::unnecessary_wraps, reason = "the other back end can fail")]
fn with_tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, HttpClientError> {
    Ok(builder)
}

/// The HTTP client could not be set up; its source says why.
#[derive(Debug)]
pub struct HttpClientError(Box<dyn std::error::Error + Send + Sync>);

impl HttpClientError {
    fn new(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self(Box::new(source))
    }
}

impl fmt::Display for HttpClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the HTTP client cannot be set up")
    }
}

impl std::error::Error for HttpClientError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.0.as_ref())
    }
}
