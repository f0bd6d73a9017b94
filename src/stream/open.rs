//! Opening a stream.

use std::future::{Future, poll_fn, ready};

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use crate::call::{Pending, RawAnswer, RawResult, Run, Target};
use crate::client::Client;
use crate::error::Result;
use crate::failure;
use crate::options::CallOptions;
use crate::raw::{self, ByteStream, ResponseValue};
use crate::stream::frames::Frames;
use crate::stream::{EventStream, StreamEvent, truncated};

/// Whether the answer says that it is no stream: the page of a gateway, or a failure with a status of success.
fn is_document(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    ["application/json", "text/html"].iter().any(|document| kind.starts_with(document))
}

/// Opens a stream: attempts until the first event arrived or no further attempt can help.
pub(crate) async fn open<B, V, F>(
    client: &Client,
    target: Target,
    body: Result<B>,
    options: CallOptions,
    send: impl FnOnce(raw::Client, B) -> F,
) -> Result<EventStream<V>>
where
    B: Serialize,
    V: StreamEvent + Send + 'static,
    F: Future<Output = RawResult<ByteStream>> + Send + 'static,
{
    let mut run = Run::start(client, &target, options)?;
    let body = body.map_err(|error| run.fail(error))?;
    run.guard(&body)?;
    run.pace(&body);
    run.span.asked(&body);
    let idle = run.idle_timeout();
    let read = |response| -> RawAnswer<ByteStream> { Box::pin(ready(Ok(ResponseValue::stream(response)))) };
    let open = |answer: ResponseValue<ByteStream>| -> Pending<_> {
        Box::pin(async move {
            if is_document(answer.headers()) {
                return Err(failure::from_document(answer).await);
            }
            let mut frames = Frames::new(answer.into_inner(), idle);
            let frame = poll_fn(|context| frames.poll_next(context)).await?.ok_or_else(truncated)?;
            let first = V::read(&frame)?.ok_or_else(truncated)?;
            Ok((frames, first))
        })
    };
    let (frames, first) = Box::pin(run.repeat(|raw| Box::pin(send(raw, body)), read, open)).await?;
    Ok(EventStream::new(run, frames, first))
}
