//! What the simulator refuses: code, message, HTTP status and shape of each refusal.

#![allow(dead_code, reason = "support is shared")]
mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clovastudio::raw::types::StatusCode;
use clovastudio::testing::Simulator;
use serde_json::{Value, json};
use support::caller::{Answer, Caller, answer};

const V3: &str = "/v3/chat-completions/HCX-005";
const V3_THINKING: &str = "/v3/chat-completions/HCX-007";
const V1: &str = "/v1/chat-completions/HCX-003";
const TUNED: &str = "/v3/tasks/tuned/chat-completions";
const TUNING: &str = "/tuning/v2/tasks";
const SUMMARIZATION: &str = "/v1/api-tools/summarization/v2";
const SEGMENTATION: &str = "/v1/api-tools/segmentation";
const TOKENIZE_V1: &str = "/v1/api-tools/chat-tokenize/HCX-003";
const TOKENIZE_V3: &str = "/v3/api-tools/chat-tokenize/HCX-005";
const RAG: &str = "/v1/api-tools/rag-reasoning";
const OPENAI: &str = "/v1/openai/chat/completions";
const OPENAI_EMBEDDINGS: &str = "/v1/openai/embeddings";

const BAD_SCHEMA: &str = "40055 Invalid response format schema";

async fn start() -> (Simulator, Caller) {
    let simulator = Simulator::builder().tuned_model("tuned", "HCX-005").start().await.expect("a port of loopback");
    let caller = Caller::new(&simulator);
    (simulator, caller)
}

/// Sends bodies that are to be refused with this code and message.
async fn assert_refused(cases: impl IntoIterator<Item = (&str, &str, Value)>) {
    let (_simulator, caller) = start().await;
    for (expected, path, body) in cases {
        let refused = caller.post(path, &body).await;
        let shown: String = body.to_string().chars().take(300).collect();
        assert_eq!(format!("{} {}", refused.code(), refused.message()), expected, "{path} {shown}");
        assert_shape(path, &refused);
    }
}

/// A refusal has the HTTP status of its code, and the shape of its API.
fn assert_shape(path: &str, refused: &Answer) {
    let (code, message) = (refused.code(), refused.message());
    let entry = StatusCode::from(code).entry().expect("a code of the catalogue");
    assert_eq!(refused.status.as_u16(), entry.http_status, "{path}");
    let shape = if path.starts_with("/v1/openai/") {
        json!({ "error": { "message": message, "type": null, "param": null, "code": code } })
    } else {
        json!({ "status": { "code": code, "message": message }, "result": null })
    };
    assert_eq!(refused.body, shape, "{path}");
}

/// A chat with these members.
fn chat(members: &Value) -> Value {
    let mut body = json!({ "messages": user("Hi") });
    let added = members.as_object().expect("members").clone();
    body.as_object_mut().expect("an object").extend(added);
    body
}

fn openai(model: &str, members: &Value) -> Value {
    let mut body = chat(members);
    body["model"] = model.into();
    body
}

fn user(content: impl Into<Value>) -> Value {
    json!([{ "role": "user", "content": content.into() }])
}

fn tools() -> Value {
    json!([{ "type": "function", "function": { "name": "f", "description": "A function." } }])
}

#[tokio::test]
async fn forms_and_ranges() {
    assert_refused([
        ("40000 Bad request", V3, json!([])),
        ("40001 Invalid parameter: messages", V3, json!({})),
        ("40001 Invalid parameter: messages", V3, json!({ "messages": [] })),
        ("40001 Invalid parameter: messages", V3, json!({ "messages": "Hi" })),
        ("40001 Invalid parameter: messages[0].content", V3, json!({ "messages": user(Value::Null) })),
        (
            "40001 Invalid parameter: messages[0].role",
            V3,
            json!({ "messages": [{ "role": "robot", "content": "Hi" }] }),
        ),
        ("40001 Invalid parameter: maxTokens", V3, chat(&json!({ "maxTokens": 0 }))),
        ("40001 Invalid parameter: maxTokens", V3, chat(&json!({ "maxTokens": 4_097 }))),
        ("40001 Invalid parameter: topP", V3, chat(&json!({ "topP": 0 }))),
        ("40001 Invalid parameter: thinking.effort", V3_THINKING, chat(&json!({ "thinking": { "effort": "off" } }))),
        ("40001 Invalid parameter: temperature", V1, chat(&json!({ "temperature": 0 }))),
        ("40001 Invalid parameter: tool_choice", OPENAI, openai("HCX-005", &json!({ "tool_choice": "required" }))),
        ("40001 Invalid parameter: n", OPENAI, openai("HCX-005", &json!({ "n": 2 }))),
        ("40001 Invalid parameter: trainEpochs", TUNING, json!({ "model": "HCX-005", "trainEpochs": "21" })),
        ("40001 Invalid parameter: learningRate", TUNING, json!({ "model": "HCX-005", "learningRate": "fast" })),
        ("40001 Invalid parameter: version", "/v1/routers/r/versions/0/route", json!({ "query": "Hi" })),
        ("40001 Invalid parameter: version", "/v1/skillsets/s/versions/new/final-answer", json!({ "query": "Hi" })),
        ("61002 Missing input value", "/v1/skillsets/s/versions/latest/final-answer", json!({})),
    ])
    .await;
}

#[tokio::test]
async fn texts_that_are_empty_or_too_long() {
    let words = "낱말 ".repeat(400_000);
    assert_refused([
        ("40004 Text empty", V3, json!({ "messages": user("") })),
        ("40004 Text empty", V3, json!({ "messages": user(json!([{ "type": "text", "text": "" }])) })),
        ("40004 Text empty", "/v1/api-tools/embedding/v2", json!({ "text": "" })),
        ("40004 Text empty", "/v1/api-tools/summarization/v2", json!({ "texts": [""] })),
        (
            "40004 Text empty",
            "/v1/api-tools/reranker",
            json!({ "query": "Hi", "documents": [{ "id": "a", "doc": "" }] }),
        ),
        ("40004 Text empty", OPENAI_EMBEDDINGS, json!({ "model": "bge-m3", "input": "" })),
        ("40003 Context length exceeded", V3, json!({ "messages": user(words.as_str()) })),
        ("40003 Context length exceeded", V1, json!({ "messages": user("낱말 ".repeat(8_000)) })),
        ("40003 Context length exceeded", "/v1/chat-completions/HCX-DASH-001", chat(&json!({ "maxTokens": 4_096 }))),
        ("40003 Context length exceeded", "/v1/api-tools/embedding/clir-emb-dolphin", json!({ "text": words })),
        (
            "40003 Context length exceeded",
            "/v1/api-tools/embedding/v2/tokenize",
            json!({ "text": "가".repeat(10_001) }),
        ),
    ])
    .await;
}

#[tokio::test]
async fn models() {
    let chat = json!({ "messages": user("Hi") });
    assert_refused([
        ("40080 Model not found", "/v3/chat-completions/HCX-999", chat.clone()),
        ("40080 Model not found", OPENAI, openai("gpt-4o", &json!({}))),
        ("40082 Model fade out", "/v1/chat-completions/HCX-002", chat.clone()),
        ("40082 Model fade out", "/v1/completions/LK-D2", json!({ "text": "Hi" })),
        ("40084 Unsupported API for model", "/v3/chat-completions/HCX-003", chat.clone()),
        ("40084 Unsupported API for model", "/v1/chat-completions/HCX-005", chat.clone()),
        ("40084 Unsupported API for model", "/v1/tasks/tuned/chat-completions", chat.clone()),
        ("40084 Unsupported API for model", "/v1/api-tools/embedding/bge-m3", json!({ "text": "Hi" })),
        ("40084 Unsupported API for model", OPENAI, openai("bge-m3", &json!({}))),
        ("40084 Unsupported API for model", TUNING, json!({ "model": "HCX-007" })),
        ("40400 Not found", "/v3/tasks/unknown/chat-completions", chat),
        ("40400 Not found", OPENAI, openai("ft:unknown", &json!({}))),
    ])
    .await;
}

#[tokio::test]
async fn what_a_model_does_not_have_or_take() {
    let format = json!({ "type": "json", "schema": { "type": "object", "properties": {} } });
    let image = json!([{ "type": "image_url", "imageUrl": { "url": "https://example.com/cat.png" } }]);
    let tools = json!({ "tools": tools(), "max_tokens": 1024 });
    assert_refused([
        ("40009 Unsupported function", TUNING, json!({ "model": "HCX-005", "tuningType": "FULL" })),
        ("40009 Unsupported function", V3, chat(&json!({ "responseFormat": format }))),
        ("40009 Unsupported function", TUNED, chat(&tools)),
        ("40009 Unsupported function", OPENAI, openai("ft:tuned", &tools)),
        ("40009 Unsupported input format", V3_THINKING, json!({ "messages": user(image) })),
        ("40001 Invalid parameter: thinking", V3, chat(&json!({ "thinking": { "effort": "low" } }))),
        ("40001 Invalid parameter: tools", OPENAI, openai("HCX-003", &tools)),
        ("40001 Invalid parameter: reasoning_effort", OPENAI, openai("HCX-005", &json!({ "reasoning_effort": "low" }))),
        ("40001 Invalid parameter: repeat_penalty", OPENAI, openai("HCX-005", &json!({ "repeat_penalty": 2 }))),
    ])
    .await;
}

#[tokio::test]
async fn rules_between_fields() {
    let tools = tools();
    let both = json!({ "maxTokens": 9, "maxCompletionTokens": 9 });
    let json_schema = json!({ "schema": { "type": "object", "properties": {} } });
    let format = json!({ "response_format": { "type": "json_schema", "json_schema": json_schema } });
    let systems = json!([{ "role": "system", "content": "a" }, { "role": "system", "content": "b" }]);
    let few = json!({ "tools": tools, "maxTokens": 512 });
    assert_refused([
        ("40001 Invalid parameter: maxCompletionTokens, maxTokens", V3, chat(&both)),
        ("40001 Invalid parameter: maxTokens", V3_THINKING, chat(&json!({ "maxTokens": 9 }))),
        ("40001 Invalid parameter: tools", V3_THINKING, chat(&json!({ "tools": tools }))),
        ("40001 Invalid parameter: maxTokens, tools", V3, chat(&few)),
        ("40001 Invalid parameter: maxTokens, tools", RAG, chat(&json!({ "tools": tools, "maxTokens": 1024 }))),
        ("40001 Invalid parameter: tools", OPENAI, openai("HCX-005", &json!({ "tools": tools }))),
        ("40001 Invalid parameter: response_format", OPENAI, openai("HCX-007", &format)),
        ("40001 Invalid parameter: stop", OPENAI, openai("HCX-007", &json!({ "stop": "." }))),
        ("40001 Invalid parameter: messages", V3, json!({ "messages": systems })),
        (
            "40001 Invalid parameter: trainingDatasetBucket",
            TUNING,
            json!({ "model": "HCX-005", "trainingDatasetBucket": "b" }),
        ),
    ])
    .await;
}

/// A turn of each role, with an answer of a function that nobody called.
fn turn(role: &str) -> Value {
    json!({ "role": role, "content": "Hi", "toolCallId": "call_1" })
}

#[tokio::test]
async fn roles_that_an_api_does_not_have() {
    let messages = |role| json!([turn("system"), turn("user"), turn(role)]);
    let history = |role| json!({ "query": "Hi", "chatHistory": [turn("user"), turn(role)] });
    let skillset = "/v1/skillsets/s/versions/latest/final-answer";
    let (router, refused) = ("/v1/routers/r/versions/1/route", "40001 Invalid parameter: chatHistory");
    let sliding = json!({ "messages": messages("tool"), "maxTokens": 100 });
    assert_refused([
        ("40001 Invalid parameter: messages", V1, json!({ "messages": messages("tool") })),
        ("40001 Invalid parameter: messages", TOKENIZE_V1, json!({ "messages": messages("tool") })),
        ("40001 Invalid parameter: messages", "/v1/api-tools/sliding/chat-messages/HCX-003", sliding),
        (refused, router, history("assistant")),
        (refused, router, history("system")),
        (refused, router, history("tool")),
        (refused, skillset, history("system")),
        (refused, skillset, history("tool")),
    ])
    .await;
    let (_simulator, caller) = start().await;
    assert_eq!(caller.post(skillset, &history("assistant")).await.code(), "20000");
    assert_eq!(caller.post(V1, &json!({ "messages": messages("assistant") })).await.code(), "20000");
}

#[tokio::test]
async fn answers_of_functions_that_nobody_can_place() {
    let call = json!({ "id": "call_1", "type": "function", "function": { "name": "f", "arguments": {} } });
    let calling = json!({ "role": "assistant", "content": "", "toolCalls": [call] });
    let returned = json!({ "role": "tool", "content": "1", "toolCallId": "call_1" });
    let lost = json!({ "role": "tool", "content": "1" });
    let messages = |more: &[&Value]| json!({ "messages": ([&[&turn("user")], more].concat()), "tools": tools() });
    let openai = |more: &[&Value]| {
        let mut body = messages(more);
        body["model"] = "HCX-005".into();
        body["max_tokens"] = 1024.into();
        let text = body.to_string().replace("toolCallId", "tool_call_id").replace("toolCalls", "tool_calls");
        serde_json::from_str::<Value>(&text.replace(r#""arguments":{}"#, r#""arguments":"{}""#)).expect("JSON")
    };
    let refused = "40001 Invalid parameter: messages";
    let paths = [V3, RAG, TOKENIZE_V3];
    let cases = paths
        .iter()
        .flat_map(|path| [(refused, *path, messages(&[&calling, &lost])), (refused, *path, messages(&[&returned]))]);
    assert_refused(cases).await;
    assert_refused([(refused, OPENAI, openai(&[&calling, &lost])), (refused, OPENAI, openai(&[&returned]))]).await;
    let (_simulator, caller) = start().await;
    for path in paths {
        assert_eq!(caller.post(path, &messages(&[&calling, &returned])).await.code(), "20000", "{path}");
    }
    let answer = caller.post(OPENAI, &openai(&[&calling, &returned])).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn sizes_of_paragraphs_that_cross() {
    let summary = |members: Value| {
        let mut body = json!({ "texts": ["One topic. Another topic."] });
        body.as_object_mut().expect("an object").extend(members.as_object().expect("members").clone());
        body
    };
    let segments = |process: bool, least: i64, most: i64| {
        json!({
            "text": "One topic. Another topic.", "postProcess": process, "postProcessMinSize": least,
            "postProcessMaxSize": most,
        })
    };
    let (small, smallest) = ("40001 Invalid parameter: segMinSize", "40001 Invalid parameter: postProcessMinSize");
    assert_refused([
        (small, SUMMARIZATION, summary(json!({ "segMinSize": 301, "segMaxSize": 300 }))),
        (small, SUMMARIZATION, summary(json!({ "segMinSize": 1_001 }))),
        (smallest, SEGMENTATION, segments(true, 301, 300)),
    ])
    .await;
    let (_simulator, caller) = start().await;
    for (path, body) in [
        (SUMMARIZATION, summary(json!({ "segMinSize": 300, "segMaxSize": 300 }))),
        (SUMMARIZATION, summary(json!({ "segMinSize": 1_000 }))),
        (SUMMARIZATION, summary(json!({ "segMaxSize": 200 }))),
        (SUMMARIZATION, summary(json!({ "segMinSize": 301, "segMaxSize": 300, "autoSentenceSplitter": false }))),
        (SEGMENTATION, segments(true, 300, 300)),
        (SEGMENTATION, segments(true, -1, 300)),
        (SEGMENTATION, segments(false, 301, 300)),
    ] {
        assert_eq!(caller.post(path, &body).await.code(), "20000", "{body}");
    }
}

#[tokio::test]
async fn limits_hold_where_a_page_has_them() {
    let texts = |length: usize| json!({ "texts": ["가".repeat(20_000), "가".repeat(length)] });
    let long = "낱말 ".repeat(130_000);
    let tool = json!({ "messages": user(long.as_str()), "tools": tools() });
    let document = json!({ "query": "Hi", "documents": [{ "id": "a", "doc": long }] });
    let part = image(&png(100, 100));
    let two = json!({ "messages": user(json!([part, part])) });
    assert_refused([
        ("40003 Context length exceeded", SUMMARIZATION, texts(15_001)),
        ("40003 Context length exceeded", RAG, tool),
        ("40003 Context length exceeded", "/v1/api-tools/reranker", document),
        ("40000 Each user message can contain only one image", TOKENIZE_V3, two),
        (
            "40001 Invalid parameter: messages",
            OPENAI,
            openai("HCX-005", &json!({ "messages": [turn("system"), turn("system"), turn("user")] })),
        ),
    ])
    .await;
    let (_simulator, caller) = start().await;
    assert_eq!(caller.post(SUMMARIZATION, &texts(15_000)).await.code(), "20000");
    let systems = json!({ "messages": [turn("system"), turn("system"), turn("user")] });
    for path in [V1, TOKENIZE_V1, TOKENIZE_V3] {
        assert_eq!(
            caller.post(path, &systems).await.code(),
            "20000",
            "{path}: only chats of v3 have one system message"
        );
    }
}

#[tokio::test]
async fn members_of_openai_that_are_not_supported() {
    let embedding = |name: &str, value: &str| json!({ "model": "bge-m3", "input": "Hi", name: value });
    assert_refused([
        ("40002 Unsupported parameter: stream_options", OPENAI, openai("HCX-005", &json!({ "stream_options": {} }))),
        ("40002 Unsupported parameter: user", OPENAI_EMBEDDINGS, embedding("user", "u")),
        ("40002 Unsupported parameter: encoding_format", OPENAI_EMBEDDINGS, embedding("encoding_format", "base64")),
    ])
    .await;
}

#[tokio::test]
async fn schemas_in_requests() {
    let format = |schema: &Value| {
        chat(&json!({ "thinking": { "effort": "none" }, "responseFormat": { "type": "json", "schema": schema } }))
    };
    let member = |member: &Value| format(&json!({ "type": "object", "properties": { "a": member } }));
    let inner = json!({ "type": "object", "additionalProperties": false });
    let parameters = json!({ "type": "object", "properties": { "a": inner } });
    let tool = json!({ "name": "f", "description": "A function.", "parameters": parameters });
    assert_refused([
        (BAD_SCHEMA, V3_THINKING, format(&json!({ "type": "string" }))),
        (BAD_SCHEMA, V3_THINKING, format(&json!({ "type": "object", "additionalProperties": false }))),
        (BAD_SCHEMA, V3_THINKING, member(&json!({ "type": "string", "pattern": "a" }))),
        (BAD_SCHEMA, V3_THINKING, member(&json!({ "type": "string", "format": "uri" }))),
        (BAD_SCHEMA, V3_THINKING, member(&json!({ "type": "string", "minimum": 1 }))),
        (BAD_SCHEMA, V3_THINKING, member(&json!({ "type": ["string", "null"] }))),
        (BAD_SCHEMA, V3_THINKING, member(&json!({ "anyOf": [{ "type": "string", "const": "a" }] }))),
        (BAD_SCHEMA, "/v3/api-tools/chat-tokenize/HCX-007", format(&json!({ "type": "array" }))),
        (
            "40001 Invalid parameter: tools",
            V3,
            chat(&json!({ "tools": [{ "type": "function", "function": tool }], "maxTokens": 1024 })),
        ),
    ])
    .await;
}

/// The head of a PNG, which tells its sides.
fn png(width: u32, height: u32) -> String {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 0, 0, 0, 0, 0, 0, 0, 0]);
    STANDARD.encode(bytes)
}

fn image(data: &str) -> Value {
    json!({ "type": "image_url", "dataUri": { "data": data } })
}

#[tokio::test]
async fn images() {
    let shown = |part: Value| json!({ "messages": user(json!([part])) });
    let file = |bytes: &[u8]| shown(image(&STANDARD.encode(bytes)));
    let sides = |width, height| shown(image(&png(width, height)));
    let good = || image(&png(100, 100));
    let six: Value = (0..6).map(|_| json!({ "role": "user", "content": [good()] })).collect();
    let uri = format!("data:image/png;base64,{}", png(501, 100));
    let uri = json!({ "type": "image_url", "image_url": { "url": uri } });
    assert_refused([
        (
            "40000 Each user message can contain only one image",
            V3,
            json!({ "messages": user(json!([good(), good()])) }),
        ),
        ("40003 Image limit exceeded", V3, json!({ "messages": six })),
        ("40060 Unsupported image format", V3, file(b"GIF89a\x01\0\x01\0\0\0\0")),
        ("40061 File size error", V3, file(b"")),
        ("40061 File size error", V3, file(&vec![0; 20 * 1024 * 1024 + 1])),
        ("40063 Invalid image size", V3, sides(2_241, 2_000)),
        ("40063 Invalid image size", V3, sides(3, 3)),
        ("40063 Invalid image ratio", V3, sides(501, 100)),
        ("40063 Invalid image file", V3, shown(image("no Base64"))),
        ("40063 Invalid image file", V3, shown(image(&png(9, 9)[..20]))),
        ("40063 Invalid image url", V3, shown(json!({ "type": "image_url", "imageUrl": { "url": "cat.png" } }))),
        ("40001 Invalid parameter: messages", V3, shown(json!({ "type": "image_url" }))),
        ("40001 Invalid parameter: messages", TOKENIZE_V3, shown(json!({ "type": "image_url" }))),
        ("40001 Invalid parameter: imageUrl", V3, shown(json!({ "type": "image_url", "imageUrl": {} }))),
        ("40063 Invalid image ratio", OPENAI, openai("HCX-005", &json!({ "messages": user(json!([uri])) }))),
    ])
    .await;
}

#[tokio::test]
async fn paths() {
    let embedding = json!({ "model": "bge-m3", "input": "Hi" });
    assert_refused([
        ("40400 Not found", "/", json!({})),
        ("40400 Not found", "/v3/chat-completions", chat(&json!({}))),
        ("40400 Not found", "/v1/openai/responses", json!({})),
        ("40400 Not found", "/otherapp/v3/chat-completions/HCX-005", chat(&json!({}))),
        ("40400 Not found", "/testapp/testapp/v3/chat-completions/HCX-005", chat(&json!({}))),
        ("40400 Not found", "/testapp/v1/openai/embeddings", embedding),
    ])
    .await;
}

#[tokio::test]
async fn keys_media_types_and_sizes_are_checked() {
    let (_simulator, caller) = start().await;
    let body = chat(&json!({}));
    let bare = || caller.bare("POST", V3).json(&body);
    let keyed = || caller.request("POST", V3);
    let openai = || caller.bare("GET", "/v1/openai/models");
    let pair = [("x-ncp-clovastudio-api-key", "a"), ("x-ncp-apigw-api-key", "b")];
    let json_text = || keyed().body(body.to_string());
    let tuning = || caller.request("POST", "/tuning/v2/tasks").body("x");
    let cases = [
        (bare(), "40100"),
        (bare().header("authorization", "Bearer other"), "40104"),
        (bare().header("authorization", "Basic abc"), "40102"),
        (bare().header("authorization", "bearer nv-1"), "20000"),
        (bare().header(pair[0].0, pair[0].1), "40100"),
        (bare().header(pair[0].0, pair[0].1).header(pair[1].0, pair[1].1), "20000"),
        (openai().header(pair[0].0, pair[0].1).header(pair[1].0, pair[1].1), "40102"),
        (openai(), "40100"),
        (json_text(), "41500"),
        (json_text().header("content-type", "text/plain"), "41500"),
        (json_text().header("content-type", "application/json; charset=utf-8"), "20000"),
        (tuning().header("content-type", "multipart/form-data"), "41501"),
        (tuning().header("content-type", "multipart/form-data; boundary=x"), "41500"),
        (keyed().header("content-type", "application/json").body("{"), "40000"),
        (keyed().header("content-type", "application/json").body(vec![b' '; 50 * 1024 * 1024 + 1]), "41300"),
        (keyed().json(&body).header("accept", "text/html"), "40600"),
        (keyed().json(&body).header("accept", "text/html, */*;q=0.1"), "20000"),
        (caller.request("GET", "/tuning/v2/tasks").header("accept", "text/event-stream"), "40600"),
        (caller.request("GET", "/tuning/v2/tasks?page=-1"), "40001"),
        (caller.request("GET", "/tuning/v2/tasks?size=101"), "40001"),
        (caller.request("GET", "/tuning/v2/tasks?size=ten"), "40001"),
        (caller.request("GET", "/tuning/v2/tasks/unknown"), "40400"),
        (caller.request("DELETE", "/tuning/v2/tasks/unknown"), "40400"),
        (caller.request("PUT", V3).json(&body), "40400"),
    ];
    for (request, expected) in cases {
        let shown = format!("{request:?}");
        let answer = answer(request).await;
        assert_eq!(answer.code(), expected, "{shown}");
        if answer.status != 200 {
            assert_shape(if answer.body.get("error").is_some() { "/v1/openai/" } else { "/" }, &answer);
        }
    }
}
