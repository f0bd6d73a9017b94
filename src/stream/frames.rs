//! The frames of a body.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

use crate::error::{Error, ErrorKind, Result};
use crate::failure;
use crate::raw::ByteStream;
use crate::sse::{DecodeError, Decoder, Frame};

/// The frames of a stream.
pub(super) enum Frames {
    /// Those of a body.
    Received(Body),
    /// Those of a list, by hand.
    Listed(VecDeque<Result<Frame>>),
}

/// A body, with a limit on the time between two chunks.
pub(super) struct Body {
    bytes: ByteStream,
    decoder: Decoder,
    idle: Duration,
    stalled: Pin<Box<Sleep>>,
}

impl Frames {
    pub(super) fn new(bytes: ByteStream, idle: Duration) -> Self {
        Self::Received(Body { bytes, decoder: Decoder::new(), idle, stalled: Box::pin(sleep(idle)) })
    }

    /// The next frame, or nothing at the end.
    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Frame>>> {
        match self {
            Self::Received(body) => body.poll_next(context),
            Self::Listed(frames) => Poll::Ready(frames.pop_front().transpose()),
        }
    }
}

impl Body {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Frame>>> {
        loop {
            if let Some(frame) = self.decoder.next_frame().map_err(unframed)? {
                return Poll::Ready(Ok(Some(frame)));
            }
            match self.bytes.as_mut().poll_next(context) {
                Poll::Ready(Some(Ok(chunk))) => {
                    self.decoder.push(&chunk);
                    self.stalled.as_mut().reset(Instant::now() + self.idle);
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(failure::from_transport(error))),
                Poll::Ready(None) => return Poll::Ready(self.decoder.finish().map_err(unframed)),
                Poll::Pending => {
                    ready!(self.stalled.as_mut().poll(context));
                    let problem = format!("no event for {:.1?}", self.idle);
                    return Poll::Ready(Err(Error::new(ErrorKind::Timeout).with_message(problem)));
                }
            }
        }
    }
}

fn unframed(error: DecodeError) -> Error {
    let kind = if error == DecodeError::Truncated { ErrorKind::Truncated } else { ErrorKind::Decode };
    Error::new(kind).with_source(error)
}
