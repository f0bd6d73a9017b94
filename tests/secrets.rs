//! A key, the keys of a bucket and a prompt are planted everywhere; no `Debug`, `Display`, error, span or log shows them.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::fmt::Debug;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use clovastudio::raw::types::{RerankRequest, TuningTaskRequest};
use clovastudio::raw::{self, Operation};
use clovastudio::testing::{CallError, call, read_as, request_examples, response_examples, stream_examples};
use clovastudio::{CallOptions, Client, RetryPolicy};
use serde_json::{Value, json};
use support::server::{Act, End, Server};
use support::{parameters, request_schema, response_schema};
use tracing_subscriber::fmt::MakeWriter;

const KEY: &str = "nv-planted-key";
const TEXT: &str = "planted-text";

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no panic")).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Logs everything of every crate while the guard lives.
fn log_everything() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(log.clone())
        .finish();
    (log, tracing::subscriber::set_default(subscriber))
}

fn assert_clean(what: &str, shown: &str) {
    for secret in ["planted-key", TEXT] {
        assert!(!shown.contains(secret), "{what} shows {secret}: {shown}");
    }
}

fn show(what: &str, shown: &(impl Debug + ?Sized)) {
    assert_clean(what, &format!("{shown:?} {shown:#?}"));
}

/// The example with every free text replaced by the planted one. What tells the form of a value stays.
fn planted(value: &Value) -> Value {
    const FORM: [&str; 7] = ["type", "role", "model", "effort", "code", "trainEpochs", "learningRate"];
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| {
                (key.clone(), if FORM.contains(&key.as_str()) { value.clone() } else { planted(value) })
            })
            .collect(),
        Value::Array(items) => items.iter().map(planted).collect(),
        Value::String(_) => json!(TEXT),
        other => other.clone(),
    }
}

fn client(server: &Server) -> Client {
    let builder = Client::builder().api_key(KEY).base_url(server.url()).header("x-planted", "planted-text");
    show("the builder", &builder);
    let client = builder.retry(RetryPolicy::none()).build().expect("a client");
    show("the client", &client);
    client
}

#[tokio::test]
async fn no_generated_type_shows_its_texts() {
    for operation in Operation::all() {
        for (name, value) in request_examples(operation) {
            let typed = read_as(request_schema(operation), planted(value)).expect("the form is kept");
            assert_clean(&format!("request {name} of {operation:?}"), &without_open_values(&typed.debug));
        }
        for (name, value) in response_examples(operation) {
            // Its numbers are texts, of which the planted one is no number.
            if name == "numbersAsStrings" {
                continue;
            }
            let typed = read_as(response_schema(operation), planted(value)).expect("the form is kept");
            assert_clean(&format!("answer {name} of {operation:?}"), &without_open_values(&typed.debug));
        }
    }
}

/// Values of open enumerations are shown; the texts beside them are not.
fn without_open_values(debug: &str) -> String {
    debug.replace(&format!("Unknown(\"{TEXT}\")"), "Unknown")
}

#[tokio::test]
async fn no_log_and_no_error_of_the_raw_client_shows_them() {
    let (log, _guard) = log_everything();
    let mut checked = 0;
    for operation in Operation::all() {
        let body = request_examples(operation).first().map_or(Value::Null, |(_, value)| planted(value));
        let echo = json!({ "status": { "code": "40001", "message": "Invalid parameter" }, "echo": TEXT }).to_string();
        for act in [Act::Answer(400, Vec::new(), echo), Act::Answer(200, Vec::new(), format!("\"{TEXT}\"")), Act::Hang]
        {
            let server = Server::follow([act]).await;
            let client = client(&server);
            let outcome = call(client.raw(), operation, &parameters(operation, false), &body).await;
            let Err(CallError::Method(error)) = outcome else { continue };
            // The generated error for an answer of another form prints that answer; `raw` says so.
            if !matches!(*error, raw::Error::InvalidResponsePayload(..)) {
                assert_clean(operation.name(), &format!("{error} {error:#} {error:?}"));
                checked += 1;
            }
        }
    }
    assert!(checked >= 2 * Operation::all().count(), "only {checked} errors were looked at");
    assert!(log.text().len() > 1000, "nothing was logged");
    assert_clean("the log", &log.text());
}

#[tokio::test]
async fn no_log_error_call_or_stream_of_the_client_shows_them() {
    let (log, _guard) = log_everything();
    let echo = json!({ "status": { "code": "40001", "message": "Invalid parameter: maxTokens" }, "echo": TEXT });
    let events = stream_examples(Operation::CreateChatCompletionV3Stream);
    let token = planted(&events["text"][0]["data"]).to_string();
    let stream = format!("event:token\ndata:{token}\n\nevent:token\ndata:{{\"message\":\"{TEXT}\"}}\n\n");
    let good =
        json!({ "status": { "code": "20000" }, "result": { "message": { "content": TEXT, "thinkingContent": TEXT } } });
    let acts = [
        Act::Answer(400, Vec::new(), echo.to_string()),
        Act::Answer(200, Vec::new(), format!("{{\"status\": \"{TEXT}\"}}")),
        Act::Answer(502, Vec::new(), TEXT.to_owned()),
        Act::Hang,
        Act::Answer(200, Vec::new(), good.to_string()),
        Act::Stream(vec![stream.into_bytes()], End::Whole),
    ];
    let server = Server::follow(acts).await;
    let client = client(&server);
    let options = CallOptions::new().member("planted", TEXT);
    show("options", &options);
    let chat = || client.chat("HCX-005").system(TEXT).user(TEXT).stop([TEXT]).with(options.clone());
    show("a chat call", &chat());
    for _ in 0..4 {
        let error = chat().send().await.expect_err("a failure");
        show("an error", &error);
        assert_clean("an error", &error.to_string());
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            assert_clean("a cause", &format!("{cause} {cause:?}"));
            source = cause.source();
        }
    }
    show("a reply", &chat().send().await.expect("an answer"));
    let mut stream = chat().stream().await.expect("a stream");
    show("a stream", &stream);
    show("an event", &stream.try_next().await.expect("a token"));
    let error = stream.try_next().await.expect_err("no token");
    assert_clean("an error", &format!("{error} {error:?}"));
    let log = log.text();
    assert!(log.contains("clovastudio.call") && log.contains("create_chat_completion_v3"), "{log}");
    assert_clean("the log", &log);
}

#[tokio::test]
async fn bucket_keys_are_not_shown() {
    let (log, _guard) = log_everything();
    let server = Server::follow([Act::Answer(400, Vec::new(), String::new())]).await;
    let request = TuningTaskRequest::builder()
        .model("HCX-005")
        .training_dataset_access_key(Some(TEXT.to_owned()))
        .training_dataset_secret_key(Some(TEXT.to_owned()));
    show("a builder", &request);
    let incomplete = client(&server).create_tuning(request.clone()).send().await.expect_err("a rule");
    assert_clean("an error", &format!("{incomplete} {incomplete:?}"));
    let call = client(&server).create_tuning(request).with(CallOptions::new().guards(false));
    show("a call", &call);
    let refused = call.send().await.expect_err("a refusal");
    assert_clean("an error", &format!("{refused} {refused:?}"));
    show("a call that lacks something", &client(&server).rerank(RerankRequest::builder().query(TEXT)));
    assert_clean("the log", &log.text());
}

#[tokio::test]
async fn a_span_tells_of_a_call_and_an_event_of_a_retry() {
    let (log, _guard) = log_everything();
    let busy = Act::Answer(429, vec![("retry-after", "0".to_owned())], r#"{"status":{"code":"42901"}}"#.to_owned());
    let usage = json!({ "promptTokens": 11, "completionTokens": 22, "totalTokens": 33 });
    let good = json!({ "status": { "code": "20000" }, "result": { "message": { "content": "Hi" }, "usage": usage } });
    let server = Server::follow([busy, Act::Answer(200, Vec::new(), good.to_string())]).await;
    let client = Client::builder().api_key(KEY).base_url(server.url()).build().expect("a client");
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
