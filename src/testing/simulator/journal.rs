//! What a simulator received.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};
use http::{HeaderMap, HeaderValue};
use hyper::body::Bytes;
use serde_json::Value;

use super::fault::Fault;
use super::keys::LEGACY;
use crate::lock::lock;
use crate::mask::MASKED;
use crate::raw::Operation;

/// A request that a simulator received.
///
/// Keys in the headers are masked. `Debug` shows neither the body nor the query.
#[derive(Clone)]
#[non_exhaustive]
pub struct Received {
    /// HTTP method.
    pub method: String,
    /// Path, as it was sent.
    pub path: String,
    /// Query, as it was sent.
    pub query: Option<String>,
    /// The operation: the streaming twin when a stream was asked for, nothing when the path names none.
    pub operation: Option<Operation>,
    /// Headers, keys masked.
    pub headers: HeaderMap,
    /// When it arrived, by the clock of the simulator.
    pub at: SystemTime,
    /// The fault that it met.
    pub fault: Option<Fault>,
    /// HTTP status of the answer; nothing as long as there is none, and when a fault left it out.
    pub status: Option<u16>,
    body: Bytes,
}

impl Received {
    pub(super) fn new(head: &http::request::Parts, body: Bytes, now: Duration) -> Self {
        Self {
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().map(str::to_owned),
            operation: None,
            headers: masked(&head.headers),
            at: UNIX_EPOCH + now,
            fault: None,
            status: None,
            body,
        }
    }

    /// The body. Of a body that was refused as too large, nothing.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON, null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query.as_ref().map(|_| MASKED))
            .field("operation", &self.operation)
            .field("headers", &self.headers)
            .field("at", &self.at)
            .field("fault", &self.fault)
            .field("status", &self.status)
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .finish()
    }
}

fn masked(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE].iter().chain(LEGACY.iter()) {
        if let Some(value) = headers.get_mut(name) {
            *value = HeaderValue::from_static("[masked]");
        }
    }
    headers
}

/// The requests, oldest first.
#[derive(Debug)]
pub(super) struct Journal {
    entries: Mutex<Entries>,
    /// Most requests that are kept.
    limit: usize,
}

#[derive(Debug, Default)]
struct Entries {
    kept: VecDeque<Received>,
    /// Number of the first one that is kept.
    first: usize,
}

impl Journal {
    pub(super) fn new(limit: usize) -> Self {
        Self { entries: Mutex::default(), limit }
    }

    /// Writes a request down, and gives its number.
    pub(super) fn add(&self, received: Received) -> usize {
        let mut entries = lock(&self.entries);
        entries.kept.push_back(received);
        let number = entries.first + entries.kept.len() - 1;
        if entries.kept.len() > self.limit {
            entries.forget(1);
        }
        number
    }

    /// Adds to what is known of a request, if it is still there.
    pub(super) fn amend(&self, number: usize, change: impl FnOnce(&mut Received)) {
        let mut entries = lock(&self.entries);
        let index = number.checked_sub(entries.first);
        if let Some(received) = index.and_then(|index| entries.kept.get_mut(index)) {
            change(received);
        }
    }

    pub(super) fn all(&self) -> Vec<Received> {
        lock(&self.entries).kept.iter().cloned().collect()
    }

    pub(super) fn clear(&self) {
        let mut entries = lock(&self.entries);
        let all = entries.kept.len();
        entries.forget(all);
    }
}

impl Entries {
    fn forget(&mut self, oldest: usize) {
        self.kept.drain(..oldest);
        self.first += oldest;
    }
}
