//! The lowering that `build.rs` does: which operations come out, what each step does to a small document, and what a
//! mistake in the document is answered with.
//!
//! After a change of a step, `EXPECTORATE=overwrite cargo test --test lowering` writes the golden files anew; their diff
//! shows what the change does.

#[allow(dead_code, reason = "build.rs and xtask use more of it")]
#[path = "../build/mod.rs"]
mod build;

use build::document::{Document, Fault};
use build::{Output, lowering};
use serde_json::Value;

const TEXT: &str = include_str!("../spec/openapi.yaml");

fn parse(text: &str) -> Document {
    Document::parse("spec/openapi.yaml", text).expect("the document is YAML")
}

fn outputs(text: &str) -> Result<Vec<Output>, Fault> {
    build::generate(&Document::parse("spec/openapi.yaml", text)?)
}

/// Names of the operations of a document, in its order.
fn ids(root: &Value) -> Vec<String> {
    let items = root["paths"].as_object().expect("paths").iter();
    let operations = items.flat_map(|(path, item)| build::document::operations_of(path, item));
    operations.map(|operation| operation.id().to_owned()).collect()
}

#[test]
fn the_operations_are_those_of_the_document_each_before_its_streaming_twin() {
    let document = parse(TEXT);
    let lowered = lowering::lower(&document).expect("the document can be lowered").root;
    let (twins, operations): (Vec<_>, Vec<_>) = ids(&lowered).into_iter().partition(|id| id.ends_with("_stream"));
    assert_eq!(operations, ids(&document.root));
    for twin in twins {
        assert!(
            ids(&lowered).windows(2).any(|pair| pair[1] == twin && twin == format!("{}_stream", pair[0])),
            "{twin}"
        );
    }
}

#[test]
fn every_operation_has_a_method() {
    let outputs = outputs(TEXT).expect("the document can be generated from");
    let client = &outputs.iter().find(|output| output.name == "client.rs").expect("a client").text;
    for method in ids(&lowering::lower(&parse(TEXT)).expect("the document can be lowered").root) {
        assert!(client.contains(&format!("pub fn {method}(")), "no method {method}");
    }
    assert!(!client.contains("Error::ErrorResponse("), "a failure response was left typed");
    assert!(!client.contains("```ignore"), "an example that nobody compiles");
    assert!(!client.contains("NonZero"), "a type that takes no literal");
}

#[test]
fn a_small_document_is_lowered_as_reviewed() {
    let small = Document::parse("small.yaml", include_str!("golden/small.yaml")).expect("the document is YAML");
    let lowered = lowering::lower_unchecked(&small);
    let steps: Vec<String> = lowered.report.iter().map(|(step, places)| format!("{step}: {places}\n")).collect();
    expectorate::assert_contents("tests/golden/small-steps.txt", &steps.concat());
    let text = serde_json::to_string_pretty(&lowered.root).expect("a JSON value");
    expectorate::assert_contents("tests/golden/small-lowered.json", &(text + "\n"));
    for (step, places) in lowered.report {
        assert!(places > 0, "the small document has no place for `{step}`");
    }
}

/// Changes the document in one place and expects the build to fail at the line where `mark` first ends.
fn assert_fault(from: &str, to: &str, mark: &str, problem: &str) {
    assert!(TEXT.contains(from), "`{from}` is not in the document");
    let text = TEXT.replacen(from, to, 1);
    let end = text.find(mark).expect("the mark is in the document") + mark.len();
    let line = 1 + text[..end].matches('\n').count();
    let fault = outputs(&text).expect_err("the mistake was taken");
    assert!(fault.to_string().starts_with(&format!("spec/openapi.yaml:{line} ")), "line {line}: {fault}");
    assert!(fault.problem.contains(problem), "{fault}");
    assert!(!fault.remedy.is_empty(), "{fault}");
}

#[test]
fn broken_yaml_is_a_fault_with_its_line() {
    assert_fault("title: CLOVA Studio\n", "title: [CLOVA Studio\n", "title: [CLOVA Studio\n", "");
}

#[test]
fn a_key_that_stands_twice_is_a_fault_with_its_line() {
    let text = TEXT.replacen("  title: CLOVA Studio\n", "  title: CLOVA Studio\n  title: Again\n", 1);
    let fault = outputs(&text).expect_err("the mistake was taken");
    assert!(fault.place.ends_with(":7") || fault.place.ends_with(":6"), "{fault}");
}

#[test]
fn a_reference_to_nothing_is_a_fault_at_the_reference() {
    assert_fault(
        "schema: {$ref: '#/components/schemas/ChatV3Request'}",
        "schema: {$ref: '#/components/schemas/ChatV4Request'}",
        "ChatV4Request",
        "`#/components/schemas/ChatV4Request` points nowhere",
    );
}

#[test]
fn an_operation_without_a_name_is_a_fault_at_the_operation() {
    assert_fault("      operationId: rerank\n", "", "/reranker:\n    post:", "no `operationId`");
}

#[test]
fn two_operations_with_one_name_are_a_fault_at_the_second() {
    assert_fault(
        "operationId: summarize",
        "operationId: rerank",
        "/summarization/v2:\n    post:\n      operationId:",
        "another operation",
    );
}

#[test]
fn what_the_generator_cannot_take_is_a_fault_at_the_schema() {
    assert_fault(
        "    ImageUrl:\n      type: object\n",
        "    ImageUrl:\n      type: objekt\n",
        "    ImageUrl:",
        "the generator cannot take this",
    );
}

#[test]
fn what_the_generator_cannot_take_is_a_fault_at_the_operation() {
    assert_fault(
        "        - name: page\n          in: query\n",
        "        - name: page\n          in: cookie\n",
        "/tuning/v2/tasks:\n    servers: *unprefixed\n    get:",
        "the generator cannot take this",
    );
}

#[test]
fn a_value_without_a_text_is_a_fault_at_the_enumeration() {
    assert_fault(
        "x-extensible-enum: [length, stop, tool_calls]",
        "x-extensible-enum: [length, stop, tool_calls, safety]",
        "\n    FinishReason:",
        "`safety` has no text",
    );
}

#[test]
fn a_step_that_matches_another_number_of_places_is_a_fault_that_names_it() {
    let text = TEXT.replacen("            text/event-stream:\n", "            text/plain:\n", 1);
    let fault = outputs(&text).expect_err("a stream is gone");
    assert!(fault.problem.contains("`drop_event_schemas` matched 6 places and should match 7"), "{fault}");
}

#[test]
fn a_catalogue_entry_with_an_unknown_word_is_a_fault_at_the_entry() {
    assert_fault("    retry: once\n", "    retry: sometimes\n", "'61004':", "`retry` is not");
}
