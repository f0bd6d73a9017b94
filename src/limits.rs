//! Limits of requests, generated from the document.

/// Limits of a chat request that its schema cannot say.
pub(crate) struct ChatLimits {
    /// Most images in one message.
    pub(crate) images_per_message: usize,
    /// Most images in one request.
    pub(crate) images_per_request: usize,
    /// Most system messages in one request.
    pub(crate) system_messages: usize,
    /// Most bytes of a body.
    pub(crate) body_bytes: usize,
    /// File formats of images.
    pub(crate) image_formats: &'static [&'static str],
    /// Most bytes of an image's file, before it becomes Base64.
    pub(crate) image_bytes: u64,
    /// Most pixels of an image's longer side.
    pub(crate) image_long_side_pixels: u32,
    /// Fewest pixels of an image's shorter side.
    pub(crate) image_short_side_pixels: u32,
    /// How many times the shorter side the longer one may be.
    pub(crate) image_side_ratio: u32,
}

/// The keywords of JSON Schema that the service takes, and where.
pub(crate) struct Keywords {
    /// Values of `type`.
    pub(crate) types: &'static [&'static str],
    /// Keywords that go with any type.
    pub(crate) any: &'static [&'static str],
    /// Keywords that go with the type `string`.
    pub(crate) string: &'static [&'static str],
    /// Keywords that go with the types `number` and `integer`.
    pub(crate) number: &'static [&'static str],
    /// Keywords that go with the type `array`.
    pub(crate) array: &'static [&'static str],
    /// Keywords that go with the type `object`.
    pub(crate) object: &'static [&'static str],
    /// Values of `format`.
    pub(crate) string_formats: &'static [&'static str],
}

pub(crate) use generated::{CHAT, KEYWORDS};

/// Names of the member with the most tokens to generate, natively and in OpenAI's shape.
pub(crate) const MOST_OUTPUT: [&str; 4] = ["maxTokens", "maxCompletionTokens", "max_tokens", "max_completion_tokens"];

#[allow(clippy::unreadable_literal, reason = "generated")]
mod generated {
    use super::{ChatLimits, Keywords};

    include!(concat!(env!("OUT_DIR"), "/limits.rs"));
}
