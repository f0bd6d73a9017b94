//! Answers, events and failures by hand are what the client would have given.

use std::time::Duration;

use clovastudio::raw::Operation;
use clovastudio::raw::events::{ChatV1Event, ChatV3Event, SkillsetEvent};
use clovastudio::raw::types::{
    ChatV1Result, ChatV3Result, EmbeddingResult, FinishReason, OpenAiChatCompletion, OpenAiChunk, OpenAiEmbeddingList,
    SkillsetFinalAnswer, StatusCode, StopReason,
};
use clovastudio::testing::validator;
use clovastudio::{
    ChatEvent, ChatReply, ChatStream, Error, ErrorKind, EventStream, RateLimitState, RateLimits, Response, StreamEvent,
    Usage,
};
use http::{HeaderMap, StatusCode as HttpStatus};
use serde::Serialize;
use serde_json::{Map, Value, json};

fn assert_valid(schema: &str, value: &impl Serialize) {
    let value = json!(value);
    let validator = validator(schema).expect("a schema");
    let problems: Vec<String> = validator.iter_errors(&value).map(|problem| problem.to_string()).collect();
    assert!(problems.is_empty(), "{value} is no {schema}: {problems:?}");
}

fn full_reply() -> ChatReply {
    ChatReply::from_text("맑고 따뜻합니다.")
        .with_thinking("Look at the sky.")
        .with_tool_call("call_1", "get_weather", [("city", json!("서울")), ("days", json!(3))])
        .with_usage(Usage::new(20, 5).with_thinking(3))
}

#[test]
fn replies_say_what_was_put_into_them() {
    let reply = ChatReply::from_text("Hi");
    assert_eq!((reply.text(), reply.finish_reason()), ("Hi", Some(&FinishReason::Stop)));
    assert_eq!((reply.thinking(), reply.tool_calls().len(), reply.usage()), (None, 0, Usage::default()));

    let reply = full_reply();
    assert_eq!((reply.text(), reply.thinking()), ("맑고 따뜻합니다.", Some("Look at the sky.")));
    assert_eq!(reply.finish_reason(), Some(&FinishReason::ToolCalls));
    assert_eq!((reply.usage().total_tokens, reply.usage().thinking_tokens), (25, 3));
    let function = reply.tool_calls()[0].function.as_ref().expect("a function");
    assert_eq!(json!(function.arguments), json!({ "city": "서울", "days": 3 }));

    let spent = ChatReply::from_text("").with_finish_reason("length");
    assert_eq!(spent.answer().expect_err("no answer").kind(), ErrorKind::ThinkingBudget);
}

#[test]
fn answers_are_what_the_document_says() {
    assert_valid("ChatV3Result", full_reply().result());
    let answer = ChatV1Result::from_text("Hi");
    assert_eq!(answer.stop_reason, Some(StopReason::StopBefore));
    assert_valid("ChatV1Result", &answer);
    assert_valid("OpenAiChatCompletion", &OpenAiChatCompletion::from_text("Hi"));
    assert_valid("EmbeddingResult", &EmbeddingResult::from_vector(vec![0.5; 1024]));
    let list = OpenAiEmbeddingList::from_vectors([[0.6, 0.8], [0.8, 0.6]]);
    assert_eq!(json!(list)["data"][1], json!({ "embedding": [0.8, 0.6], "index": 1, "object": "embedding" }));
    assert_valid("OpenAiChunk", &OpenAiChunk::from_text("Hi"));
}

#[test]
fn a_response_has_what_came_with_it() {
    let requests = RateLimitState::new(60, 0, Duration::from_millis(1500));
    let tokens = RateLimitState::new(60_000, 41_000, Duration::from_secs(6));
    let limits = RateLimits::new(requests, tokens);
    let response = Response::for_test("Hi")
        .with_status(HttpStatus::CREATED)
        .with_headers(limits.to_headers())
        .with_request_id("order-1")
        .with_attempts(3)
        .with_elapsed(Duration::from_secs(2));
    assert_eq!((*response, response.status(), response.request_id()), ("Hi", HttpStatus::CREATED, "order-1"));
    assert_eq!((response.attempts(), response.elapsed()), (3, Duration::from_secs(2)));
    assert_eq!(response.rate_limits(), limits);
    assert_eq!(response.headers()["x-ratelimit-reset-requests"], "1500ms");
    assert_eq!(RateLimits::default().to_headers(), HeaderMap::new());
}

#[test]
fn errors_say_what_was_put_into_them() {
    let error = Error::from_code("42901")
        .with_operation(Operation::CreateEmbeddingV2)
        .with_request_id("order-1")
        .with_attempts(3, Duration::from_secs(2));
    let text = "the service refused: HTTP 429, code 42901, Too many requests - rate exceeded, request order-1, \
                3 attempts in 2.0s";
    assert_eq!(error.to_string(), text);
    assert_eq!(error.operation(), Some(Operation::CreateEmbeddingV2));
    assert_eq!(Error::from_code("99999").to_string(), "the service refused: code 99999");
}

#[test]
fn a_failed_answer_is_read_in_either_form() {
    let native = r#"{"status":{"code":"40001","message":"Invalid parameter"},"result":null}"#;
    let openai = r#"{"error":{"message":"Invalid parameter","type":null,"param":null,"code":"40001"}}"#;
    for body in [native, openai] {
        let error = Error::from_answer(HttpStatus::BAD_REQUEST, HeaderMap::new(), body);
        assert_eq!(error.to_string(), "the service refused: HTTP 400, code 40001, Invalid parameter");
        assert_eq!(error.body(), Some(body.as_bytes()));
    }
}

#[test]
fn an_error_is_one_line_whatever_the_service_says() {
    let body = json!({ "status": { "code": "4\n0", "message": "a\r\nb\u{2028}c\u{b}d" } }).to_string();
    let error = Error::from_answer(HttpStatus::BAD_REQUEST, HeaderMap::new(), body).with_request_id("x\ty");
    assert_eq!(error.to_string(), "the service refused: HTTP 400, code 4 0, a  b c d, request x y");
}

/// What a stream gives: its events, each as it was put in, and how it ends.
async fn read<V: StreamEvent + Unpin>(
    mut stream: EventStream<V>,
    write: fn(&V) -> Value,
) -> (Vec<Value>, Option<Error>) {
    let mut seen = Vec::new();
    loop {
        match stream.try_next().await {
            Ok(Some(event)) => seen.push(write(&event)),
            Ok(None) => return (seen, None),
            Err(error) => return (seen, Some(error)),
        }
    }
}

fn named(event: &ChatV1Event) -> Value {
    let frame = event.encode().expect("JSON");
    json!([frame.event, frame.data])
}

#[tokio::test]
async fn a_stream_gives_the_events_of_its_list() {
    let unknown = || ChatV1Event::decode("heartbeat", "4\n2").expect("an event");
    let events = [ChatV1Event::from_text("안녕"), unknown(), ChatV1Event::Result(ChatV1Result::from_text("안녕"))];
    let want: Vec<Value> = events.iter().map(named).collect();
    let (seen, end) = read(EventStream::for_test(events.clone()), named).await;
    assert_eq!((seen, end.is_none()), (want.clone(), true));
    let reply = EventStream::for_test(events).collect().await.expect("a reply");
    assert_eq!((reply.request_id(), reply.attempts()), ("test", 1));
    assert_eq!(json!(*reply), json!(ChatV1Result::from_text("안녕")));

    let answer = SkillsetFinalAnswer::builder().final_answer(Some("맑음".to_owned())).try_into().expect("complete");
    let events = [SkillsetEvent::from_text("맑"), SkillsetEvent::FinalAnswer(answer)];
    let reply = EventStream::for_test(events).collect().await.expect("a reply");
    assert_eq!(reply.final_answer.as_deref(), Some("맑음"));

    let chunks = ["안", "녕"].map(OpenAiChunk::from_text).into_iter().chain([OpenAiChunk::from_finish_reason("stop")]);
    let reply = EventStream::<OpenAiChunk>::for_test(chunks).collect().await.expect("a reply");
    let choice = OpenAiChatCompletion::from_text("안녕").choices.remove(0);
    assert_eq!(
        json!(reply.choices[0].message.as_ref().map(|it| &it.content)),
        json!(choice.message.map(|it| it.content))
    );
}

#[tokio::test]
async fn a_stream_fails_as_its_list_says() {
    let (seen, end) = read(EventStream::for_test([ChatV1Event::from_text("안녕")]), named).await;
    let error = end.expect("it breaks off");
    assert_eq!((seen.len(), error.kind(), error.request_id()), (1, ErrorKind::Truncated, Some("test")));

    let events = [ChatV1Event::from_text("안녕"), ChatV1Event::from_code("42902")];
    let (seen, end) = read(EventStream::for_test(events), named).await;
    let error = end.expect("a failure");
    assert!(seen.len() == 1 && error.is_overloaded(), "{error}");
    assert_eq!(error.operation(), Some(Operation::CreateChatCompletionV1Stream));

    let events = [SkillsetEvent::from_code("61004")];
    let error = EventStream::for_test(events).collect().await.expect_err("a failure");
    assert_eq!(error.code(), Some(&StatusCode::SkillApiFailed));

    let stalled = Error::new(ErrorKind::Timeout).with_message("no event for 60.0s");
    let stream = EventStream::failing_for_test([ChatV1Event::from_text("안녕")], stalled);
    let (seen, end) = read(stream, named).await;
    let error = end.expect("a failure");
    assert!(seen.len() == 1 && error.is_timeout(), "{error}");
}

fn shown(event: &ChatEvent) -> String {
    match event {
        ChatEvent::Thinking(text) => format!("({text})"),
        ChatEvent::Text(text) => text.clone(),
        ChatEvent::ToolCallStarted { index, id, name } => format!("{index}:{id}:{name}"),
        ChatEvent::ToolCallArguments { index, json } => format!("{index}:{json}"),
        ChatEvent::Finished(reply) => format!("= {}", json!(reply.result())),
        ChatEvent::Unknown { event, data } => format!("{event}:{data}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_chat_stream_gives_the_events_of_its_list() {
    let events = vec![
        ChatEvent::Thinking("hm".to_owned()),
        ChatEvent::Text("안녕".to_owned()),
        ChatEvent::Unknown { event: "heartbeat".into(), data: "42".to_owned() },
        ChatEvent::ToolCallStarted { index: 0, id: "call_1".to_owned(), name: "now".to_owned() },
        ChatEvent::ToolCallArguments { index: 0, json: "{".to_owned() },
        ChatEvent::ToolCallArguments { index: 0, json: "}".to_owned() },
        ChatEvent::ToolCallStarted { index: 1, id: "call_2".to_owned(), name: "later".to_owned() },
        ChatEvent::ToolCallArguments { index: 1, json: "{}".to_owned() },
        ChatEvent::Finished(Box::new(full_reply())),
    ];
    let mut seen = Vec::new();
    let stream = ChatStream::for_test(events.clone());
    let reply = stream.collect_with(|event| seen.push(shown(event))).await.expect("a reply");
    assert_eq!(seen, events.iter().map(shown).collect::<Vec<_>>());
    assert_eq!(json!(ChatV3Result::from(reply.into_inner())), json!(full_reply().result()));

    let mut failing = ChatStream::failing_for_test([ChatV3Event::from_text("안녕")], Error::from_code("50400"));
    assert!(failing.try_next().await.expect("an event").is_some());
    assert!(failing.try_next().await.expect_err("a failure").is_timeout());
}

#[test]
fn the_events_of_a_reply_bring_it_in_pieces() {
    let events = full_reply().with_tool_call("call_2", "now", Map::new()).to_events();
    let pieces: Vec<String> = events.iter().filter_map(|event| event.text().map(str::to_owned)).collect();
    assert_eq!(pieces, ["맑고 ", "따뜻합니다."]);
    let arguments: Vec<Value> = events
        .iter()
        .filter_map(|event| json!(event.as_token()?).pointer("/message/toolCalls/0/function/partialJson").cloned())
        .collect();
    assert_eq!(arguments, [r#"{"city":"#, r#""서울","#, r#""days":"#, "3}", "{}"]);
    assert!(matches!(events.last(), Some(ChatV3Event::Signal(_))), "{events:?}");
    assert_eq!(ChatReply::from_text("").to_events().len(), 2);
}
