#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod api;
#[cfg(feature = "blocking")]
pub mod blocking;
mod bulk;
mod by_hand;
mod call;
pub mod catalogue;
mod chat;
pub mod citations;
mod client;
mod config;
mod content;
mod credentials;
mod envelope;
mod error;
mod failure;
mod guard;
mod http_client;
pub mod image;
mod lenient;
mod limits;
mod lock;
mod mask;
mod one_line;
mod options;
mod pacing;
mod rate_limit;
pub mod raw;
mod response;
mod retry;
pub mod schema;
pub mod sse;
mod stream;
mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
mod tools;
mod transport;
mod tuning;

pub use api::{ChatV1Call, OpenAiChatCall, SkillsetCall};
pub use bulk::{EmbedAll, Embedded, Embeddings};
pub use call::Call;
pub use chat::{ChatCall, ChatEvent, ChatReply, ChatStream, Conversation, Usage};
pub use client::Client;
pub use config::{AppPrefix, ClientBuilder};
pub use credentials::{Credentials, InvalidKey};
pub use envelope::Envelope;
pub use error::{Error, ErrorKind, Result};
pub use http_client::{HttpClientError, http_client};
pub use options::CallOptions;
pub use pacing::Pacing;
pub use rate_limit::{RateLimitState, RateLimits};
pub use raw::types::ThinkingEffort as Effort;
pub use response::Response;
pub use retry::RetryPolicy;
pub use schemars;
pub use stream::{EventStream, StreamEvent, TextStream};
pub use tools::{Functions, OnToolError};
pub use transport::{REQUEST_ID, Transport};
pub use tuning::{TuningPages, TuningWait, Tunings};
