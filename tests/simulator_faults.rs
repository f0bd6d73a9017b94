//! What each fault of the simulator does to an answer, seen without the client under test.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use clovastudio::catalogue::STATUS_CODES;
use clovastudio::raw::Operation;
use clovastudio::raw::types::StatusCode;
use clovastudio::testing::{Fault, Pieces, Simulator, WaitForm};
use reqwest::{RequestBuilder, StatusCode as HttpStatus};
use serde_json::{Value, json};
use support::caller::{Caller, answer};
use support::server::in_driven_time;
use tokio::time::Instant;

const V3: &str = "/v3/chat-completions/HCX-005";
const OPENAI: &str = "/v1/openai/chat/completions";
const TUNING: &str = "/tuning/v2/tasks";

/// What arrived of an answer.
struct Arrived {
    status: HttpStatus,
    chunks: Vec<Vec<u8>>,
    /// Whether the body ended as HTTP ends one.
    whole: bool,
}

impl Arrived {
    async fn of(request: RequestBuilder) -> Option<Self> {
        let mut response = request.send().await.ok()?;
        let (status, mut chunks) = (response.status(), Vec::new());
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => chunks.push(chunk.to_vec()),
                Ok(None) => return Some(Self { status, chunks, whole: true }),
                Err(_) => return Some(Self { status, chunks, whole: false }),
            }
        }
    }

    fn bytes(&self) -> Vec<u8> {
        self.chunks.concat()
    }

    fn text(&self) -> String {
        String::from_utf8(self.bytes()).expect("UTF-8")
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes()).expect("JSON")
    }
}

async fn start() -> (Simulator, Caller) {
    let simulator = Simulator::start().await.expect("a port of loopback");
    let caller = Caller::new(&simulator);
    (simulator, caller)
}

fn chat(caller: &Caller) -> RequestBuilder {
    caller.request("POST", V3).json(&json!({ "messages": [{ "role": "user", "content": "안녕" }] }))
}

fn stream(caller: &Caller) -> RequestBuilder {
    chat(caller).header("accept", "text/event-stream")
}

fn openai(caller: &Caller, stream: bool) -> RequestBuilder {
    let messages = json!([{ "role": "user", "content": "안녕" }]);
    caller.request("POST", OPENAI).json(&json!({ "model": "HCX-005", "messages": messages, "stream": stream }))
}

async fn meet(request: RequestBuilder, fault: &Fault) -> Option<Arrived> {
    Arrived::of(request.header("x-simulator-fault", fault.name())).await
}

/// What arrives of a stream with a fault.
async fn spoiled_stream(fault: Fault) -> Arrived {
    let (_simulator, caller) = start().await;
    let arrived = meet(stream(&caller), &fault).await.expect("a head");
    assert_eq!(arrived.status, 200, "{fault}");
    arrived
}

/// What arrives of a JSON answer with a fault.
async fn spoiled_json(fault: Fault) -> Arrived {
    let (_simulator, caller) = start().await;
    let arrived = meet(chat(&caller), &fault).await.expect("a head");
    assert_eq!(arrived.status, 200, "{fault}");
    arrived
}

#[test]
fn names_are_stable_and_tell_faults_apart() {
    let all = Fault::all();
    let names: BTreeSet<String> = all.iter().map(Fault::name).collect();
    assert_eq!(names.len(), all.len(), "two faults share a name");
    for fault in &all {
        assert_eq!(fault.name().parse().as_ref(), Ok(fault));
    }
    let others = ["49999", "inside-200-40003", "event-50000", "empty-418", "html-404", "delay-5ms", "slow-drip-1ms"];
    for name in others {
        assert!(!names.contains(name), "{name}");
        assert_eq!(name.parse::<Fault>().expect("a fault with another value").name(), name);
    }
    for name in ["20000", "4290", "42901x", "", "delay", "empty-99", "event-20000"] {
        let error = name.parse::<Fault>().expect_err("no fault").to_string();
        assert!(error.contains(&format!("`{name}`")) && error.contains("cut-in-character"), "{error}");
    }
}

#[test]
fn every_fault_tells_what_it_applies_to() {
    let (mut json, mut streams, mut cells) = (0, 0, 0);
    for fault in Fault::all() {
        let applying = Operation::all().filter(|operation| fault.applies_to(*operation));
        let (on_streams, on_json): (Vec<_>, Vec<_>) = applying.partition(|operation| operation.is_stream());
        json += usize::from(on_streams.is_empty());
        streams += usize::from(on_json.is_empty());
        cells += on_streams.len() + on_json.len();
    }
    assert_eq!((json, streams), (1, 5), "faults of JSON answers only, and of streams only");
    assert!(cells > 1000, "{cells} cells");
    assert!(!Fault::MissingSignal.applies_to(Operation::GenerateSkillsetFinalAnswerStream), "it has no signal");
    assert!(Fault::MissingSignal.applies_to(Operation::OpenaiCreateChatCompletionStream), "it has [DONE]");
}

#[tokio::test]
async fn every_code_of_the_catalogue_comes_in_the_shape_of_its_api() {
    let (_simulator, caller) = start().await;
    let failing: Vec<_> = STATUS_CODES.iter().filter(|entry| entry.http_status >= 400).collect();
    assert!(failing.len() > 40, "{} codes", failing.len());
    for entry in failing {
        let fault = Fault::Code(entry.code.clone());
        let requests = [
            (chat(&caller), "/status/code"),
            (stream(&caller), "/status/code"),
            (openai(&caller, false), "/error/code"),
            (openai(&caller, true), "/error/code"),
        ];
        for (request, pointer) in requests {
            let arrived = meet(request, &fault).await.expect("a head");
            assert_eq!(arrived.status.as_u16(), entry.http_status, "{fault}");
            assert_eq!(arrived.json().pointer(pointer), Some(&json!(entry.code)), "{fault}");
        }
    }
    let unknown = meet(chat(&caller), &Fault::Code(StatusCode::from("41799"))).await.expect("a head");
    assert_eq!(unknown.status, 417);
}

#[tokio::test]
async fn a_wait_is_told_in_each_form() {
    let (_simulator, caller) = start().await;
    for form in WaitForm::ALL {
        let request = chat(&caller).header("x-simulator-fault", Fault::RateLimited(form).name());
        let refused = answer(request).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (429, "42901"), "{form:?}");
        let value = refused.header("retry-after").or(refused.header("x-ratelimit-reset-requests")).expect("a wait");
        match form {
            WaitForm::RetryAfterSeconds | WaitForm::ResetBare => assert_eq!(value, "6"),
            WaitForm::ResetSeconds => assert_eq!(value, "6s"),
            WaitForm::ResetMilliseconds => assert_eq!(value, "500ms"),
            WaitForm::ResetMinutes => assert_eq!(value, "1m2s"),
            WaitForm::RetryAfterDate => {
                let date = httpdate::parse_http_date(value).expect("a date");
                let wait = date.duration_since(SystemTime::now()).expect("a time to come");
                assert!(wait <= form.wait() && wait > form.wait() / 2, "{wait:?}");
            }
            form => panic!("{form:?}: {value}"),
        }
        let by_header = refused.header("retry-after").is_some();
        assert_eq!(by_header, matches!(form, WaitForm::RetryAfterSeconds | WaitForm::RetryAfterDate), "{form:?}");
    }
}

#[tokio::test]
async fn gateways_answer_without_the_service() {
    let (_simulator, caller) = start().await;
    for request in [chat, stream] {
        for status in [401, 500, 502, 503, 504] {
            let fault = Fault::Empty(HttpStatus::from_u16(status).expect("a status"));
            let arrived = meet(request(&caller), &fault).await.expect("a head");
            assert_eq!((arrived.status.as_u16(), arrived.bytes().len(), arrived.whole), (status, 0, true));
        }
        for status in [HttpStatus::OK, HttpStatus::BAD_GATEWAY] {
            let arrived = meet(request(&caller), &Fault::Html(status)).await.expect("a head");
            assert_eq!(arrived.status, status);
            assert!(arrived.text().starts_with("<html>"), "{}", arrived.text());
        }
    }
}

#[tokio::test]
async fn a_connection_can_be_cut_before_the_answer() {
    let (simulator, caller) = start().await;
    for request in [chat, stream] {
        assert!(meet(request(&caller), &Fault::CutBeforeHeaders).await.is_none());
    }
    assert!(simulator.journal().iter().all(|it| it.status.is_none() && it.fault == Some(Fault::CutBeforeHeaders)));
}

#[tokio::test]
async fn a_connection_can_stall_before_and_in_the_answer() {
    const HOUR: Duration = Duration::from_secs(60 * 60);
    let (_simulator, caller) = start().await;
    let stalled = in_driven_time(tokio::time::timeout(HOUR / 100, meet(chat(&caller), &Fault::Stall))).await;
    assert!(stalled.is_err(), "an answer came");
    for (request, part) in [(chat(&caller), "{\""), (stream(&caller), "id:")] {
        let stalling = async {
            let request = request.header("x-simulator-fault", Fault::StallInBody.name());
            let mut response = request.send().await.expect("a head");
            let begun = response.chunk().await.expect("no error").expect("a part");
            (begun, tokio::time::timeout(HOUR / 100, response.chunk()).await.is_err())
        };
        let (begun, stalls) = in_driven_time(stalling).await;
        assert!(begun.starts_with(part.as_bytes()) && stalls, "{begun:?}");
    }
}

#[tokio::test]
async fn an_answer_can_be_late_or_slow() {
    let (_simulator, caller) = start().await;
    let timed = |request: RequestBuilder, fault: Fault| async move {
        let started = Instant::now();
        let arrived = in_driven_time(meet(request, &fault)).await.expect("a head");
        (started.elapsed(), arrived)
    };
    let second = Duration::from_secs(1);
    for request in [chat, stream] {
        let undisturbed = Arrived::of(request(&caller)).await.expect("a head").bytes();
        let (time, arrived) = timed(request(&caller), Fault::Delay(second * 30)).await;
        assert!((second * 30..second * 32).contains(&time), "{time:?}");
        assert_eq!(arrived.bytes().len(), undisturbed.len());
        let (time, arrived) = timed(request(&caller), Fault::SlowDrip(second)).await;
        assert!((second * 19..second * 23).contains(&time), "{time:?}");
        assert!(arrived.whole && arrived.chunks.len() >= 15, "{} chunks", arrived.chunks.len());
        assert_eq!(arrived.bytes().len(), undisturbed.len());
    }
}

#[tokio::test]
async fn json_can_be_spoiled() {
    let whole = spoiled_json(Fault::Delay(Duration::ZERO)).await.bytes();

    let malformed = spoiled_json(Fault::MalformedJson).await;
    assert!(malformed.whole && whole.starts_with(&malformed.bytes()));
    assert!(serde_json::from_slice::<Value>(&malformed.bytes()).is_err());

    let inside = spoiled_json(Fault::InsideOk(StatusCode::ContextLengthExceeded)).await;
    assert_eq!(inside.json()["status"]["code"], "40003");

    let cut = spoiled_json(Fault::CutInBody).await;
    assert!(!cut.whole && !cut.bytes().is_empty() && whole.starts_with(&cut.bytes()));

    let cut = spoiled_json(Fault::CutInCharacter).await;
    let error = String::from_utf8(cut.bytes()).expect_err("half a character").utf8_error();
    assert!(!cut.whole && error.error_len().is_none(), "the end is missing, no more: {error}");
}

#[tokio::test]
async fn a_stream_can_be_cut_anywhere() {
    let whole = spoiled_stream(Fault::Delay(Duration::ZERO)).await.text();
    let first = whole.find("\n\n").expect("an event") + 2;

    let cut = spoiled_stream(Fault::CutInBody).await;
    assert_eq!((cut.whole, cut.bytes().len()), (false, first), "between two events");

    let cut = spoiled_stream(Fault::CutInEvent).await;
    let second = cut.text().split_off(first);
    assert!(!cut.whole && second.len() > 10 && !second.ends_with('\n'), "{second}");

    let cut = spoiled_stream(Fault::CutInCharacter).await;
    let error = String::from_utf8(cut.bytes()).expect_err("half a character").utf8_error();
    assert!(!cut.whole && error.valid_up_to() > first && error.error_len().is_none(), "{error}");
}

#[tokio::test]
async fn a_stream_can_lack_or_break_an_event() {
    let whole = spoiled_stream(Fault::Delay(Duration::ZERO)).await.text();
    assert_eq!((whole.matches("event:result").count(), whole.matches("event:signal").count()), (1, 1));

    let lacking = spoiled_stream(Fault::MissingSignal).await;
    assert_eq!((lacking.whole, lacking.text().contains("event:signal")), (true, false));
    assert!(lacking.text().contains("event:result"));

    let lacking = spoiled_stream(Fault::MissingResult).await;
    assert_eq!((lacking.whole, lacking.text().contains("event:token")), (true, true));
    assert!(!lacking.text().contains("event:result") && !lacking.text().contains("event:signal"));

    let broken = spoiled_stream(Fault::MalformedJson).await.text();
    let data: Vec<_> = broken.lines().filter_map(|line| line.strip_prefix("data:")).collect();
    let good: Vec<_> = data.iter().map(|data| serde_json::from_str::<Value>(data).is_ok()).collect();
    assert!(good[0] && !good[1] && good[2..].iter().all(|good| *good), "{broken}");

    let failing = spoiled_stream(Fault::ErrorEvent(StatusCode::Overloaded)).await;
    let last = failing.text().trim_end().rsplit("\n\n").next().expect("an event").to_owned();
    assert!(failing.whole && last.contains("\nevent:error\n") && last.contains("\"42902\""), "{last}");

    let large = spoiled_stream(Fault::OversizedEvent).await;
    assert!(large.whole && large.bytes().len() > 17 * 1024 * 1024, "{} bytes", large.bytes().len());
    assert!(large.text().contains("event:result"), "it goes on");
}

#[tokio::test]
async fn a_stream_of_chunks_is_spoiled_in_its_own_shape() {
    let (_simulator, caller) = start().await;
    let spoiled = |fault: Fault| {
        let request = openai(&caller, true);
        async move { meet(request, &fault).await.expect("a head").text() }
    };
    let failing = spoiled(Fault::ErrorEvent(StatusCode::Overloaded)).await;
    let (_, last) = failing.trim_end().rsplit_once("data: ").expect("an event");
    let last: Value = serde_json::from_str(last).expect("JSON");
    assert_eq!(last["error"]["code"], "42902");
    assert!(!spoiled(Fault::MissingSignal).await.contains("[DONE]"));
    assert!(spoiled(Fault::MissingSignal).await.contains("\"finish_reason\":\"stop\""));
    let lacking = spoiled(Fault::MissingResult).await;
    assert!(!lacking.contains("[DONE]") && !lacking.contains("\"finish_reason\":\"stop\""), "{lacking}");
}

#[tokio::test]
async fn a_fault_waits_for_an_answer_that_it_can_happen_to() {
    let (simulator, caller) = start().await;
    simulator.fail_next(Fault::MissingSignal);
    simulator.fail_next(Fault::Code(StatusCode::Overloaded));
    simulator.fail_next(Fault::Code(StatusCode::InternalServerError));
    assert_eq!(caller.post(V3, &json!({})).await.code(), "40001", "a refused request meets no fault");
    assert_eq!(answer(chat(&caller)).await.code(), "42902");
    assert!(!Arrived::of(stream(&caller)).await.expect("a head").text().contains("event:signal"));
    assert_eq!(answer(chat(&caller)).await.code(), "50000");
    assert_eq!(answer(chat(&caller)).await.code(), "20000");
}

#[tokio::test]
async fn a_fault_that_cannot_be_asked_for_is_a_refusal_that_says_why() {
    let (_simulator, caller) = start().await;
    for (name, part) in [("no-fault", "cut-in-character"), ("missing-signal", "create_chat_completion_v3")] {
        let refused = answer(chat(&caller).header("x-simulator-fault", name)).await;
        assert_eq!(refused.code(), "40001");
        assert!(refused.message().contains(name) && refused.message().contains(part), "{}", refused.message());
    }
}

#[tokio::test]
async fn chance_is_seeded() {
    let run = |seed: u64| async move {
        let faults = [Fault::Code(StatusCode::Overloaded), Fault::MissingSignal];
        let simulator = Simulator::builder().seed(seed).fault_rate(0.3, faults).start().await.expect("a port");
        let caller = Caller::new(&simulator);
        for _ in 0..100 {
            answer(chat(&caller)).await;
        }
        simulator.journal().iter().map(|received| received.fault.is_some()).collect::<Vec<_>>()
    };
    let (first, again, other) = (run(1).await, run(1).await, run(2).await);
    assert_eq!(first, again);
    assert_ne!(first, other);
    let faults = first.iter().filter(|fault| **fault).count();
    assert!((15..45).contains(&faults), "{faults} of 100");
}

/// What takes the place of an answer changes nothing; what spoils one comes after it was done.
#[tokio::test]
async fn only_an_answer_that_was_given_has_consequences() {
    let faults = [(Fault::Code(StatusCode::Overloaded), 0), (Fault::CutBeforeHeaders, 0), (Fault::CutInBody, 1)];
    for (fault, trainings) in faults {
        let (_simulator, caller) = start().await;
        let create = caller.request("POST", TUNING).json(&json!({ "model": "HCX-005" }));
        meet(create, &fault).await;
        assert_eq!(caller.get(TUNING).await.body["result"]["totalElements"], trainings, "{fault}");
    }
}

#[tokio::test]
async fn streams_come_in_the_pieces_that_were_asked_for() {
    let mut lengths = Vec::new();
    let mut texts = BTreeSet::new();
    for pieces in [Pieces::Events, Pieces::Bytes, Pieces::Awkward] {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
        let simulator = Simulator::builder().clock_at(at).pieces(pieces).start().await.expect("a port");
        let arrived = Arrived::of(stream(&Caller::new(&simulator))).await.expect("a head");
        let bytes = arrived.bytes().len();
        if pieces == Pieces::Bytes {
            assert!(arrived.chunks.iter().all(|chunk| chunk.len() == 1));
        }
        if pieces == Pieces::Awkward {
            assert!(arrived.chunks.iter().any(|chunk| std::str::from_utf8(chunk).is_err()), "no character is cut");
        }
        lengths.push((arrived.chunks.len(), bytes));
        texts.insert(arrived.text());
    }
    assert_eq!(texts.len(), 1, "the text is the same");
    assert!(lengths[0].0 < lengths[2].0 && lengths[2].0 < lengths[1].0, "{lengths:?}");
}

#[tokio::test]
async fn events_come_at_an_interval() {
    let interval = Duration::from_secs(2);
    let simulator = Simulator::builder().event_interval(interval).start().await.expect("a port");
    let request = stream(&Caller::new(&simulator));
    let started = Instant::now();
    let arrived = in_driven_time(Arrived::of(request)).await.expect("a head");
    let events = u32::try_from(arrived.text().matches("\n\n").count()).expect("few events");
    assert!((interval * events..interval * events + interval).contains(&started.elapsed()), "{:?}", started.elapsed());
}
