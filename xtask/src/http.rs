//! How pages are fetched: as the client reaches the service.

/// A client with TLS and without redirects.
#[cfg(feature = "client")]
pub fn client() -> anyhow::Result<reqwest::Client> {
    Ok(clovastudio::http_client()?)
}

/// xtask without the client passes on what would come here.
#[cfg(not(feature = "client"))]
pub fn client() -> anyhow::Result<reqwest::Client> {
    anyhow::bail!("xtask was built without the client; run `cargo run --package xtask -- drift --live`")
}
