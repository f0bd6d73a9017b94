//! Events as the service writes them: no space after a colon, but in the OpenAI-compatible API.

use std::time::Duration;

use fastrand::Rng;
use hyper::body::Bytes;
use serde_json::Value;

use super::wire::{Act, Step};
use crate::sse::Frame;

/// Longer runs of bytes are fillings of faults, and not cut.
const LONGEST_CUT: usize = 64 * 1024;

/// How streams are cut into the chunks of HTTP. The default is a chunk for each event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pieces {
    /// A chunk for each event.
    #[default]
    Events,
    /// A chunk for each byte.
    Bytes,
    /// Chunks that end in the middle of characters, of names, of the blank line after an event, and, as the seed has
    /// it, anywhere else; several events may begin in one.
    Awkward,
}

/// An event as text.
pub(super) fn frame(event: &Value) -> String {
    let data = match &event["data"] {
        Value::String(mark) => mark.clone(),
        data => data.to_string(),
    };
    let text = |key: &str| event[key].as_str().map(str::to_owned);
    match text("event") {
        // Only the events of the OpenAI-compatible API have no name.
        None => format!("data: {data}\n\n"),
        name => Frame { id: text("id"), event: name, data }.to_text(),
    }
}

/// Waits before each part of a stream.
pub(super) fn paced(steps: Vec<Step>, interval: Duration) -> Vec<Step> {
    if interval.is_zero() {
        return steps;
    }
    let waiting = steps.into_iter().flat_map(|step| match step {
        Step::Send(bytes) => vec![Step::Act(Act::Wait(interval)), Step::Send(bytes)],
        act @ Step::Act(_) => vec![act],
    });
    waiting.collect()
}

impl Pieces {
    /// Cuts what is sent without a pause.
    pub(super) fn cut(self, steps: Vec<Step>, random: &mut Rng) -> Vec<Step> {
        if self == Self::Events {
            return steps;
        }
        let mut cut = Vec::new();
        let mut run = Vec::new();
        for step in steps {
            match step {
                Step::Send(bytes) if bytes.len() < LONGEST_CUT => run.extend_from_slice(&bytes),
                other => {
                    self.cut_run(std::mem::take(&mut run), random, &mut cut);
                    cut.push(other);
                }
            }
        }
        self.cut_run(run, random, &mut cut);
        cut
    }

    fn cut_run(self, run: Vec<u8>, random: &mut Rng, steps: &mut Vec<Step>) {
        let mut rest = Bytes::from(run);
        while !rest.is_empty() {
            let ends = (1..rest.len()).find(|end| self.ends_at(*end, &rest, random));
            let piece = rest.split_to(ends.unwrap_or(rest.len()));
            steps.push(Step::Send(piece));
        }
    }

    /// Whether a piece ends before this byte.
    fn ends_at(self, end: usize, bytes: &[u8], random: &mut Rng) -> bool {
        let (before, after) = (bytes[end - 1], bytes[end]);
        let in_character = after & 0xC0 == 0x80;
        let in_blank_line = before == b'\n' && after == b'\n';
        let in_name = before == b'a' && after == b't' && bytes[..end].ends_with(b"\nda");
        self == Self::Bytes || in_character || in_blank_line || in_name || random.u8(..16) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: [&str; 2] = ["id:a\nevent:token\ndata:\"안녕\"\n\n", "event:signal\ndata:{}\n\n"];

    fn cut(pieces: Pieces, seed: u64) -> Vec<Bytes> {
        let steps = EVENTS.iter().map(|event| Step::Send(Bytes::from_static(event.as_bytes()))).collect();
        let steps = pieces.cut(steps, &mut Rng::with_seed(seed));
        let sent = steps.into_iter().map(|step| match step {
            Step::Send(bytes) => bytes,
            Step::Act(act) => panic!("{act:?}"),
        });
        sent.collect()
    }

    #[test]
    fn nothing_is_lost_where_a_stream_is_cut() {
        for pieces in [Pieces::Events, Pieces::Bytes, Pieces::Awkward] {
            for seed in 0..20 {
                assert_eq!(cut(pieces, seed).concat(), EVENTS.concat().as_bytes(), "{pieces:?}");
            }
        }
        assert_eq!(cut(Pieces::Events, 0).len(), 2);
        assert!(cut(Pieces::Bytes, 0).iter().all(|piece| piece.len() == 1));
    }

    #[test]
    fn awkward_places_are_where_a_reader_may_stumble() {
        for seed in 0..20 {
            let pieces = cut(Pieces::Awkward, seed);
            let has = |text: &str| pieces.iter().any(|piece| memchr::memmem::find(piece, text.as_bytes()).is_some());
            assert!(!has("안") && !has("녕"), "a character is whole: {pieces:?}");
            assert!(!has("\n\n") && !has("\ndata"), "an end of an event or a name is whole: {pieces:?}");
        }
        let pieces = cut(Pieces::Awkward, 7);
        assert_eq!(pieces, cut(Pieces::Awkward, 7));
        assert_ne!(pieces, cut(Pieces::Awkward, 8));
    }
}
