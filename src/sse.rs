//! Server-sent events: bytes in, whole events out.
//!
//! [`Decoder`] does no input or output. The caller pushes the chunks of a body
//! as they arrive and takes out [`Frame`]s:
//!
//! ```
//! # fn main() -> Result<(), clovastudio::sse::DecodeError> {
//! let mut decoder = clovastudio::sse::Decoder::new();
//! decoder.push(b"event:token\nda");
//! assert_eq!(decoder.next_frame()?, None);
//!
//! decoder.push(b"ta:hello\n\n");
//! let frame = decoder.next_frame()?.unwrap();
//! assert_eq!(frame.event.as_deref(), Some("token"));
//! assert_eq!(frame.data, "hello");
//! assert_eq!(decoder.finish()?, None);
//! # Ok(())
//! # }
//! ```
//!
//! Where a chunk ends never matters, be it inside a character: bytes are cut
//! into lines first, and become text once their event is complete.
//!
//! The format is [the WHATWG's][whatwg], except that a frame inherits no `id`
//! from earlier ones, `retry` is ignored, bad UTF-8 and too large events are
//! errors, and a last event that lacks only its closing blank line is kept.
//!
//! [whatwg]: https://html.spec.whatwg.org/multipage/server-sent-events.html

mod encode;

use std::collections::VecDeque;
use std::{fmt, mem};

use memchr::memchr2;

/// The most bytes that one event may take unless told otherwise: 16 MiB.
pub const DEFAULT_LIMIT: usize = 16 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// One server-sent event. Its `Debug` output hides `data`: prompts and answers
/// do not belong in logs.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// The event's `id`, or `None` if it has no `id` line.
    pub id: Option<String>,
    /// The event's name as sent, or `None` if it has no `event` line.
    pub event: Option<String>,
    /// The event's `data` lines, joined with `\n`.
    pub data: String,
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("id", &self.id)
            .field("event", &self.event)
            .field("data", &format_args!("[{} bytes]", self.data.len()))
            .finish()
    }
}

/// Why a stream of server-sent events could not be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// An event takes more bytes than allowed.
    TooLarge {
        /// The most bytes that an event may take.
        limit: usize,
    },
    /// The text of an event is not UTF-8.
    InvalidUtf8,
    /// The stream ended inside a line.
    Truncated,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "server-sent event exceeds {limit} bytes"),
            Self::InvalidUtf8 => f.write_str("server-sent event is not valid UTF-8"),
            Self::Truncated => f.write_str("server-sent events ended inside a line"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Turns the chunks of one `text/event-stream` body into [`Frame`]s.
///
/// An error is final: frames decoded before it are still handed out, then every
/// call gives that error, and bytes pushed are dropped.
pub struct Decoder {
    limit: usize,
    /// The start of a line whose end has not arrived.
    line: Vec<u8>,
    /// No line has ended yet, so a byte order mark may come first.
    at_start: bool,
    /// The last line ended with `\r`; a `\n` next is part of that ending.
    after_cr: bool,
    event: PartialEvent,
    ready: VecDeque<Frame>,
    failure: Option<DecodeError>,
}

impl Decoder {
    /// Makes a decoder that allows [`DEFAULT_LIMIT`] bytes for each event.
    #[must_use]
    pub fn new() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }

    /// Makes a decoder that allows `limit` bytes for each event.
    ///
    /// Counted are the values kept of its past lines and the whole of the line
    /// being read. Comments that are past are free: a server may send them for
    /// as long as it likes.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            at_start: true,
            after_cr: false,
            event: PartialEvent::default(),
            ready: VecDeque::new(),
            failure: None,
        }
    }

    /// Takes the next bytes of the stream. Take out the frames with
    /// [`next_frame`](Self::next_frame) before pushing more: they wait in memory.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.failure.is_none() {
            self.failure = self.read(bytes).err();
        }
    }

    /// Takes out the next frame. `None` means that it needs more bytes.
    ///
    /// # Errors
    ///
    /// Fails if what comes next in the stream is not a valid event.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, DecodeError> {
        match (self.ready.pop_front(), self.failure) {
            (None, Some(failure)) => Err(failure),
            (frame, _) => Ok(frame),
        }
    }

    /// Ends the stream and takes out the frame that is left, if any.
    ///
    /// A server may close without the blank line that ends the last event. That
    /// event is returned here if the line it stopped after is whole, with its
    /// line end; whether more lines were to follow cannot be known. Frames left
    /// from before come first: call until `None`.
    ///
    /// # Errors
    ///
    /// Gives [`DecodeError::Truncated`] if the stream ended inside a line. The
    /// event is dropped then, since its text may be cut short. Callers can
    /// ignore this once they have seen the event that completes an answer.
    pub fn finish(&mut self) -> Result<Option<Frame>, DecodeError> {
        if self.failure.is_none() {
            self.failure = self.end().err();
        }
        self.next_frame()
    }

    fn read(&mut self, mut bytes: &[u8]) -> Result<(), DecodeError> {
        loop {
            if self.after_cr && !bytes.is_empty() {
                self.after_cr = false;
                bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
            }
            let Some((line, ending, rest)) = split_line(bytes) else {
                return self.hold(bytes);
            };
            self.hold(line)?;
            self.end_line()?;
            // Waiting to see if a `\n` follows would delay the event.
            self.after_cr = ending == b'\r';
            bytes = rest;
        }
    }

    /// Keeps a part of a line, if the event may take it. What is summed up does
    /// not depend on the cut into chunks, and so neither does the outcome.
    fn hold(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        let used = self.event.len() + self.line.len();
        if bytes.len() > self.limit.saturating_sub(used) {
            return Err(DecodeError::TooLarge { limit: self.limit });
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), DecodeError> {
        let mut line = self.line.as_slice();
        if mem::take(&mut self.at_start) {
            line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        }
        if line.is_empty() {
            self.end_event()?;
        } else {
            self.event.add_line(line);
        }
        self.line.clear();
        Ok(())
    }

    fn end_event(&mut self) -> Result<(), DecodeError> {
        self.ready.extend(mem::take(&mut self.event).into_frame()?);
        Ok(())
    }

    fn end(&mut self) -> Result<(), DecodeError> {
        if self.line.is_empty() {
            return self.end_event();
        }
        Err(DecodeError::Truncated)
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").field("limit", &self.limit).field("failure", &self.failure).finish_non_exhaustive()
    }
}

/// The fields of an event whose end has not arrived.
#[derive(Default)]
struct PartialEvent {
    id: Option<Vec<u8>>,
    event: Option<Vec<u8>>,
    /// `None` differs from empty: an event without a `data` line is dropped.
    data: Option<Vec<u8>>,
}

impl PartialEvent {
    fn len(&self) -> usize {
        let fields = [&self.id, &self.event, &self.data];
        fields.into_iter().flatten().map(Vec::len).sum()
    }

    fn add_line(&mut self, line: &[u8]) {
        match (split_field(line), &mut self.data) {
            ((b"data", value), Some(data)) => {
                data.push(b'\n');
                data.extend_from_slice(value);
            }
            ((b"data", value), None) => self.data = Some(value.to_vec()),
            ((b"event", value), _) => self.event = Some(value.to_vec()),
            // The format says to ignore an id that has a NUL.
            ((b"id", value), _) if !value.contains(&0) => self.id = Some(value.to_vec()),
            // Fields of no use here, and comments: those have an empty name.
            _ => {}
        }
    }

    fn into_frame(self) -> Result<Option<Frame>, DecodeError> {
        let Some(data) = self.data else {
            return Ok(None);
        };
        Ok(Some(Frame {
            id: self.id.map(into_text).transpose()?,
            event: self.event.map(into_text).transpose()?,
            data: into_text(data)?,
        }))
    }
}

fn into_text(bytes: Vec<u8>) -> Result<String, DecodeError> {
    String::from_utf8(bytes).map_err(|_| DecodeError::InvalidUtf8)
}

/// Cuts after the first line: the line, the byte that ended it, and the rest.
fn split_line(bytes: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let end = memchr2(b'\n', b'\r', bytes)?;
    let (line, rest) = bytes.split_at_checked(end)?;
    let (&ending, rest) = rest.split_first()?;
    Some((line, ending, rest))
}

/// Cuts a line into name and value, without the one space that may follow `:`.
fn split_field(line: &[u8]) -> (&[u8], &[u8]) {
    let mut parts = line.splitn(2, |&byte| byte == b':');
    let name = parts.next().unwrap_or_default();
    let value = parts.next().unwrap_or_default();
    (name, value.strip_prefix(b" ").unwrap_or(value))
}
