//! Pages written by hand, each with an oddity of the vendor's, and what is to be read from them.

use super::sides::lock;
use crate::drift::compare::Sides;
use crate::drift::document::DocumentFacts;
use crate::drift::lock::Edition;
use crate::drift::page::{ReadPage, read};
use crate::workspace;

/// The facts of a page, one a line.
fn facts(page: &ReadPage) -> Vec<String> {
    let facts = page.facts.iter().flat_map(|(section, facts)| {
        facts.values().map(move |told| format!("{section}: {}: {}", told.path, told.statement))
    });
    facts.collect()
}

fn problems(page: &ReadPage) -> Vec<String> {
    page.problems.iter().map(|problem| format!("{}: {}", problem.heading, problem.what)).collect()
}

/// Reads a page without problems.
fn read_well(name: &str, text: &str) -> ReadPage {
    let page = read(name, text);
    assert_eq!(problems(&page), [""; 0]);
    page
}

#[test]
fn the_invented_page() {
    let page = read_well("file", include_str!("pages/clovastudio-example.md"));
    assert_eq!((page.slug.as_str(), page.edition), ("clovastudio-example", Edition::Korean));
    assert_eq!((page.date.as_deref(), page.is_stale), (Some("2026-04-23"), false));
    assert_eq!(
        facts(&page),
        [
            "operations: POST /v1/api-tools/example/{modelName}: nothing more",
            "operations: POST /v1/tasks/{taskId}/example: nothing more",
            "request: items: array, required",
            "request: items[].text: string | array, required",
            "request: limit.max: integer, conditional",
            "request: mode: string, optional, default \"exact\", values fast | exact",
            "request: topP: number, optional, 0 < x ≤ 1, default 0.8",
            "response: result.score: string, values -1 | 0 | 1",
            "response: status: object",
        ]
    );
}

#[test]
fn an_old_english_page_with_dotted_rows_and_without_an_envelope() {
    let page = read_well("file", include_str!("pages/clovastudio-old.md"));
    assert_eq!((page.edition, page.date.as_deref(), page.is_stale), (Edition::English, Some("2024-06-20"), true));
    assert_eq!(
        facts(&page),
        [
            "operations: GET /v1/skillsets: deprecated",
            "operations: POST /v1/skillsets/{skillset-id}/final-answer: nothing more",
            "request headers: Authorization: required",
            "request headers: Content-Type: required, values application/json",
            "request headers: X-NCP-CLOVASTUDIO-REQUEST-ID: optional",
            "path parameters: skillset-id: string, required",
            "path parameters: version: integer, required, 1 ≤ x",
            "query parameters: page: integer, optional, 0 ≤ x ≤ N, default 0",
            "query parameters: size: integer, optional, 1 ≤ x ≤ 100, default 20",
            "request: anything: any, optional",
            "request: chatHistory: array<object>, optional",
            "request: chatHistory[].content: string, required",
            "request: chatHistory[].role: string, required, values user | assistant",
            "request: documents: array<object>, required",
            "request: documents[].id: string, required",
            "request: label: array<string>, optional",
            "request: limit: number, optional, 0 ≤ x ≤ 0.1, default 0",
            "request: name: string, optional",
            "request: query: string, required",
            "request: rate: number, optional, 0.000001 ≤ x ≤ 1, default 0.0001",
            "request: stop: array, optional, default []",
            "request: temperature: number, optional, 0 ≤ x ≤ 1, default 0.5",
            "request: text: string, required, 1 ≤ x ≤ 10000 characters",
            "response: result.apiResult: array",
            "response: result.apiResult[].url: string",
            "response: result.seed: integer",
            "response: result.status: string, values WAIT | RUNNING",
        ]
    );
}

#[test]
fn a_japanese_page_with_signs_of_full_width() {
    let page = read_well("file", include_str!("pages/clovastudio-japanese.md"));
    assert_eq!((page.edition, page.date.as_deref()), (Edition::Japanese, Some("2026-10-08")));
    assert_eq!(
        facts(&page),
        [
            "operations: DELETE /tuning/v2/tasks/{taskId}: nothing more",
            "request headers: Accept: conditional, values text/event-stream",
            "request: loraR: integer, optional, 2 ≤ x ≤ 8, default 8",
            "request: maxTokens: integer, optional, 1 ≤ x ≤ model maximum",
            "request: old: boolean, optional, default false, deprecated",
            "request: text: string, required, x ≤ 8192 tokens",
            "request: topP: number, optional, 0 < x ≤ 1, default 0.8",
            "request: type: string, optional, values function",
            "response: status: object",
        ]
    );
}

#[test]
fn a_government_page_with_bare_names() {
    let page = read_well("file", include_str!("pages/clovastudio-government.md"));
    assert_eq!(page.edition, Edition::Government);
    assert_eq!(
        facts(&page),
        [
            "operations: POST /v3/chat-completions/{modelName}: nothing more",
            "request: alpha: number, optional, -100 | -1.5 ≤ x ≤ 1.5",
            "request: messages: array, required",
            "request: messages[].content: string | array<object>, required",
            "request: messages[].content[].type: string, required, values text | image_url",
            "request: minSize: integer, optional, 0 ≤ x ≤ maxSize",
            "request: n: integer, optional, 1",
            "request: role: string, required, values system | user | assistant",
            "request: seed: integer, optional, 0 | 1 ≤ x ≤ 4294967295, default 0",
            "request: segCnt: integer, optional, -1 | 1 ≤ x, default -1",
            "request: taskType: string, optional, default \"GENERATION\", values GENERATION | CLASSIFICATION",
        ]
    );
}

#[test]
fn tables_of_one_name_belong_to_the_fields_by_number_or_in_their_order() {
    let page = read_well("file", include_str!("pages/clovastudio-namesakes.md"));
    assert_eq!(
        facts(&page),
        [
            "operations: POST /v3/api-tools/chat-tokenize/{modelName}: nothing more",
            "request: choice: object, optional",
            "request: choice.function: object, optional",
            "request: choice.function.name: string, optional",
            "request: later: object, optional",
            "request: later.second: string",
            "request: sooner: object, optional",
            "request: sooner.first: string, optional",
            "request: tools: array, required",
            "request: tools[].function: object, required",
            "request: tools[].function.name: string, required",
            "request: tools[].function.strict: boolean, optional",
            "request: used: array, optional",
            "request: used[].function: object, required",
            "request: used[].function.name: string, required",
            "request: used[].function.strict: boolean, optional",
            "response: result.detail: object",
            "response: result.detail.first: string, optional",
        ]
    );
}

#[test]
fn a_page_about_several_apis_that_only_names_fields() {
    let page = read_well("file", include_str!("pages/clovastudio-openai.md"));
    assert_eq!(
        facts(&page),
        [
            "operations: GET /v1/openai/models: nothing more",
            "operations: POST /v1/openai/chat/completions: nothing more",
            "operations: POST /v1/openai/embeddings: nothing more",
            "request of /v1/openai/chat/completions: max_tokens: default 512",
            "request of /v1/openai/chat/completions: messages: nothing more",
            "request of /v1/openai/chat/completions: messages[].name: nothing more",
            "request of /v1/openai/chat/completions: model: nothing more",
            "request of /v1/openai/chat/completions: n: 1, default 1",
            "request of /v1/openai/chat/completions: repeat_penalty: nothing more",
            "request of /v1/openai/chat/completions: tool_choice: default \"auto\", values auto | none",
            "request of /v1/openai/chat/completions: top_k: nothing more",
            "unsupported members of /v1/openai/chat/completions: audio: nothing more",
            "unsupported members of /v1/openai/chat/completions: user: nothing more",
            "request of /v1/openai/embeddings: dimensions: nothing more",
            "request of /v1/openai/embeddings: encoding_format: default \"float\", values float",
            "request of /v1/openai/embeddings: input: nothing more",
            "request of /v1/openai/embeddings: model: nothing more",
            "unsupported members of /v1/openai/embeddings: user: nothing more",
        ]
    );
}

#[test]
fn a_page_about_several_apis_with_flat_lists_and_korean_names() {
    let page = read_well("file", include_str!("pages/clovastudio-openai-flat.md"));
    assert_eq!(
        facts(&page),
        [
            "operations: POST /v1/openai/chat/completions: nothing more",
            "operations: POST /v1/openai/embeddings: nothing more",
            "request of /v1/openai/chat/completions: max_tokens: default 512",
            "request of /v1/openai/chat/completions: n: 1",
            "request of /v1/openai/chat/completions: parallel_tool_calls: values true",
            "request of /v1/openai/chat/completions: reasoning.effort: values none | low",
            "request of /v1/openai/chat/completions: reasoning_effort: values none | low",
            "request of /v1/openai/chat/completions: repeat_penalty: nothing more",
            "request of /v1/openai/chat/completions: response_format: nothing more",
            "request of /v1/openai/chat/completions: response_format.type: values json_schema",
            "request of /v1/openai/chat/completions: tool_choice: default \"auto\", values auto | none",
            "request of /v1/openai/chat/completions: top_k: nothing more",
            "unsupported members of /v1/openai/chat/completions: audio: nothing more",
            "request of /v1/openai/embeddings: dimensions: 1024, default 1024",
            "request of /v1/openai/embeddings: model: nothing more",
            "unsupported members of /v1/openai/embeddings: user: nothing more",
        ]
    );
}

#[test]
fn the_body_of_a_stream_is_that_of_its_events() {
    let page = read("file", include_str!("pages/clovastudio-answer-stream.md"));
    assert_eq!(
        facts(&page),
        [
            "operations: POST /v1/skillsets/{skillset-id}/final-answer: nothing more",
            "request headers: Accept: conditional, values text/event-stream",
            "response headers: Content-Type: nothing more",
            "response: result.finalAnswer: string",
            "response: status: object",
            "event any: finalAnswer: string",
            "event any: tokenCount: integer",
        ]
    );
    assert_eq!(problems(&page), ["Keywords: a table headed Category | Supported keywords | Remarks"]);
}

#[test]
fn codes_models_and_releases() {
    let page = read_well("file", include_str!("pages/clovastudio-codes.md"));
    assert_eq!(
        facts(&page),
        [
            "codes: 40000: status 400, messages Bad request | Each user message can contain only one image",
            "codes: 40001: status 400, messages Invalid parameter",
            "codes: 42901: status 429, messages Too many requests - rate exceeded",
            "models: HCX-003: contextTokens 8192, maxInputTokens 7600, maxOutputTokens 4096, \
             serviceRequestsPerMinute 180, serviceTokensPerMinute 300000",
            "releases: 2025-04-17: nothing more",
            "releases: 2025-07-29: nothing more",
        ]
    );
}

#[test]
fn a_page_with_streams_and_sections_of_the_same_name() {
    let page = read_well("file", include_str!("pages/clovastudio-stream.md"));
    assert_eq!(
        facts(&page),
        [
            "operations: POST /v1/chat-completions/{modelName}: nothing more",
            "request headers: Accept: conditional, values text/event-stream",
            "request: maxCompletionTokens: integer, optional, default by thinking.effort (low: 5120, none: 512)",
            "request: message: object, required",
            "request: message.text: string, required",
            "request: thinking: object, optional",
            "request: thinking.effort: string, optional, default \"low\", values none | low",
            "response: result.failureReason: string, values file.size | File not found",
            "response: result.message: object",
            "response: result.message.content: string",
            "response: status: object",
            "event error: status: object",
            "event token: finishReason: string, values length | stop",
            "event token: message: object",
            "event token: message.piece: string",
        ]
    );
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_read() {
    let page = read("file", include_str!("pages/clovastudio-odd.md"));
    assert_eq!(facts(&page), ["request: good: string, required"]);
    assert_eq!(
        problems(&page),
        [
            "이상한 페이지: a table headed 이름 모를 표 | 둘째",
            "요청: a method `FETCH`",
            "요청 경로 파라미터: the type `무언가` of `id`",
            "요청 쿼리 파라미터: the requirement `Maybe` of `page`",
            "응답 바디: a row `이름이 아님`",
            "다른 장: a table headed 필드 | 타입 | 설명 in a section that is not known",
            "lonely: a table of fields that belong to no field, from `orphan` on",
            "다른 장: a table about `failureReason`, which the page does not have",
        ]
    );
}

#[test]
fn a_file_that_is_no_page_is_a_finding_and_no_loss_of_facts() {
    let (lock, document) = (lock(), workspace::document().expect("the document parses"));
    let facts = DocumentFacts::read(&document);
    let sides = Sides::new(&lock, &facts);
    for text in ["<!DOCTYPE html><html></html>", "# Only a title\n", "", "---\ntitle: never ended\n"] {
        let page = read("clovastudio-router", text);
        let findings = sides.page(&page);
        let rules: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["unreadable-table"], "{text}");
        assert!(findings[0].theirs.as_ref().is_some_and(|said| said.contains("front matter")), "{findings:?}");
    }
}

#[test]
fn an_unknown_page_is_new() {
    let (lock, document) = (lock(), workspace::document().expect("the document parses"));
    let facts = DocumentFacts::read(&document);
    let sides = Sides::new(&lock, &facts);
    let page = read("file", include_str!("pages/clovastudio-example.md"));
    let findings = sides.page(&page);
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!((finding.rule, finding.subject.as_str()), ("new-page", "clovastudio-example"));
    let theirs = "POST /v1/api-tools/example/{modelName}, POST /v1/tasks/{taskId}/example";
    assert_eq!(finding.theirs.as_deref(), Some(theirs));
    // A page that was taken away is new when it comes back.
    let page = ReadPage { slug: "clovastudio-completions".to_owned(), ..page };
    assert_eq!(sides.page(&page)[0].rule, "new-page");
}
