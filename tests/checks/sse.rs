//! A stream gives the same frames however it is cut, and what is read from it can be written again.

use clovastudio::raw::events::{ChatV1Event, ChatV3Event, SkillsetEvent};
use clovastudio::raw::types::OpenAiChunk;
use clovastudio::sse::{DEFAULT_LIMIT, DecodeError, Decoder, Frame};
use clovastudio::{ErrorKind, StreamEvent};
use serde_json::Value;

use super::assert_one_line;

/// A limit that short streams run into.
const SMALL_LIMIT: usize = 48;

/// Takes a stream. Its own bytes say how it is cut.
pub fn check(stream: &[u8]) {
    for limit in [SMALL_LIMIT, DEFAULT_LIMIT] {
        let whole = decode(limit, [stream]);
        assert!(decode(limit, stream.chunks(1)) == whole, "byte by byte, with a limit of {limit}");
        assert!(decode(limit, cut(stream)) == whole, "cut, with a limit of {limit}");
    }
    for frame in decode(DEFAULT_LIMIT, [stream]).0 {
        assert!(decode(DEFAULT_LIMIT, [frame.to_text().as_bytes()]) == (vec![frame.clone()], Ok(())), "{frame:?}");
        read(&frame, ChatV3Event::encode);
        read(&frame, ChatV1Event::encode);
        read(&frame, SkillsetEvent::encode);
        read(&frame, |chunk: &OpenAiChunk| Ok(Frame { data: serde_json::to_string(chunk)?, ..Frame::default() }));
    }
}

fn decode<'a>(limit: usize, chunks: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Frame>, Result<(), DecodeError>) {
    let mut decoder = Decoder::with_limit(limit);
    let mut frames = Vec::new();
    for chunk in chunks {
        decoder.push(chunk);
        while let Ok(Some(frame)) = decoder.next_frame() {
            frames.push(frame);
        }
    }
    loop {
        match decoder.finish() {
            Ok(Some(frame)) => frames.push(frame),
            Ok(None) => return (frames, Ok(())),
            Err(error) => return (frames, Err(error)),
        }
    }
}

/// Chunks as long as the bytes say where they begin.
fn cut(mut stream: &[u8]) -> Vec<&[u8]> {
    let mut chunks = Vec::new();
    while let Some(first) = stream.first() {
        let (chunk, rest) = stream.split_at(stream.len().min(1 + usize::from(first % 16)));
        chunks.push(chunk);
        stream = rest;
    }
    chunks
}

/// An event is read the same from what is written of it; one that is not read has a reason that takes one line.
fn read<V: StreamEvent>(frame: &Frame, write: fn(&V) -> Result<Frame, serde_json::Error>) {
    match V::read(frame) {
        Ok(None) => {}
        Ok(Some(event)) => {
            let again = write(&event).expect("an event can be written");
            let event = V::read(&again).expect("what was written can be read").expect("it is still an event");
            let once_more = write(&event).expect("an event can be written");
            assert_eq!(value(&again), value(&once_more), "{frame:?}");
        }
        Err(error) => {
            assert_one_line(&error.to_string());
            assert!([ErrorKind::Api, ErrorKind::Decode].contains(&error.kind()), "{error}");
        }
    }
}

fn value(frame: &Frame) -> (Option<&str>, Result<Value, &str>) {
    (frame.event.as_deref(), serde_json::from_str(&frame.data).map_err(|_| frame.data.as_str()))
}
