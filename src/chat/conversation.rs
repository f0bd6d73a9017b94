//! A conversation that remembers.

use crate::chat::{ChatCall, ChatReply, ChatStream};
use crate::error::Result;
use crate::raw::types::{ChatV3Content, ChatV3Message};
use crate::response::Response;

/// A conversation of several turns: what was said and answered goes into the next request. When a call fails, the
/// conversation stays as it was.
///
/// ```
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = clovastudio::testing::Simulator::start().await?;
/// # let client = clovastudio::Client::builder().api_key("nv-test").base_url(simulator.base_url()).build()?;
/// let mut conversation = client.chat("HCX-005").system("Be brief.").conversation();
/// conversation.say("What is a tensor?").await?;
/// conversation.say("And a matrix?").await?;
/// assert_eq!(conversation.messages().len(), 5);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Conversation {
    chat: ChatCall,
}

impl ChatCall {
    /// Goes on with this chat for several turns.
    #[must_use]
    pub fn conversation(self) -> Conversation {
        Conversation { chat: self }
    }
}

impl Conversation {
    /// Says something and waits for the answer.
    ///
    /// # Errors
    ///
    /// As [`ChatCall::send`].
    pub async fn say(&mut self, content: impl Into<ChatV3Content>) -> Result<Response<ChatReply>> {
        self.go_on(self.chat.clone().user(content)).await
    }

    /// Hands in what functions returned, as pairs of call id and result, and waits for the answer.
    ///
    /// # Errors
    ///
    /// As [`ChatCall::send`].
    pub async fn hand_in(
        &mut self,
        results: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Response<ChatReply>> {
        let chat = results.into_iter().fold(self.chat.clone(), |chat, (id, result)| chat.tool_result(id, result));
        self.go_on(chat).await
    }

    /// Says something and answers with the events as they arrive. The conversation goes on when
    /// [`remember`](Self::remember) is given what was said and the whole reply.
    ///
    /// # Errors
    ///
    /// As [`ChatCall::stream`].
    pub async fn stream(&self, content: impl Into<ChatV3Content>) -> Result<ChatStream> {
        self.chat.clone().user(content).stream().await
    }

    /// Adds what was said and what was answered, for example through a stream.
    pub fn remember(&mut self, content: impl Into<ChatV3Content>, reply: &ChatReply) {
        self.chat = self.chat.clone().user(content).reply(reply);
    }

    async fn go_on(&mut self, chat: ChatCall) -> Result<Response<ChatReply>> {
        let reply = chat.clone().send().await?;
        self.chat = chat.reply(&reply);
        Ok(reply)
    }

    /// What was said and answered so far.
    #[must_use]
    pub fn messages(&self) -> &[ChatV3Message] {
        self.chat.sent_messages()
    }

    /// The chat, with all that was said and answered.
    pub fn into_chat(self) -> ChatCall {
        self.chat
    }
}
