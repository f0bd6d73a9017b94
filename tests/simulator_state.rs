//! What the simulator remembers: trainings, quotas, scripts and its journal, under a clock that the test drives.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clovastudio::catalogue::MODELS;
use clovastudio::raw::Operation;
use clovastudio::raw::types::{StatusCode, TuningFailureReason};
use clovastudio::testing::{Fault, Quotas, Simulator, SimulatorBuilder, validator};
use serde_json::{Value, json};
use support::caller::{Caller, answer};

const TUNING: &str = "/tuning/v2/tasks";
const V3: &str = "/v3/chat-completions/HCX-005";
const OPENAI: &str = "/v1/openai/chat/completions";
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Monday, 23 November 2026, 19:00 in Korea.
fn noon() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_795_428_000)
}

async fn start(builder: SimulatorBuilder) -> (Simulator, Caller) {
    let simulator = builder.clock_at(noon()).start().await.expect("a port of loopback");
    let caller = Caller::new(&simulator);
    (simulator, caller)
}

fn hours() -> SimulatorBuilder {
    Simulator::builder().tuning_times(HOUR, HOUR * 2)
}

fn training(file: &str) -> Value {
    json!({
        "model": "HCX-005", "trainingDatasetFilePath": file, "trainingDatasetBucket": "b",
        "trainingDatasetAccessKey": "a", "trainingDatasetSecretKey": "s",
    })
}

fn chat() -> Value {
    json!({ "messages": [{ "role": "user", "content": "Hi" }], "maxTokens": 100 })
}

async fn create(caller: &Caller, body: &Value) -> String {
    let created = caller.post(TUNING, body).await;
    created.body["result"]["id"].as_str().unwrap_or_else(|| panic!("{created:?}")).to_owned()
}

async fn task(caller: &Caller, id: &str) -> Value {
    caller.get(&format!("{TUNING}/{id}")).await.body["result"].clone()
}

#[tokio::test]
async fn a_training_waits_runs_and_succeeds_as_time_goes_on() {
    let (simulator, caller) = start(hours()).await;
    let settings = json!({ "name": "mine", "trainEpochs": "4", "learningRate": "1e-4f" });
    let mut body = training("train.csv");
    body.as_object_mut().expect("an object").extend(settings.as_object().expect("an object").clone());
    let id = create(&caller, &body).await;
    assert!(id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{id}");

    let waiting = task(&caller, &id).await;
    assert_eq!((&waiting["status"], &waiting["name"]), (&json!("WAIT"), &json!("mine")));
    assert_eq!((&waiting["trainEpochs"], &waiting["learningRate"]), (&json!(4), &json!(1e-4)));
    assert_eq!(waiting["createdDate"], "2026-11-23T19:00:00+0900");
    assert!(waiting["statusInfo"].as_object().expect("an object").values().all(Value::is_null), "{waiting}");

    simulator.advance(HOUR * 2);
    let running = task(&caller, &id).await;
    let info = &running["statusInfo"];
    assert_eq!(
        (&running["status"], &info["currEpoch"], &info["totalTrainEpochs"]),
        (&json!("RUNNING"), &json!(3), &json!(4))
    );
    assert_eq!(info["currStep"].as_u64().map(|step| step * 2), info["totalTrainSteps"].as_u64());
    assert_eq!((&info["sendWeightSuccess"], &info["endDatetime"]), (&json!(false), &json!("2026-11-23T22:00:00+0900")));

    simulator.advance(HOUR);
    let done = task(&caller, &id).await;
    assert_eq!((&done["status"], &done["statusInfo"]["sendWeightSuccess"]), (&json!("SUCCEEDED"), &json!(true)));
    assert_eq!(done["statusInfo"]["currStep"], done["statusInfo"]["totalTrainSteps"]);
    assert_eq!(done["updatedDate"], "2026-11-23T22:00:00+0900");
}

#[tokio::test]
async fn a_tuned_model_answers_once_it_succeeded_and_until_it_is_deleted() {
    let (simulator, caller) = start(hours()).await;
    let id = create(&caller, &training("train.csv")).await;
    let path = format!("/v3/tasks/{id}/chat-completions");
    let openai = json!({ "model": format!("ft:{id}"), "messages": [{ "role": "user", "content": "Hi" }] });
    for (codes, time) in [(["40400"; 2], HOUR * 2), (["40400"; 2], HOUR), (["20000", ""], Duration::ZERO)] {
        let answers = [caller.post(&path, &chat()).await, caller.post(OPENAI, &openai).await];
        assert_eq!([answers[0].code(), answers[1].code()], codes);
        simulator.advance(time);
    }
    assert_eq!(caller.post(OPENAI, &openai).await.body["model"], "HCX-005", "the base is named");
    assert_eq!(caller.post(&format!("/v1/tasks/{id}/chat-completions"), &chat()).await.code(), "40084");
    answer(caller.request("DELETE", &format!("{TUNING}/{id}"))).await;
    assert_eq!(caller.post(&path, &chat()).await.code(), "40400");
}

#[tokio::test]
async fn a_training_can_fail_for_every_reason_of_the_document() {
    let (simulator, caller) = start(hours()).await;
    let mut halfway = 0;
    for reason in TuningFailureReason::KNOWN {
        let marked = create(&caller, &training(&format!("fail/{reason}/train.csv"))).await;
        simulator.fail_next_tuning(reason.clone());
        let scripted = create(&caller, &training("train.csv")).await;
        let good = create(&caller, &training("failures/train.csv")).await;
        simulator.advance(HOUR + MINUTE);
        halfway += usize::from(task(&caller, &marked).await["status"] == "RUNNING");
        simulator.advance(HOUR * 2);
        for id in [marked, scripted] {
            let failed = task(&caller, &id).await;
            assert_eq!((&failed["status"], &failed["statusInfo"]["failureReason"]), (&json!("FAILED"), &json!(reason)));
            assert!(failed["statusInfo"]["message"].is_string(), "{failed}");
            assert_eq!(caller.post(&format!("/v3/tasks/{id}/chat-completions"), &chat()).await.code(), "40400");
        }
        assert_eq!(task(&caller, &good).await["status"], "SUCCEEDED", "after {reason}");
    }
    assert_eq!(halfway, 3, "failures of a training that ran");
    let without_file = create(&caller, &json!({ "model": "HCX-005" })).await;
    simulator.advance(HOUR * 3);
    assert_eq!(task(&caller, &without_file).await["statusInfo"]["failureReason"], "file.noexist");
}

#[tokio::test]
async fn trainings_are_listed_in_pages_newest_first() {
    let (_simulator, caller) = start(hours().tuned_model("console", "HCX-003")).await;
    let schema = validator("TuningTaskPageEnvelope").expect("a schema");
    let mut ids = vec!["console".to_owned()];
    for _ in 0..24 {
        ids.push(create(&caller, &training("train.csv")).await);
    }
    ids.reverse();
    let mut listed = Vec::new();
    for (page, length) in [(0, 10), (1, 10), (2, 5), (3, 0)] {
        let answer = caller.get(&format!("{TUNING}?page={page}&size=10")).await;
        assert!(schema.is_valid(&answer.body), "{:?}", answer.body);
        let result = &answer.body["result"];
        let numbers = ["totalPages", "totalElements", "size", "number"].map(|name| result[name].as_u64());
        assert_eq!(numbers, [Some(3), Some(25), Some(10), Some(page)]);
        let content = result["content"].as_array().expect("a list");
        assert_eq!(content.len(), length, "page {page}");
        listed.extend(content.iter().map(|task| task["id"].as_str().expect("an id").to_owned()));
    }
    assert_eq!(listed, ids);
    let usual = caller.get(TUNING).await.body;
    assert_eq!((&usual["result"]["size"], &usual["result"]["number"]), (&json!(20), &json!(0)));
    let last = &caller.get(&format!("{TUNING}?page=24&size=1")).await.body["result"]["content"][0];
    assert_eq!((&last["createdClientType"], &last["method"]), (&json!("WEB"), &json!("LoRA")));
}

#[tokio::test]
async fn ids_follow_from_the_seed() {
    let mut ids = Vec::new();
    for seed in [1, 1, 2] {
        let (_simulator, caller) = start(hours().seed(seed)).await;
        ids.push([create(&caller, &training("a")).await, create(&caller, &training("a")).await]);
    }
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
    assert_ne!(ids[0][0], ids[0][1]);
}

#[tokio::test]
async fn requests_beyond_a_quota_are_refused_until_the_minute_is_over() {
    let (simulator, caller) = start(Simulator::builder().quota("HCX-005", 2, 1_000_000)).await;
    let headers = ["limit", "remaining", "reset"].map(|part| format!("x-ratelimit-{part}-requests"));
    for (time, code, expected) in [
        (Duration::ZERO, "20000", ["2", "1", "60s"]),
        (SECOND * 10, "20000", ["2", "0", "50s"]),
        (Duration::from_millis(1_500), "42901", ["2", "0", "49s"]),
        (SECOND * 48, "42901", ["2", "0", "1s"]),
        (SECOND, "20000", ["2", "1", "60s"]),
    ] {
        simulator.advance(time);
        let answer = caller.post(V3, &chat()).await;
        let told = headers.each_ref().map(|name| answer.header(name).unwrap_or_default());
        assert_eq!((answer.code(), told), (code, expected));
    }
}

#[tokio::test]
async fn tokens_count_with_what_may_be_generated_and_for_the_base_of_a_tuned_model() {
    let builder = Simulator::builder().quota("HCX-005", 100, 2_000).tuned_model("tuned", "HCX-005");
    let (simulator, caller) = start(builder).await;
    let mut body = chat();
    body["maxTokens"] = 1_000.into();
    let first = caller.post(V3, &body).await;
    let left: u64 = first.header("x-ratelimit-remaining-tokens").expect("a header").parse().expect("a number");
    assert!(first.code() == "20000" && (900..1_000).contains(&left), "{left}");
    let second = caller.post("/v3/tasks/tuned/chat-completions", &body).await;
    assert_eq!((second.status.as_u16(), second.code()), (429, "42901"));
    assert_eq!(second.header("x-ratelimit-remaining-requests"), Some("99"), "a refused request is not counted");
    let refused = caller.post(V3, &json!({ "messages": [{ "role": "user", "content": "" }] })).await;
    assert_eq!((refused.code(), refused.header("x-ratelimit-remaining-requests")), ("40004", Some("99")));
    let other = caller.post("/v3/chat-completions/HCX-DASH-002", &body).await;
    assert_eq!((other.code(), other.header("x-ratelimit-remaining-tokens")), ("20000", None));
    simulator.advance(MINUTE);
    assert_eq!(caller.post(V3, &body).await.code(), "20000");
}

#[tokio::test]
async fn quotas_of_keys_are_those_of_the_catalogue() {
    for quotas in [Quotas::Off, Quotas::TestKey, Quotas::ServiceKey] {
        let (_simulator, caller) = start(Simulator::builder().quotas(quotas)).await;
        for model in MODELS.iter().filter(|model| model.operations.contains(&"create_chat_completion_v3")) {
            let mut body = chat();
            body.as_object_mut().expect("an object").remove("maxTokens");
            let answer = caller.post(&format!("/v3/chat-completions/{}", model.name), &body).await;
            let limit = match quotas {
                Quotas::TestKey => model.test_key_limit,
                Quotas::ServiceKey => model.service_key_limit,
                _ => None,
            };
            let expected = limit.map(|limit| limit.requests_per_minute.to_string());
            assert_eq!(answer.header("x-ratelimit-limit-requests"), expected.as_deref(), "{quotas:?} {}", model.name);
        }
    }
}

/// Sends a chat under a path and with a key, and tells the limit that it counts for and what is left of it.
async fn counted(caller: &Caller, path: &str, key: &str) -> [u32; 2] {
    let asked = answer(caller.bare("POST", path).bearer_auth(key).json(&chat())).await;
    ["limit", "remaining"].map(|part| {
        let told = asked.header(&format!("x-ratelimit-{part}-requests")).unwrap_or_else(|| panic!("{asked:?}"));
        told.parse().expect("a number")
    })
}

#[tokio::test]
async fn test_and_service_keys_have_counters_of_their_own_that_all_keys_of_a_kind_share() {
    let model = MODELS.iter().find(|model| model.name.as_str() == "HCX-005").expect("a model");
    let limits = [model.test_key_limit, model.service_key_limit];
    let [test, service] = limits.map(|limit| limit.expect("a limit").requests_per_minute);
    let (on_test_app, on_service_app) = (&format!("/testapp{V3}"), &format!("/serviceapp{V3}"));
    let (_simulator, caller) = start(Simulator::builder().quotas(Quotas::TestKey)).await;
    for (path, key, expected) in [
        (V3, "nv-1", [test, test - 1]),
        (V3, "nv-2", [test, test - 2]),
        (on_test_app, "nv-1", [test, test - 3]),
        (V3, "nv-service-1", [service, service - 1]),
        (V3, "nv-service-2", [service, service - 2]),
        (on_service_app, "nv-1", [service, service - 3]),
        (V3, "nv-3", [test, test - 4]),
    ] {
        assert_eq!(counted(&caller, path, key).await, expected, "{path} {key}");
    }
    let (_simulator, caller) = start(Simulator::builder().quotas(Quotas::ServiceKey)).await;
    for (path, key, expected) in [
        (V3, "nv-1", [service, service - 1]),
        (V3, "nv-service-1", [service, service - 2]),
        (on_test_app, "nv-1", [test, test - 1]),
    ] {
        assert_eq!(counted(&caller, path, key).await, expected, "{path} {key}");
    }
}

#[tokio::test]
async fn a_quota_that_a_test_sets_holds_for_each_kind_of_key() {
    let (_simulator, caller) = start(Simulator::builder().quota("HCX-005", 2, 10_000)).await;
    for (key, left) in [("nv-1", 1), ("nv-service", 1), ("nv-2", 0), ("nv-service", 0)] {
        assert_eq!(counted(&caller, V3, key).await, [2, left], "{key}");
    }
    let openai = json!({ "model": "HCX-005", "messages": [{ "role": "user", "content": "Hi" }] });
    for key in ["nv-1", "nv-service"] {
        let beyond = answer(caller.bare("POST", OPENAI).bearer_auth(key).json(&openai)).await;
        assert_eq!(beyond.code(), "42901", "{key}: both APIs of a model have one counter");
    }
}

#[tokio::test]
async fn a_tool_has_a_quota_under_the_name_of_its_operation() {
    let (_simulator, caller) = start(Simulator::builder().quota("segment_text", 1, 100_000)).await;
    let body = json!({ "text": "First topic. Second topic." });
    let codes = [
        caller.post("/v1/api-tools/segmentation", &body).await.code().to_owned(),
        caller.post("/v1/api-tools/segmentation", &body).await.code().to_owned(),
    ];
    assert_eq!(codes, ["20000", "42901"]);
}

#[tokio::test]
async fn scripts_are_said_one_after_the_other_by_chats_only() {
    let (simulator, caller) = start(Simulator::builder()).await;
    simulator.answer_next("하나");
    simulator.answer_next("둘");
    caller.post("/v1/api-tools/segmentation", &json!({ "text": "First topic." })).await;
    for expected in ["하나", "둘"] {
        let answer = caller.post(V3, &chat()).await;
        assert_eq!(answer.body["result"]["message"]["content"], expected);
    }
    let answer = caller.post(V3, &chat()).await;
    assert!(!["하나", "둘"].contains(&answer.body["result"]["message"]["content"].as_str().expect("a text")));
}

#[tokio::test]
async fn the_journal_tells_what_was_received_without_its_secrets() {
    let (simulator, caller) = start(Simulator::builder()).await;
    let secret = json!({ "messages": [{ "role": "user", "content": "a secret prompt" }] });
    let pair = caller.bare("POST", "/testapp/v3/chat-completions/HCX-005?trace=secret").json(&secret);
    let pair = pair.header("x-ncp-clovastudio-api-key", "app-secret").header("x-ncp-apigw-api-key", "gateway-secret");
    answer(pair.header("accept", "text/event-stream")).await;
    simulator.advance(MINUTE);
    answer(caller.request("POST", V3).json(&secret).header("x-simulator-fault", "42902")).await;
    answer(caller.request("GET", "/nowhere").header("cookie", "secret=1")).await;

    let journal = simulator.journal();
    let [streamed, failed, lost] = journal.as_slice() else { panic!("{journal:?}") };
    assert_eq!((streamed.method.as_str(), streamed.path.as_str()), ("POST", "/testapp/v3/chat-completions/HCX-005"));
    assert_eq!(streamed.query.as_deref(), Some("trace=secret"));
    assert_eq!(streamed.operation, Some(Operation::CreateChatCompletionV3Stream));
    assert_eq!((streamed.status, &streamed.fault, streamed.at), (Some(200), &None, noon()));
    assert_eq!(streamed.header("x-ncp-apigw-api-key"), Some("[masked]"));
    assert_eq!((streamed.json(), streamed.body()), (secret.clone(), secret.to_string().as_bytes()));

    assert_eq!(failed.operation, Some(Operation::CreateChatCompletionV3));
    assert_eq!((failed.status, &failed.fault), (Some(429), &Some(Fault::Code(StatusCode::Overloaded))));
    assert_eq!((failed.at, failed.header("authorization")), (noon() + MINUTE, Some("[masked]")));
    assert_eq!((lost.status, lost.operation, lost.json()), (Some(404), None, Value::Null));

    let shown = format!("{journal:?} {simulator:?}");
    for part in ["secret", "nv-any"] {
        assert!(!shown.contains(part), "{shown}");
    }
    simulator.clear_journal();
    caller.get("/nowhere").await;
    assert_eq!(simulator.journal().len(), 1);
}

#[tokio::test]
async fn the_journal_keeps_the_latest_requests() {
    let (simulator, caller) = start(Simulator::builder().journal_limit(2)).await;
    for number in 0..5 {
        caller.get(&format!("/{number}")).await;
    }
    let paths: Vec<_> = simulator.journal().into_iter().map(|received| (received.path, received.status)).collect();
    assert_eq!(paths, [("/3".to_owned(), Some(404)), ("/4".to_owned(), Some(404))]);
}
