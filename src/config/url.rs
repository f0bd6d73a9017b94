//! Base URLs.

use reqwest::Url;

use crate::config::refused;
use crate::error::Result;

/// The URL without a slash at its end.
pub(super) fn checked_url(text: &str, allow_http: bool) -> Result<String> {
    let url = Url::parse(text).map_err(|error| refused("the base URL is no URL").with_source(error))?;
    let host = url.host_str().unwrap_or_default();
    let is_loopback =
        host == "localhost" || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    match url.scheme() {
        "https" => {}
        "http" if is_loopback || allow_http => {}
        "http" => {
            return Err(refused(
                "the base URL is `http`, so the key would travel in clear; use `https`, or `allow_http`",
            ));
        }
        other => return Err(refused(format!("the base URL begins with `{other}`; use `https`"))),
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(refused("the base URL has a user, a query or a fragment; give scheme, host and path only"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// The host, and no more: people put tokens into the other parts.
pub(super) fn shown_url(text: &str) -> String {
    let url = Url::parse(text).ok();
    url.map_or_else(|| "[no URL]".to_owned(), |url| url.origin().ascii_serialization())
}
