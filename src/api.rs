//! The operations other than Chat Completions v3, each as a [`Call`] with the generated request type.

mod chat_v1;
mod completions;
mod embeddings;
mod openai;
mod rag;
mod router;
mod skillset;
mod text;
mod tokens;
mod tuning;

pub use chat_v1::ChatV1Call;
pub use openai::OpenAiChatCall;
pub use skillset::SkillsetCall;

use std::fmt::Display;
use std::future::Future;

use serde::Serialize;

use crate::call::{Call, RawResult, Target};
use crate::client::Client;
use crate::envelope::Envelope;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::{self, Operation};

/// A request of the generated type, from its builder or as it is.
fn request<B>(body: impl TryInto<B, Error: Display>) -> Result<B> {
    body.try_into().map_err(|error| Error::new(ErrorKind::Request).with_message(error.to_string()))
}

/// A call of an operation.
pub(crate) fn call<B, E, F>(
    client: &Client,
    target: Target,
    body: Result<B>,
    send: impl FnOnce(raw::Client, B) -> F + Send + Sync + 'static,
) -> Call<B, E>
where
    B: Serialize,
    E: Envelope<Result: Send> + Send + 'static,
    F: Future<Output = RawResult<E>> + Send + 'static,
{
    Call::new(client, target, body, Box::new(move |raw, body| Box::pin(send(raw, body))))
}

/// An operation without a model.
const fn plain(operation: Operation) -> Target {
    Target { operation, model: None }
}

/// An operation with a model in its path.
fn with_model(operation: Operation, model: &raw::types::ModelName) -> Target {
    Target { operation, model: Some(model.as_str().to_owned()) }
}
