//! Pacing, in time that moves by itself.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::time::Duration;

use clovastudio::raw::types::{OpenAiChatRequest, OpenAiEmbeddingRequest, TokenizeChatV3Request};
use clovastudio::{CallOptions, Client, ErrorKind, Pacing, RetryPolicy};
use futures_util::future::join_all;
use serde_json::json;
use support::server::{Act, Received, Server, in_driven_time};
use tokio::time::{sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn client(server: &Server, pacing: Pacing) -> Client {
    let builder = Client::builder().api_key("nv-0123456789").base_url(server.url());
    builder.pacing(pacing).retry(RetryPolicy::none()).build().expect("a client")
}

fn answer(headers: &[(&'static str, &str)]) -> Act {
    let body = json!({
        "status": { "code": "20000", "message": "OK" },
        "result": { "message": { "role": "assistant", "content": "네" }, "finishReason": "stop" },
    });
    Act::Answer(200, headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(), body.to_string())
}

fn answers(count: usize) -> Vec<Act> {
    vec![answer(&[]); count]
}

async fn ask(client: &Client, text: &str, max_tokens: i32) {
    Box::pin(client.chat("HCX-005").user(text).max_tokens(max_tokens).send()).await.expect("an answer");
}

/// Seconds from the first request to each, rounded: on the way through the sockets a few hundredths pass.
fn seconds(received: &[Received]) -> Vec<u64> {
    received.iter().map(|request| (request.at - received[0].at + SECOND / 2).as_secs()).collect()
}

/// Most requests that any minute holds.
fn most_in_a_minute(received: &[Received]) -> usize {
    let within = |first: &Received| {
        received.iter().filter(|other| other.at >= first.at && other.at - first.at <= MINUTE).count()
    };
    received.iter().map(within).max().unwrap_or_default()
}

#[tokio::test]
async fn no_minute_holds_more_requests_than_the_limit_and_the_first_to_come_is_the_first_to_go() {
    let server = Server::follow(answers(8)).await;
    let client = client(&server, Pacing::new().model("HCX-005", 3, 1_000_000));
    let texts: Vec<String> = (0..8).map(|number| format!("question {number}")).collect();
    let paced = async |number: usize| {
        sleep(Duration::from_millis(200) * u32::try_from(number).expect("a few")).await;
        ask(&client, &texts[number], 10).await;
    };
    in_driven_time(join_all((0..8).map(paced))).await;
    let received = server.received();
    assert_eq!(most_in_a_minute(&received), 3);
    assert_eq!(seconds(&received), [0, 0, 0, 61, 61, 61, 122, 122]);
    for (request, text) in received.iter().zip(&texts) {
        assert_eq!(request.json()["messages"][0]["content"], **text);
    }
}

#[tokio::test]
async fn requested_output_counts_and_a_request_over_the_limit_has_a_minute_of_its_own() {
    let server = Server::follow(answers(5)).await;
    let client = client(&server, Pacing::new().model("HCX-005", 100, 2_000));
    in_driven_time(async {
        for max_tokens in [900, 900, 900, 4_000, 900] {
            ask(&client, "안녕", max_tokens).await;
        }
    })
    .await;
    assert_eq!(seconds(&server.received()), [0, 0, 61, 122, 183]);
}

#[tokio::test]
async fn long_texts_and_images_count_as_input_but_the_data_of_an_image_does_not() {
    let cases = [
        ("a".repeat(3_000), Vec::new(), 61),
        ("가".repeat(1_500), Vec::new(), 61),
        ("a".repeat(1_500), Vec::new(), 0),
        (String::new(), vec![json!({ "type": "image_url", "dataUri": { "data": "A".repeat(90_000) } })], 61),
    ];
    for (text, images, expected) in cases {
        let limit = if images.is_empty() { 2_500 } else { 4_500 };
        let server = Server::follow(answers(2)).await;
        let client = client(&server, Pacing::new().model("HCX-005", 100, limit));
        let content = json!([&[json!({ "type": "text", "text": text })], images.as_slice()].concat());
        let message = json!({ "role": "user", "content": content });
        in_driven_time(async {
            for _ in 0..2 {
                let message = serde_json::from_value(message.clone()).expect("a message");
                let call = client.chat("HCX-005").message(message).max_tokens(400);
                call.send().await.expect("an answer");
            }
        })
        .await;
        assert_eq!(seconds(&server.received())[1], expected, "{} characters, {} images", text.len(), images.len());
    }
}

#[tokio::test]
async fn streams_and_compatible_calls_share_the_counters_of_the_model_and_tools_have_none() {
    let server = Server::follow(answers(8)).await;
    let client = client(&server, Pacing::new().model("HCX-005", 1, 1_000_000).model("bge-m3", 1, 1_000_000));
    in_driven_time(async {
        ask(&client, "안녕", 10).await;
        // What the scripted answers are to these calls does not matter here.
        let _ = client.embedding_v2("안녕").send().await;
        let body = json!({ "messages": [{ "role": "user", "content": "안녕" }] });
        let body: TokenizeChatV3Request = serde_json::from_value(body).expect("a request");
        let _ = client.count_chat_v3_tokens("HCX-005", body).send().await;
        let _ = client.chat("HCX-007").user("안녕").send().await;
        let _ = client.chat("HCX-005").user("안녕").stream().await;
        let body = json!({ "model": "HCX-005", "messages": [{ "role": "user", "content": "안녕" }] });
        let body: OpenAiChatRequest = serde_json::from_value(body).expect("a request");
        let _ = client.openai_chat(body).send().await;
        let body = OpenAiEmbeddingRequest::builder().model("bge-m3").input("안녕");
        let _ = client.openai_embedding(body).send().await;
        let _ = client.tuned_chat("ft-1").user("안녕").with(CallOptions::new().paced_as("HCX-005")).send().await;
    })
    .await;
    assert_eq!(seconds(&server.received()), [0, 0, 0, 0, 61, 122, 122, 183]);
}

#[tokio::test]
async fn a_used_up_counter_holds_the_model_until_its_reset() {
    let used_up = [("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "20s")];
    let left = [("x-ratelimit-remaining-tokens", "9"), ("x-ratelimit-reset-tokens", "20s")];
    for (headers, expected) in [(used_up, 20), (left, 0)] {
        let server = Server::follow([answer(&headers), answer(&[]), answer(&[])]).await;
        let client = client(&server, Pacing::new().model("HCX-005", 100, 1_000_000).model("HCX-007", 9, 1_000_000));
        in_driven_time(async {
            ask(&client, "안녕", 10).await;
            client.chat("HCX-007").user("안녕").send().await.expect("an answer of the other model");
            ask(&client, "안녕", 10).await;
        })
        .await;
        assert_eq!(seconds(&server.received()), [0, 0, expected]);
    }
}

#[tokio::test]
async fn a_dropped_waiter_takes_nothing() {
    let server = Server::follow(answers(3)).await;
    let client = client(&server, Pacing::new().model("HCX-005", 1, 1_000_000));
    in_driven_time(async {
        ask(&client, "first", 10).await;
        let dropped = timeout(5 * SECOND, ask(&client, "dropped", 10));
        let queued_and_dropped = timeout(10 * SECOND, ask(&client, "dropped", 10));
        let (first, second, ()) = tokio::join!(dropped, queued_and_dropped, ask(&client, "last", 10));
        assert!(first.is_err() && second.is_err());
    })
    .await;
    assert_eq!(seconds(&server.received()), [0, 61]);
}

#[tokio::test]
async fn an_attempt_that_cannot_begin_before_the_deadline_is_not_sent() {
    let server = Server::follow(answers(3)).await;
    let client = client(&server, Pacing::new().model("HCX-005", 1, 1_000_000));
    in_driven_time(async {
        ask(&client, "안녕", 10).await;
        let late = |deadline: Duration| {
            let options = CallOptions::new().deadline(deadline);
            Box::pin(client.chat("HCX-005").user("안녕").with(options).send())
        };
        let error = late(30 * SECOND).await.expect_err("61 s are over the deadline");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0), "{error}");
        assert!(error.elapsed() < SECOND, "it is known at once: {error:?}");
        // Behind another one in the queue, it is not.
        let ((), behind) = tokio::join!(ask(&client, "안녕", 10), late(30 * SECOND));
        let error = behind.expect_err("the other one goes first");
        assert_eq!((error.kind(), error.attempts(), error.elapsed().as_secs()), (ErrorKind::Timeout, 0, 30), "{error}");
        late(62 * SECOND).await.expect("61 s are within the deadline");
    })
    .await;
    assert_eq!(seconds(&server.received()), [0, 61, 122]);
}

#[tokio::test]
async fn every_attempt_counts() {
    let refusal = Act::Answer(500, Vec::new(), String::new());
    let server = Server::follow([refusal, answer(&[])]).await;
    let builder = Client::builder().api_key("nv-0123456789").base_url(server.url());
    let client = builder.pacing(Pacing::new().model("HCX-005", 1, 1_000_000)).build().expect("a client");
    let reply = in_driven_time(client.chat("HCX-005").user("안녕").send()).await.expect("the second attempt");
    assert_eq!((reply.attempts(), seconds(&server.received())), (2, vec![0, 61]));
}

#[test]
fn limits_come_from_the_catalogue_and_none_is_zero() {
    let service = Pacing::service_key();
    assert_eq!(service.clone().model("HCX-007", 180, 300_000), service);
    let test = Pacing::test_key();
    assert_eq!(test.clone().model("HCX-005", 60, 60_000).model("bge-m3", 60, 40_000), test);
    for pacing in [Pacing::new().model("HCX-005", 0, 1), Pacing::new().model("HCX-005", 1, 0)] {
        let error = Client::builder().api_key("nv-0123456789").pacing(pacing).build().expect_err("no limit");
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("HCX-005"), "{error}");
    }
}
