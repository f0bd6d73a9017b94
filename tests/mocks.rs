//! Typed mocks: each answers the calls of its operation and no others.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::collections::BTreeMap;

use clovastudio::catalogue::STATUS_CODES;
use clovastudio::raw::events::{ChatV1Event, ChatV3Event, SkillsetEvent};
use clovastudio::raw::types::{
    ChatV1Request, ChatV3Request, OpenAiChunk, OpenAiErrorBody, SkillsetFinalAnswer, StatusCode, TokenCountResult,
};
use clovastudio::raw::{self, Operation};
use clovastudio::sse::{Decoder, Frame};
use clovastudio::testing::mocks::{self, MockServer, MockServerExt};
use clovastudio::testing::{Answer, CallError, call, read_as, request_examples, response_examples, stream_examples};
use clovastudio::{
    AppPrefix, CallOptions, ChatReply, Client, Credentials, Error, ErrorKind, RetryPolicy, Transport, Usage,
    http_client,
};
use futures_util::TryStreamExt;
use http::{HeaderName, HeaderValue};
use serde_json::{Map, Value, json};
use support::{parameters, response_schema};

fn raw_client(server: &MockServer) -> raw::Client {
    let transport = Transport::new(&Credentials::api_key("nv-k")).expect("a key");
    raw::Client::new_with_client(&server.base_url(), http_client().expect("TLS is set up"), transport)
}

fn client(server: &MockServer) -> Client {
    let builder = Client::builder().api_key("nv-k").base_url(server.base_url());
    builder.retry(RetryPolicy::none()).build().expect("a client")
}

/// The body of an operation's first example, as it asks for a stream or not.
fn body(operation: Operation) -> Value {
    let mut body = request_examples(operation).first().map_or(Value::Null, |(_, value)| (*value).clone());
    if operation.tag() == "openai" && operation.is_stream() {
        body["stream"] = json!(true);
    }
    body
}

async fn ask(client: &raw::Client, operation: Operation) -> Result<Answer, CallError> {
    call(client, operation, &parameters(operation, false), &body(operation)).await
}

fn frames(bytes: &[u8]) -> Vec<Frame> {
    let mut decoder = Decoder::new();
    decoder.push(bytes);
    let mut frames = Vec::new();
    while let Some(frame) = decoder.finish().expect("a whole stream") {
        frames.push(frame);
    }
    frames
}

/// Name and data of the events, each as the type of the answer writes it.
async fn events(answer: raw::ResponseValue<raw::ByteStream>) -> Vec<(Option<String>, Value)> {
    let chunks: Vec<_> = answer.into_inner_stream().try_collect().await.expect("the body arrives");
    let data = |frame: &Frame| serde_json::from_str(&frame.data).unwrap_or_else(|_| json!(frame.data));
    frames(&chunks.concat()).into_iter().map(|frame| (frame.event.clone(), data(&frame))).collect()
}

/// Without members that are null, which a generated type leaves out.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(_, member)| !member.is_null());
            kept.map(|(name, member)| (name.clone(), without_nulls(member))).collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn every_mock_answers_its_operation_with_an_example_and_no_other_operation() {
    let server = MockServer::start_async().await;
    let client = raw_client(&server);
    let mut mocks: BTreeMap<_, _> = Operation::all().map(|it| (it, mocks::example(&server, it))).collect();
    for operation in Operation::all() {
        let answer = ask(&client, operation).await.unwrap_or_else(|error| panic!("{operation:?}: {error}"));
        assert_is_example(operation, answer).await;
        let mock = mocks.remove(&operation).expect("a mock");
        assert_eq!(mock.calls_async().await, 1, "{operation:?}");
        mock.delete_async().await;
        let Err(CallError::Method(error)) = ask(&client, operation).await else { panic!("{operation:?} was answered") };
        assert_eq!(error.status().map(|status| status.as_u16()), Some(404), "{operation:?}");
        mocks.insert(operation, mocks::example(&server, operation));
    }
}

async fn assert_is_example(operation: Operation, answer: Answer) {
    match answer {
        Answer::Json(answer) => {
            let (_, example) = response_examples(operation).into_iter().next().expect("an example");
            let example = read_as(response_schema(operation), example.clone()).expect("examples are read").value;
            assert_eq!(answer.into_inner(), example, "{operation:?}");
        }
        Answer::Stream(answer) => {
            let got = events(answer).await;
            let is_it = |example: Vec<&Value>| {
                let events = example.into_iter();
                let events = events.map(|it| (it["event"].as_str().map(str::to_owned), without_nulls(&it["data"])));
                events.eq(got.iter().cloned())
            };
            assert!(stream_examples(operation).into_values().any(is_it), "{operation:?}: {got:?}");
        }
    }
}

#[tokio::test]
async fn every_mock_refuses_in_the_form_of_its_operation() {
    let server = MockServer::start_async().await;
    let client = raw_client(&server);
    for operation in Operation::all() {
        let mock = mocks::refusal(&server, operation, StatusCode::Overloaded);
        let Err(CallError::Method(error)) = ask(&client, operation).await else { panic!("{operation:?} was taken") };
        let raw::Error::UnexpectedResponse(response) = *error else { panic!("{operation:?}: {error}") };
        assert_eq!(response.status(), 429, "{operation:?}");
        let body: Value = response.json().await.expect("a JSON body");
        let code = if operation.tag() == "openai" { &body["error"]["code"] } else { &body["status"]["code"] };
        assert_eq!(code, "42902", "{operation:?}: {body}");
        mock.delete_async().await;
    }
}

#[tokio::test]
async fn every_code_is_refused_with_its_status_and_message() {
    let server = MockServer::start_async().await;
    let client = client(&server);
    for entry in STATUS_CODES.iter().filter(|entry| !entry.code.is_success()) {
        for operation in [Operation::CreateEmbeddingV2, Operation::OpenaiListModels] {
            let mock = mocks::refusal(&server, operation, entry.code.clone());
            let error = match operation {
                Operation::CreateEmbeddingV2 => client.embedding_v2("Hi").send().await.map(drop),
                _ => client.openai_models().send().await.map(drop),
            };
            let error = error.expect_err("a refusal");
            assert_eq!((error.kind(), error.code()), (ErrorKind::Api, Some(&entry.code)), "{operation:?}");
            assert_eq!(error.status().map(|status| status.as_u16()), Some(entry.http_status), "{error}");
            assert_eq!(error.message(), entry.message(), "{operation:?}");
            let by_hand = Error::from_code(entry.code.clone());
            assert_eq!(error.is_retryable(), by_hand.is_retryable(), "{error}");
            assert!(error.to_string().starts_with(&by_hand.to_string()), "{error} is not {by_hand}");
            mock.delete_async().await;
        }
    }
}

#[tokio::test]
async fn a_code_of_tomorrow_is_refused_as_a_bad_request() {
    let server = MockServer::start_async().await;
    server.create_embedding_v2(|_, then| {
        then.refuse("99999");
    });
    let error = client(&server).embedding_v2("Hi").send().await.expect_err("a refusal");
    assert_eq!(error.to_string().split(", request").next(), Some("the service refused: HTTP 400, code 99999"));
}

#[tokio::test]
async fn a_value_in_the_path_is_that_value_and_no_pattern() {
    let server = MockServer::start_async().await;
    let client = client(&server);
    let task = "a.b+c/가";
    let mock = server.get_tuning_task(|when, then| {
        when.task_id(task);
        then.example();
    });
    client.get_tuning(task).send().await.expect("the value");
    for other in ["aXb+c/가", "a.bbc/가", "a.b+c", "x"] {
        client.get_tuning(other).send().await.expect_err(other);
    }
    assert_eq!(mock.calls_async().await, 1);

    let mock = server.create_chat_completion_v3(|when, then| {
        when.model_name("HCX-005");
        then.ok(ChatReply::from_text("one"));
    });
    client.chat("HCX-DASH-002").user("Hi").send().await.expect_err("another model");
    assert_eq!(client.chat("HCX-005").user("Hi").send().await.expect("the model").text(), "one");
    assert_eq!(mock.calls_async().await, 1);
}

#[tokio::test]
async fn query_headers_and_bodies_are_told_apart() {
    let server = MockServer::start_async().await;
    let client = client(&server);
    server.list_tuning_tasks(|when, then| {
        when.page(2).size(20);
        then.example();
    });
    client.list_tunings(2, 20).send().await.expect("the page");
    client.list_tunings(3, 20).send().await.expect_err("another page");

    let request = json!({ "messages": [{ "role": "user", "content": "Hi" }] });
    let request: ChatV3Request = serde_json::from_value(request).expect("a request");
    server.create_chat_completion_v3(|when, then| {
        when.body(request).x_ncp_clovastudio_request_id("order-1").and(|when| when.header("x-tenant", "a"));
        then.ok(ChatReply::from_text("one")).and(|then| then.header("x-seen", "yes"));
    });
    let plain = || CallOptions::new().request_id("order-1");
    let options = || plain().header(HeaderName::from_static("x-tenant"), HeaderValue::from_static("a"));
    let reply = client.chat("HCX-005").user("Hi").with(options()).send().await.expect("the request");
    assert_eq!(reply.headers()["x-seen"], "yes");
    client.chat("HCX-005").user("Ho").with(options()).send().await.expect_err("another body");
    client.chat("HCX-005").user("Hi").with(plain()).send().await.expect_err("a header");
    client.chat("HCX-005").user("Hi").with(options().request_id("order-2")).send().await.expect_err("an id");
}

#[tokio::test]
async fn a_prefix_of_the_app_makes_no_difference() {
    let server = MockServer::start_async().await;
    let mock = server.create_embedding_v2(|_, then| {
        then.example();
    });
    let tuning = server.list_tuning_tasks(|_, then| {
        then.example();
    });
    for prefix in [AppPrefix::None, AppPrefix::Test, AppPrefix::Service] {
        let client = Client::builder().api_key("nv-k").base_url(server.base_url()).app_prefix(prefix);
        let client = client.build().expect("a client");
        client.embedding_v2("Hi").send().await.expect("an answer");
        client.list_tunings(0, 20).send().await.expect("an answer");
    }
    assert_eq!((mock.calls_async().await, tuning.calls_async().await), (3, 3));
}

#[tokio::test]
#[should_panic(expected = "the mock is incomplete: ")]
async fn an_answer_that_lacks_something_is_a_panic_that_says_so() {
    let server = MockServer::start();
    server.openai_create_embedding(|_, then| {
        then.ok(raw::types::OpenAiEmbeddingList::builder());
    });
}

/// The text of a stream that a mock sends for the request.
async fn stream_text(client: &raw::Client, operation: Operation) -> String {
    let Answer::Stream(answer) = ask(client, operation).await.expect("an answer") else { panic!("{operation:?}") };
    let chunks: Vec<_> = answer.into_inner_stream().try_collect().await.expect("the body arrives");
    String::from_utf8(chunks.concat()).expect("text")
}

#[tokio::test]
async fn events_are_framed_as_on_the_wire() {
    let server = MockServer::start_async().await;
    let client = raw_client(&server);
    server.create_chat_completion_v3_stream(|_, then| {
        then.events([ChatV3Event::from_text("안녕"), ChatV3Event::from_code("42902")]);
    });
    assert_eq!(
        stream_text(&client, Operation::CreateChatCompletionV3Stream).await,
        "id:00000000-0000-0000-0000-000000000001\nevent:token\n\
         data:{\"message\":{\"content\":\"안녕\",\"role\":\"assistant\"}}\n\n\
         id:00000000-0000-0000-0000-000000000002\nevent:error\n\
         data:{\"status\":{\"code\":\"42902\",\"message\":\"Too many requests - overloaded\"}}\n\n"
    );
    server.openai_create_chat_completion_stream(|_, then| {
        then.events([OpenAiChunk::from_text("안녕"), OpenAiChunk::from_finish_reason("stop")]);
    });
    assert_eq!(
        stream_text(&client, Operation::OpenaiCreateChatCompletionStream).await,
        "data: {\"choices\":[{\"delta\":{\"content\":\"안녕\"},\"index\":0}],\"object\":\"chat.completion.chunk\"}\n\n\
         data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\",\"index\":0}],\
         \"object\":\"chat.completion.chunk\"}\n\ndata: [DONE]\n\n"
    );
}

#[tokio::test]
async fn a_reply_comes_back_from_the_stream_of_its_events() {
    let server = MockServer::start_async().await;
    let reply = ChatReply::from_text("맑고 따뜻합니다.")
        .with_thinking("Look at the sky.")
        .with_tool_call("call_1", "get_weather", [("city", "서울"), ("unit", "celsius")])
        .with_tool_call("call_2", "now", Map::new())
        .with_usage(Usage::new(20, 5).with_thinking(3));
    server.create_chat_completion_v3_stream(|_, then| {
        then.events(reply.to_events());
    });
    let mut seen = (String::new(), String::new(), [String::new(), String::new()]);
    let stream = client(&server).chat("HCX-007").user("Hi").stream().await.expect("a stream");
    let got = stream.collect_with(|event| match event {
        clovastudio::ChatEvent::Thinking(piece) => seen.0.push_str(piece),
        clovastudio::ChatEvent::Text(piece) => seen.1.push_str(piece),
        clovastudio::ChatEvent::ToolCallArguments { index, json } => seen.2[*index].push_str(json),
        _ => {}
    });
    let got = got.await.expect("a good end");
    assert_eq!((seen.0.as_str(), seen.1.as_str()), ("Look at the sky.", "맑고 따뜻합니다."));
    assert_eq!(seen.2, [r#"{"city":"서울","unit":"celsius"}"#, "{}"]);
    assert_eq!(json!(got.result()), json!(reply.result()));
    assert_eq!(got.usage(), reply.usage());
}

#[tokio::test]
async fn the_other_streams_end_as_their_lists_say() {
    let server = MockServer::start_async().await;
    let client = client(&server);
    let chat = || serde_json::from_value::<ChatV1Request>(body(Operation::CreateChatCompletionV1)).expect("a request");
    let result = raw::types::ChatV1Result::from_text("안녕");
    server.create_chat_completion_v1_stream(|_, then| {
        then.events([ChatV1Event::from_text("안녕"), ChatV1Event::Result(result)]);
    });
    let reply = client.chat_v1("HCX-003", chat()).stream().await.expect("a stream").collect().await.expect("a reply");
    assert_eq!(reply.message.as_ref().and_then(|message| message.content.as_deref()), Some("안녕"));

    server.create_task_chat_completion_v1_stream(|_, then| {
        then.events([ChatV1Event::from_text("안녕")]);
    });
    let stream = client.tuned_chat_v1("t", chat()).stream().await.expect("a stream");
    assert_eq!(stream.collect().await.expect_err("no result").kind(), ErrorKind::Truncated);

    let answer = SkillsetFinalAnswer::builder().final_answer(Some("맑음".to_owned())).try_into().expect("complete");
    server.generate_skillset_final_answer_stream(|_, then| {
        then.events([SkillsetEvent::from_text("맑"), SkillsetEvent::FinalAnswer(answer)]);
    });
    let request: raw::types::SkillsetRequest =
        serde_json::from_value(body(Operation::GenerateSkillsetFinalAnswer)).expect("a request");
    let stream = client.skillset("s", 1, request).stream().await.expect("a stream");
    assert_eq!(stream.collect().await.expect("a reply").final_answer.as_deref(), Some("맑음"));

    let request: raw::types::OpenAiChatRequest =
        serde_json::from_value(body(Operation::OpenaiCreateChatCompletion)).expect("a request");
    server.openai_create_chat_completion_stream(|when, then| {
        when.body(request.clone());
        then.events([OpenAiChunk::from_text("안녕")]);
    });
    let stream = client.openai_chat(request).stream().await.expect("a stream");
    assert_eq!(stream.collect().await.expect_err("no end").kind(), ErrorKind::Truncated);
}

#[test]
fn bodies_of_failures_say_their_code() {
    assert_eq!(
        json!(OpenAiErrorBody::from_code("42901")),
        json!({ "error": { "code": "42901", "message": "Too many requests - rate exceeded" } })
    );
    assert_eq!(json!(raw::types::Status::from_code("99999")), json!({ "code": "99999" }));
}

#[tokio::test]
async fn answers_are_taken_from_builders() {
    let server = MockServer::start_async().await;
    server.tokenize_embedding_v2(|_, then| {
        then.ok(TokenCountResult::builder().num_tokens(7));
    });
    let answer = client(&server).count_embedding_tokens("안녕하세요").send().await.expect("an answer");
    assert_eq!(answer.num_tokens, Some(7));
    server.delete_tuning_task(|_, then| {
        then.ok();
    });
    client(&server).delete_tuning("t").send().await.expect("success");
}
