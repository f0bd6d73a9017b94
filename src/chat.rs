//! Chat Completions v3: text, images, thinking, function calling and structured outputs.

mod by_hand;
mod call;
mod conversation;
mod parse;
mod reply;
mod stream;
mod subject;

pub use call::ChatCall;
pub use conversation::Conversation;
pub use reply::{ChatReply, Usage};
pub use stream::{ChatEvent, ChatStream};

use crate::client::Client;
use crate::raw::types::ModelName;
use subject::Subject;

impl Client {
    /// Starts a chat with a base model: `HCX-005`, `HCX-007` or `HCX-DASH-002`.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-chatcompletionsv3)
    pub fn chat(&self, model: impl Into<ModelName>) -> ChatCall {
        ChatCall::new(self, Subject::Model(model.into()))
    }

    /// Starts a chat with a tuned model, by the id of its training. Images, thinking, function calling and structured
    /// outputs are refused there.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-chatcompletionsv3)
    pub fn tuned_chat(&self, task_id: impl Into<String>) -> ChatCall {
        ChatCall::new(self, Subject::Task(task_id.into()))
    }
}
