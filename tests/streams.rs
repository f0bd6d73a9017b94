//! Streams against a server that follows a script.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::time::Duration;

use clovastudio::raw::Operation;
use clovastudio::raw::events::{ChatV1Event, SkillsetEvent};
use clovastudio::raw::types::{ChatV1Request, OpenAiChatRequest, SkillsetRequest};
use clovastudio::testing::{Simulator, request_examples};
use clovastudio::{ChatEvent, ChatStream, Client, ErrorKind, Result, RetryPolicy};
use support::server::{Act, End, Server, in_driven_time};

const TOKEN: &str =
    "id:a\nevent:token\ndata:{\"message\":{\"role\":\"assistant\",\"content\":\"안녕\"},\"finishReason\":null}\n\n";
const RESULT: &str = "id:b\nevent:result\ndata:{\"message\":{\"role\":\"assistant\",\"content\":\"안녕\"},\"finishReason\":\"stop\",\
                      \"usage\":{\"promptTokens\":3,\"completionTokens\":2,\"totalTokens\":5}}\n\n";
const SIGNAL: &str = "event:signal\ndata:{\"data\":\"[DONE]\"}\n\n";
const OVERLOADED: &str =
    "event:error\ndata:{\"status\":{\"code\":\"42902\",\"message\":\"Too many requests - overloaded\"}}\n\n";

fn pieces(events: &[&str]) -> Vec<Vec<u8>> {
    events.iter().map(|event| event.as_bytes().to_vec()).collect()
}

fn whole(events: &[&str]) -> Act {
    Act::Stream(pieces(events), End::Whole)
}

fn client(server: &Server) -> Client {
    Client::builder().api_key("nv-k").base_url(server.url()).build().expect("a client")
}

async fn open(server: &Server) -> Result<ChatStream> {
    client(server).chat("HCX-005").user("Hi").stream().await
}

/// The texts of the events, and how the stream ended.
async fn read(stream: &mut ChatStream) -> (Vec<String>, Result<()>) {
    let mut seen = Vec::new();
    loop {
        match stream.try_next().await {
            Ok(Some(ChatEvent::Text(text))) => seen.push(text),
            Ok(Some(ChatEvent::Thinking(text))) => seen.push(format!("({text})")),
            Ok(Some(ChatEvent::ToolCallStarted { index, name, .. })) => seen.push(format!("{index}:{name}")),
            Ok(Some(ChatEvent::ToolCallArguments { index, json })) => seen.push(format!("{index}:{json}")),
            Ok(Some(ChatEvent::Finished(reply))) => seen.push(format!("= {}", reply.text())),
            Ok(Some(other)) => seen.push(format!("{other:?}")),
            Ok(None) => return (seen, Ok(())),
            Err(error) => return (seen, Err(error)),
        }
    }
}

#[tokio::test]
async fn text_arrives_once_and_the_reply_is_whole() {
    let server = Server::follow([whole(&[TOKEN, RESULT, SIGNAL])]).await;
    let mut stream = open(&server).await.expect("a stream");
    assert_eq!(stream.rate_limits().requests.remaining, Some(7));
    let (seen, end) = read(&mut stream).await;
    end.expect("a good end");
    assert_eq!(seen, ["안녕", "= 안녕"]);
    let reply = stream.into_reply().expect("the result arrived");
    assert_eq!((reply.text(), reply.usage().total_tokens, reply.attempts()), ("안녕", 5, 1));
    assert_eq!(server.received()[0].header("accept"), Some("text/event-stream"));
    assert_eq!(server.received()[0].header("x-ncp-clovastudio-request-id"), Some(reply.request_id()));
}

#[tokio::test]
async fn every_split_of_the_bytes_gives_the_same_events() {
    let bytes = [TOKEN, RESULT, SIGNAL].concat().into_bytes();
    for cut in (1..bytes.len()).step_by(7) {
        let (head, tail) = bytes.split_at(cut);
        let server = Server::follow([Act::Stream(vec![head.to_vec(), tail.to_vec()], End::Whole)]).await;
        let mut stream = open(&server).await.expect("a stream");
        let (seen, end) = read(&mut stream).await;
        end.expect("a good end");
        assert_eq!(seen, ["안녕", "= 안녕"], "cut at {cut}");
    }
}

#[tokio::test]
async fn the_end_mark_may_be_missing_and_the_end_may_be_rough() {
    for end in [End::Whole, End::Cut] {
        let server = Server::follow([Act::Stream(pieces(&[TOKEN, RESULT]), end)]).await;
        let mut stream = open(&server).await.expect("a stream");
        let (seen, end) = read(&mut stream).await;
        end.expect("the answer is complete");
        assert_eq!(seen, ["안녕", "= 안녕"]);
    }
}

#[tokio::test]
async fn a_stream_that_ends_before_its_result_is_truncated() {
    let server = Server::follow([whole(&[TOKEN])]).await;
    let mut stream = open(&server).await.expect("a stream");
    let (seen, end) = read(&mut stream).await;
    let error = end.expect_err("no result");
    assert_eq!((seen, error.kind()), (vec!["안녕".to_owned()], ErrorKind::Truncated));
    assert!(error.is_retryable() && error.request_id().is_some(), "{error}");
    assert!(stream.try_next().await.expect("nothing follows an error").is_none());
    assert_eq!(stream.into_reply().expect_err("no reply").kind(), ErrorKind::Truncated);
}

#[tokio::test]
async fn a_stream_that_is_cut_is_an_error() {
    let half = &TOKEN[..TOKEN.len() - 20];
    let server = Server::follow([Act::Stream(pieces(&[TOKEN, half]), End::Cut)]).await;
    let mut stream = open(&server).await.expect("a stream");
    let (seen, end) = read(&mut stream).await;
    assert_eq!((seen.len(), end.expect_err("cut").kind()), (1, ErrorKind::Connection));
}

#[tokio::test]
async fn a_failure_on_the_way_is_the_same_error_as_any() {
    let server = Server::follow([whole(&[TOKEN, OVERLOADED])]).await;
    let mut stream = open(&server).await.expect("a stream");
    let (seen, end) = read(&mut stream).await;
    let error = end.expect_err("an error event");
    assert_eq!((seen.len(), error.kind()), (1, ErrorKind::Api));
    assert!(error.is_overloaded(), "{error}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert_eq!(error.operation(), Some(Operation::CreateChatCompletionV3Stream));
}

#[tokio::test]
async fn a_stream_is_opened_again_until_its_first_event() {
    let refused = Act::Answer(503, Vec::new(), String::new());
    let acts = [refused, whole(&[OVERLOADED]), whole(&[]), whole(&[TOKEN, RESULT])];
    let server = Server::follow(acts).await;
    let mut stream = in_driven_time(open(&server)).await.expect("the fourth attempt succeeds");
    assert_eq!(stream.attempts(), 4);
    assert_eq!(read(&mut stream).await.0, ["안녕", "= 안녕"]);
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn a_refusal_comes_from_the_call_and_not_from_the_stream() {
    let body = r#"{"status":{"code":"40104","message":"Invalid key"}}"#;
    let server = Server::follow([Act::Answer(401, Vec::new(), body.to_owned())]).await;
    let error = open(&server).await.expect_err("a wrong key");
    assert!(error.is_auth(), "{error}");
}

#[tokio::test]
async fn a_document_in_place_of_a_stream_is_read_for_what_it_says() {
    let document = |kind: &str, body: &str| Act::Answer(200, vec![("content-type", kind.to_owned())], body.to_owned());
    let busy = r#"{"status":{"code":"42902","message":"Too many requests - overloaded"},"result":null}"#;
    let server = Server::follow([document("application/json", busy), whole(&[TOKEN, RESULT, SIGNAL])]).await;
    let stream = in_driven_time(open(&server)).await.expect("a stream at the second attempt");
    assert_eq!(stream.attempts(), 2);

    let compatible = r#"{"error":{"message":"Invalid parameter","code":"40001"}}"#;
    let server = Server::follow([document("application/json; charset=utf-8", compatible)]).await;
    let error = open(&server).await.expect_err("a refusal");
    assert_eq!((error.kind(), error.code().map(AsRef::as_ref)), (ErrorKind::Api, Some("40001")));
    assert_eq!((error.status().map(|it| it.as_u16()), error.attempts()), (Some(200), 1));

    let server = Server::follow([document("text/html", "<html>planted</html>")]).await;
    let error = open(&server).await.expect_err("no stream");
    assert_eq!((error.kind(), error.body()), (ErrorKind::Decode, Some(&b"<html>planted</html>"[..])));
    assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
}

#[tokio::test]
async fn a_stream_that_stalls_runs_into_the_idle_timeout() {
    let server = Server::follow([Act::Stream(pieces(&[TOKEN]), End::Stall)]).await;
    let client = Client::builder().api_key("nv-k").base_url(server.url()).idle_timeout(Duration::from_secs(20));
    let client = client.build().expect("a client");
    let started = tokio::time::Instant::now();
    let error = in_driven_time(async {
        let mut stream = client.chat("HCX-005").user("Hi").stream().await.expect("a stream");
        read(&mut stream).await.1.expect_err("nothing more comes")
    })
    .await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(started.elapsed() >= Duration::from_secs(20), "{:?}", started.elapsed());
}

#[tokio::test]
async fn dropping_a_stream_closes_its_connection() {
    let mut server = Server::follow([Act::Stream(pieces(&[TOKEN]), End::Stall)]).await;
    let mut stream = open(&server).await.expect("a stream");
    stream.try_next().await.expect("an event");
    drop(stream);
    server.peer_closed().await;
}

#[tokio::test]
async fn unknown_events_and_comments_do_no_harm() {
    let server = Server::follow([whole(&[": ping\n\n", "event:heartbeat\ndata:42\n\n", TOKEN, RESULT])]).await;
    let mut stream = open(&server).await.expect("a stream");
    let (seen, end) = read(&mut stream).await;
    end.expect("a good end");
    assert_eq!(seen[1..], ["안녕", "= 안녕"]);
    assert!(seen[0].contains("heartbeat"), "{seen:?}");
}

#[tokio::test]
async fn data_of_another_form_is_an_error_that_does_not_quote_it() {
    let server = Server::follow([whole(&[TOKEN, "event:token\ndata:{\"message\":\"secret\"}\n\n"])]).await;
    let mut stream = open(&server).await.expect("a stream");
    let error = read(&mut stream).await.1.expect_err("message is no object");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
}

#[tokio::test]
async fn pieces_of_several_tool_calls_are_told_apart() {
    let call = |fields: &str| {
        format!("event:token\ndata:{{\"message\":{{\"content\":\"\",\"toolCalls\":[{{{fields}}}]}}}}\n\n")
    };
    let events = [
        call(r#""id":"call_1","type":"function","function":{"name":"first"}"#),
        call(r#""type":"function","function":{"partialJson":"{\"a\":"}"#),
        call(r#""type":"function","function":{"partialJson":"1}"}"#),
        call(r#""id":"call_2","type":"function","function":{"name":"second"}"#),
        call(r#""type":"function","function":{"partialJson":"{}"}"#),
        RESULT.to_owned(),
    ];
    let server = Server::follow([whole(&events.iter().map(String::as_str).collect::<Vec<_>>())]).await;
    let mut stream = open(&server).await.expect("a stream");
    let (seen, end) = read(&mut stream).await;
    end.expect("a good end");
    assert_eq!(seen, ["0:first", "0:{\"a\":", "0:1}", "1:second", "1:{}", "= 안녕"]);
}

#[tokio::test]
async fn an_id_on_every_piece_does_not_begin_a_call_each_time() {
    let call = |id: &str, function: &str| {
        format!(
            "event:token\ndata:{{\"message\":{{\"toolCalls\":[{{\"id\":\"{id}\",\"function\":{{{function}}}}}]}}}}\n\n"
        )
    };
    let events = [
        call("call_1", r#""name":"first","partialJson":"{""#),
        call("call_2", r#""name":"second","partialJson":"{""#),
        call("call_1", r#""partialJson":"}""#),
        RESULT.to_owned(),
    ];
    let server = Server::follow([whole(&events.iter().map(String::as_str).collect::<Vec<_>>())]).await;
    let mut stream = open(&server).await.expect("a stream");
    let (seen, end) = read(&mut stream).await;
    end.expect("a good end");
    assert_eq!(seen, ["0:first", "0:{", "1:second", "1:{", "0:}", "= 안녕"]);
}

#[tokio::test]
async fn text_alone_can_be_asked_for() {
    let server = Server::follow([whole(&[TOKEN, TOKEN, RESULT, SIGNAL])]).await;
    let mut texts = open(&server).await.expect("a stream").into_text_stream();
    let mut whole = String::new();
    while let Some(text) = texts.try_next().await.expect("a good stream") {
        whole.push_str(&text);
    }
    assert_eq!(whole, "안녕안녕");
}

#[tokio::test]
async fn a_callback_sees_every_event() {
    let server = Server::follow([whole(&[TOKEN, RESULT, SIGNAL])]).await;
    let mut events = 0;
    let stream = open(&server).await.expect("a stream");
    let reply = stream.collect_with(|_| events += 1).await.expect("a reply");
    assert_eq!((reply.text(), events), ("안녕", 2));
}

/// The streams of the other operations, as the simulator sends them.
#[tokio::test]
async fn the_other_streams_end_well_and_report_failures() {
    let simulator = Simulator::start().await.expect("a port of loopback");
    let client = Client::builder().api_key("nv-k").base_url(simulator.base_url()).build().expect("a client");

    let body: ChatV1Request = example(Operation::CreateChatCompletionV1);
    let mut stream = client.chat_v1("HCX-003", body).stream().await.expect("a stream");
    let mut events = Vec::new();
    while let Some(event) = stream.try_next().await.expect("a good stream") {
        events.push(event);
    }
    assert!(matches!(events.last(), Some(ChatV1Event::Result(_))), "{events:?}");

    let body: SkillsetRequest = example(Operation::GenerateSkillsetFinalAnswer);
    let mut stream = client.skillset("s", 1, body).stream().await.expect("a stream");
    let mut events = Vec::new();
    while let Some(event) = stream.try_next().await.expect("a good stream") {
        events.push(event);
    }
    assert!(matches!(events.last(), Some(SkillsetEvent::FinalAnswer(_))), "{events:?}");

    let body: OpenAiChatRequest = example(Operation::OpenaiCreateChatCompletion);
    let mut texts = client.openai_chat(body).stream().await.expect("a stream").into_text_stream();
    let mut text = String::new();
    while let Some(piece) = texts.try_next().await.expect("a good stream") {
        text.push_str(&piece);
    }
    assert_eq!(text, "You said: “What is a tensor?”");
}

fn example<T: serde::de::DeserializeOwned>(operation: Operation) -> T {
    let (_, value) = request_examples(operation).into_iter().next().expect("an example");
    serde_json::from_value(value.clone()).expect("examples are read")
}

#[tokio::test]
async fn an_openai_stream_reports_failures_and_truncation() {
    let chunk = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";
    let failure = "data: {\"error\":{\"message\":\"Too many requests\",\"type\":null,\"code\":\"42901\"}}\n\n";
    for (events, kind) in [([chunk, failure], ErrorKind::Api), ([chunk, ""], ErrorKind::Truncated)] {
        let server = Server::follow([whole(&events)]).await;
        let client = Client::builder().api_key("nv-k").base_url(server.url()).retry(RetryPolicy::none());
        let body: OpenAiChatRequest = example(Operation::OpenaiCreateChatCompletion);
        let mut stream = client.build().expect("a client").openai_chat(body).stream().await.expect("a stream");
        assert!(stream.try_next().await.expect("a chunk").is_some());
        assert_eq!(stream.try_next().await.expect_err("a bad end").kind(), kind);
        assert_eq!(server.received()[0].json()["stream"], true);
    }
}
