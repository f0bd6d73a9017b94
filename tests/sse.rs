//! The decoder of server-sent events: every case at every cut into chunks.

use clovastudio::sse::{DEFAULT_LIMIT, DecodeError, Decoder, Frame};
use proptest::prelude::*;

/// What a stream gives: its frames, then how it ends.
type Outcome = (Vec<Frame>, Result<(), DecodeError>);

const TOO_LARGE: DecodeError = DecodeError::TooLarge { limit: LIMIT };
const LIMIT: usize = 64;

fn take_all<'a>(
    decoder: &mut Decoder,
    chunks: impl IntoIterator<Item = &'a [u8]>,
    frames: &mut Vec<Frame>,
) -> Result<(), DecodeError> {
    for chunk in chunks {
        decoder.push(chunk);
        while let Some(frame) = decoder.next_frame()? {
            frames.push(frame);
        }
    }
    while let Some(frame) = decoder.finish()? {
        frames.push(frame);
    }
    Ok(())
}

fn decode<'a>(limit: usize, chunks: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut frames = Vec::new();
    let end = take_all(&mut Decoder::with_limit(limit), chunks, &mut frames);
    (frames, end)
}

fn named(event: &str, data: &str) -> Frame {
    Frame { event: Some(event.to_owned()), ..unnamed(data) }
}

fn unnamed(data: &str) -> Frame {
    Frame { id: None, event: None, data: data.to_owned() }
}

fn with_id(id: &str, frame: Frame) -> Frame {
    Frame { id: Some(id.to_owned()), ..frame }
}

/// Decodes the stream whole, byte by byte, and cut in two at every place.
fn check(name: &str, stream: impl AsRef<[u8]>, frames: &[Frame], end: Result<(), DecodeError>) {
    let stream = stream.as_ref();
    let text = |(frames, end): &Outcome| {
        let all: Vec<_> = frames.iter().map(|f| (&f.id, &f.event, &f.data)).collect();
        format!("{all:?} {end:?}")
    };
    let want = (frames.to_vec(), end);
    let verify = |how: &str, got: Outcome| {
        assert!(got == want, "{name}, {how}:\n got {}\nwant {}", text(&got), text(&want));
    };
    verify("whole", decode(LIMIT, [stream]));
    verify("byte by byte", decode(LIMIT, stream.chunks(1)));
    for at in 0..=stream.len() {
        let (left, right) = stream.split_at(at);
        verify(&format!("cut at {at}"), decode(LIMIT, [left, right]));
    }
}

/// Checks a stream that ends well.
fn check_ok(name: &str, stream: impl AsRef<[u8]>, frames: &[Frame]) {
    check(name, stream, frames, Ok(()));
}

#[test]
fn fields() {
    check_ok("nothing", "", &[]);
    check_ok("no space", "data:x\n\n", &[unnamed("x")]);
    check_ok("space", "data: x\n\n", &[unnamed("x")]);
    check_ok("one space only is cut", "data:  x \n\n", &[unnamed(" x ")]);
    check_ok("a tab is no space", "data:\tx\n\n", &[unnamed("\tx")]);
    check_ok("colons in the value", "data:a:b: c\n\n", &[unnamed("a:b: c")]);
    check_ok("space before the colon", "data : x\n\n", &[]);
    check_ok("names are exact", "Data:x\ndata2:y\n\n", &[]);
    check_ok("unknown", "foo:1\nbar\ndata:x\n\n", &[unnamed("x")]);
    check_ok("retry", "retry:10\ndata:x\n\nretry:y\n\n", &[unnamed("x")]);
    check_ok("comments", ": a\ndata:x\n:\n:data:y\n\n", &[unnamed("x")]);
    check_ok("only comments", ": a\n\n:\n\n", &[]);
    check_ok("NUL in data", "data:a\0b\n\n", &[unnamed("a\0b")]);
}

#[test]
fn data_lines() {
    check_ok("joined", "data:a\ndata: b\n\n", &[unnamed("a\nb")]);
    check_ok("empty between", "data:a\ndata:\ndata:b\n\n", &[unnamed("a\n\nb")]);
    check_ok("empty first", "data:\ndata:b\n\n", &[unnamed("\nb")]);
    check_ok("empty last", "data:a\ndata\n\n", &[unnamed("a\n")]);
    check_ok("empty", "data:\n\n", &[unnamed("")]);
    check_ok("no colon", "data\n\n", &[unnamed("")]);
    check_ok("two without colon", "data\ndata\n\n", &[unnamed("\n")]);
}

#[test]
fn event_and_id() {
    check_ok("name", "event: t\ndata:x\n\n", &[named("t", "x")]);
    check_ok("name after data", "data:x\nevent:t\n\n", &[named("t", "x")]);
    check_ok("last name wins", "event:a\nevent:b\ndata:x\n\n", &[named("b", "x")]);
    check_ok("empty name", "event:a\nevent\ndata:x\n\n", &[named("", "x")]);
    check_ok("no data, no event", "event:t\n\nid:1\n\ndata:x\n\n", &[unnamed("x")]);
    check_ok(
        "nothing is inherited",
        "id:1\nevent:t\ndata:x\n\ndata:y\n\n",
        &[with_id("1", named("t", "x")), unnamed("y")],
    );
    check_ok("last id wins", "id:1\nid:2\ndata:x\n\n", &[with_id("2", unnamed("x"))]);
    check_ok("empty id", "id\ndata:x\n\n", &[with_id("", unnamed("x"))]);
    check_ok("id with NUL", "id:1\nid:a\0b\ndata:x\n\n", &[with_id("1", unnamed("x"))]);
}

#[test]
fn line_ends() {
    let frames = [named("t", "x\ny"), unnamed("z")];
    for end in ["\n", "\r\n", "\r"] {
        let stream = "event:t|data:x|data:y||data:z||".replace('|', end);
        check_ok(&format!("{end:?}"), stream, &frames);
    }
    check_ok("mixed", "event:t\rdata:x\r\ndata:y\n\r\ndata:z\r\n\n", &frames);
    check_ok("CR then CRLF", "data:a\r\r\ndata:b\r\n\r", &[unnamed("a"), unnamed("b")]);
    check_ok("LF then CR", "data:a\n\rdata:b\n\r", &[unnamed("a"), unnamed("b")]);
    check_ok("blank lines", "\n\r\n\rdata:x\n\n\n\r\r", &[unnamed("x")]);
    let odd = "a\u{2028}b\u{85}c\u{b}d\u{c}e";
    check_ok("other separators", format!("data:{odd}\n\n"), &[unnamed(odd)]);
}

#[test]
fn byte_order_mark() {
    check_ok("first", "\u{feff}data:x\n\n", &[unnamed("x")]);
    check_ok("before a blank line", "\u{feff}\r\ndata:x\n\n", &[unnamed("x")]);
    check_ok("twice", "\u{feff}\u{feff}data:x\n\ndata:y\n\n", &[unnamed("y")]);
    check_ok("later", "data:x\n\n\u{feff}data:y\n\n", &[unnamed("x")]);
    check_ok("after a blank line", "\n\u{feff}data:y\n\n", &[]);
    check_ok("in data", "data:\u{feff}x\n\n", &[unnamed("\u{feff}x")]);
    check_ok("half", b"\xEF\xBB\ndata:x\n\n", &[unnamed("x")]);
}

#[test]
fn text() {
    let korean = "안녕하세요 👋🏽 가각갂";
    check_ok("Korean", format!("data:{korean}\n\n"), &[unnamed(korean)]);
    check_ok("Korean name", "event:토큰\ndata:값\n\n", &[named("토큰", "값")]);
    let bad = Err(DecodeError::InvalidUtf8);
    check("data", b"data:a\n\ndata:\xFF\n\ndata:b\n\n", &[unnamed("a")], bad);
    check("half a character", b"data:\xEC\x84\n\n", &[], bad);
    check("halves in two lines", b"data:\xEC\ndata:\x84\x9C\n\n", &[], bad);
    check("surrogate", b"data:\xED\xA0\x80\n\n", &[], bad);
    check("name", b"event:\xFF\ndata:x\n\n", &[], bad);
    check("id", b"id:\xFF\ndata:x\n\n", &[], bad);
    check("last event", b"data:\xFF\n", &[], bad);
    check_ok("comment", b":\xFF\ndata:x\n\n", &[unnamed("x")]);
    check_ok("unknown field", b"\xFF\ndata:x\n\n", &[unnamed("x")]);
    check_ok("event without data", b"event:\xFF\n\ndata:x\n\n", &[unnamed("x")]);
}

#[test]
fn end_of_stream() {
    check_ok("only the blank line is missing", "event:t\ndata:x\n", &[named("t", "x")]);
    check_ok("the same with CRLF", "event:t\r\ndata:x\r\n", &[named("t", "x")]);
    check_ok("the same with CR", "event:t\rdata:x\r", &[named("t", "x")]);
    check_ok("half a CRLF", "data:x\r\n\r", &[unnamed("x")]);
    check_ok("no data yet", "data:x\n\nevent:t\n", &[unnamed("x")]);
    let cut = Err(DecodeError::Truncated);
    check("inside data", "data:x\n\ndata:{\"a\"", &[unnamed("x")], cut);
    check("inside the second line", "data:x\ndata:y", &[], cut);
    check("inside a character", b"data:x\ndata:\xEC\x84", &[], cut);
    check("inside a name", "data:x\n\nda", &[unnamed("x")], cut);
    check("inside the last line", "data:x", &[], cut);
}

#[test]
fn limit() {
    let full = "x".repeat(LIMIT - "data:".len());
    check_ok("full", format!("data:{full}\n\n"), &[unnamed(&full)]);
    check_ok("twice full", format!("data:{full}\r\n\r\n").repeat(2), &[unnamed(&full), unnamed(&full)]);
    let over = Err(TOO_LARGE);
    check("one over", format!("data:{full}x\n\n"), &[], over);
    check("no line end", format!("data:a\n\ndata:{full}x"), &[unnamed("a")], over);
    check("in all", format!("event:t\ndata:{full}\n\n"), &[], over);
    check("many lines", "data:1\n".repeat(LIMIT), &[], over);
    check("many empty lines", "data\n".repeat(LIMIT), &[], over);
    check("a long comment", format!(":{}", "x".repeat(LIMIT)), &[], over);
    check_ok("endless comments", ": still here\n".repeat(LIMIT), &[]);
    check_ok("endless names", "event:t\nid:1\n".repeat(LIMIT), &[]);
}

#[test]
fn default_limit() {
    let line = vec![b'x'; DEFAULT_LIMIT - "data:".len()];
    for (more, end) in [(&b""[..], Ok(())), (b"x", Err(DecodeError::TooLarge { limit: DEFAULT_LIMIT }))] {
        let chunks = [b"data:", &line[..], more, b"\n\n"];
        let mut frames = Vec::new();
        assert_eq!(take_all(&mut Decoder::new(), chunks, &mut frames), end);
        assert_eq!(frames.len(), usize::from(end.is_ok()));
    }
}

/// The service's own framing, as recorded, with every cut into three chunks.
#[test]
fn recorded_stream() {
    let token = r#"{"message":{"role":"assistant","content":"서울"},"usage":null}"#;
    let result = r#"{"message":{"content":"서울은 맑음 ☀️"},"finishReason":"stop"}"#;
    let signal = r#"{"data":"[DONE]"}"#;
    let stream = format!(
        "id:ef40438b\nevent:token\ndata:{token}\n\n\
         id:f32289bd\nevent:result\ndata:{result}\n\n\
         event:signal\ndata:{signal}\n\n"
    );
    let want = (
        vec![
            with_id("ef40438b", named("token", token)),
            with_id("f32289bd", named("result", result)),
            named("signal", signal),
        ],
        Ok(()),
    );
    for i in 0..=stream.len() {
        for j in i..=stream.len() {
            let (rest, c) = stream.as_bytes().split_at(j);
            let (a, b) = rest.split_at(i);
            assert!(decode(DEFAULT_LIMIT, [a, b, c]) == want, "cut at {i}, {j}");
        }
    }
}

/// A lone `\r` may be half of `\r\n`: the event must not wait to find out.
#[test]
fn events_are_not_held_back() {
    for stream in ["data:x\n\n", "data:x\r\r", "data:x\r\n\r"] {
        let mut decoder = Decoder::new();
        decoder.push(stream.as_bytes());
        assert_eq!(decoder.next_frame(), Ok(Some(unnamed("x"))), "{stream:?}");
        assert_eq!(decoder.next_frame(), Ok(None));
    }
}

#[test]
fn a_frame_is_written_as_the_service_writes_it() {
    let frame = with_id("7", named("token", "{}"));
    assert_eq!(frame.to_text(), "id:7\nevent:token\ndata:{}\n\n");
    assert_eq!(unnamed("a\nb\r\n c").to_text(), "data:a\ndata:b\ndata:  c\n\n");
    assert_eq!(named("a\ndata:b", "").to_text(), "event:a data:b\ndata:\n\n");
}

#[test]
fn errors_are_final() {
    let mut decoder = Decoder::new();
    decoder.push(b"data:a\n\ndata:\xFF\n\ndata:b\n\n");
    assert_eq!(decoder.next_frame(), Ok(Some(unnamed("a"))));
    for _ in 0..2 {
        assert_eq!(decoder.next_frame(), Err(DecodeError::InvalidUtf8));
        decoder.push(b"data:c\n\n");
        assert_eq!(decoder.finish(), Err(DecodeError::InvalidUtf8));
    }
}

#[test]
fn finish_gives_what_was_not_taken() {
    let mut decoder = Decoder::new();
    decoder.push(b"data:a\n\ndata:b\n\ndata:c\n");
    for data in ["a", "b", "c"] {
        assert_eq!(decoder.finish(), Ok(Some(unnamed(data))));
    }
    assert_eq!(decoder.finish(), Ok(None));
    assert_eq!(decoder.next_frame(), Ok(None));
}

#[test]
fn debug_hides_data() {
    let frame = with_id("7", named("token", "비밀 secret"));
    assert_eq!(format!("{frame:?}"), r#"Frame { id: Some("7"), event: Some("token"), data: [13 bytes] }"#);
    let mut decoder = Decoder::new();
    decoder.push(b"data:secret\n\ndata:secret\ndata:secret");
    assert_eq!(format!("{decoder:?}"), "Decoder { limit: 16777216, failure: None, .. }");
}

#[test]
fn errors_are_one_line() {
    for (error, text) in [
        (TOO_LARGE, "server-sent event exceeds 64 bytes"),
        (DecodeError::InvalidUtf8, "server-sent event is not valid UTF-8"),
        (DecodeError::Truncated, "server-sent events ended inside a line"),
    ] {
        let error: Box<dyn std::error::Error + Send + Sync> = Box::new(error);
        assert_eq!(error.to_string(), text);
    }
}

/// The WHATWG's algorithm, written plainly over a whole and valid stream.
fn reference(stream: &str) -> Vec<Frame> {
    let stream = stream.strip_prefix('\u{feff}').unwrap_or(stream);
    let stream = stream.replace("\r\n", "\n").replace('\r', "\n");
    let mut frames = Vec::new();
    let (mut id, mut event, mut data) = (None, None, Vec::new());
    for line in stream.lines() {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value).to_owned();
        match name {
            _ if line.is_empty() => {
                let frame = Frame { id: id.take(), event: event.take(), data: data.join("\n") };
                frames.extend((!data.is_empty()).then_some(frame));
                data.clear();
            }
            "data" => data.push(value),
            "event" => event = Some(value),
            "id" if !value.contains('\0') => id = Some(value),
            _ => {}
        }
    }
    frames
}

/// Streams made of the parts that matter, and so of few others.
fn stream() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => prop::sample::select(vec!["\n", "\n\n", "\r", "\r\r", "\r\n", "\r\n\r\n"]),
        4 => prop::sample::select(vec!["data", "data:", "data: ", "event:", "id:", "retry:1", ":"]),
        2 => prop::sample::select(vec!["서울", "👋🏽", "x", " ", "\0", "\u{feff}", "{\"a\":1}"]),
    ];
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

/// Cuts a stream into chunks of the given lengths, over and over.
fn cut<'a>(mut stream: &'a [u8], lengths: &[usize]) -> Vec<&'a [u8]> {
    let mut chunks = Vec::new();
    for length in lengths.iter().cycle() {
        if stream.is_empty() {
            break;
        }
        let (chunk, rest) = stream.split_at(stream.len().min(*length));
        chunks.push(chunk);
        stream = rest;
    }
    chunks
}

fn lengths() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..9_usize, 0..9).prop_map(|mut lengths| {
        lengths.push(1); // So that a cut always gets on.
        lengths
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cuts_do_not_matter(stream in stream(), lengths in lengths(), limit in 0..80_usize) {
        let chunks = cut(stream.as_bytes(), &lengths);
        prop_assert_eq!(decode(limit, chunks), decode(limit, [stream.as_bytes()]));
    }

    #[test]
    fn cuts_do_not_matter_to_any_bytes(
        stream in prop::collection::vec(any::<u8>(), 0..300),
        lengths in lengths(),
        limit in 0..80_usize,
    ) {
        let chunks = cut(&stream, &lengths);
        prop_assert_eq!(decode(limit, chunks), decode(limit, [&stream[..]]));
    }

    #[test]
    fn whole_streams_follow_the_algorithm(stream in stream()) {
        let stream = stream + "\n\n";
        let got = decode(DEFAULT_LIMIT, [stream.as_bytes()]);
        prop_assert_eq!(got, (reference(&stream), Ok(())));
    }

    #[test]
    fn a_frame_comes_back_from_its_text(
        id in prop::option::of("[^\r\n\0]{0,9}"),
        event in prop::option::of("[^\r\n]{0,9}"),
        data in "( |\n|.){0,40}",
    ) {
        let frame = Frame { id, event, data };
        let want = Frame { data: frame.data.replace("\r\n", "\n").replace('\r', "\n"), ..frame.clone() };
        prop_assert_eq!(decode(DEFAULT_LIMIT, [frame.to_text().as_bytes()]), (vec![want], Ok(())));
    }

    #[test]
    fn what_is_sent_arrives(
        sent in prop::collection::vec(("[^\r\n]{0,9}", prop::collection::vec("[^\r\n]{0,20}", 1..4)), 0..5),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        lengths in lengths(),
    ) {
        let mut stream = String::new();
        let mut want = Vec::new();
        for (name, lines) in &sent {
            stream.extend(["event: ", name, end]);
            for line in lines {
                stream.extend(["data: ", line, end]);
            }
            stream += end;
            want.push(named(name, &lines.join("\n")));
        }
        let got = decode(DEFAULT_LIMIT, cut(stream.as_bytes(), &lengths));
        prop_assert_eq!(got, (want, Ok(())));
    }
}
