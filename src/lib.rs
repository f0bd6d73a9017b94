#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod catalogue;
mod credentials;
mod http_client;
mod lenient;
mod mask;
pub mod raw;
pub mod sse;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;

pub use credentials::{Credentials, InvalidKey};
pub use http_client::{HttpClientError, http_client};
pub use transport::{REQUEST_ID, Transport};
