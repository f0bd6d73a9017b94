//! What goes over a connection in answer to a request, as a script that can also misbehave.

use std::fmt;
use std::future::pending;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::StreamBody;
use hyper::body::{Bytes, Frame};
use serde_json::Value;

/// The type of JSON bodies.
pub(super) const JSON: &str = "application/json";

/// The type of streams.
pub(super) const EVENTS: &str = "text/event-stream";

/// The body that the HTTP library takes.
pub(super) type Body = StreamBody<BoxStream<'static, Result<Frame<Bytes>, Cut>>>;

/// One thing that happens in a body.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Bytes are sent, as a chunk of their own.
    Send(Bytes),
    /// Something happens instead.
    Act(Act),
}

/// What a server can do instead of sending.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// Wait, then go on.
    Wait(Duration),
    /// Keep the connection open and do nothing more.
    Stall,
    /// Close the connection.
    Cut,
}

/// The connection is to be closed: to the HTTP library an error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the simulator cuts the connection")
    }
}

impl std::error::Error for Cut {}

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    /// What happens before the head is sent.
    pub(super) before: Option<Act>,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<Step>,
}

impl Reply {
    /// A whole body of a known length.
    pub(super) fn whole(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let mut reply = Self::open(status, content_type, vec![Step::Send(body.clone())]);
        reply.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        reply
    }

    pub(super) fn json(status: StatusCode, body: &Value) -> Self {
        Self::whole(status, JSON, body.to_string())
    }

    /// A stream of events, a step for each.
    pub(super) fn events(frames: Vec<String>) -> Self {
        let body = frames.into_iter().map(|frame| Step::Send(frame.into())).collect();
        Self::open(StatusCode::OK, EVENTS, body)
    }

    pub(super) fn empty(status: StatusCode) -> Self {
        let headers = [(CONTENT_LENGTH, HeaderValue::from(0))].into_iter().collect();
        Self { before: None, status, headers, body: Vec::new() }
    }

    fn open(status: StatusCode, content_type: &'static str, body: Vec<Step>) -> Self {
        let headers = [(CONTENT_TYPE, HeaderValue::from_static(content_type))].into_iter().collect();
        Self { before: None, status, headers, body }
    }

    /// Does what comes before the head, and hands over the rest.
    pub(super) async fn play(self) -> Result<Response<Body>, Cut> {
        if let Some(act) = self.before {
            act.play().await?;
        }
        let mut response = Response::new(StreamBody::new(played(self.body)));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        Ok(response)
    }
}

impl Act {
    async fn play(self) -> Result<(), Cut> {
        match self {
            Self::Wait(time) => tokio::time::sleep(time).await,
            Self::Stall => pending().await,
            Self::Cut => {
                // The HTTP library writes what it has when nothing more is ready.
                tokio::task::yield_now().await;
                return Err(Cut);
            }
        }
        Ok(())
    }
}

fn played(steps: Vec<Step>) -> BoxStream<'static, Result<Frame<Bytes>, Cut>> {
    let steps = stream::iter(steps).filter_map(|step| async move {
        match step {
            Step::Send(bytes) => Some(Ok(Frame::data(bytes))),
            Step::Act(act) => act.play().await.err().map(Err),
        }
    });
    steps.boxed()
}
