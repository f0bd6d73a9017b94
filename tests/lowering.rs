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

const TEXT: &str = include_str!("../spec/openapi.yaml");

const METHODS: [&str; 34] = [
    "create_chat_completion_v3",
    "create_chat_completion_v3_stream",
    "create_task_chat_completion_v3",
    "create_task_chat_completion_v3_stream",
    "create_chat_completion_v1",
    "create_chat_completion_v1_stream",
    "create_task_chat_completion_v1",
    "create_task_chat_completion_v1_stream",
    "create_task_chat_completion_v2",
    "create_task_chat_completion_v2_stream",
    "create_completion",
    "create_task_completion",
    "openai_create_chat_completion",
    "openai_create_chat_completion_stream",
    "openai_create_embedding",
    "openai_list_models",
    "list_tuning_tasks",
    "create_tuning_task",
    "get_tuning_task",
    "delete_tuning_task",
    "rerank",
    "rag_reasoning",
    "tokenize_chat",
    "tokenize_chat_v3",
    "tokenize_embedding_v2",
    "tokenize_completion",
    "slide_chat_messages",
    "summarize",
    "segment_text",
    "create_embedding",
    "create_embedding_v2",
    "route_query",
    "generate_skillset_final_answer",
    "generate_skillset_final_answer_stream",
];

fn parse(text: &str) -> Document {
    Document::parse("spec/openapi.yaml", text).expect("the document is YAML")
}

fn outputs(text: &str) -> Result<Vec<Output>, Fault> {
    build::generate(&Document::parse("spec/openapi.yaml", text)?)
}

#[test]
fn the_operations_are_those_of_the_vendor_and_their_streaming_twins() {
    let lowered = lowering::lower(&parse(TEXT)).expect("the document can be lowered").root;
    let items = lowered["paths"].as_object().expect("paths").iter();
    let operations = items.flat_map(|(path, item)| build::document::operations_of(path, item));
    assert_eq!(operations.map(|operation| operation.id()).collect::<Vec<_>>(), METHODS);
}

#[test]
fn every_operation_has_a_method() {
    let outputs = outputs(TEXT).expect("the document can be generated from");
    let client = &outputs.iter().find(|output| output.name == "client.rs").expect("a client").text;
    for method in METHODS {
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
