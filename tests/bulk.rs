//! Vectors of many texts, against a server that follows a script.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clovastudio::raw::types::StatusCode;
use clovastudio::{CallOptions, Client, Embedded};
use futures_util::StreamExt;
use serde_json::json;
use support::server::{Act, Server, in_driven_time};
use tokio::time::timeout;

fn client(server: &Server) -> Client {
    Client::builder().api_key("nv-k").base_url(server.url()).build().expect("a client")
}

fn vector(number: usize) -> Act {
    let result = json!({ "embedding": [number], "inputTokens": 3 });
    let body = json!({ "status": { "code": "20000", "message": "OK" }, "result": result });
    Act::Answer(200, Vec::new(), body.to_string())
}

fn refusal(status: u16, code: &str) -> Act {
    Act::Answer(status, Vec::new(), json!({ "status": { "code": code, "message": "a text" } }).to_string())
}

fn texts(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("text {number}"))
}

/// The number in the vector of an item.
fn number(item: &Embedded) -> Option<f64> {
    item.1.as_ref().ok()?.embedding.as_ref()?.first().copied()
}

#[tokio::test]
async fn vectors_keep_the_order_of_the_texts() {
    // The first request that arrives is repeated last, and each answer has the number of its request.
    let acts = std::iter::once(refusal(500, "50000")).chain((1..=12).map(vector));
    let server = Server::follow(acts).await;
    let items: Vec<_> = in_driven_time(client(&server).embed_all(texts(12)).stream().collect()).await;
    let received = server.received();
    assert_eq!((items.len(), received.len()), (12, 13));
    for (place, (item, text)) in items.iter().zip(texts(12)).enumerate() {
        let requests = (0_u32..).zip(&received).filter(|(_, request)| request.json()["text"] == text.as_str());
        let answered = requests.last().map(|(number, _)| f64::from(number));
        assert_eq!((item.0, number(item)), (place, answered), "{text}");
    }
    assert!(received.iter().all(|request| request.line.starts_with("POST /v1/api-tools/embedding/v2 ")));
}

#[tokio::test]
async fn an_item_that_fails_does_not_end_the_stream() {
    let server = Server::follow([vector(0), refusal(400, "40004"), vector(2)]).await;
    let mut vectors = client(&server).embed_all(["one", "", "three"]).concurrency(1).stream();
    let mut seen = Vec::new();
    while let Some((index, outcome)) = vectors.next().await {
        seen.push((index, outcome.map_err(|error| error.code().map(StatusCode::to_string)).map(|it| it.input_tokens)));
    }
    assert_eq!(seen, [(0, Ok(Some(3))), (1, Err(Some("40004".to_owned()))), (2, Ok(Some(3)))]);
    assert!(vectors.next().await.is_none());
}

#[tokio::test]
async fn only_so_many_texts_are_in_memory() {
    let taken = AtomicUsize::new(0);
    let given = Cell::new(0);
    let server = Server::follow((0..20).map(vector)).await;
    let counted = texts(20).inspect(|_| {
        taken.fetch_add(1, Ordering::Relaxed);
    });
    let mut vectors = client(&server).embed_all(counted).concurrency(3).stream();
    assert_eq!(taken.load(Ordering::Relaxed), 0);
    while vectors.next().await.is_some() {
        given.set(given.get() + 1);
        assert!(taken.load(Ordering::Relaxed) - given.get() < 3, "{taken:?} taken, {given:?} given");
    }
    assert_eq!((taken.load(Ordering::Relaxed), given.get()), (20, 20));
}

#[tokio::test]
async fn only_so_many_calls_are_on_their_way() {
    for (wanted, calls) in [(None, 4), (Some(0), 1), (Some(2), 2)] {
        let server = Server::follow((0..9).map(|_| Act::Stall)).await;
        let texts = client(&server).embed_all(texts(9));
        let mut vectors = match wanted {
            Some(wanted) => texts.concurrency(wanted).stream(),
            None => texts.stream(),
        };
        let waited = in_driven_time(timeout(Duration::from_secs(2), vectors.next())).await;
        assert!(waited.is_err(), "no call was answered");
        assert_eq!(server.received().len(), calls, "{wanted:?}");
    }
}

#[tokio::test]
async fn the_first_api_and_options_can_be_chosen() {
    let server = Server::follow([vector(0), vector(1)]).await;
    let options = CallOptions::new().request_id("bulk-1").member("newMember", 1);
    let vectors = client(&server).embed_all(["a", "b"]).model("clir-sts-dolphin").with(options).concurrency(1).stream();
    let items: Vec<_> = vectors.collect().await;
    assert_eq!(items.iter().map(number).collect::<Vec<_>>(), [Some(0.0), Some(1.0)]);
    for request in server.received() {
        assert_eq!(request.line, "POST /v1/api-tools/embedding/clir-sts-dolphin HTTP/1.1");
        assert_eq!(request.header("x-ncp-clovastudio-request-id"), Some("bulk-1"));
        assert_eq!(request.json()["newMember"], 1);
    }
}

#[tokio::test]
async fn no_texts_are_no_items() {
    let server = Server::follow([]).await;
    assert!(client(&server).embed_all(Vec::<String>::new()).stream().next().await.is_none());
    assert_eq!(server.received().len(), 0);
}
