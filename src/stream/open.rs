//! Opening a stream.

use std::future::poll_fn;

use crate::call::{Run, SendRaw, Target};
use crate::client::Client;
use crate::error::Result;
use crate::failure;
use crate::options::CallOptions;
use crate::raw::ByteStream;
use crate::stream::frames::Frames;
use crate::stream::{EventStream, StreamEvent, truncated};

/// Opens a stream: attempts until the first event arrived or no further attempt can help.
pub(crate) async fn open<B, V>(
    client: &Client,
    target: Target,
    body: Result<B>,
    options: CallOptions,
    send: SendRaw<B, ByteStream>,
) -> Result<EventStream<V>>
where
    B: Clone + serde::Serialize,
    V: StreamEvent + Send + 'static,
{
    let mut run = Run::start(client, &target, options)?;
    let body = body.map_err(|error| run.complete(error))?;
    run.guard(&body)?;
    run.pace(&body);
    let idle = run.idle_timeout();
    let (frames, first) = run
        .repeat(|raw| {
            let answer = send(raw, body.clone());
            Box::pin(async move {
                let bytes = match answer.await {
                    Ok(answer) => answer.into_inner(),
                    Err(error) => return Err(failure::from_raw(error).await),
                };
                let mut frames = Frames::new(bytes, idle);
                let frame = poll_fn(|context| frames.poll_next(context)).await?.ok_or_else(truncated)?;
                let first = V::read(&frame)?.ok_or_else(truncated)?;
                Ok((frames, first))
            })
        })
        .await?;
    Ok(EventStream::new(run, frames, first))
}
