//! Lists of trainings and waits for their end, against a server that follows a script.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::time::Duration;

use clovastudio::raw::Operation;
use clovastudio::raw::types::{TuningFailureReason, TuningTaskStatus};
use clovastudio::{CallOptions, Client, Error, ErrorKind, Result, RetryPolicy, Tunings};
use futures_util::TryStreamExt;
use serde_json::{Value, json};
use support::server::{Act, Server, in_driven_time};
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

fn client(server: &Server) -> Client {
    Client::builder().api_key("nv-k").base_url(server.url()).build().expect("a client")
}

fn ok(result: &Value) -> Act {
    let body = json!({ "status": { "code": "20000", "message": "OK" }, "result": result });
    Act::Answer(200, Vec::new(), body.to_string())
}

fn page(ids: &[&str], numbers: Value) -> Act {
    let mut page = numbers;
    page["content"] = ids.iter().map(|id| json!({ "id": id, "status": "WAIT" })).collect();
    ok(&page)
}

fn state(status: &str) -> Act {
    ok(&json!({ "id": "t1", "status": status }))
}

fn paths(server: &Server) -> Vec<String> {
    let path = |line: &str| line.split(' ').nth(1).unwrap_or_default().to_owned();
    server.received().iter().map(|request| path(&request.line)).collect()
}

async fn ids(tunings: Tunings) -> Result<Vec<String>> {
    tunings.map_ok(|task| task.id.unwrap_or_default()).try_collect().await
}

#[tokio::test]
async fn trainings_of_all_pages_arrive_in_order() {
    let pages = json!({ "totalPages": "2,", "totalElements": "3,", "size": "100,", "number": "0," });
    let server = Server::follow([page(&["a", "b"], pages.clone()), page(&["c"], pages)]).await;
    assert_eq!(ids(client(&server).tunings()).await.expect("trainings"), ["a", "b", "c"]);
    assert_eq!(paths(&server), ["/tuning/v2/tasks?page=0&size=100", "/tuning/v2/tasks?page=1&size=100"]);
}

#[tokio::test]
async fn a_page_is_asked_for_when_it_is_needed() {
    let pages = json!({ "totalPages": 2 });
    let server = Server::follow([page(&["a", "b"], pages.clone()), page(&["c"], pages)]).await;
    let mut tunings = client(&server).tunings();
    assert_eq!(server.received().len(), 0);
    for _ in 0..2 {
        assert!(tunings.try_next().await.expect("a page").is_some());
        assert_eq!(server.received().len(), 1);
    }
    assert_eq!(tunings.try_next().await.expect("a page").expect("a training").id.as_deref(), Some("c"));
    assert_eq!(server.received().len(), 2);
    assert!(tunings.try_next().await.expect("the end").is_none());
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn the_list_ends_although_its_numbers_are_missing() {
    let none = json!({});
    let cases: [(&[Act], &[&str]); 5] = [
        (&[page(&["a", "b"], none.clone()), page(&["c"], none.clone())], &["a", "b", "c"]),
        (&[page(&["a", "b"], none.clone()), page(&[], none.clone())], &["a", "b"]),
        (&[page(&["a"], json!({ "size": 1 })), page(&[], none.clone())], &["a"]),
        (&[page(&[], json!({ "totalPages": 9 }))], &[]),
        (&[ok(&json!({ "content": null }))], &[]),
    ];
    for (acts, expected) in cases {
        let server = Server::follow(acts.to_vec()).await;
        assert_eq!(ids(client(&server).tunings().page_size(2)).await.expect("trainings"), expected, "{acts:?}");
        assert_eq!(server.received().len(), acts.len(), "{acts:?}");
    }
}

#[tokio::test]
async fn a_short_page_is_not_the_last_when_more_are_told() {
    let pages = json!({ "totalPages": 2, "size": 2 });
    let server = Server::follow([page(&["a"], pages.clone()), page(&["b"], pages)]).await;
    assert_eq!(ids(client(&server).tunings().page_size(2)).await.expect("trainings"), ["a", "b"]);
}

#[tokio::test]
async fn pages_come_with_what_came_with_them() {
    let server = Server::follow([page(&["a"], json!({ "totalPages": 1, "totalElements": 1 }))]).await;
    let options = CallOptions::new().request_id("list-1");
    let mut pages = client(&server).tunings().page_size(20).with(options).into_pages();
    let first = pages.try_next().await.expect("a page").expect("the first page");
    assert_eq!((first.request_id(), first.total_elements.map(i64::from)), ("list-1", Some(1)));
    assert!(pages.try_next().await.expect("the end").is_none());
    assert_eq!(paths(&server), ["/tuning/v2/tasks?page=0&size=20"]);
}

#[tokio::test]
async fn an_error_is_the_last_item() {
    let server =
        Server::follow([page(&["a"], json!({ "totalPages": 3 })), Act::Answer(403, vec![], String::new())]).await;
    let mut tunings = client(&server).tunings();
    assert!(tunings.try_next().await.expect("the first page").is_some());
    let error = tunings.try_next().await.expect_err("the second page is refused");
    assert!(error.is_auth(), "{error}");
    assert!(tunings.try_next().await.expect("nothing follows an error").is_none());
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn impossible_page_sizes_are_not_sent() {
    let server = Server::follow([]).await;
    for size in [i32::MIN, 0, 101] {
        let error = client(&server).tunings().page_size(size).try_next().await.expect_err("no page");
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Request, Some(Operation::ListTuningTasks)), "{size}");
    }
    assert_eq!(server.received().len(), 0);
}

#[tokio::test]
async fn a_wait_ends_with_the_training() {
    let server = Server::follow(["WAIT", "PAUSED", "RUNNING", "SUCCEEDED"].map(state)).await;
    let mut seen = Vec::new();
    let start = Instant::now();
    let wait = client(&server).wait_for_tuning("t1").on_progress(|task| seen.extend(task.status.clone())).send();
    let (task, took) = in_driven_time(async { (wait.await.expect("a finished training"), start.elapsed()) }).await;
    assert_eq!(task.status, Some(TuningTaskStatus::Succeeded));
    assert_eq!(task.request_id(), server.received()[3].header("x-ncp-clovastudio-request-id").expect("an id"));
    assert!((90 * SECOND..95 * SECOND).contains(&took), "{took:?}");
    let seen: Vec<_> = seen.iter().map(TuningTaskStatus::as_str).collect();
    assert_eq!(seen, ["WAIT", "PAUSED", "RUNNING", "SUCCEEDED"]);
    assert_eq!(paths(&server), ["/tuning/v2/tasks/t1"; 4]);
}

#[tokio::test]
async fn a_training_without_a_state_is_not_finished() {
    let server = Server::follow([ok(&json!({ "id": "t1" })), state("SUCCEEDED")]).await;
    let wait = client(&server).wait_for_tuning("t1").poll_interval(SECOND);
    in_driven_time(wait.send()).await.expect("a finished training");
}

#[tokio::test]
async fn a_failed_training_tells_why() {
    let info = json!({ "failureReason": "file.format", "message": "Invalid dataset: column order" });
    let failed = ok(&json!({ "id": "t1", "status": "FAILED", "statusInfo": info }));
    let server = Server::follow([state("RUNNING"), failed]).await;
    let wait = client(&server).wait_for_tuning("t1").poll_interval(SECOND);
    let error = in_driven_time(wait.send()).await.expect_err("a failed training");
    assert_eq!((error.kind(), error.operation()), (ErrorKind::TuningFailed, Some(Operation::GetTuningTask)));
    assert_eq!(error.tuning_failure(), Some(&TuningFailureReason::FileFormat));
    assert_eq!(error.message(), Some("Invalid dataset: column order"));
    assert_eq!((error.attempts(), error.is_retryable()), (2, false));
    assert!(error.elapsed() >= SECOND, "{:?}", error.elapsed());
    assert!(error.request_id().is_some());
    assert!(error.to_string().contains("file.format, Invalid dataset: column order"), "{error}");
}

#[tokio::test]
async fn a_failed_training_may_keep_its_reason() {
    let bare = state("FAILED");
    let empty = ok(&json!({ "status": "FAILED", "statusInfo": { "failureReason": null, "message": null } }));
    let new = ok(&json!({ "status": "FAILED", "statusInfo": { "failureReason": "moon.phase" } }));
    for (act, reason) in [(bare, None), (empty, None), (new, Some("moon.phase"))] {
        let server = Server::follow([act]).await;
        let waiting = tokio::spawn(client(&server).wait_for_tuning("t1").send());
        let error = waiting.await.expect("no panic").expect_err("a failed training");
        assert_eq!(error.kind(), ErrorKind::TuningFailed);
        assert_eq!(error.tuning_failure().map(TuningFailureReason::as_str), reason);
    }
}

#[tokio::test]
async fn a_wait_ends_at_its_deadline() {
    let stalled = Server::follow([state("WAIT"), state("WAIT"), Act::Stall]).await;
    let waiting = Server::follow((0..9).map(|_| state("WAIT"))).await;
    for (server, interval) in [(&stalled, SECOND), (&waiting, 2 * SECOND)] {
        let wait = client(server).wait_for_tuning("t1").poll_interval(interval).deadline(5 * SECOND);
        let error = in_driven_time(wait.send()).await.expect_err("no end");
        assert_eq!((error.kind(), error.deadline()), (ErrorKind::Timeout, Some(5 * SECOND)));
        assert!((5 * SECOND..6 * SECOND).contains(&error.elapsed()), "{:?}", error.elapsed());
        assert_eq!(server.received().len(), 3);
    }
}

#[tokio::test]
async fn a_question_that_fails_ends_the_wait() {
    let server = Server::follow([state("WAIT"), Act::Answer(500, vec![], String::new())]).await;
    let options = CallOptions::new().retry(RetryPolicy::none());
    let wait = client(&server).wait_for_tuning("t1").poll_interval(SECOND).with(options);
    let error: Error = in_driven_time(wait.send()).await.expect_err("a failed question");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Api, 2));
    assert_eq!(server.received().len(), 2);
}
