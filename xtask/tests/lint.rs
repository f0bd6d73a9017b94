//! `cargo xtask lint` as a process: what it prints in each format, and how it ends.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::io;
use std::process::Command;

use serde_json::Value;
use support::{document, file, xtask};

/// The document with two mistakes.
fn broken(name: &str) -> String {
    let text =
        document().replacen("openapi: 3.0.3", "openapi: 3.1.0", 1).replacen("retry: once", "retry: never mind", 1);
    file(name, &text)
}

#[test]
fn the_document_of_this_checkout_is_clean() {
    let run = xtask(["lint"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.starts_with("spec/openapi.yaml against "), "{}", run.stdout);
    assert!(run.stdout.ends_with(" rules: nothing found\n"), "{}", run.stdout);
    assert_eq!(run.stderr, "");
}

#[test]
fn findings_are_printed_for_a_terminal_with_line_pointer_and_remedy() {
    let path = broken("lint-text.yaml");
    let run = xtask(["lint", &path]);
    assert_eq!(run.code, 1);
    let line = 1 + document().lines().position(|line| line == "openapi: 3.0.3").expect("a version");
    let expected = format!("{path}:{line}: the generator reads OpenAPI 3.0, not `3.1.0` [openapi-version ");
    assert!(run.stdout.contains(&expected), "{}", run.stdout);
    assert!(run.stdout.contains("    at: /x-clova-status-codes/61004\n    do: "), "{}", run.stdout);
    assert!(run.stdout.ends_with(" rules: 2 findings\n"), "{}", run.stdout);
}

#[test]
fn findings_are_printed_for_programs() {
    let run = xtask(["lint", &broken("lint-json.yaml"), "--format", "json"]);
    assert_eq!(run.code, 1);
    let value: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let findings = value["findings"].as_array().expect("findings");
    let rules: Vec<&str> = findings.iter().filter_map(|finding| finding["rule"].as_str()).collect();
    assert_eq!(rules, ["openapi-version", "code-entry"]);
    for finding in findings {
        assert_eq!(finding["fingerprint"].as_str().map(str::len), Some(12), "{finding}");
        assert!(finding["remedy"].is_string() && finding["place"]["pointer"].is_string(), "{finding}");
    }
}

#[test]
fn findings_are_printed_for_a_pull_request() {
    let run = xtask(["lint", &broken("lint-markdown.yaml"), "--format", "markdown"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("## ") && run.stdout.contains(" rules: 2 findings\n"), "{}", run.stdout);
    assert!(run.stdout.contains("\n### `openapi-version`: `/openapi`\n"), "{}", run.stdout);
    assert!(run.stdout.contains("\n- do: Write `openapi: 3.0.3`"), "{}", run.stdout);
}

#[test]
fn a_text_that_is_no_yaml_is_a_finding() {
    let path = file("lint-yaml.yaml", "openapi: 3.0.3\ninfo: {}\n\nopenapi: 3.0.4\n");
    let run = xtask(["lint", &path]);
    assert_eq!(run.code, 1);
    let expected = format!("{path}:4: duplicated key in mapping: `openapi: 3.0.4` [yaml ");
    assert!(run.stdout.starts_with(&expected), "{}", run.stdout);
    assert!(run.stdout.contains("\n    at: the document\n    do: Correct the YAML\n"), "{}", run.stdout);
}

#[test]
fn a_key_in_a_recording_is_a_finding_that_does_not_show_it() {
    let key = "nv-0123456789abcdef";
    let path = file("recordings/chat.json", &format!("{{\n  \"authorization\": \"Bearer {key}\"\n}}\n"));
    let directory = path.strip_suffix("/chat.json").expect("a directory");
    let run = xtask(["lint", "--recordings", directory]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("recordings/chat.json:2: an API key stands here [secret "), "{}", run.stdout);
    assert!(!run.stdout.contains(key), "{}", run.stdout);
}

#[test]
fn what_cannot_be_read_ends_with_2_and_says_what() {
    for arguments in [["lint", "no-such-file.yaml"].as_slice(), &["lint", "--recordings", "no-such-directory"]] {
        let run = xtask(arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert_eq!(run.stdout, "");
        let name = arguments.last().expect("a name");
        assert!(run.stderr.starts_with("error: cannot read ") && run.stderr.contains(name), "{}", run.stderr);
    }
    assert_eq!(xtask(["lint", "--format", "xml"]).code, 2);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let broken = broken("lint-pipe.yaml");
    for (arguments, code) in [(["lint", "--rules"], 0), (["lint", broken.as_str()], 1), (["expand", "surface"], 0)] {
        let (reader, writer) = io::pipe().expect("a pipe");
        drop(reader);
        let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).stdout(writer).output();
        let output = output.expect("xtask runs");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn the_rules_and_the_help_teach() {
    let run = xtask(["lint", "--rules"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("\n  openapi-version "), "{}", run.stdout);
    let run = xtask(["lint", "--help"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("Examples:") && run.stdout.contains("cargo xtask lint --rules"), "{}", run.stdout);
}
