//! Only the text of a stream.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::error::Result;
use crate::response::Response;
use crate::stream::{EventStream, StreamEvent};

/// The pieces of the text of a stream.
#[must_use = "a stream does nothing until it is read"]
#[derive(Debug)]
pub struct TextStream<V: StreamEvent>(EventStream<V>);

impl<V: StreamEvent + Unpin> TextStream<V> {
    pub(super) fn new(events: EventStream<V>) -> Self {
        Self(events)
    }

    /// The next piece, or nothing after the last one.
    ///
    /// # Errors
    ///
    /// As [`EventStream::try_next`].
    pub async fn try_next(&mut self) -> Result<Option<String>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// The whole reply, with its usage, once everything it consists of arrived.
    ///
    /// # Errors
    ///
    /// As [`EventStream::into_reply`].
    pub fn into_reply(self) -> Result<Response<V::Reply>> {
        self.0.into_reply()
    }
}

impl<V: StreamEvent + Unpin> Stream for TextStream<V> {
    type Item = Result<String>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_next(context)) {
                Some(Ok(event)) => {
                    if let Some(text) = event.text() {
                        return Poll::Ready(Some(Ok(text.to_owned())));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}
