//! The operations by name.

pub use self::generated::Operation;

#[allow(clippy::all, clippy::pedantic, reason = "generated")]
mod generated {
    use super::Entry;

    include!(concat!(env!("OUT_DIR"), "/operations.rs"));
}

/// What the document says of an operation.
struct Entry {
    operation: Operation,
    name: &'static str,
    id: &'static str,
    method: &'static str,
    path: &'static str,
    tag: &'static str,
    page: &'static str,
    /// Empty without a body.
    body: &'static str,
    is_stream: bool,
    takes_prefix: bool,
    is_deprecated: bool,
}

impl Operation {
    /// All of them, in the order of the document.
    pub fn all() -> impl Iterator<Item = Self> {
        generated::ENTRIES.iter().map(|entry| entry.operation)
    }

    /// The operation with a method of this name.
    ///
    /// ```
    /// use clovastudio::raw::Operation;
    ///
    /// let operation = Operation::from_name("create_chat_completion_v3_stream");
    /// assert_eq!(operation, Some(Operation::CreateChatCompletionV3Stream));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|operation| operation.name() == name)
    }

    /// Name of the method of [`Client`](super::Client).
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The `operationId` in the document, the same for a method and its streaming twin.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.entry().id
    }

    /// HTTP method, in capitals.
    #[must_use]
    pub fn method(self) -> &'static str {
        self.entry().method
    }

    /// Path template, such as `/v3/chat-completions/{modelName}`.
    #[must_use]
    pub fn path(self) -> &'static str {
        self.entry().path
    }

    /// Group of the operation in the document, such as `chat`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.entry().tag
    }

    /// The vendor's page.
    #[must_use]
    pub fn page(self) -> &'static str {
        self.entry().page
    }

    /// Name of the schema of its body in the document; nothing without a body.
    #[must_use]
    pub(crate) fn body_schema(self) -> Option<&'static str> {
        Some(self.entry().body).filter(|schema| !schema.is_empty())
    }

    /// Whether the method answers with a stream of events.
    #[must_use]
    pub fn is_stream(self) -> bool {
        self.entry().is_stream
    }

    /// Whether a prefix of a test or service app may stand before the path.
    #[must_use]
    pub fn takes_prefix(self) -> bool {
        self.entry().takes_prefix
    }

    /// Whether the vendor retired the operation.
    #[must_use]
    pub fn is_deprecated(self) -> bool {
        self.entry().is_deprecated
    }

    fn entry(self) -> &'static Entry {
        &generated::ENTRIES[self as usize]
    }
}
