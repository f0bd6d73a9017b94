//! Events of streams.

use crate::chat::ChatEvent;
use crate::raw::events::{ChatV1Event, ChatV3Event, SkillsetEvent};
use crate::raw::types::{
    ChatV1Answer, ChatV1Token, FinishReason, OpenAiChunk, OpenAiChunkChoice, OpenAiDelta, Role, SkillsetToken,
    StatusCode, StreamError, StreamSignal,
};

impl StreamSignal {
    /// The mark `[DONE]`, with which the service ends a stream.
    #[must_use]
    pub fn done() -> Self {
        Self { data: Some("[DONE]".to_owned()), ..Self::default() }
    }
}

impl ChatV3Event {
    /// An event by hand: a piece of the text. Other pieces are made from a [`ChatEvent`].
    #[must_use]
    pub fn from_text(piece: impl Into<String>) -> Self {
        ChatEvent::Text(piece.into()).into()
    }

    /// An event by hand: the failure with this code, which ends the stream.
    #[must_use]
    pub fn from_code(code: impl Into<StatusCode>) -> Self {
        Self::Error(StreamError::from_code(code))
    }
}

impl ChatV1Event {
    /// An event by hand: a piece of the text.
    #[must_use]
    pub fn from_text(piece: impl Into<String>) -> Self {
        let message =
            ChatV1Answer { content: Some(piece.into()), role: Some(Role::Assistant), ..ChatV1Answer::default() };
        Self::Token(ChatV1Token { message: Some(message), ..ChatV1Token::default() })
    }

    /// An event by hand: the failure with this code, which ends the stream.
    #[must_use]
    pub fn from_code(code: impl Into<StatusCode>) -> Self {
        Self::Error(StreamError::from_code(code))
    }
}

impl SkillsetEvent {
    /// An event by hand: a piece of the text.
    #[must_use]
    pub fn from_text(piece: impl Into<String>) -> Self {
        Self::Token(SkillsetToken { text: Some(piece.into()), ..SkillsetToken::default() })
    }

    /// An event by hand: the failure with this code, which ends the stream.
    #[must_use]
    pub fn from_code(code: impl Into<StatusCode>) -> Self {
        Self::Error(StreamError::from_code(code))
    }
}

impl OpenAiChunk {
    /// A chunk by hand: a piece of the text of the only choice.
    #[must_use]
    pub fn from_text(piece: impl Into<String>) -> Self {
        let delta = OpenAiDelta { content: Some(piece.into()), ..OpenAiDelta::default() };
        Self::from_choice(OpenAiChunkChoice { delta: Some(delta), ..OpenAiChunkChoice::default() })
    }

    /// A chunk by hand: the last one of the only choice, which says why the generation ended.
    #[must_use]
    pub fn from_finish_reason(reason: impl Into<FinishReason>) -> Self {
        let delta = Some(OpenAiDelta::default());
        Self::from_choice(OpenAiChunkChoice {
            delta,
            finish_reason: Some(reason.into()),
            ..OpenAiChunkChoice::default()
        })
    }

    fn from_choice(choice: OpenAiChunkChoice) -> Self {
        Self {
            choices: vec![OpenAiChunkChoice { index: Some(0), ..choice }],
            object: Some("chat.completion.chunk".to_owned()),
            ..Self::default()
        }
    }
}
