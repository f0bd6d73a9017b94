//! Only the text of a stream.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::error::Result;
use crate::stream::{EventStream, StreamEvent};

/// The pieces of the text of a stream.
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
