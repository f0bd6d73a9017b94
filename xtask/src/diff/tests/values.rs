//! Changes of values, open and closed, and of choices.

use super::Case;
use super::Edit::{Copy, Remove, Set};
use crate::finding::Class::{Additive, Breaking, Cosmetic};

pub const CASES: &[Case] = &[
    Case {
        name: "a value of an open set of responses",
        edits: &[
            Set("/components/schemas/FinishReason/x-extensible-enum/-", "\"safety\""),
            Set("/components/schemas/FinishReason/x-enum-descriptions/safety", "\"Unsafe.\""),
        ],
        changes: &["value-added FinishReason: -, additive"],
        api: &["+ pub raw::types::FinishReason::Safety"],
        worst: Additive,
    },
    Case {
        name: "a value of an open set of responses that is gone",
        edits: &[Remove("/components/schemas/FinishReason/x-extensible-enum/0")],
        changes: &["value-removed FinishReason: -, additive"],
        api: &["- pub raw::types::FinishReason::Length"],
        worst: Breaking,
    },
    Case {
        name: "a value of an open set of requests that is gone",
        edits: &[Remove("/components/schemas/ToolChoiceMode/x-extensible-enum/1")],
        changes: &["value-removed ToolChoiceMode: breaking, -"],
        api: &["- pub raw::types::ToolChoiceMode::None"],
        worst: Breaking,
    },
    Case {
        name: "a value in other words",
        edits: &[Set("/components/schemas/FinishReason/x-enum-descriptions/stop", "\"Other words.\"")],
        changes: &["text-changed FinishReason: -, cosmetic"],
        api: &[],
        worst: Cosmetic,
    },
    Case {
        name: "a value with another name in rust",
        edits: &[Set("/components/schemas/FinishReason/x-enum-names", r#"{"stop": "End"}"#)],
        changes: &[],
        api: &["+ pub raw::types::FinishReason::End", "- pub raw::types::FinishReason::Stop"],
        worst: Breaking,
    },
    Case {
        name: "a text that takes some values only",
        edits: &[Set("/components/schemas/ImageUrl/properties/url/enum", r#"["a", "b"]"#)],
        changes: &["values-added ImageUrl.url: breaking, additive"],
        api: &[
            "- pub raw::types::ImageUrl::url: Option<String>",
            "+ pub raw::types::ImageUrl::url: Option<ImageUrlUrl>",
            "+ #[non_exhaustive] pub enum raw::types::ImageUrlUrl",
        ],
        worst: Breaking,
    },
    Case {
        name: "a closed value more",
        edits: &[Set("/components/schemas/OpenAiChatRequest/properties/parallel_tool_calls/enum/-", "false")],
        changes: &["value-added OpenAiChatRequest.parallel_tool_calls: additive, -"],
        api: &[],
        worst: Additive,
    },
    Case {
        name: "an event of an open stream",
        edits: &[
            Set(
                "/components/schemas/ChatV3PingEvent",
                r##"{"type": "object", "description": "A ping.", "required": ["event", "data"], "properties": {
                    "event": {"type": "string", "description": "Name.", "enum": ["ping"]},
                    "data": {"$ref": "#/components/schemas/StreamSignal"}}}"##,
            ),
            Set("/components/schemas/ChatV3Event/oneOf/-", r##"{"$ref": "#/components/schemas/ChatV3PingEvent"}"##),
            Set(
                "/components/schemas/ChatV3Event/discriminator/mapping/ping",
                "\"#/components/schemas/ChatV3PingEvent\"",
            ),
        ],
        changes: &["variant-added ChatV3Event: -, additive"],
        api: &[
            "+ pub raw::events::ChatV3Event::Ping(StreamSignal)",
            "+ pub fn raw::events::ChatV3Event::as_ping(&self) -> Option<&StreamSignal>",
        ],
        worst: Additive,
    },
    Case {
        name: "an event with another name",
        edits: &[
            Set(
                "/components/schemas/ChatV3Event/discriminator/mapping/piece",
                "\"#/components/schemas/ChatV3TokenEvent\"",
            ),
            Remove("/components/schemas/ChatV3Event/discriminator/mapping/token"),
        ],
        changes: &["discriminator-changed ChatV3Event: -, breaking"],
        api: &[
            "+ pub raw::events::ChatV3Event::Piece(ChatV3Token)",
            "- pub raw::events::ChatV3Event::Token(ChatV3Token)",
            "+ pub fn raw::events::ChatV3Event::as_piece(&self) -> Option<&ChatV3Token>",
            "- pub fn raw::events::ChatV3Event::as_token(&self) -> Option<&ChatV3Token>",
        ],
        worst: Breaking,
    },
    Case {
        name: "an event of an open stream that is gone",
        edits: &[
            Remove("/components/schemas/ChatV3Event/oneOf/1"),
            Remove("/components/schemas/ChatV3Event/discriminator/mapping/result"),
            Remove("/components/schemas/ChatV3ResultEvent"),
        ],
        changes: &["variant-removed ChatV3Event: -, additive"],
        api: &[
            "- pub raw::events::ChatV3Event::Result(ChatV3Result)",
            "- pub fn raw::events::ChatV3Event::as_result(&self) -> Option<&ChatV3Result>",
        ],
        worst: Breaking,
    },
    Case {
        name: "a choice in another order",
        edits: &[
            Copy("/components/schemas/OpenAiStop/oneOf/0", "/components/schemas/OpenAiStop/oneOf/-"),
            Remove("/components/schemas/OpenAiStop/oneOf/0"),
        ],
        changes: &["unnamed-change OpenAiStop: breaking, -", "unnamed-change OpenAiStop: breaking, -"],
        api: &[],
        worst: Breaking,
    },
];
