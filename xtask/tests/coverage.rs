//! `cargo xtask coverage` as a process: what it prints in each format, and how it ends.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::fs;

use clovastudio::raw::Operation;
use serde_json::Value;
use support::{file, root, xtask};

/// The README of this checkout with something changed.
fn readme(name: &str, from: &str, to: &str) -> String {
    let text = fs::read_to_string(root().join("README.md")).expect("a README");
    assert!(text.contains(from), "`{from}` is not in README.md");
    file(name, &text.replace(from, to))
}

#[test]
fn every_operation_of_this_checkout_is_covered_and_in_the_readme() {
    let run = xtask(["coverage"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[0].starts_with("raw ") && lines[0].ends_with(" page"), "{}", run.stdout);
    assert!(lines.iter().any(|line| line.starts_with("create_chat_completion_v3_stream ")), "{}", run.stdout);
    let last = format!("{} operations and streams: nothing found", Operation::all().count());
    assert_eq!(lines.last(), Some(&last.as_str()));
}

#[test]
fn a_readme_with_another_table_is_a_finding_until_it_is_written() {
    let path = readme("coverage-old.md", "| `rerank` |", "| `reranker` |");
    let run = xtask(["coverage", "--readme", &path, "--format", "markdown"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("| raw | client |"), "{}", run.stdout);
    assert!(run.stdout.contains("### `readme-outdated`"), "{}", run.stdout);
    assert!(run.stdout.contains("`cargo xtask coverage --write`"), "{}", run.stdout);
    assert_eq!(xtask(["coverage", "--readme", &path, "--write"]).code, 0);
    let written = fs::read_to_string(&path).expect("it was written");
    assert_eq!(written, fs::read_to_string(root().join("README.md")).expect("a README"));
}

#[test]
fn the_table_is_printed_for_programs() {
    let path = readme("coverage-json.md", "| `rerank` |", "| `reranker` |");
    let run = xtask(["coverage", "--readme", &path, "--format", "json"]);
    assert_eq!(run.code, 1);
    let value: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(value["operations"].as_array().map(Vec::len), Some(Operation::all().count()));
    assert_eq!(value["operations"][1]["client"], "chat(…).stream()");
    assert_eq!(value["findings"][0]["rule"], "readme-outdated");
}

#[test]
fn a_readme_that_cannot_be_used_ends_with_2() {
    let path = readme("coverage-bare.md", "<!-- coverage:end -->", "");
    let run = xtask(["coverage", "--readme", &path]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("has no `<!-- coverage:begin -->` before `<!-- coverage:end -->`"), "{}", run.stderr);
    let run = xtask(["coverage", "--readme", "no-such-file.md"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: cannot read no-such-file.md"), "{}", run.stderr);
}

#[test]
fn the_help_teaches() {
    let run = xtask(["coverage", "--help"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("Examples:") && run.stdout.contains("cargo xtask coverage --write"), "{}", run.stdout);
}
