//! Streams by hand, so that code that takes them can be tested without a server.

use tokio::time::Instant;

use crate::call::Target;
use crate::error::{Error, Result};
use crate::response::Meta;
use crate::sse::Frame;
use crate::stream::frames::Frames;
use crate::stream::{EventStream, Progress, StreamEvent};
use crate::telemetry::CallSpan;

impl<V: StreamEvent> EventStream<V> {
    /// A stream by hand, to test code that takes one: these events, each of which went through the wire's form. Request
    /// id `test`, no headers, one attempt.
    ///
    /// A list that ends before the reply is whole is a stream that breaks off: its last item is an error of kind
    /// [`Truncated`](crate::ErrorKind::Truncated). An event that reports a failure is that failure.
    ///
    /// ```
    /// # #[tokio::main] async fn main() {
    /// use clovastudio::raw::types::OpenAiChunk;
    /// use clovastudio::{ErrorKind, EventStream, Result};
    ///
    /// async fn length(mut stream: EventStream<OpenAiChunk>) -> Result<usize> {
    ///     let mut chunks = 0;
    ///     while stream.try_next().await?.is_some() {
    ///         chunks += 1;
    ///     }
    ///     Ok(chunks)
    /// }
    ///
    /// let whole = [OpenAiChunk::from_text("안녕"), OpenAiChunk::from_finish_reason("stop")];
    /// assert_eq!(length(EventStream::for_test(whole)).await.unwrap(), 2);
    ///
    /// let cut = [OpenAiChunk::from_text("안녕")];
    /// assert_eq!(length(EventStream::for_test(cut)).await.unwrap_err().kind(), ErrorKind::Truncated);
    /// # }
    /// ```
    pub fn for_test(events: impl IntoIterator<Item = V>) -> Self {
        Self::listed(events.into_iter().map(|event| event.write()))
    }

    /// The same, but after the events it fails with this error, to which it adds what a stream knows of its call.
    ///
    /// ```
    /// # #[tokio::main] async fn main() {
    /// use clovastudio::raw::events::ChatV1Event;
    /// use clovastudio::{Error, ErrorKind, EventStream};
    ///
    /// let stalled = Error::new(ErrorKind::Timeout);
    /// let mut stream = EventStream::failing_for_test([ChatV1Event::from_text("안녕")], stalled);
    /// assert!(stream.try_next().await.unwrap().is_some());
    /// assert!(stream.try_next().await.unwrap_err().is_timeout());
    /// # }
    /// ```
    pub fn failing_for_test(events: impl IntoIterator<Item = V>, error: Error) -> Self {
        Self::listed(events.into_iter().map(|event| event.write()).chain([Err(error)]))
    }

    fn listed(frames: impl Iterator<Item = Result<Frame>>) -> Self {
        let meta = Meta::for_test();
        let target = Target { operation: V::OPERATION, model: None };
        Self {
            frames: Frames::Listed(frames.collect()),
            first: None,
            parts: V::Parts::default(),
            progress: Progress::Open,
            operation: V::OPERATION,
            span: CallSpan::new(&target, &meta.request_id, false),
            meta,
            started: Instant::now(),
        }
    }
}
