//! A key, the keys of a bucket and a prompt are planted in every position of every operation and stream; no `Debug`,
//! `Display`, error, span or log shows them.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::error::Error as StdError;
use std::fmt::Debug;
use std::sync::LazyLock;

use clovastudio::raw::types::RerankRequest;
use clovastudio::raw::{self, Operation};
use clovastudio::testing::{CallError, call, read_as, request_examples, response_examples, stream_examples};
use clovastudio::{CallOptions, Client, Credentials, RetryPolicy, http_client};
use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use support::log::log_everything;
use support::server::{Act, End, Server};
use support::{frame, methods, parameters, request_schema, response_schema};

const KEY: &str = "nv-planted-key";
const TEXT: &str = "planted-text";

fn assert_clean(what: &str, shown: &str) {
    for secret in ["planted-key", TEXT] {
        assert!(!shown.contains(secret), "{what} shows {secret}: {shown}");
    }
}

fn show(what: &str, shown: &(impl Debug + ?Sized)) {
    assert_clean(what, &format!("{shown:?} {shown:#?}"));
}

/// Everything that an error and its causes print.
fn assert_clean_error(what: &str, error: &(dyn StdError + 'static)) {
    let mut cause = Some(error);
    while let Some(error) = cause {
        assert_clean(what, &format!("{error} {error:#} {error:?} {error:#?}"));
        cause = error.source();
    }
}

/// Values of open enumerations are shown; the texts beside them are not.
fn without_open_values(debug: &str) -> String {
    let dense: String = debug.split_whitespace().collect();
    dense.replace(&format!("Unknown(\"{TEXT}\")"), "Unknown").replace(&format!("Unknown(\"{TEXT}\",)"), "Unknown")
}

/// The example with every free text replaced by the planted one. What tells the form of a value stays.
fn planted(value: &Value) -> Value {
    const FORM: [&str; 8] = ["type", "role", "model", "effort", "code", "trainEpochs", "learningRate", "event"];
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| {
                (key.clone(), if FORM.contains(&key.as_str()) { value.clone() } else { planted(value) })
            })
            .collect(),
        Value::Array(items) => items.iter().map(planted).collect(),
        Value::String(text) if text == "[DONE]" => value.clone(),
        Value::String(_) => json!(TEXT),
        other => other.clone(),
    }
}

/// The requests of an operation, planted: every example of the document, or nothing where there is no body.
fn requests(operation: Operation) -> Vec<Value> {
    let examples: Vec<Value> = request_examples(operation).into_iter().map(|(_, value)| planted(value)).collect();
    if examples.is_empty() { vec![Value::Null] } else { examples }
}

fn answer(status: u16, body: &str) -> Act {
    Act::Answer(status, vec![("x-echo", TEXT.to_owned())], body.to_owned())
}

/// Good answers of an operation, planted.
fn successes(operation: Operation) -> Vec<Act> {
    if operation.is_stream() {
        let streams = stream_examples(operation).into_iter().filter(|(name, _)| *name != "error");
        let frames = streams.map(|(_, events)| events.iter().map(|event| frame(&planted(event))).collect());
        return frames.map(|frames| Act::Stream(frames, End::Whole)).collect();
    }
    // A failing status is no success, and the numbers of one example are texts, of which the planted one is no number.
    let is_good = |name: &str, value: &Value| {
        name != "numbersAsStrings" && value.get("status").is_none_or(|status| status["code"].as_str() < Some("30000"))
    };
    let examples = response_examples(operation).into_iter().filter(|(name, value)| is_good(name, value));
    examples.map(|(_, value)| answer(200, &planted(value).to_string())).collect()
}

/// Failures of every kind that quote the planted text: refused, refused inside 200, of another form, HTML, cut.
fn failures(operation: Operation) -> Vec<Act> {
    let refusal = json!({ "status": { "code": "40001", "message": "Invalid parameter" }, "echo": TEXT });
    let openai = json!({ "error": { "code": "40001", "message": "Invalid parameter", "param": TEXT } });
    let wrong = json!({ "status": TEXT, "choices": TEXT, "data": TEXT });
    let html = format!("<html>{TEXT}</html>");
    let bodies = [refusal.to_string(), openai.to_string(), wrong.to_string(), json!(TEXT).to_string(), html];
    let mut acts: Vec<Act> =
        bodies.iter().flat_map(|body| [400, 502].map(|status| answer(status, body))).chain([Act::Hang]).collect();
    if operation.is_stream() {
        let good = successes(operation).into_iter().next();
        let Some(Act::Stream(frames, _)) = good else { panic!("{operation:?} has no stream") };
        let first = || frames.iter().take(1).cloned();
        let events = [
            json!({ "event": "error", "data": refusal }),
            json!({ "data": openai }),
            json!({ "event": "token", "data": TEXT }),
            json!({ "event": "token", "data": { "message": TEXT, "text": [TEXT], "choices": TEXT } }),
        ];
        let bad = events.iter().map(|event| Act::Stream(first().chain([frame(event)]).collect(), End::Whole));
        acts.extend(bad.chain([End::Cut, End::Whole].map(|end| Act::Stream(first().collect(), end))));
    } else {
        acts.extend(bodies.iter().map(|body| answer(200, body)));
    }
    acts
}

fn client(server: &Server) -> Client {
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| http_client().expect("TLS is set up"));
    let builder = Client::builder().api_key(KEY).base_url(server.url()).header("x-planted", TEXT);
    let builder = builder.http_client(HTTP.clone());
    show("the builder", &builder);
    let client = builder.retry(RetryPolicy::none()).build().expect("a client");
    show("the client", &client);
    client
}

fn options() -> CallOptions {
    let header = (HeaderName::from_static("x-planted-call"), HeaderValue::from_static(TEXT));
    let options = CallOptions::new().guards(false).header(header.0, header.1).member("planted", TEXT);
    show("options", &options);
    options
}

#[tokio::test]
async fn no_generated_type_shows_its_texts() {
    for operation in Operation::all() {
        for (name, value) in request_examples(operation) {
            let typed = read_as(request_schema(operation), planted(value)).expect("the form is kept");
            assert_clean(&format!("request {name} of {operation:?}"), &without_open_values(&typed.debug));
        }
        for (name, value) in response_examples(operation).into_iter().filter(|(name, _)| *name != "numbersAsStrings") {
            let typed = read_as(response_schema(operation), planted(value)).expect("the form is kept");
            assert_clean(&format!("answer {name} of {operation:?}"), &without_open_values(&typed.debug));
        }
    }
}

#[tokio::test]
async fn no_call_answer_event_or_reply_of_the_client_shows_them() {
    let (log, _guard) = log_everything();
    for operation in Operation::all() {
        let successes = successes(operation);
        let requests = requests(operation);
        for index in 0..successes.len().max(requests.len()) {
            let body = &requests[index % requests.len()];
            let server = Server::follow([successes[index % successes.len()].clone()]).await;
            let shown = methods::call(&client(&server), operation, options(), body).await;
            assert_clean(&format!("a call of {operation:?}"), &without_open_values(&shown.call));
            let outcome = shown.outcome.unwrap_or_else(|error| panic!("{operation:?}: {error}"));
            assert_clean(&format!("an answer of {operation:?}"), &without_open_values(&outcome));
            let received = &server.received()[0];
            assert_eq!(received.header("x-planted-call"), Some(TEXT), "the secrets were sent");
            assert!(body.is_null() || received.body.contains(TEXT), "the secrets were sent");
        }
    }
    let log = log.text();
    assert!(Operation::all().all(|operation| log.contains(operation.id())), "{log}");
    assert_clean("the log", &log);
}

#[tokio::test]
async fn no_error_of_the_client_shows_them() {
    let (log, _guard) = log_everything();
    for operation in Operation::all() {
        let body = requests(operation).remove(0);
        for act in failures(operation) {
            let server = Server::follow([act.clone()]).await;
            let shown = methods::call(&client(&server), operation, options(), &body).await;
            let error = shown.outcome.map(drop).expect_err("a failure");
            assert_clean_error(&format!("an error of {operation:?} after {act:?}"), &error);
        }
    }
    assert_clean("the log", &log.text());
}

#[tokio::test]
async fn no_error_of_the_raw_client_shows_them() {
    let (log, _guard) = log_everything();
    for operation in Operation::all() {
        let body = requests(operation).remove(0);
        let mut errors = 0;
        for act in failures(operation) {
            let server = Server::follow([act]).await;
            let outcome = call(client(&server).raw(), operation, &parameters(operation, false), &body).await;
            // A stream that is opened is not read by the raw client.
            let Err(CallError::Method(error)) = outcome else { continue };
            assert_clean_error(operation.name(), &*error);
            if let raw::Error::Undecodable(answer) = *error {
                assert!(
                    answer.body().windows(TEXT.len()).any(|bytes| bytes == TEXT.as_bytes()),
                    "it is there to ask for"
                );
            }
            errors += 1;
        }
        assert!(errors > 10, "only {errors} errors of {operation:?}");
    }
    assert_clean("the log", &log.text());
}

#[tokio::test]
async fn a_pair_of_keys_is_not_shown() {
    let (log, _guard) = log_everything();
    let credentials = Credentials::key_pair(KEY, KEY);
    show("credentials", &credentials);
    let server = Server::follow([Act::Answer(200, Vec::new(), "{}".to_owned())]).await;
    let client = Client::builder().credentials(credentials).base_url(server.url()).build().expect("a client");
    show("the client", &client);
    let error = client.get_tuning("t").send().await.expect_err("no answer");
    assert_clean_error("an error", &error);
    assert_eq!(server.received()[0].header("x-ncp-apigw-api-key"), Some(KEY));
    assert_clean("the log", &log.text());
}

#[tokio::test]
async fn contents_that_are_switched_on_hold_no_secret_of_the_caller() {
    const PROMPT: &str = "prompt-that-is-asked-for";
    let bucket = json!({
        "model": "HCX-005", "trainingDatasetFilePath": PROMPT, "trainingDatasetBucket": "b",
        "trainingDatasetAccessKey": KEY, "trainingDatasetSecretKey": KEY,
    });
    let skillset = json!({
        "query": PROMPT,
        "requestOverride": { "baseOperation": { "header": { "authorization": KEY }, "query": { "appid": TEXT } } },
    });
    let question = json!({ "messages": [{ "role": "user", "content": PROMPT }] });
    let cases = [
        (Operation::CreateTuningTask, bucket),
        (Operation::GenerateSkillsetFinalAnswer, skillset.clone()),
        (Operation::GenerateSkillsetFinalAnswerStream, skillset),
        (Operation::CreateChatCompletionV3, question.clone()),
        (Operation::CreateChatCompletionV3Stream, question.clone()),
        (Operation::OpenaiCreateChatCompletionStream, json!({ "model": "HCX-005", "messages": question["messages"] })),
    ];
    for (operation, body) in cases {
        for on in [true, false] {
            let (log, _guard) = log_everything();
            let answer: Value =
                serde_json::from_str(&planted_answer(operation).replace(TEXT, "answer-that-came")).unwrap();
            let act = match answer {
                Value::Array(events) => Act::Stream(events.iter().map(frame).collect(), End::Whole),
                answer => Act::Answer(200, Vec::new(), answer.to_string()),
            };
            let server = Server::follow([act]).await;
            let client = Client::builder().api_key(KEY).base_url(server.url()).trace_content(on).build();
            let shown = methods::call(&client.expect("a client"), operation, options(), &body).await;
            shown.outcome.unwrap_or_else(|error| panic!("{operation:?}: {error}"));
            let log = log.text();
            assert_clean("the log", &log);
            assert_eq!(log.contains(PROMPT), on, "{operation:?}: {log}");
            assert_eq!(log.contains("answer-that-came"), on, "{operation:?}: {log}");
        }
    }
}

/// A good answer of an operation, planted: a document, or a list of events.
fn planted_answer(operation: Operation) -> String {
    let stream = stream_examples(operation).into_iter().find(|(name, _)| *name != "error");
    let events = stream.filter(|_| operation.is_stream()).map(|(_, events)| events.into_iter().cloned().collect());
    events
        .map_or_else(|| planted(response_examples(operation)[0].1), |events: Vec<Value>| planted(&json!(events)))
        .to_string()
}

#[tokio::test]
async fn bad_settings_and_incomplete_calls_are_refused_without_showing_them() {
    let bad = [
        Client::builder().api_key(format!("{KEY} ")),
        Client::builder().api_key(KEY).base_url(format!("https://{TEXT}:{TEXT}@example.com/{TEXT}?{TEXT}#{TEXT}")),
        Client::builder().api_key(KEY).base_url(format!("{TEXT} {TEXT}")),
        Client::builder().api_key(KEY).header("x-planted", format!("{TEXT}\n")),
        Client::builder().api_key(KEY).user_agent(format!("{TEXT}\n")),
    ];
    for builder in bad {
        show("the builder", &builder);
        assert_clean_error("an error", &builder.build().expect_err("bad settings"));
    }
    let server = Server::follow([]).await;
    let client = client(&server);
    let incomplete = RerankRequest::builder().query(TEXT);
    show("a builder", &incomplete);
    let call = client.rerank(incomplete);
    show("a call that lacks something", &call);
    assert_clean_error("an error", &call.send().await.expect_err("no documents"));
    let refused = client.chat("HCX-007").system(TEXT).user(TEXT).stop([TEXT]).thinking("low").send().await;
    assert_clean_error("an error", &refused.expect_err("a rule"));
    let options = CallOptions::new().request_id(format!("{TEXT}\n"));
    assert_clean_error("an error", &client.openai_models().with(options).send().await.expect_err("a bad id"));
    assert!(server.received().is_empty());
}
