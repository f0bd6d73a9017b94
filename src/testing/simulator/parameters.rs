//! Whether the parameters of path and query are what their schemas say.

use std::collections::BTreeMap;

use serde_json::Value;

use super::contract::Contract;
use super::refusal::Refusal;
use crate::raw::Operation;

pub(super) fn check(operation: Operation, given: &BTreeMap<String, String>) -> Result<(), Refusal> {
    let parameters = &Contract::of(operation).parameters;
    let wrong = parameters.iter().find(|parameter| match given.get(parameter.name) {
        Some(text) => !readings(text).iter().any(|value| parameter.validator.is_valid(value)),
        None => parameter.required,
    });
    wrong.map_or(Ok(()), |parameter| Err(Refusal::parameter(parameter.name)))
}

/// A number that was checked, or its default.
pub(super) fn number(operation: Operation, given: &BTreeMap<String, String>, name: &str) -> usize {
    let mut parameters = Contract::of(operation).parameters.iter();
    let default = || parameters.find(|parameter| parameter.name == name)?.default.as_u64()?.try_into().ok();
    given.get(name).and_then(|text| text.parse().ok()).or_else(default).unwrap_or_default()
}

/// What a text in an address can stand for.
fn readings(text: &str) -> Vec<Value> {
    let number = text.parse::<i64>().ok().map(Value::from);
    number.into_iter().chain([Value::from(text)]).collect()
}
