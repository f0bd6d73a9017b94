//! The client against a server that follows a script: errors, retries, deadlines, guards and options.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::time::Duration;

use clovastudio::raw::Operation;
use clovastudio::raw::types::{ChatV3Content, ContentPart, RagReasoningRequest, StatusCode, Tool, TuningTaskRequest};
use clovastudio::{AppPrefix, CallOptions, Client, ClientBuilder, Effort, Error, ErrorKind, RetryPolicy};
use http::{HeaderName, HeaderValue};
use serde_json::json;
use support::server::{Act, Server, in_driven_time};

const SECOND: Duration = Duration::from_secs(1);

fn builder(server: &Server) -> ClientBuilder {
    Client::builder().api_key("nv-0123456789").base_url(server.url())
}

fn client(server: &Server) -> Client {
    builder(server).build().expect("a client")
}

fn ok(text: &str) -> Act {
    let body = json!({
        "status": { "code": "20000", "message": "OK" },
        "result": { "message": { "role": "assistant", "content": text }, "finishReason": "stop" },
    });
    Act::Answer(200, vec![("x-ratelimit-remaining-tokens", "59000".to_owned())], body.to_string())
}

fn refusal(status: u16, code: &str) -> Act {
    let body = json!({ "status": { "code": code, "message": "a text" }, "result": null });
    Act::Answer(status, Vec::new(), body.to_string())
}

fn waiting(status: u16, code: &str, header: &'static str, value: &str) -> Act {
    let Act::Answer(_, _, body) = refusal(status, code) else { unreachable!() };
    Act::Answer(status, vec![(header, value.to_owned())], body)
}

async fn ask(client: &Client) -> clovastudio::Result<clovastudio::Response<clovastudio::ChatReply>> {
    client.chat("HCX-005").user("안녕").send().await
}

#[tokio::test]
async fn an_answer_comes_with_everything_about_it() {
    let server = Server::follow([ok("반가워요")]).await;
    let options = CallOptions::new().request_id("order-4711");
    let reply = client(&server).chat("HCX-005").user("안녕").with(options).send().await.expect("an answer");
    assert_eq!(reply.text(), "반가워요");
    assert_eq!(reply.answer().expect("a text"), "반가워요");
    assert_eq!((reply.request_id(), reply.attempts(), reply.status().as_u16()), ("order-4711", 1, 200));
    assert_eq!(reply.rate_limits().tokens.remaining, Some(59_000));
    let received = &server.received()[0];
    assert_eq!(received.line, "POST /v3/chat-completions/HCX-005 HTTP/1.1");
    assert_eq!(received.header("authorization"), Some("Bearer nv-0123456789"));
    assert_eq!(received.header("x-ncp-clovastudio-request-id"), Some("order-4711"));
    assert_eq!(received.json(), json!({ "messages": [{ "role": "user", "content": "안녕" }] }));
}

#[tokio::test]
async fn refusals_are_told_apart_whatever_their_body() {
    let openai = json!({ "error": { "message": "Unsupported parameter", "type": null, "code": "40002" } }).to_string();
    let cases = [
        (refusal(400, "40001"), Some("40001"), 400),
        (Act::Answer(400, Vec::new(), openai), Some("40002"), 400),
        (Act::Answer(401, Vec::new(), String::new()), None, 401),
        (Act::Answer(404, Vec::new(), "<html>Not found</html>".to_owned()), None, 404),
        (refusal(200, "40003"), Some("40003"), 200),
        (refusal(400, "61002"), Some("61002"), 400),
        (refusal(400, "49999"), Some("49999"), 400),
        (Act::Answer(400, Vec::new(), r#"{"status":{"code":40001}}"#.to_owned()), Some("40001"), 400),
    ];
    for (act, code, status) in cases {
        let server = Server::follow([act.clone()]).await;
        let error = ask(&client(&server)).await.expect_err("a refusal");
        assert_eq!(error.kind(), ErrorKind::Api, "{act:?}");
        assert_eq!(error.code().map(StatusCode::as_str), code, "{act:?}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{act:?}");
        assert_eq!((error.attempts(), error.operation()), (1, Some(Operation::CreateChatCompletionV3)), "{act:?}");
        assert_eq!(error.request_id(), server.received()[0].header("x-ncp-clovastudio-request-id"), "{act:?}");
        assert_eq!(error.to_string().lines().count(), 1, "{error}");
    }
}

#[tokio::test]
async fn what_is_no_answer_is_an_error_that_does_not_quote_it() {
    for body in ["", "<html>OK</html>", r#"{"status":{"code":"20000"}}"#, r#"{"status":"secret prompt"}"#, "null"] {
        let headers = vec![("x-ratelimit-remaining-tokens", "5".to_owned())];
        let server = Server::follow([Act::Answer(200, headers, body.to_owned())]).await;
        let error = ask(&client(&server)).await.expect_err("no answer");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1), "{body}: {error}");
        assert_eq!(error.headers()["x-ratelimit-remaining-tokens"], "5", "{body}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
}

#[tokio::test]
async fn passing_failures_are_repeated_with_one_request_id() {
    let acts = [refusal(500, "50000"), Act::Hang, refusal(200, "42901"), refusal(429, "42902"), ok("done")];
    let server = Server::follow(acts).await;
    let client = client(&server);
    let options = CallOptions::new()
        .member("memberOfTomorrow", 1)
        .header(HeaderName::from_static("x-team"), HeaderValue::from_static("b"));
    let chat = client.chat("HCX-005").user("안녕").with(options);
    let reply = in_driven_time(chat.send()).await.expect("the fifth attempt succeeds");
    assert_eq!((reply.text(), reply.attempts()), ("done", 5));
    let received = server.received();
    assert_eq!(received[4].json()["memberOfTomorrow"], 1);
    assert!(
        received.iter().all(|request| (&request.line, &request.headers) == (&received[0].line, &received[0].headers))
    );
    let ids: Vec<_> = received.iter().map(|request| request.header("x-ncp-clovastudio-request-id")).collect();
    assert!(ids.iter().all(|id| *id == Some(reply.request_id())), "{ids:?}");
    assert!(received.iter().all(|request| request.body == received[0].body));
}

#[tokio::test]
async fn the_wait_is_the_one_the_service_asks_for() {
    let cases = [
        ("retry-after", "6"),
        ("x-ratelimit-reset-requests", "6s"),
        ("x-ratelimit-reset-tokens", "6000ms"),
        ("x-ratelimit-reset-requests", "0m6s"),
    ];
    for (header, value) in cases {
        let server = Server::follow([waiting(429, "42901", header, value), ok("done")]).await;
        let reply = in_driven_time(ask(&client(&server))).await.expect("the second attempt succeeds");
        let elapsed = reply.elapsed();
        assert!((SECOND * 6..SECOND * 8).contains(&elapsed), "{header}: {value} was waited for {elapsed:?}");
    }
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    let server = Server::follow([waiting(429, "42901", "retry-after", "60"), ok("late")]).await;
    let client = builder(&server).deadline(SECOND * 30).build().expect("a client");
    let error = in_driven_time(ask(&client)).await.expect_err("the wait does not fit");
    assert!(error.is_rate_limited() && error.is_retryable(), "{error}");
    assert!(error.elapsed() < SECOND * 5, "{:?}", error.elapsed());
    assert_eq!(server.received().len(), 1);
    assert!(error.to_string().ends_with("deadline 30.0s"), "{error}");
}

#[tokio::test]
async fn a_silent_service_runs_into_the_timeout_of_each_attempt_and_the_deadline_of_all() {
    let server = Server::follow([Act::Stall, Act::Stall, Act::Stall]).await;
    let client = builder(&server).timeout(SECOND * 10).deadline(SECOND * 15).build().expect("a client");
    let error = in_driven_time(ask(&client)).await.expect_err("nothing comes");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2), "{error}");
    assert!((SECOND * 15..SECOND * 16).contains(&error.elapsed()), "{:?}", error.elapsed());
    assert!(error.to_string().contains("deadline 15.0s"), "{error}");
}

#[tokio::test]
async fn what_cannot_help_is_not_repeated() {
    for (status, code) in [(400, "40001"), (400, "40003"), (401, "40104"), (404, "40400"), (501, "50100")] {
        let server = Server::follow([refusal(status, code), ok("never")]).await;
        let error = ask(&client(&server)).await.expect_err("a refusal");
        assert!(!error.is_retryable(), "{error}");
        assert_eq!(server.received().len(), 1, "{code}");
    }
}

#[tokio::test]
async fn a_training_is_not_created_twice() {
    for act in [Act::Hang, refusal(503, "50300"), refusal(429, "42901")] {
        let server = Server::follow([act.clone(), act.clone()]).await;
        let request = TuningTaskRequest::builder().model("HCX-005");
        let error = client(&server).create_tuning(request).send().await.expect_err("a failure");
        assert_eq!((server.received().len(), error.attempts()), (1, 1), "{act:?}");
    }
}

#[tokio::test]
async fn a_closed_port_is_a_connect_error() {
    let server = Server::follow([]).await;
    let url = server.url();
    drop(server);
    tokio::task::yield_now().await;
    let client = Client::builder().api_key("nv-k").base_url(url).retry(RetryPolicy::none()).build().expect("a client");
    let error = ask(&client).await.expect_err("nobody listens");
    assert!(error.is_connect() && error.is_retryable(), "{error}");
    assert!(std::error::Error::source(&error).is_some(), "the cause is kept");
}

#[tokio::test]
async fn options_of_a_call_replace_those_of_the_client() {
    let server = Server::follow([refusal(503, "50300"), ok("never")]).await;
    let client = builder(&server).header("x-team", "a").user_agent("mine/1").build().expect("a client");
    let options = CallOptions::new()
        .retry(RetryPolicy::none())
        .header(HeaderName::from_static("x-team"), HeaderValue::from_static("b"))
        .member("memberOfTomorrow", json!({ "deep": true }));
    let error = client.chat("HCX-005").user("Hi").with(options).send().await.expect_err("one attempt");
    assert_eq!(error.attempts(), 1);
    let received = &server.received()[0];
    assert_eq!((received.header("x-team"), received.header("user-agent")), (Some("b"), Some("mine/1")));
    assert_eq!(received.json()["memberOfTomorrow"], json!({ "deep": true }));
    assert_eq!(received.json()["messages"][0]["content"], "Hi");
}

#[tokio::test]
async fn prefixes_stand_before_native_paths_only() {
    let list = Act::Answer(200, Vec::new(), json!({ "data": [] }).to_string());
    let task = Act::Answer(200, Vec::new(), json!({ "status": { "code": "20000" }, "result": {} }).to_string());
    let server = Server::follow([ok("a"), list, task]).await;
    let client = builder(&server).app_prefix(AppPrefix::Service).build().expect("a client");
    ask(&client).await.expect("an answer");
    client.openai_models().send().await.expect("a list");
    client.get_tuning("t").send().await.expect("a training");
    let lines: Vec<_> = server.received().into_iter().map(|request| request.line).collect();
    assert_eq!(lines[0], "POST /serviceapp/v3/chat-completions/HCX-005 HTTP/1.1");
    assert_eq!(lines[1..], ["GET /v1/openai/models HTTP/1.1", "GET /tuning/v2/tasks/t HTTP/1.1"]);
}

fn tool() -> Tool {
    serde_json::from_value(json!({ "type": "function", "function": { "name": "f", "description": "d" } }))
        .expect("a tool")
}

fn image() -> ChatV3Content {
    let part: ContentPart =
        serde_json::from_value(json!({ "type": "image_url", "imageUrl": { "url": "https://e.com/a.png" } }))
            .expect("a part");
    vec![part].into()
}

#[tokio::test]
async fn combinations_that_the_vendor_refuses_are_not_sent() {
    let server = Server::follow([ok("switched off")]).await;
    let client = client(&server);
    let chat = |model: &str| client.chat(model).user("Hi");
    let cases = [
        ("one-token-limit", chat("HCX-005").max_tokens(1).max_completion_tokens(1)),
        ("reasoning-model-token-limit", chat("HCX-007").max_tokens(1)),
        ("tools-need-tokens", chat("HCX-005").tools([tool()]).max_tokens(1023)),
        ("thinking-without-tools", chat("HCX-007").tools([tool()]).max_completion_tokens(1024)),
        ("thinking-without-stop", chat("HCX-007").thinking(Effort::Low).stop(["x"])),
        ("image-model", client.chat("HCX-DASH-002").user(image())),
        ("tools-without-images", client.chat("HCX-005").user(image()).tools([tool()]).max_tokens(1024)),
        ("tools-model", client.tuned_chat("t").user("Hi").tools([tool()])),
    ];
    for (rule, call) in cases {
        let error = call.send().await.expect_err(rule);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0), "{rule}");
        assert!(error.to_string().contains(&format!("rule {rule},")), "{error}");
        assert!(
            error.to_string().contains("https://api.ncloud-docs.com/docs/clovastudio-chatcompletionsv3"),
            "{error}"
        );
    }
    let rag: RagReasoningRequest = serde_json::from_value(json!({
        "messages": [{ "role": "user", "content": "Hi" }], "tools": [tool()], "maxTokens": 1024,
    }))
    .expect("a request");
    let error = client.rag_reasoning(rag).send().await.expect_err("tools with a token limit");
    assert!(error.to_string().contains("rule rag-tools-without-max-tokens,"), "{error}");
    let tuning =
        client.create_tuning(TuningTaskRequest::builder().model("HCX-005").training_dataset_bucket("b".to_owned()));
    let error = tuning.send().await.expect_err("a bucket alone");
    assert!(error.to_string().contains("rule data-set-members,"), "{error}");
    assert!(server.received().is_empty());
    let options = CallOptions::new().guards(false);
    let reply = chat("HCX-007").max_tokens(1).with(options).send().await.expect("guards are off");
    assert_eq!(reply.text(), "switched off");
}

#[tokio::test]
async fn an_incomplete_call_is_not_sent() {
    let server = Server::follow([]).await;
    let error = client(&server).chat("HCX-005").send().await.expect_err("no message");
    assert_eq!(
        error.to_string().split(", request").next(),
        Some("the request was not sent: a chat needs a message; call `user`")
    );
    let error = client(&server).rerank(clovastudio::raw::types::RerankRequest::builder().query("?")).send().await;
    assert!(error.expect_err("no documents").to_string().contains("documents"));
}

#[tokio::test]
async fn reasoning_that_used_the_budget_has_a_name() {
    let body = json!({ "status": { "code": "20000" }, "result": {
        "message": { "role": "assistant", "content": "", "thinkingContent": "Let me" }, "finishReason": "length",
    } });
    let server = Server::follow([Act::Answer(200, Vec::new(), body.to_string())]).await;
    let reply = client(&server).chat("HCX-007").user("Hi").max_completion_tokens(9).send().await.expect("an answer");
    assert!(reply.spent_on_thinking() && reply.is_cut_off());
    assert_eq!(reply.answer().expect_err("no text").kind(), ErrorKind::ThinkingBudget);
    assert_eq!(reply.thinking(), Some("Let me"));
}

#[test]
fn bad_settings_are_refused_with_a_reason() {
    let builder = || Client::builder().api_key("nv-0123456789");
    let cases = [
        (Client::builder(), "no key"),
        (Client::builder().api_key(""), "the API key is empty"),
        (Client::builder().api_key("nv-a\nb"), "the API key has a space"),
        (Client::builder().key_pair("a", ""), "the gateway key is empty"),
        (builder().base_url("somewhere"), "the base URL is no URL"),
        (builder().base_url("ftp://e.com"), "begins with `ftp`"),
        (builder().base_url("http://e.com"), "`http`"),
        (builder().base_url("https://u:p@e.com"), "a user, a query or a fragment"),
        (builder().base_url("https://e.com?x=1"), "a user, a query or a fragment"),
        (builder().host(clovastudio::catalogue::Host::LegacyGateway), "pair of keys"),
        (builder().header("a b", "c"), "`a b` is no name"),
        (builder().header("x-a", "b\nc"), "header `x-a` has a control character"),
    ];
    for (builder, problem) in cases {
        let error = builder.build().expect_err(problem);
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        assert!(error.to_string().contains(problem), "{error}");
        assert!(!format!("{error} {error:?}").contains("0123456789"), "{error:?}");
    }
    for url in ["http://localhost:1", "http://127.0.0.1:1/", "http://[::1]:1", "https://e.com/base/"] {
        builder().base_url(url).build().expect(url);
    }
    builder().base_url("http://e.com").allow_http().build().expect("allowed by name");
}

#[tokio::test]
async fn a_refusal_without_a_code_keeps_its_message() {
    let openai = json!({ "error": { "message": "No such route", "type": null, "code": null } });
    let gateway = json!({ "error": { "errorCode": "210", "message": "Permission Denied", "details": "-" } });
    for (body, message) in [(openai, "No such route"), (gateway, "Permission Denied")] {
        let server = Server::follow([Act::Answer(401, Vec::new(), body.to_string())]).await;
        let error = ask(&client(&server)).await.expect_err("a refusal");
        assert_eq!((error.message(), error.code()), (Some(message), None));
        assert!(error.is_auth(), "{error}");
    }
}

#[test]
fn an_error_is_one_line_whatever_the_service_says() {
    let error = Error::new(ErrorKind::Api).with_code("4\n2").with_message("a\r\nb").with_request_id("r\u{85}");
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
    assert!(!error.to_string().contains(char::is_control), "{error}");
}

#[test]
fn an_error_can_be_made_by_hand() {
    let error = Error::new(ErrorKind::Api).with_code("42902").with_request_id("r").with_body("{}");
    assert!(error.is_overloaded() && !error.is_rate_limited() && error.is_retryable());
    assert_eq!((error.status().map(|it| it.as_u16()), error.body()), (Some(429), Some(&b"{}"[..])));
    let error = Error::new(ErrorKind::Api).with_code("64429");
    assert!(error.is_rate_limited(), "the HTTP status of 6xxxx codes is that of the catalogue");
    assert!(Error::new(ErrorKind::Api).with_code("40104").is_auth());
    let error = Error::new(ErrorKind::Timeout).with_operation(Operation::Rerank).with_attempts(3, SECOND * 9);
    let error = error.with_deadline(SECOND * 10);
    assert_eq!((error.operation(), error.attempts(), error.elapsed()), (Some(Operation::Rerank), 3, SECOND * 9));
    assert_eq!(error.to_string(), "the time ran out: 3 attempts in 9.0s, deadline 10.0s");
    assert!(Error::new(ErrorKind::Api).with_code("40084").is_not_found());
    assert!(Error::new(ErrorKind::Api).with_code("50400").is_timeout());
}

#[test]
fn the_client_can_be_shared() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    fn sendable<T: Send>(_: &T) {}
    let client = Client::new("nv-k").expect("a client");
    shared(&client);
    sendable(&client.chat("HCX-005").user("Hi").send());
    sendable(&client.chat("HCX-005").user("Hi").stream());
    sendable(&client.embedding_v2("Hi").send());
    assert!(!format!("{client:?}").contains("nv-k"));
}
