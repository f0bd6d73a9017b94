//! `cargo xtask expand` as a process: what it prints, and how it ends.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::fs;

use serde_json::Value;
use support::{document, file, xtask};

/// The document with a field more, one less and one of another type.
fn changed(name: &str) -> String {
    let added = "        suggestedQueries:\n";
    let new = "        confidence:\n          type: number\n          format: double\n          description: How sure the model is.\n";
    let text = document().replacen(added, &format!("{new}{added}"), 1);
    let text = text.replacen(
        "        autoSentenceSplitter:\n          type: boolean\n",
        "        splitter:\n          type: string\n",
        1,
    );
    file(name, &text)
}

#[test]
fn the_lowered_document_is_printed_in_both_notations() {
    let run = xtask(["expand", "--notation", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lowered: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert!(lowered["paths"].get("//v3/chat-completions/{modelName}").is_some(), "the streaming twin is missing");
    let run = xtask(["expand"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.starts_with("openapi: 3.0.3\n"), "{}", &run.stdout[..200]);
    assert!(run.stdout.contains("\n  //v3/chat-completions/{modelName}:\n") || run.stdout.contains("\n  \"//v3/"));
}

#[test]
fn every_generated_file_is_printed_by_its_name() {
    for (name, part) in [
        ("client", "pub fn create_chat_completion_v3_stream("),
        ("mocks", "pub trait MockServerExt"),
        ("values", "pub enum FinishReason"),
        ("events", "pub enum ChatV3Event"),
        ("catalogue", "pub static MODELS"),
        ("surface", "\npub fn raw::Client::rerank(&self) -> builder::Rerank"),
    ] {
        let run = xtask(["expand", name]);
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
        assert!(run.stdout.contains(part), "{name} has no `{part}`");
    }
    let run = xtask(["expand", "clients"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("there is no `clients`; choose one of document, surface, client, "), "{}", run.stderr);
}

#[test]
fn one_operation_is_printed_with_all_that_belongs_to_it_and_nothing_else() {
    let run = xtask(["expand", "--operation", "rerank"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for part in [
        "# ---- lowered\n",
        "operationId: rerank\n",
        "    RerankResult:\n",
        "# ---- surface\n\npub fn raw::Client::rerank(&self) -> builder::Rerank",
        "\npub raw::types::RerankResult::usage: Option<Usage>\n",
        "// ---- method\n",
        "pub fn rerank(&self) -> builder::Rerank<'_>",
        "pub struct Rerank<'a>",
        "pub async fn send(",
        "pub struct RerankResult {",
        "pub enum StatusCode {",
        "pub struct RerankWhen(",
    ] {
        assert!(run.stdout.contains(part), "no `{part}`");
    }
    for part in ["RagReasoning", "summarize", "pub struct Summarize"] {
        assert!(!run.stdout.contains(part), "`{part}` does not belong to it");
    }
    let run = xtask(["expand", "--operation", "rerank_stream"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("there is no operation `rerank_stream`; choose one of "), "{}", run.stderr);
}

#[test]
fn the_accepted_surface_is_that_of_this_checkout() {
    let run = xtask(["expand", "--check"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "public surface: as accepted\n"), "{}", run.stderr);
}

#[test]
fn a_change_of_the_document_is_a_readable_difference_until_it_is_accepted() {
    let path = changed("expand-changed.yaml");
    let run = xtask(["expand", "--check", "--document", &path]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    for line in [
        "+ pub raw::types::RerankResult::confidence: Option<f64>\n",
        "- pub raw::types::SummarizationRequest::auto_sentence_splitter: Option<bool>\n",
        "+ pub raw::types::SummarizationRequest::splitter: Option<String>\n",
        "public surface: 1 gone, 2 new; if this is what",
    ] {
        assert!(run.stdout.contains(line), "no `{line}` in\n{}", run.stdout);
    }
    assert_eq!(run.stdout.lines().count(), 4, "{}", run.stdout);
    let summary = file("expand-surface.txt", "");
    assert_eq!(xtask(["expand", "--write", "--document", &path, "--summary", &summary]).code, 0);
    assert_eq!(xtask(["expand", "--check", "--document", &path, "--summary", &summary]).code, 0);
    assert!(fs::read_to_string(&summary).expect("it was written").contains("RerankResult::confidence"));
}

#[test]
fn differences_are_printed_for_programs_and_pull_requests() {
    let path = changed("expand-formats.yaml");
    let run = xtask(["expand", "--check", "--document", &path, "--format", "json"]);
    assert_eq!(run.code, 1);
    let value: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(value["new"][0], "pub raw::types::RerankResult::confidence: Option<f64>");
    assert_eq!(value["gone"].as_array().map(Vec::len), Some(1));
    let run = xtask(["expand", "--check", "--document", &path, "--format", "markdown"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("## public surface: 1 gone, 2 new\n\n```diff\n+ pub raw::"), "{}", run.stdout);
    assert!(run.stdout.contains("`cargo xtask expand --write`"), "{}", run.stdout);
}

#[test]
fn what_cannot_be_expanded_ends_with_2_and_says_where() {
    let broken = file(
        "expand-broken.yaml",
        &document().replacen("    ImageUrl:\n      type: object\n", "    ImageUrl:\n      type: objekt\n", 1),
    );
    let run = xtask(["expand", "client", "--document", &broken]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("(#/components/schemas/ImageUrl): the generator cannot take this"), "{}", run.stderr);
    let run = xtask(["expand", "--check", "--summary", "no-such-file.txt"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("cannot read no-such-file.txt; `cargo xtask expand --write` writes it"),
        "{}",
        run.stderr
    );
    assert_eq!(xtask(["expand", "--check", "--write"]).code, 2);
}

#[test]
fn the_help_teaches() {
    let run = xtask(["expand", "--help"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("Examples:") && run.stdout.contains("--operation rerank"), "{}", run.stdout);
}
