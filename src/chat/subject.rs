//! Whom a chat is with, and so where it goes.

use crate::call::Target;
use crate::guard;
use crate::raw::Operation;
use crate::raw::types::ModelName;

/// Whom the chat is with.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    Model(ModelName),
    Task(String),
}

impl Subject {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Model(model) => target(Operation::CreateChatCompletionV3, model.as_str()),
            Self::Task(_) => target(Operation::CreateTaskChatCompletionV3, guard::TUNED),
        }
    }

    pub(super) fn stream_target(&self) -> Target {
        match self {
            Self::Model(model) => target(Operation::CreateChatCompletionV3Stream, model.as_str()),
            Self::Task(_) => target(Operation::CreateTaskChatCompletionV3Stream, guard::TUNED),
        }
    }
}

fn target(operation: Operation, model: &str) -> Target {
    Target { operation, model: Some(model.to_owned()) }
}
