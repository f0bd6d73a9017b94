//! One span a call, and one event a retry.

#![allow(dead_code, reason = "support is shared")]
mod support;

use clovastudio::{CallOptions, Client};
use serde_json::json;
use support::log::log_everything;
use support::server::{Act, Server};

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
        "gen_ai.operation.name=\"create_chat_completion_v3\"",
        "gen_ai.request.model=HCX-005",
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
