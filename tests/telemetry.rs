//! One span a call, and one event a retry.

#![allow(dead_code, reason = "support is shared")]
mod support;

use clovastudio::raw::Operation;
use clovastudio::testing::stream_examples;
use clovastudio::{CallOptions, Client, RetryPolicy};
use serde_json::json;
use support::frame;
use support::log::log_everything;
use support::methods::{call, example};
use support::server::{Act, End, Server};

#[tokio::test]
async fn a_span_tells_of_a_call_and_an_event_of_a_retry() {
    let (log, _guard) = log_everything();
    let busy = Act::Answer(429, vec![("retry-after", "0".to_owned())], r#"{"status":{"code":"42901"}}"#.to_owned());
    let usage = json!({ "promptTokens": 11, "completionTokens": 22, "totalTokens": 33 });
    let good = json!({ "status": { "code": "20000" }, "result": { "message": { "content": "Hi" }, "usage": usage } });
    let server = Server::follow([busy, Act::Answer(200, Vec::new(), good.to_string())]).await;
    let client = Client::builder().api_key("nv-k").base_url(server.url()).build().expect("a client");
    let options = CallOptions::new().request_id("order-4711");
    client.chat("HCX-005").user("Hi").with(options).send().await.expect("an answer");
    let log = log.text();
    for fact in [
        "otel.name=\"chat HCX-005\"",
        "gen_ai.operation.name=\"chat\"",
        "clovastudio.operation=\"create_chat_completion_v3\"",
        "gen_ai.request.model=\"HCX-005\"",
        "gen_ai.usage.input_tokens=11",
        "gen_ai.usage.output_tokens=22",
        "clovastudio.request_id=\"order-4711\"",
        "clovastudio.attempts=2",
        "http.response.status_code=200",
        "the request failed and is sent again attempt=1 wait_ms=0 kind=Api status=429 code=42901",
    ] {
        assert!(log.contains(fact), "no `{fact}` in {log}");
    }
}

fn client(server: &Server) -> Client {
    let builder = Client::builder().api_key("nv-k").base_url(server.url()).retry(RetryPolicy::none());
    builder.build().expect("a client")
}

/// The last line about the span of a call: what it knew at its end.
fn end_of_span(log: &str) -> &str {
    log.lines().rfind(|line| line.contains("clovastudio.call") && line.contains("close")).expect("a closed span")
}

#[tokio::test]
async fn operations_have_the_names_that_the_convention_knows() {
    let cases = [
        (Operation::OpenaiCreateChatCompletion, "gen_ai.operation.name=\"chat\""),
        (Operation::CreateTaskChatCompletionV1Stream, "gen_ai.operation.name=\"chat\""),
        (Operation::CreateCompletion, "gen_ai.operation.name=\"text_completion\""),
        (Operation::CreateEmbeddingV2, "gen_ai.operation.name=\"embeddings\""),
        (Operation::OpenaiCreateEmbedding, "gen_ai.operation.name=\"embeddings\""),
        (Operation::Rerank, "gen_ai.operation.name=\"rerank\""),
        (Operation::OpenaiListModels, "gen_ai.operation.name=\"openai_list_models\""),
    ];
    for (operation, name) in cases {
        let (log, _guard) = log_everything();
        let server = Server::follow([Act::Answer(503, Vec::new(), String::new())]).await;
        call(&client(&server), operation, CallOptions::new(), &example(operation)).await.outcome.expect_err("busy");
        let log = log.text();
        let span = end_of_span(&log);
        assert!(span.contains(name), "{operation:?}: {span}");
        assert!(span.contains("error.type=Api") && span.contains("status_code=503"), "{operation:?}: {span}");
    }
}

#[tokio::test]
async fn the_span_of_a_stream_lasts_to_its_end_and_tells_of_its_tokens() {
    let cases = [
        (Operation::CreateChatCompletionV3Stream, ["input_tokens=", "output_tokens="]),
        (Operation::CreateChatCompletionV1Stream, ["input_tokens=", "output_tokens="]),
        (Operation::OpenaiCreateChatCompletionStream, ["input_tokens=20", "output_tokens=60"]),
    ];
    for (operation, facts) in cases {
        let (log, _guard) = log_everything();
        let streams = stream_examples(operation);
        let events = streams.get("thinking").or(streams.get("text")).expect("a stream");
        let frames = events.iter().map(|event| frame(event)).collect();
        let server = Server::follow([Act::Stream(frames, End::Whole)]).await;
        let shown = call(&client(&server), operation, CallOptions::new(), &example(operation)).await;
        shown.outcome.expect("a whole stream");
        let log = log.text();
        let span = end_of_span(&log);
        assert!(facts.iter().all(|fact| span.contains(fact)), "{operation:?}: {span}");
    }
}

#[tokio::test]
async fn a_stream_that_fails_on_the_way_is_a_failed_call() {
    let (log, _guard) = log_everything();
    let token = json!({ "event": "token", "data": { "message": { "content": "a" } } });
    let failure = json!({ "event": "error", "data": { "status": { "code": "42902", "message": "overloaded" } } });
    let frames = [token, failure].iter().map(frame).collect();
    let server = Server::follow([Act::Stream(frames, End::Whole)]).await;
    let stream = client(&server).chat("HCX-005").user("Hi").stream().await.expect("a stream");
    stream.collect().await.expect_err("a failure");
    let log = log.text();
    let span = end_of_span(&log);
    for fact in ["error.type=Api", "clovastudio.status_code=42902", "http.response.status_code=200"] {
        assert!(span.contains(fact), "no `{fact}` in {span}");
    }
}

#[tokio::test]
async fn a_call_that_is_not_sent_is_a_failed_call() {
    let server = Server::follow([]).await;
    let client = client(&server);
    for chat in [client.chat("HCX-005"), client.chat("HCX-007").user("Hi").max_tokens(1)] {
        let (log, _guard) = log_everything();
        chat.send().await.expect_err("no request");
        let log = log.text();
        assert!(end_of_span(&log).contains("error.type=Request clovastudio.attempts=0"), "{log}");
    }
}
