//! Who may call: any bearer key that begins as keys do, and any legacy pair of keys where the operation takes one.

use std::sync::LazyLock;

use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::refusal::Refusal;
use crate::config::AppPrefix;
use crate::raw::Operation;
use crate::raw::types::StatusCode;
use crate::testing::document::{document, source};

/// How every key begins that is issued now.
const KEY_START: &str = "nv-";

/// How a key begins that is a service key whatever others are.
const SERVICE_KEY_START: &str = "nv-service";

/// What a key is for. The service counts apart what test keys and service keys use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Test,
    Service,
}

/// The headers of the legacy pair.
pub(super) static LEGACY: LazyLock<Vec<HeaderName>> = LazyLock::new(|| {
    let schemes = document()["components"]["securitySchemes"].as_object().into_iter().flatten();
    let names = schemes.filter_map(|(_, scheme)| scheme["name"].as_str()?.parse().ok());
    names.collect()
});

impl Kind {
    /// What the key of a request is, or the app in its path, if neither is as usual.
    pub(super) fn of(head: &Parts, usual: Self) -> Self {
        let is_for =
            |prefix: AppPrefix| head.uri.path().strip_prefix(prefix.path()).is_some_and(|it| it.starts_with('/'));
        match head.headers.get(AUTHORIZATION).and_then(bearer) {
            Some(key) if key.starts_with(SERVICE_KEY_START) => Self::Service,
            _ if is_for(AppPrefix::Service) => Self::Service,
            _ if is_for(AppPrefix::Test) => Self::Test,
            _ => usual,
        }
    }
}

/// The key of the header, nothing in one of another scheme.
fn bearer(header: &HeaderValue) -> Option<&str> {
    let (scheme, key) = header.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

pub(super) fn check(operation: Operation, headers: &HeaderMap) -> Result<(), Refusal> {
    let legacy = LEGACY.iter().filter(|name| headers.contains_key(*name)).count();
    let code = match headers.get(AUTHORIZATION).map(bearer) {
        Some(Some(key)) if key.starts_with(KEY_START) => return Ok(()),
        Some(Some(_)) => StatusCode::InvalidKey,
        Some(None) => StatusCode::InvalidAuthenticationType,
        None if legacy == 0 => StatusCode::Unauthorized,
        None if !takes_pair(operation) => StatusCode::InvalidAuthenticationType,
        None if legacy < LEGACY.len() => StatusCode::Unauthorized,
        None => return Ok(()),
    };
    Err(Refusal::new(code))
}

/// Whether one of the ways to authenticate that an operation has, else of the document, is the pair.
fn takes_pair(operation: Operation) -> bool {
    let ways = source(operation).get("security").unwrap_or(&document()["security"]);
    let mut ways = ways.as_array().into_iter().flatten().filter_map(Value::as_object);
    ways.any(|schemes| schemes.len() == LEGACY.len())
}
