//! Calls of every method of the raw client by name, with parameters and bodies as JSON. For tests that are generated
//! from the document.

use std::error::Error as StdError;
use std::fmt;

use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::{Map, Value};

use crate::raw::{ByteStream, Client, Error, Operation, ResponseValue, types};

pub use generated::read_as;

#[allow(clippy::all, clippy::pedantic, reason = "generated")]
mod generated {
    use serde_json::Value;

    use super::{Answer, CallError, Client, Input, Operation, Typed, types};

    include!(concat!(env!("OUT_DIR"), "/calls.rs"));
}

/// What a method answered with.
pub enum Answer {
    /// A body, read and written again.
    Json(ResponseValue<Value>),
    /// The bytes of a stream.
    Stream(ResponseValue<ByteStream>),
}

impl Answer {
    fn json<T: Serialize>(answer: ResponseValue<T>) -> Result<Self, CallError> {
        let (status, headers) = (answer.status(), answer.headers().clone());
        let value = serde_json::to_value(answer.into_inner()).map_err(CallError::Input)?;
        Ok(Self::Json(ResponseValue::new(value, status, headers)))
    }

    #[expect(clippy::unnecessary_wraps, reason = "takes the place of `json`")]
    fn stream(answer: ResponseValue<ByteStream>) -> Result<Self, CallError> {
        Ok(Self::Stream(answer))
    }
}

/// Why a call by name failed.
#[derive(Debug)]
pub enum CallError {
    /// The parameters or the body are not what the method takes.
    Input(serde_json::Error),
    /// The method failed.
    Method(Box<Error>),
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => write!(f, "the input of the call does not fit: {error}"),
            Self::Method(error) => write!(f, "the call failed: {error}"),
        }
    }
}

impl StdError for CallError {}

impl From<Error> for CallError {
    fn from(error: Error) -> Self {
        Self::Method(Box::new(error))
    }
}

/// Calls a method of the raw client. `parameters` holds path, query and header parameters under their names in the
/// document.
///
/// # Errors
///
/// When parameters or body do not fit, or the method fails.
pub async fn call(
    client: &Client,
    operation: Operation,
    parameters: &Map<String, Value>,
    body: &Value,
) -> Result<Answer, CallError> {
    generated::dispatch(client, operation, Input { parameters, body }).await
}

#[derive(Clone, Copy)]
struct Input<'a> {
    parameters: &'a Map<String, Value>,
    body: &'a Value,
}

impl Input<'_> {
    fn required<T: DeserializeOwned>(self, name: &str) -> Result<T, CallError> {
        let value = self.optional(name)?;
        value.ok_or_else(|| CallError::Input(serde_json::Error::custom(format_args!("no parameter `{name}`"))))
    }

    fn optional<T: DeserializeOwned>(self, name: &str) -> Result<Option<T>, CallError> {
        let value = self.parameters.get(name).cloned();
        value.map(serde_json::from_value).transpose().map_err(CallError::Input)
    }

    fn body<T: DeserializeOwned>(self) -> Result<T, CallError> {
        serde_json::from_value(self.body.clone()).map_err(CallError::Input)
    }
}

/// A value that went through a Rust type.
pub struct Typed {
    /// The value as the type writes it.
    pub value: Value,
    /// The value as the type's `Debug` shows it.
    pub debug: String,
}

impl Typed {
    fn read<T: DeserializeOwned + Serialize + fmt::Debug>(value: Value) -> Result<Self, serde_json::Error> {
        let typed: T = serde_json::from_value(value)?;
        Ok(Self { value: serde_json::to_value(&typed)?, debug: format!("{typed:?}") })
    }
}
