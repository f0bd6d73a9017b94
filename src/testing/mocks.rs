//! Typed mocks: a server of `httpmock` that knows the operations, for tests that say what comes back.
//!
//! [`MockServerExt`] has a method for every operation and every streaming twin. The mock answers the requests of that
//! operation and no others: a stream and its JSON operation, which share a path, are told apart as the service does, by
//! `Accept`, or by the member `stream` in the OpenAI-compatible API.
//!
//! ```
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use clovastudio::raw::types::StatusCode;
//! use clovastudio::testing::mocks::{MockServer, MockServerExt};
//! use clovastudio::{ChatReply, Client, RetryPolicy};
//!
//! let server = MockServer::start_async().await;
//! let client = Client::builder().api_key("nv-test").base_url(server.base_url()).retry(RetryPolicy::none()).build()?;
//!
//! let chat = server.create_chat_completion_v3(|when, then| {
//!     when.model_name("HCX-005");
//!     then.ok(ChatReply::from_text("안녕하세요"));
//! });
//! let reply = client.chat("HCX-005").user("Say hello in Korean.").send().await?;
//! assert_eq!(reply.text(), "안녕하세요");
//! chat.assert_calls(1);
//!
//! server.create_embedding_v2(|_, then| {
//!     then.refuse(StatusCode::RateExceeded).and(|then| then.header("retry-after", "6"));
//! });
//! let error = client.embedding_v2("안녕하세요").send().await.unwrap_err();
//! assert!(error.is_rate_limited());
//! # Ok(()) }
//! ```
//!
//! A stream is a list of events, here of one that fails on its way. [`ChatReply::to_events`] has those of a good one.
//!
//! [`ChatReply::to_events`]: crate::ChatReply::to_events
//!
//! ```
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use clovastudio::ChatEvent;
//! use clovastudio::raw::events::ChatV3Event;
//! # use clovastudio::testing::mocks::{MockServer, MockServerExt};
//! # let server = MockServer::start_async().await;
//! # let client = clovastudio::Client::builder().api_key("nv-test").base_url(server.base_url()).build()?;
//!
//! server.create_chat_completion_v3_stream(|_, then| {
//!     then.events([ChatV3Event::from_text("안녕"), ChatV3Event::from_code("42902")]);
//! });
//! let mut stream = client.chat("HCX-005").user("Say hello in Korean.").stream().await?;
//! assert!(matches!(stream.try_next().await?, Some(ChatEvent::Text(text)) if text == "안녕"));
//! assert!(stream.try_next().await.unwrap_err().is_overloaded());
//! # Ok(()) }
//! ```
//!
//! Answers without a constructor of their own are made with the builders of the [generated types](crate::raw::types):
//!
//! ```
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use clovastudio::raw::types::TokenCountResult;
//! # use clovastudio::testing::mocks::{MockServer, MockServerExt};
//! # let server = MockServer::start_async().await;
//! # let client = clovastudio::Client::builder().api_key("nv-test").base_url(server.base_url()).build()?;
//!
//! server.tokenize_embedding_v2(|_, then| {
//!     then.ok(TokenCountResult::builder().num_tokens(7));
//! });
//! assert_eq!(client.count_embedding_tokens("안녕하세요").send().await?.num_tokens, Some(7));
//! # Ok(()) }
//! ```
//!
//! What has no method here, [`httpmock`] can be told itself: `when.and(|when| when.header_exists("x-tenant"))`.

mod answers;
mod requests;

use std::fmt::Display;

pub use self::generated::{MockServerExt, example, operations, refusal};
pub use httpmock::{self, Mock, MockServer};

#[allow(clippy::all, clippy::pedantic, unused_imports, reason = "generated")]
mod generated {
    use super::{answers, built, requests};

    include!(concat!(env!("OUT_DIR"), "/mocks.rs"));
}

/// What a test gives in place of a generated type.
#[track_caller]
fn built<T>(value: impl TryInto<T, Error: Display>) -> T {
    value.try_into().unwrap_or_else(|problem| panic!("the mock is incomplete: {problem}"))
}
