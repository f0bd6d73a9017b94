//! Keys of the service.

use std::fmt;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// How a client authenticates. Never shown: `Debug` masks the keys, and their headers are marked sensitive.
///
/// See the vendor's [overview](https://api.ncloud-docs.com/docs/ai-naver-clovastudio-summary).
#[derive(Clone)]
#[non_exhaustive]
pub enum Credentials {
    /// An API key, sent as `Authorization: Bearer`. Keys issued now begin with `nv-`.
    ApiKey(SecretString),
    /// The pair of keys issued before January 2025, for test and service apps.
    KeyPair {
        /// Key of the app, sent as `X-NCP-CLOVASTUDIO-API-KEY`.
        app_key: SecretString,
        /// API Gateway key, sent as `X-NCP-APIGW-API-KEY`.
        gateway_key: SecretString,
    },
}

const APP_KEY: HeaderName = HeaderName::from_static("x-ncp-clovastudio-api-key");
const GATEWAY_KEY: HeaderName = HeaderName::from_static("x-ncp-apigw-api-key");

impl Credentials {
    /// An API key.
    ///
    /// ```
    /// let credentials = clovastudio::Credentials::api_key("nv-0123456789");
    /// assert!(!format!("{credentials:?}").contains("0123456789"));
    /// ```
    pub fn api_key(key: impl Into<String>) -> Self {
        Self::ApiKey(SecretString::from(key.into()))
    }

    /// The pair of keys issued before January 2025.
    pub fn key_pair(app_key: impl Into<String>, gateway_key: impl Into<String>) -> Self {
        Self::KeyPair {
            app_key: SecretString::from(app_key.into()),
            gateway_key: SecretString::from(gateway_key.into()),
        }
    }

    /// The headers, marked sensitive.
    pub(crate) fn headers(&self) -> Result<HeaderMap, InvalidKey> {
        let mut headers = HeaderMap::new();
        match self {
            Self::ApiKey(key) => {
                let key = checked(key, "API key")?;
                headers.insert(AUTHORIZATION, sensitive(&format!("Bearer {key}"), "API key")?);
            }
            Self::KeyPair { app_key, gateway_key } => {
                headers.insert(APP_KEY, sensitive(checked(app_key, "app key")?, "app key")?);
                headers.insert(GATEWAY_KEY, sensitive(checked(gateway_key, "gateway key")?, "gateway key")?);
            }
        }
        Ok(headers)
    }
}

fn checked<'a>(key: &'a SecretString, name: &'static str) -> Result<&'a str, InvalidKey> {
    let key = key.expose_secret();
    if key.is_empty() {
        return Err(InvalidKey { name, problem: "is empty" });
    }
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(InvalidKey { name, problem: "has a space, a control character or a character outside ASCII" });
    }
    Ok(key)
}

fn sensitive(value: &str, name: &'static str) -> Result<HeaderValue, InvalidKey> {
    let mut value =
        HeaderValue::from_str(value).map_err(|_| InvalidKey { name, problem: "cannot stand in an HTTP header" })?;
    value.set_sensitive(true);
    Ok(value)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiKey(_) => "ApiKey([masked])",
            Self::KeyPair { .. } => "KeyPair([masked], [masked])",
        })
    }
}

/// A key that cannot be sent. Does not hold the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidKey {
    name: &'static str,
    problem: &'static str,
}

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} {}", self.name, self.problem)
    }
}

impl std::error::Error for InvalidKey {}
