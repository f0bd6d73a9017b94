//! Whole replies of streams: of every kind of stream, the same type that its `send` answers with.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::time::Duration;

use clovastudio::raw::Operation;
use clovastudio::raw::types::{
    ChatV1Request, ChatV1Result, OpenAiArguments, OpenAiChatCompletion, OpenAiChatRequest, OpenAiChunk, OpenAiToolCall,
    SkillsetRequest, SkillsetResult, StatusCode,
};
use clovastudio::testing::{request_examples, stream_examples};
use clovastudio::{ChatReply, ChatStream, Client, ErrorKind, EventStream, Response, Result, RetryPolicy};
use serde_json::{Value, json};
use support::frame;
use support::server::{Act, End, Server};

fn client(server: &Server) -> Client {
    let builder = Client::builder().api_key("nv-k").base_url(server.url()).retry(RetryPolicy::none());
    builder.idle_timeout(Duration::from_secs(5)).build().expect("a client")
}

fn example<T: serde::de::DeserializeOwned>(operation: Operation) -> T {
    let (_, value) = request_examples(operation).into_iter().next().expect("an example");
    serde_json::from_value(value.clone()).expect("examples are read")
}

/// A server with one stream of unnamed events, and the stream.
async fn openai(data: &[Value]) -> (Server, EventStream<OpenAiChunk>) {
    let frames = data.iter().map(|data| frame(&json!({ "data": data }))).collect();
    let server = Server::follow([Act::Stream(frames, End::Whole)]).await;
    let body: OpenAiChatRequest = example(Operation::OpenaiCreateChatCompletion);
    let stream = client(&server).openai_chat(body).stream().await.expect("a stream");
    (server, stream)
}

fn chunk(index: i64, delta: &Value, finish_reason: Option<&str>) -> Value {
    json!({ "choices": [{ "index": index, "delta": delta, "finish_reason": finish_reason }] })
}

fn text(content: &str) -> Value {
    chunk(0, &json!({ "content": content }), None)
}

fn finish(reason: &str) -> Value {
    chunk(0, &json!({}), Some(reason))
}

fn calls(pieces: &Value) -> Value {
    chunk(0, &json!({ "tool_calls": pieces }), None)
}

fn shown(call: &OpenAiToolCall) -> (&str, &str, &str) {
    let arguments = call.function.as_ref().and_then(|function| function.arguments.as_ref());
    let Some(OpenAiArguments::String(arguments)) = arguments else { panic!("arguments are a text") };
    (call.id.as_deref().unwrap_or_default(), call.name(), arguments)
}

fn joined_calls(reply: &OpenAiChatCompletion) -> Vec<(&str, &str, &str)> {
    reply.tool_calls().iter().map(shown).collect()
}

/// The type of a whole reply is that of `send`.
#[test]
fn a_stream_is_read_into_what_its_call_answers_with() {
    fn chat(stream: ChatStream) -> Result<Response<ChatReply>> {
        stream.into_reply()
    }
    fn v1(stream: EventStream<clovastudio::raw::events::ChatV1Event>) -> Result<Response<ChatV1Result>> {
        stream.into_reply()
    }
    fn openai(stream: EventStream<OpenAiChunk>) -> Result<Response<OpenAiChatCompletion>> {
        stream.into_reply()
    }
    fn skillset(stream: EventStream<clovastudio::raw::events::SkillsetEvent>) -> Result<Response<SkillsetResult>> {
        stream.into_reply()
    }
    let _ = (chat, v1, openai, skillset);
}

/// Streams and what comes of them can go to other threads.
#[test]
fn streams_can_be_sent() {
    fn sendable<T: Send>(_: impl Fn(T)) {}
    sendable(|_: ChatStream| ());
    sendable(|_: EventStream<OpenAiChunk>| ());
    sendable(|_: EventStream<clovastudio::raw::events::ChatV1Event>| ());
    sendable(|_: EventStream<clovastudio::raw::events::SkillsetEvent>| ());
    sendable(|_: clovastudio::TextStream<OpenAiChunk>| ());
}

#[tokio::test]
async fn every_stream_of_the_document_makes_up_a_reply() {
    let mut streams = 0;
    for operation in Operation::all().filter(|operation| operation.is_stream()) {
        for (name, events) in stream_examples(operation) {
            let failing = events.iter().any(|event| event["event"] == "error" || event["data"].get("error").is_some());
            let frames = || events.iter().map(|event| frame(event)).collect();
            let server = Server::follow([Act::Stream(frames(), End::Whole), Act::Stream(frames(), End::Whole)]).await;
            let outcome = collect(&client(&server), operation).await;
            let Ok((reply, pieces)) = outcome else {
                assert!(failing, "{name} of {operation:?}: {:?}", outcome.unwrap_err());
                continue;
            };
            assert!(!failing, "{name} of {operation:?}");
            assert!(pieces.is_empty() || reply == pieces, "{name} of {operation:?}: {reply} is not {pieces}");
            streams += 1;
        }
    }
    assert!(streams > 7, "only {streams} streams");
}

/// The text of the whole reply, and the pieces of the text in the stream.
async fn collect(client: &Client, operation: Operation) -> Result<(String, String)> {
    let chat = || client.chat_v1("HCX-003", example::<ChatV1Request>(Operation::CreateChatCompletionV1));
    let openai = || client.openai_chat(example::<OpenAiChatRequest>(Operation::OpenaiCreateChatCompletion));
    let skillset =
        || client.skillset("s", 1, example::<SkillsetRequest>(Operation::GenerateSkillsetFinalAnswer)).stream();
    Ok(match operation.tag() {
        "openai" => {
            let reply = openai().stream().await?.collect().await?;
            (reply.text().to_owned(), pieces(openai().stream().await?).await?)
        }
        "skillset" => {
            let reply = skillset().await?.collect().await?;
            (reply.final_answer.clone().unwrap_or_default(), pieces(skillset().await?).await?)
        }
        _ if operation.path().contains("v3") => {
            let chat = || client.chat("HCX-005").user("Hi").stream();
            let reply = chat().await?.collect().await?;
            (reply.text().to_owned(), pieces(chat().await?.into_events()).await?)
        }
        _ => {
            let reply = chat().stream().await?.collect().await?;
            (reply.text().to_owned(), pieces(chat().stream().await?).await?)
        }
    })
}

async fn pieces<V: clovastudio::StreamEvent + Unpin>(stream: EventStream<V>) -> Result<String> {
    let (mut texts, mut whole) = (stream.into_text_stream(), String::new());
    while let Some(piece) = texts.try_next().await? {
        whole.push_str(&piece);
    }
    Ok(whole)
}

#[tokio::test]
async fn text_reasoning_usage_and_the_rest_are_joined() {
    let head = json!({ "id": "a1", "object": "chat.completion.chunk", "created": 7, "model": "HCX-007", "seed": 42 });
    let mut first = chunk(0, &json!({ "role": "assistant", "reasoning_content": "Le", "mood": "calm" }), None);
    first.as_object_mut().unwrap().extend(head.as_object().unwrap().clone());
    let think = chunk(0, &json!({ "role": "assistant", "reasoning_content": "t me" }), None);
    let usage = json!({ "prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3 });
    let last = json!({ "choices": [], "usage": usage, "service_tier": "gold" });
    let data = [first, think, text("안"), text("녕"), finish("stop"), last, json!("[DONE]")];
    let (_server, stream) = openai(&data).await;
    let mut seen = 0;
    let reply = stream.collect_with(|_| seen += 1).await.expect("a whole reply");
    assert_eq!((seen, reply.attempts(), reply.status().as_u16()), (6, 1, 200));
    assert_eq!((reply.text(), reply.thinking()), ("안녕", Some("Let me")));
    assert_eq!(
        serde_json::to_value(&*reply).expect("JSON"),
        json!({
            "id": "a1", "object": "chat.completion", "created": 7, "model": "HCX-007", "seed": 42, "usage": usage,
            "service_tier": "gold",
            "choices": [{ "index": 0, "finish_reason": "stop", "message": {
                "role": "assistant", "content": "안녕", "reasoning_content": "Let me", "mood": "calm",
            } }],
        })
    );
}

#[tokio::test]
async fn pieces_of_parallel_calls_are_joined_by_their_index() {
    let data = [
        calls(&json!([{ "index": 0, "id": "c0", "type": "function", "function": { "name": "f", "arguments": "" } }])),
        calls(
            &json!([{ "index": 1, "id": "c1", "type": "function", "function": { "name": "g", "arguments": "{\"b\"" } }]),
        ),
        calls(
            &json!([{ "index": 0, "function": { "arguments": "{\"a\":" } }, { "index": 1, "function": { "arguments": ":2}" } }]),
        ),
        calls(&json!([{ "index": 0, "id": null, "function": { "name": null, "arguments": "1}" } }])),
        finish("tool_calls"),
    ];
    let (_server, stream) = openai(&data).await;
    let reply = stream.collect().await.expect("a whole reply");
    assert_eq!(joined_calls(&reply), [("c0", "f", "{\"a\":1}"), ("c1", "g", "{\"b\":2}")]);
    let calls = reply.tool_calls();
    assert_eq!(calls[1].arguments::<Value>().expect("JSON"), json!({ "b": 2 }));
    assert_eq!(serde_json::to_value(&calls[0]).expect("JSON")["type"], "function");
}

#[tokio::test]
async fn pieces_without_an_index_belong_to_the_last_id() {
    let data = [
        calls(&json!([{ "id": "c0", "function": { "name": "f", "arguments": "{" } }])),
        calls(&json!([{ "function": { "arguments": "}" } }])),
        calls(&json!([{ "id": "c1", "function": { "name": "g", "arguments": { "as": "an object" } } }])),
        finish("tool_calls"),
    ];
    let (_server, stream) = openai(&data).await;
    let reply = stream.collect().await.expect("a whole reply");
    assert_eq!(joined_calls(&reply), [("c0", "f", "{}"), ("c1", "g", "{\"as\":\"an object\"}")]);
}

#[tokio::test]
async fn several_choices_are_told_apart_and_all_must_finish() {
    let piece = |index, text: &str| chunk(index, &json!({ "content": text }), None);
    let end = |index| chunk(index, &json!({}), Some("stop"));
    let all = [piece(1, "b"), piece(0, "a"), end(0), piece(1, "B"), end(1)];
    let (_server, stream) = openai(&all).await;
    let reply = stream.collect().await.expect("a whole reply");
    let texts: Vec<_> =
        reply.choices.iter().map(|choice| choice.message.as_ref().and_then(|it| it.content.as_deref())).collect();
    assert_eq!(texts, [Some("a"), Some("bB")]);
    let (_server, stream) = openai(&all).await;
    assert_eq!(pieces(stream).await.expect("the text of the first"), "a");
    let (_server, stream) = openai(&all[..4]).await;
    assert_eq!(stream.collect().await.expect_err("one did not finish").kind(), ErrorKind::Truncated);
    let (_server, stream) = openai(&all).await;
    let mut texts = stream.into_text_stream();
    while texts.try_next().await.expect("a good stream").is_some() {}
    assert_eq!(texts.into_reply().expect("the reply beside the text").choices.len(), 2);
}

#[tokio::test]
async fn usage_may_come_after_the_finish_without_choices() {
    let usage = json!({ "prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3 });
    for last in [json!({ "choices": [], "usage": usage }), json!({ "usage": usage })] {
        let (_server, stream) = openai(&[text("a"), finish("stop"), last.clone()]).await;
        let reply = stream.collect().await.unwrap_or_else(|error| panic!("{last}: {error}"));
        assert_eq!(reply.usage.as_ref().and_then(|usage| usage.total_tokens), Some(3), "{last}");
    }
}

#[tokio::test]
async fn a_finish_or_the_end_mark_completes_an_openai_stream() {
    for (end, whole) in [(finish("length"), true), (json!("[DONE]"), true), (text("b"), false)] {
        let (_server, stream) = openai(&[text("a"), end.clone()]).await;
        let outcome = stream.collect().await;
        assert_eq!(outcome.is_ok(), whole, "{end}");
        if let Err(error) = outcome {
            assert_eq!(error.kind(), ErrorKind::Truncated);
        }
    }
    let (_server, stream) = openai(&[json!({ "choices": [] }), json!("[DONE]")]).await;
    assert_eq!(stream.collect().await.expect_err("nothing came").kind(), ErrorKind::Truncated);
}

#[tokio::test]
async fn a_failure_inside_an_openai_stream_is_the_error_type_with_or_without_a_code() {
    let codes = [(json!("42901"), Some("42901")), (json!(42901), Some("42901")), (Value::Null, None)];
    for (code, expected) in codes {
        let failure = json!({ "error": { "message": "too much", "type": null, "param": null, "code": code } });
        let (_server, mut stream) = openai(&[text("a"), failure]).await;
        stream.try_next().await.expect("a chunk");
        let error = stream.try_next().await.expect_err("a failure");
        assert_eq!((error.kind(), error.message()), (ErrorKind::Api, Some("too much")), "{code}");
        assert_eq!(error.code().map(StatusCode::as_str), expected);
        assert_eq!(stream.into_reply().expect_err("no reply").kind(), ErrorKind::Truncated);
    }
}

#[tokio::test]
async fn an_end_mark_before_the_result_is_truncation() {
    let events = [
        json!({ "event": "token", "data": { "message": { "content": "a" } } }),
        json!({ "event": "signal", "data": { "data": "[DONE]" } }),
    ];
    let server = Server::follow([Act::Stream(events.iter().map(frame).collect(), End::Whole)]).await;
    let stream = client(&server).chat("HCX-005").user("Hi").stream().await.expect("a stream");
    assert_eq!(stream.collect().await.expect_err("no result").kind(), ErrorKind::Truncated);
}

#[tokio::test]
async fn the_end_mark_need_not_be_json_and_a_failure_need_not_be_named() {
    let result = json!({ "event": "result", "data": { "message": { "content": "a" } } });
    let mark = json!({ "event": "signal", "data": "[DONE]" });
    let server = Server::follow([Act::Stream([result, mark].iter().map(frame).collect(), End::Whole)]).await;
    let stream = client(&server).chat("HCX-005").user("Hi").stream().await.expect("a stream");
    assert_eq!(stream.collect().await.expect("a reply").text(), "a");

    let token = json!({ "event": "token", "data": { "message": { "content": "a" } } });
    let failure = json!({ "data": { "status": { "code": "42901", "message": "rate exceeded" } } });
    let server = Server::follow([Act::Stream([token, failure].iter().map(frame).collect(), End::Whole)]).await;
    let stream = client(&server).chat("HCX-005").user("Hi").stream().await.expect("a stream");
    assert!(stream.collect().await.expect_err("a failure").is_rate_limited());
}

#[tokio::test]
async fn a_skillset_counts_the_tokens_of_all_its_events() {
    let events = [
        json!({ "event": "planning", "data": { "selectedSkill": { "nameForHuman": "w" }, "tokenCount": 400 } }),
        json!({ "event": "cot", "data": { "apiResult": [{ "url": "http://e.com" }], "tokenCount": 30 } }),
        json!({ "event": "token", "data": { "text": "Sun" } }),
        json!({ "event": "token", "data": { "text": "ny." } }),
        json!({ "event": "finalAnswer", "data": { "finalAnswer": "Sunny.", "apiResult": [{ "url": "http://e.com" }], "tokenCount": 2, "later": 1 } }),
    ];
    let server = Server::follow([Act::Stream(events.iter().map(frame).collect(), End::Whole)]).await;
    let body: SkillsetRequest = example(Operation::GenerateSkillsetFinalAnswer);
    let reply = client(&server).skillset("s", 1, body).stream().await.expect("a stream").collect().await;
    let reply = reply.expect("a whole reply");
    assert_eq!((reply.final_answer.as_deref(), reply.token_count), (Some("Sunny."), Some(432)));
    assert_eq!(reply.api_result.as_ref().map(Vec::len), Some(1));
    assert_eq!(reply.extra["later"], 1);
}

#[tokio::test]
async fn a_reply_is_there_as_soon_as_it_is_whole_and_not_before() {
    let (_server, mut stream) = openai(&[text("a"), finish("stop"), json!("[DONE]")]).await;
    stream.try_next().await.expect("a chunk");
    stream.try_next().await.expect("the finish");
    assert_eq!(stream.into_reply().expect("whole").choices.len(), 1);
    let (_server, stream) = openai(&[text("a"), finish("stop")]).await;
    let error = stream.into_reply().expect_err("nothing was read");
    assert_eq!(error.kind(), ErrorKind::Truncated);
    assert!(error.to_string().contains("read the stream to its end"), "{error}");
    assert!(error.request_id().is_some());
}
