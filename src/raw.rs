//! The generated client, complete on its own: every operation of the document, and a streaming twin of each that can
//! stream.
//!
//! A method returns a builder; `send` takes the parameters and the body from it and answers with the parsed body,
//! status and headers. Bodies are the types of [`types`], made with `builder()` or read with serde. Every failure,
//! also an HTTP status other than 200, is an [`Error`]; its body is still unread in
//! [`Error::UnexpectedResponse`]. A native answer is an envelope: look at `status` before `result`, which a failing
//! status leaves empty even under HTTP 200. An answer of another form than documented is [`Error::Undecodable`], which
//! hands out the body to those who ask and never prints it.
//!
//! A method that ends in `_stream` answers with the bytes of server-sent events. [`sse::Decoder`](crate::sse::Decoder)
//! cuts them into frames and [`events`] has a type for the events of each operation.
//!
//! ```
//! use clovastudio::raw::types::{ChatV3Message, ChatV3Request, ModelName};
//! use clovastudio::{Credentials, Transport, http_client, raw};
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let simulator = clovastudio::testing::Simulator::start().await?;
//! # let base_url = simulator.base_url();
//!
//! let transport = Transport::new(&Credentials::api_key("nv-0123456789"))?;
//! let client = raw::Client::new_with_client(&base_url, http_client()?, transport);
//! let envelope = client
//!     .create_chat_completion_v3()
//!     .model_name(ModelName::Hcx005)
//!     .body(ChatV3Request::builder().messages(vec![ChatV3Message::user("What is a tensor?")]).max_tokens(256))
//!     .send()
//!     .await?;
//! assert_eq!(envelope.status.code, "20000");
//! # Ok(()) }
//! ```

#[allow(clippy::all, clippy::pedantic, missing_docs, rustdoc::all, unused_imports, reason = "generated")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

mod error;
mod operation;

pub use self::error::{Error, Undecodable};
pub(crate) use self::error::{Problem, read};
pub use self::generated::{ByteStream, Client, ClientInfo, ResponseValue, builder};
pub use self::operation::Operation;

/// Bodies of requests and responses, and the data of events.
pub mod types {
    pub use super::generated::types::*;
    pub use super::values::*;
    pub use crate::lenient::LooseInteger;
}

/// The events of streams, by operation.
#[allow(clippy::all, clippy::pedantic, reason = "generated")]
pub mod events {
    include!(concat!(env!("OUT_DIR"), "/events.rs"));
}

/// Open enumerations; `types` has them as well.
#[allow(clippy::all, clippy::pedantic, reason = "generated")]
pub(crate) mod values {
    include!(concat!(env!("OUT_DIR"), "/values.rs"));
}
