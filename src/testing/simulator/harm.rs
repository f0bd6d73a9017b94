//! What a fault makes of an answer.

use std::time::{Duration, SystemTime};

use http::header::RETRY_AFTER;
use http::{HeaderName, HeaderValue, StatusCode as HttpStatus};
use hyper::body::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

use super::events::frame;
use super::fault::{Fault, WaitForm, is_end_mark};
use super::refusal::Refusal;
use super::wire::{Act, JSON, Reply, Step};
use crate::raw::types::StatusCode;

/// Pieces in which a slow body comes.
const DRIPS: usize = 20;

/// Bytes of an oversized event, and of the pieces in which it is sent.
const OVERSIZED: usize = 17 * 1024 * 1024;
static FILLING: [u8; 64 * 1024] = [b'a'; 64 * 1024];

/// The first byte of `가`.
const HALF_CHARACTER: u8 = 0xEA;

const PAGE: &str = "<html><head><title>Gateway</title></head><body><h1>Gateway</h1></body></html>\n";

/// What a request that is done gets.
#[derive(Clone, Debug)]
pub(super) enum Success {
    Json(Value),
    Events(Vec<Value>),
}

impl Success {
    /// The answer without a fault.
    pub(super) fn reply(&self) -> Reply {
        match self {
            Self::Json(body) => Reply::json(HttpStatus::OK, body),
            Self::Events(events) => Reply::events(events.iter().map(frame).collect()),
        }
    }
}

impl Fault {
    /// The answer, when the fault takes its place: what was asked for is not done.
    pub(super) fn replacement(&self, openai: bool) -> Option<Reply> {
        Some(match self {
            Self::Code(code) => Refusal::new(code.clone()).reply(openai),
            Self::RateLimited(form) => rate_limited(*form, openai),
            Self::Empty(status) => Reply::empty(*status),
            Self::Html(status) => Reply::whole(*status, "text/html", PAGE),
            Self::Stall => Reply { before: Some(Act::Stall), ..Reply::empty(HttpStatus::OK) },
            Self::CutBeforeHeaders => Reply { before: Some(Act::Cut), ..Reply::empty(HttpStatus::OK) },
            _ => return None,
        })
    }

    /// The answer with the fault in it.
    pub(super) fn spoil(&self, success: &Success, openai: bool) -> Reply {
        if let Self::Delay(wait) = self {
            return Reply { before: Some(Act::Wait(*wait)), ..success.reply() };
        }
        match success {
            Success::Json(body) => self.spoil_json(body, openai),
            Success::Events(events) => self.spoil_stream(events, openai),
        }
    }

    fn spoil_json(&self, body: &Value, openai: bool) -> Reply {
        let text = body.to_string();
        let half = || Step::Send(Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]));
        let reply = Reply::json(HttpStatus::OK, body);
        let body = match self {
            Self::InsideOk(code) => {
                return Reply::json(HttpStatus::OK, &Refusal::new(code.clone()).body(openai));
            }
            Self::MalformedJson => return Reply::whole(HttpStatus::OK, JSON, half_of(&text).to_owned()),
            Self::StallInBody => vec![half(), Step::Act(Act::Stall)],
            Self::CutInBody => vec![half(), Step::Act(Act::Cut)],
            Self::CutInCharacter => vec![Step::Send(up_to_half_a_character(&text, "{\"")), Step::Act(Act::Cut)],
            Self::SlowDrip(wait) => drip(reply.body, *wait),
            _ => return reply,
        };
        Reply { body, ..reply }
    }

    fn spoil_stream(&self, events: &[Value], openai: bool) -> Reply {
        let frames: Vec<String> = events.iter().map(frame).collect();
        let text = |index: usize| frames.get(index).cloned().unwrap_or_default();
        let second = text(1);
        let begun = |then: Vec<Step>| [vec![Step::Send(text(0).into())], then].concat();
        let reply = Reply::events(frames.clone());
        let body = match self {
            Self::MalformedJson => {
                let rest = frames.iter().skip(2).cloned();
                return Reply::events([text(0), with_half_its_data(&second)].into_iter().chain(rest).collect());
            }
            Self::StallInBody => begun(vec![Step::Act(Act::Stall)]),
            Self::CutInBody => begun(vec![Step::Act(Act::Cut)]),
            Self::CutInEvent => begun(vec![Step::Send(half_of(&second).to_owned().into()), Step::Act(Act::Cut)]),
            Self::CutInCharacter => {
                begun(vec![Step::Send(up_to_half_a_character(&second, "data:{\"")), Step::Act(Act::Cut)])
            }
            Self::ErrorEvent(code) => begun(vec![Step::Send(frame(&error_event(code, openai)).into())]),
            Self::OversizedEvent => {
                let rest = reply.body.iter().skip(1).cloned();
                begun(oversized_event().into_iter().chain(rest).collect())
            }
            Self::MissingResult => {
                return Success::Events(events.iter().take_while(|event| !is_result(event)).cloned().collect()).reply();
            }
            Self::MissingSignal => {
                return Success::Events(events.iter().filter(|event| !is_end_mark(event)).cloned().collect()).reply();
            }
            Self::SlowDrip(wait) => drip(reply.body, *wait),
            _ => return reply,
        };
        Reply { body, ..reply }
    }
}

fn rate_limited(form: WaitForm, openai: bool) -> Reply {
    const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset-requests");
    let mut reply = Refusal::new(StatusCode::RateExceeded).reply(openai);
    let (name, value) = match form {
        WaitForm::RetryAfterSeconds => (RETRY_AFTER, form.wait().as_secs().to_string()),
        // A date is compared with the clock of the caller, which is that of this machine.
        WaitForm::RetryAfterDate => (RETRY_AFTER, httpdate::fmt_http_date(SystemTime::now() + form.wait())),
        WaitForm::ResetSeconds => (RESET, format!("{}s", form.wait().as_secs())),
        WaitForm::ResetMilliseconds => (RESET, format!("{}ms", form.wait().as_millis())),
        WaitForm::ResetMinutes => (RESET, format!("{}m{}s", form.wait().as_secs() / 60, form.wait().as_secs() % 60)),
        WaitForm::ResetBare => (RESET, form.wait().as_secs().to_string()),
    };
    reply.headers.extend(HeaderValue::try_from(value).ok().map(|value| (name, value)));
    reply
}

fn half_of(text: &str) -> &str {
    let end = (0..=text.len() / 2).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or_default()]
}

fn with_half_its_data(frame: &str) -> String {
    let Some((head, data)) = frame.split_once("data:") else { return frame.to_owned() };
    format!("{head}data:{}\n\n", half_of(data.trim_end()))
}

/// A text up to the middle of its first character of several bytes. A text without one is left for another beginning.
fn up_to_half_a_character(text: &str, beginning: &str) -> Bytes {
    match text.find(|char: char| !char.is_ascii()) {
        Some(start) => Bytes::copy_from_slice(&text.as_bytes()[..=start]),
        None => [beginning.as_bytes(), &[HALF_CHARACTER]].concat().into(),
    }
}

/// The bytes of a body in equal pieces, with a wait before each.
fn drip(body: Vec<Step>, wait: Duration) -> Vec<Step> {
    let sent = body.into_iter().filter_map(|step| match step {
        Step::Send(bytes) => Some(bytes),
        Step::Act(_) => None,
    });
    let bytes = Bytes::from(sent.collect::<Vec<_>>().concat());
    let pieces = bytes.chunks(bytes.len().div_ceil(DRIPS).max(1));
    pieces.flat_map(|piece| [Step::Act(Act::Wait(wait)), Step::Send(bytes.slice_ref(piece))]).collect()
}

fn error_event(code: &StatusCode, openai: bool) -> Value {
    let data = Refusal::new(code.clone()).body(openai);
    if openai {
        return json!({ "data": data });
    }
    json!({ "id": Uuid::new_v4().to_string(), "event": "error", "data": { "status": data["status"] } })
}

/// Whether an event holds the result, or in the OpenAI-compatible API the reason why it is over.
fn is_result(event: &Value) -> bool {
    event["event"] == "result"
        || event["event"] == "finalAnswer"
        || event["data"]["choices"][0]["finish_reason"].is_string()
}

fn oversized_event() -> Vec<Step> {
    let filling = std::iter::repeat_n(Bytes::from_static(&FILLING), OVERSIZED / FILLING.len());
    let parts = [Bytes::from_static(b"data:")].into_iter().chain(filling).chain([Bytes::from_static(b"\n\n")]);
    parts.map(Step::Send).collect()
}
