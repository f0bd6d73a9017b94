//! What mocks answer with.

use httpmock::Then;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::catalogue::StatusCodeEntry;
use crate::raw::Operation;
use crate::raw::types::{OpenAiErrorBody, Status, StatusCode};
use crate::sse::Frame;
use crate::stream::StreamEvent;
use crate::testing::{response_examples, stream_examples};

/// A native answer.
#[derive(Serialize)]
struct Native<'a, T> {
    status: Status,
    result: &'a T,
}

/// A result in an envelope of success.
pub(super) fn enveloped(then: Then, result: &impl Serialize) -> Then {
    json(then, 200, &Native { status: Status::from_code(StatusCode::Ok), result })
}

/// A document without an envelope.
pub(super) fn bare(then: Then, document: &impl Serialize) -> Then {
    json(then, 200, document)
}

/// A refusal in the form of the operation.
pub(super) fn refusal(then: Then, operation: Operation, code: StatusCode) -> Then {
    let status = code.entry().map_or(400, |entry: &StatusCodeEntry| entry.http_status);
    if operation.tag() == "openai" {
        json(then, status, &OpenAiErrorBody::from_code(code))
    } else {
        json(then, status, &Native { status: Status::from_code(code), result: &() })
    }
}

fn json(then: Then, status: u16, body: &impl Serialize) -> Then {
    then.status(status).header("content-type", "application/json").json_body_obj(body)
}

/// Events as the service writes them. Events of the OpenAI-compatible API have no id, and once the answer is whole the end
/// mark follows, which is no event of theirs.
pub(super) fn stream<V: StreamEvent>(then: Then, events: impl Iterator<Item = V>) -> Then {
    let is_openai = V::OPERATION.tag() == "openai";
    let mut parts = V::Parts::default();
    let mut body = String::new();
    let mut is_whole = false;
    for (event, number) in events.zip(1..) {
        is_whole = V::join(&mut parts, Some(&event));
        let frame = event.write().unwrap_or_else(|error| panic!("{error}"));
        if is_openai {
            body.extend(["data: ", &frame.data, "\n\n"]);
        } else {
            body.push_str(&Frame { id: Some(Uuid::from_u128(number).to_string()), ..frame }.to_text());
        }
    }
    if is_openai && is_whole {
        body.push_str("data: [DONE]\n\n");
    }
    then.status(200).header("content-type", "text/event-stream").body(body)
}

/// A part of the first good answer among the examples of the document.
pub(super) fn example<T: DeserializeOwned>(operation: Operation, pointer: &str) -> T {
    let answers = response_examples(operation).into_iter().map(|(_, answer)| answer);
    let mut good = answers.filter(|answer| answer.get("status").is_none_or(|status| status["code"] == "20000"));
    let part = good.next().and_then(|answer| answer.pointer(pointer)).expect("every operation has a good example");
    serde_json::from_value(part.clone()).expect("examples fit their types")
}

type Decode<V> = fn(&str, &str) -> Result<V, serde_json::Error>;

/// The events of the first good stream among the examples of the document, without an end mark that is no event.
pub(super) fn example_events<V>(operation: Operation, decode: Decode<V>) -> Vec<V> {
    let is_failure = |event: &serde_json::Value| event["event"] == "error" || event["data"].get("error").is_some();
    let streams = stream_examples(operation).into_values();
    let mut good = streams.filter(|events| !events.iter().any(|event| is_failure(event)));
    let events = good.next().expect("every stream has a good example").into_iter();
    let events = events.filter(|event| event["data"].is_object());
    let decoded = events.map(|event| decode(event["event"].as_str().unwrap_or_default(), &event["data"].to_string()));
    decoded.collect::<Result<_, _>>().expect("examples fit their types")
}
