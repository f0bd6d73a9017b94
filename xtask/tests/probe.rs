//! `cargo xtask probe` as a process against the simulator.

use std::path::Path;
use std::process::{Command, Output};

use clovastudio::testing::Simulator;
use serde_json::{Value, json};

const KEY: &str = "nv-planted-key";

fn probe(base_url: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["probe", "--pause", "0", "--base-url", base_url])
        .args(arguments)
        .env("CLOVASTUDIO_API_KEY", KEY)
        .output()
        .expect("the command runs")
}

fn replay(folder: &Path, format: &str) -> Output {
    let folder = folder.to_str().expect("a path in UTF-8");
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["probe", "--replay", folder, "--format", format])
        .env_remove("CLOVASTUDIO_API_KEY")
        .output()
        .expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A simulator that runs beside the test, which waits for a process. It has a tuned model with this base.
fn simulator(base: &str) -> (tokio::runtime::Runtime, Simulator) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let simulator = runtime.block_on(Simulator::builder().tuned_model("my-training", base).start());
    (runtime, simulator.expect("a port of loopback"))
}

const RESOURCES: [&str; 6] =
    ["--parameter", "router-id=of-mine", "--parameter", "skillset-id=of-mine", "--parameter", "version=1"];

const V3: [&str; 6] = [
    "--operation",
    "create_task_chat_completion_v3",
    "--operation",
    "get_tuning_task",
    "--parameter",
    "taskId=my-training",
];

const V1: [&str; 6] = [
    "--operation",
    "create_task_chat_completion_v1",
    "--operation",
    "create_task_chat_completion_v2",
    "--parameter",
    "taskId=my-training",
];

/// Probes a simulator, and answers with what was recorded.
fn recorded(base: &str, arguments: &[&str]) -> Vec<Value> {
    let (_runtime, simulator) = simulator(base);
    let folder = tempfile::tempdir().expect("a folder");
    let save = folder.path().to_str().expect("a path in UTF-8");
    let output = probe(&simulator.base_url(), &[&["--save", save][..], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    let output = replay(folder.path(), "text");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    let files = std::fs::read_dir(folder.path()).expect("a folder").map(|file| file.expect("a file").path());
    let recordings = files.map(|path| {
        let text = std::fs::read_to_string(&path).expect("a text");
        let given = arguments.iter().filter_map(|it| it.split_once('=')).filter(|(name, _)| *name != "version");
        for secret in given.map(|(_, id)| id).chain([KEY]) {
            assert!(!text.contains(secret), "{} shows {secret}", path.display());
        }
        serde_json::from_str(&text).expect("JSON")
    });
    recordings.collect()
}

#[test]
fn the_simulator_says_nothing_that_the_document_does_not_know() {
    let all = recorded("HCX-005", &[&["--all"][..], &RESOURCES].concat());
    assert!(all.len() > 40, "{} recordings", all.len());
    for recording in [all, recorded("HCX-005", &V3), recorded("HCX-003", &V1)].concat() {
        assert_eq!(recording["status"], 200, "{recording:#}");
    }
}

#[test]
fn without_all_nothing_is_generated() {
    let (_runtime, simulator) = simulator("HCX-005");
    let output = probe(&simulator.base_url(), &["--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stderr).contains("left out: get_tuning_task needs --parameter taskId="));
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).expect("JSON"), json!({ "findings": [] }));
}

/// A recording of the document's own answer, changed.
fn changed(change: impl FnOnce(&mut Value)) -> tempfile::TempDir {
    let mut recording = json!({
        "operation": "create_chat_completion_v3",
        "example": "text",
        "source": "this test",
        "parameters": { "modelName": "HCX-005" },
        "request": null,
        "status": 200,
        "headers": {},
        "answer": { "json": {
            "status": { "code": "20000", "message": "OK" },
            "result": { "message": { "role": "assistant", "content": "Hi" }, "finishReason": "stop" },
        } },
    });
    change(&mut recording);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.json"), recording.to_string()).expect("a file");
    folder
}

#[test]
fn what_the_document_does_not_know_is_a_finding() {
    type Change = fn(&mut Value);
    let result = "/answer/json/result";
    let cases: [(&str, &str, Change); 7] = [
        ("unknown-member", "/result/mood", |it| it["answer"]["json"]["result"]["mood"] = json!("good")),
        ("unknown-value", "/result/finishReason", |it| it["answer"]["json"]["result"]["finishReason"] = json!("bored")),
        ("other-type", "/result/message/content", |it| it["answer"]["json"]["result"]["message"]["content"] = json!(7)),
        ("missing-member", "status", |it| drop(it["answer"]["json"].as_object_mut().expect("one").remove("status"))),
        ("unknown-code", "49999", |it| {
            it["status"] = json!(499);
            it["answer"] = json!({ "json": { "status": { "code": "49999" } } });
        }),
        ("refused", "40001", |it| {
            it["status"] = json!(400);
            it["answer"] = json!({ "json": { "status": { "code": "40001" } } });
        }),
        ("other-form", "not JSON", |it| it["answer"] = json!({ "text": "<html>" })),
    ];
    assert_eq!(replay(changed(|it| assert!(it.pointer(result).is_some())).path(), "json").status.code(), Some(0));
    for (rule, named, change) in cases {
        let output = replay(changed(change).path(), "json");
        assert_eq!(output.status.code(), Some(1), "{rule}: {}", text(&output.stderr));
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let findings = report["findings"].as_array().expect("a list");
        let found =
            findings.iter().any(|it| it["rule"] == rule && it["problem"].as_str().is_some_and(|it| it.contains(named)));
        assert!(found, "{rule}: {report:#}");
        for format in ["text", "markdown"] {
            assert!(text(&replay(changed(change).path(), format).stdout).contains(named), "{rule} in {format}");
        }
    }
}

#[test]
fn what_cannot_be_checked_is_no_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.json"), "{}").expect("a file");
    for (output, said) in [
        (replay(Path::new("no/such/folder"), "text"), "cannot read no/such/folder"),
        (replay(folder.path(), "text"), "a.json is no recording"),
        (probe("http://127.0.0.1:9", &[]), "error sending request"),
        (probe("nowhere", &[]), "`nowhere` is no URL"),
        (probe("http://127.0.0.1:9", &["--operation", "sing"]), "the document has no operation `sing`"),
    ] {
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    }
    let keyless = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("probe").env_remove("CLOVASTUDIO_API_KEY").output();
    let keyless = keyless.expect("the command runs");
    assert_eq!(keyless.status.code(), Some(2));
    assert!(text(&keyless.stderr).contains("CLOVASTUDIO_API_KEY is not set"));
}
