//! Whatever a text holds, the answers keep the document.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Request, chat_openai, chat_v1, chat_v3, request};
use crate::raw::Operation;

/// Texts with all that the answers look for, and any others.
fn text() -> impl Strategy<Value = String> {
    let parts = [
        "부산",
        "날씨는",
        "와",
        "서울과",
        "1,200",
        "-3.5도",
        "“",
        "\"",
        ".",
        "? ",
        "\n\n",
        ", ",
        " and ",
        "weather",
        "New York",
        "city: ",
        "🙂",
        "ß",
        "a@b.co",
        "2026-12-01",
        "<doc1>",
        " ",
        "bomb",
        "{\"search_result\":[",
        "…",
        "İ",
    ];
    let known = prop::collection::vec(prop::sample::select(parts.to_vec()), 1..24).prop_map(|parts| parts.concat());
    prop_oneof![3 => known, 1 => any::<String>().prop_filter("not empty", |text| !text.is_empty())]
}

fn schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "city": { "type": "string", "description": "Name of the city" },
            "query": { "type": "string" },
            "day": { "type": "string", "format": "date" },
            "high": { "type": "number", "maximum": 100 },
            "names": { "type": "array", "items": { "type": "string" } },
        },
        "required": ["city", "day"],
    })
}

fn requests(text: &str, stop: &str, size: i64) -> Vec<Request> {
    let tool = |name: &str| json!({ "name": name, "description": text, "parameters": schema() });
    let tools: Vec<_> =
        ["get_weather", "날씨"].iter().map(|name| json!({ "type": "function", "function": tool(name) })).collect();
    let format = json!({ "type": "json", "schema": schema() });
    let messages = json!([
        { "role": "system", "content": text },
        { "role": "user", "content": text },
        { "role": "assistant", "content": stop },
        { "role": "user", "content": stop },
        { "role": "tool", "toolCallId": "call_1", "content": text },
    ]);
    let document = |text: &str| json!({ "id": text, "doc": text });
    vec![
        chat_v3("HCX-005", text, json!({ "stop": [stop], "maxTokens": size, "includeAiFilters": true })),
        chat_v3("HCX-005", text, json!({ "tools": tools })),
        chat_v3("HCX-007", text, json!({ "maxCompletionTokens": size })),
        chat_v3("HCX-007", text, json!({ "responseFormat": format, "thinking": { "effort": "none" } })),
        chat_v1(text, json!({ "stopBefore": [stop], "maxTokens": size, "includeAiFilters": true })),
        chat_openai("HCX-005", text, json!({ "tools": tools, "max_tokens": 1024 })),
        request(Operation::RagReasoning, json!({ "messages": messages, "tools": tools })),
        request(Operation::Rerank, json!({ "query": text, "documents": [document(stop), document(text)] })),
        request(Operation::SegmentText, json!({ "text": text, "postProcess": true, "postProcessMaxSize": size })),
        request(Operation::Summarize, json!({ "texts": [text, stop], "segMaxSize": size, "segMinSize": 0 })),
        request(Operation::CreateEmbeddingV2, json!({ "text": text })),
        request(Operation::CreateCompletion, json!({ "text": text, "maxTokens": size, "includeTokens": true })),
        request(Operation::RouteQuery, json!({ "query": text })),
        request(Operation::GenerateSkillsetFinalAnswer, json!({ "query": text, "tokenStream": true })),
        Request::new(Operation::SlideChatMessages, "HCX-003", json!({ "messages": messages, "maxTokens": size })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in text(), stop in text(), size in 1..40_i64) {
        for request in requests(&text, &stop, size) {
            let answer = request.answer();
            let events = request.events();
            if let Some(result) = events.iter().find(|event| event["event"] == "result") {
                prop_assert_eq!(&result["data"], &answer["result"]);
            }
        }
    }
}
