//! Every method of the raw client over a socket: method, path, query, headers and body of the request as the document
//! says, and its examples as requests and answers.

#![allow(dead_code, reason = "support is shared")]
mod support;

use clovastudio::raw::{self, Operation};
use clovastudio::testing::{Answer, CallError, call, request_examples, response_examples};
use clovastudio::{Credentials, Transport, http_client};
use futures_util::TryStreamExt;
use httpmock::{Method, MockServer, When};
use serde_json::{Map, Value, json};
use support::{parameters, path};

const KEY: &str = "nv-0123456789abcdef";

fn client(server: &MockServer, credentials: &Credentials) -> raw::Client {
    let transport = Transport::new(credentials).expect("the key is well-formed");
    raw::Client::new_with_client(&server.base_url(), http_client().expect("TLS is set up"), transport)
}

fn key_client(server: &MockServer) -> raw::Client {
    client(server, &Credentials::api_key(KEY))
}

/// The request that an operation must send.
fn expected(when: When, operation: Operation, parameters: &Map<String, Value>, body: &Value) -> When {
    let when = when
        .method(operation.method().parse::<Method>().expect("an HTTP method"))
        .path(path(operation, parameters))
        .header("authorization", format!("Bearer {KEY}"))
        .header("accept", if operation.is_stream() { "text/event-stream" } else { "application/json" })
        .header_exists("x-ncp-clovastudio-request-id")
        .header_missing("api-version");
    let when = ["page", "size"].iter().fold(when, |when, name| match parameters.get(*name) {
        Some(value) => when.query_param(*name, value.to_string()),
        None => when,
    });
    let when = match parameters.get("X-NCP-CLOVASTUDIO-REQUEST-ID").and_then(Value::as_str) {
        Some(id) => when.header("x-ncp-clovastudio-request-id", id),
        None => when,
    };
    if body.is_null() { when } else { when.header("content-type", "application/json").json_body(body.clone()) }
}

/// Calls an operation and asserts on what it sent; the answer is the first example of the document.
async fn exchange(operation: Operation, all_parameters: bool, body: &Value) {
    let server = MockServer::start_async().await;
    let parameters = parameters(operation, all_parameters);
    let answer = response_examples(operation).first().map_or(Value::Null, |(_, value)| (*value).clone());
    let mock = server
        .mock_async(|when, then| {
            expected(when, operation, &parameters, body);
            let then = then.status(200).header("x-ratelimit-remaining-requests", "59");
            if operation.is_stream() {
                then.header("content-type", "text/event-stream").body("event:token\ndata:{}\n\n");
            } else {
                then.json_body(answer.clone());
            }
        })
        .await;
    let reply = call(&key_client(&server), operation, &parameters, body).await;
    mock.assert_async().await;
    match reply.unwrap_or_else(|error| panic!("{operation:?}: {error}")) {
        Answer::Json(reply) => {
            assert_eq!(reply.headers()["x-ratelimit-remaining-requests"], "59", "{operation:?}");
            assert!(!operation.is_stream(), "{operation:?} should stream");
        }
        Answer::Stream(reply) => {
            let chunks: Vec<_> = reply.into_inner_stream().try_collect().await.expect("the body arrives");
            assert_eq!(chunks.concat(), b"event:token\ndata:{}\n\n", "{operation:?}");
        }
    }
}

#[tokio::test]
async fn every_method_sends_what_the_document_says() {
    let mut exchanges = 0;
    for operation in Operation::all() {
        let bodies = request_examples(operation);
        let bodies = if bodies.is_empty() { vec![("none", &Value::Null)] } else { bodies };
        for (index, (_, body)) in bodies.into_iter().enumerate() {
            exchange(operation, index == 0, body).await;
            exchanges += 1;
        }
    }
    assert!(exchanges > Operation::all().count(), "{exchanges} exchanges");
}

#[tokio::test]
async fn a_parameter_is_one_segment_of_the_path() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.path("/tuning/v2/tasks/a%2Fb%20%EA%B0%80");
            then.status(200).json_body(json!({ "status": { "code": "20000" } }));
        })
        .await;
    key_client(&server).get_tuning_task().task_id("a/b 가").send().await.expect("an envelope");
    mock.assert_async().await;
}

#[tokio::test]
async fn legacy_keys_go_into_their_own_headers() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.header("x-ncp-clovastudio-api-key", "app")
                .header("x-ncp-apigw-api-key", "gateway")
                .header_missing("authorization");
            then.status(200).json_body(json!({ "status": { "code": "20000" } }));
        })
        .await;
    let client = client(&server, &Credentials::key_pair("app", "gateway"));
    client.get_tuning_task().task_id("t").send().await.expect("an envelope");
    mock.assert_async().await;
}

#[tokio::test]
async fn a_failure_keeps_status_headers_and_body_whatever_the_body_is() {
    let bodies = [(429, r#"{"status":{"code":"42901"},"result":null}"#), (502, "<html>Bad gateway</html>"), (401, "")];
    for operation in Operation::all() {
        for (status, body) in bodies {
            let server = MockServer::start_async().await;
            server
                .mock_async(|_, then| {
                    then.status(status).header("retry-after", "6").body(body);
                })
                .await;
            let request = request_examples(operation).first().map_or(Value::Null, |(_, value)| (*value).clone());
            let failure = call(&key_client(&server), operation, &parameters(operation, false), &request).await;
            let Err(CallError::Method(failure)) = failure else { panic!("{operation:?} took {status} for success") };
            let raw::Error::UnexpectedResponse(response) = *failure else { panic!("{operation:?}: {failure:?}") };
            assert_eq!(response.status(), status, "{operation:?}");
            assert_eq!(response.headers()["retry-after"], "6", "{operation:?}");
            assert_eq!(response.text().await.expect("the body arrives"), body, "{operation:?}");
        }
    }
}

#[tokio::test]
async fn a_success_without_a_body_is_an_envelope() {
    let server = MockServer::start_async().await;
    server
        .mock_async(|_, then| {
            then.status(204).header("x-ratelimit-remaining-requests", "59");
        })
        .await;
    let reply = key_client(&server).delete_tuning_task().task_id("t").send().await.expect("204 is success");
    assert_eq!(reply.status.code, "20400");
    assert_eq!(reply.headers()["x-ratelimit-remaining-requests"], "59");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let server = MockServer::start_async().await;
    server
        .mock_async(|_, then| {
            then.status(302).header("location", "https://example.com/");
        })
        .await;
    let failure = key_client(&server).openai_list_models().send().await.expect_err("302 is no success");
    assert_eq!(failure.status().map(|status| status.as_u16()), Some(302));
}

#[tokio::test]
async fn a_request_without_an_id_gets_a_new_one() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.header_matches("x-ncp-clovastudio-request-id", "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
            then.status(200).json_body(json!({ "data": [] }));
        })
        .await;
    key_client(&server).openai_list_models().send().await.expect("a list");
    mock.assert_async().await;
}

#[test]
fn keys_that_cannot_be_sent_are_refused_without_being_shown() {
    for key in ["", "nv-with space", "nv-line\nbreak", "nv-열쇠"] {
        let error = Transport::new(&Credentials::api_key(key)).expect_err("not a key");
        assert!(error.to_string().starts_with("the API key "), "{error}");
        assert!(key.is_empty() || !format!("{error:?} {error}").contains(key), "{error}");
    }
}

#[test]
fn a_client_does_not_show_its_key_or_its_prompt() {
    let transport = Transport::new(&Credentials::api_key(KEY)).expect("a key");
    let client = raw::Client::new_with_client("http://127.0.0.1:9", http_client().expect("TLS is set up"), transport);
    let body = raw::types::EmbeddingRequest::builder().text("a secret prompt");
    let call = client.create_embedding_v2().body(body.clone());
    let shown = format!("{client:?} {call:?} {body:?}");
    assert!(!shown.contains("0123456789") && !shown.contains("secret"), "{shown}");
}
