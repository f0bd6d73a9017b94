//! Who may call: any bearer key that begins as keys do, and any legacy pair of keys where the operation takes one.

use std::sync::LazyLock;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName};
use serde_json::Value;

use super::refusal::Refusal;
use crate::raw::Operation;
use crate::raw::types::StatusCode;
use crate::testing::document::{document, source};

/// How every key begins that is issued now.
const KEY_START: &str = "nv-";

/// The headers of the legacy pair.
pub(super) static LEGACY: LazyLock<Vec<HeaderName>> = LazyLock::new(|| {
    let schemes = document()["components"]["securitySchemes"].as_object().into_iter().flatten();
    let names = schemes.filter_map(|(_, scheme)| scheme["name"].as_str()?.parse().ok());
    names.collect()
});

pub(super) fn check(operation: Operation, headers: &HeaderMap) -> Result<(), Refusal> {
    let legacy = LEGACY.iter().filter(|name| headers.contains_key(*name)).count();
    let code = match headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default()) {
        Some(value) => match value.split_once(' ') {
            Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => {
                if key.trim().starts_with(KEY_START) {
                    return Ok(());
                }
                StatusCode::InvalidKey
            }
            _ => StatusCode::InvalidAuthenticationType,
        },
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
