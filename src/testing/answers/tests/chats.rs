//! What is said, and where it ends.

use serde_json::{Value, json};

use super::super::tokenizer;
use super::{Request, chat_openai, chat_v1, chat_v3, examples, request};
use crate::raw::Operation;

#[test]
fn a_stream_says_what_the_answer_says() {
    let streaming = examples().into_iter().filter(Request::streams);
    for example in streaming {
        let events = example.events();
        match example.operation {
            Operation::OpenaiCreateChatCompletion => assert_chunks(&example, &events),
            Operation::GenerateSkillsetFinalAnswer => assert_skillset(&example, &events),
            _ => assert_native(&example, &events),
        }
    }
}

fn assert_native(example: &Request, events: &[Value]) {
    let names: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap_or_default()).collect();
    let (tokens, end) = names.split_at(names.len() - 2);
    assert!(tokens.iter().all(|name| *name == "token"), "{names:?}");
    assert_eq!(end, ["result", "signal"]);
    let result = &events[events.len() - 2]["data"];
    assert_eq!(*result, example.result());
    for part in ["content", "thinkingContent"] {
        assert_eq!(joined(events, &format!("/data/message/{part}")), text(&result["message"][part]), "{example:?}");
    }
    for event in &events[..tokens.len()] {
        let data = &event["data"];
        assert!(data["finishReason"].is_null() && data["stopReason"].is_null() && data["usage"].is_null());
        assert_ne!(data["message"].get("thinkingContent").is_some(), data["message"].get("content").is_some());
    }
}

fn assert_chunks(example: &Request, events: &[Value]) {
    let answer = example.answer();
    let message = &answer["choices"][0]["message"];
    for part in ["content", "reasoning_content"] {
        assert_eq!(joined(events, &format!("/data/choices/0/delta/{part}")), text(&message[part]), "{example:?}");
    }
    let [.., last, done] = events else { panic!("{events:?}") };
    assert_eq!(done["data"], "[DONE]");
    assert_eq!(last["data"]["usage"], answer["usage"]);
    assert_eq!(last["data"]["choices"][0]["finish_reason"], answer["choices"][0]["finish_reason"]);
    assert!(events[..events.len() - 1].iter().all(|event| event["data"]["id"] == answer["id"]));
}

fn assert_skillset(example: &Request, events: &[Value]) {
    let (result, last) = (example.result(), &events[events.len() - 1]);
    assert_eq!(last["event"], "finalAnswer");
    assert_eq!(last["data"]["finalAnswer"], result["finalAnswer"]);
    assert_eq!(last["data"]["apiResult"][0]["url"], result["apiResult"][0]["url"]);
    let counts = events.iter().filter_map(|event| event["data"]["tokenCount"].as_u64()).sum::<u64>();
    assert_eq!(result["tokenCount"], counts);
}

fn joined(events: &[Value], pointer: &str) -> String {
    let events = events.iter().filter(|event| event["event"] != "result");
    events.filter_map(|event| event.pointer(pointer).and_then(Value::as_str)).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn the_answer_is_an_echo_in_the_language_of_the_user() {
    let content = |question| chat_v3("HCX-005", question, json!({})).result()["message"]["content"].clone();
    assert_eq!(content("What is a tensor?"), "You said: “What is a tensor?”");
    assert_eq!(content("텐서가 무엇인가요?"), "“텐서가 무엇인가요?”라고 말씀하셨습니다.");
    let openai = chat_openai("HCX-005", "Hi", json!({})).answer();
    assert_eq!(openai["choices"][0]["message"]["content"], "You said: “Hi”");
    let parts = json!([
        { "type": "image_url", "imageUrl": { "url": "https://example.com/cat.png" } },
        { "type": "text", "text": "What is this?" },
    ]);
    let body = json!({ "messages": [{ "role": "user", "content": parts }] });
    let result = Request::new(Operation::CreateChatCompletionV3, "HCX-005", body).result();
    assert_eq!(result["message"]["content"], "I see an image. You said: “What is this?”");
    assert!(result["usage"]["promptTokens"].as_u64().is_some_and(|tokens| tokens > tokenizer::IMAGE));
}

#[test]
fn a_script_is_said_within_the_limits() {
    let request = chat_v3("HCX-005", "Hi", json!({ "maxTokens": 2, "stop": ["three"] }));
    assert_eq!(request.said("one two three")["result"]["message"]["content"], "one two");
    let request = chat_v1("Hi", json!({}));
    assert_eq!(request.said("Good day.")["result"]["message"]["content"], "Good day.");
    let tools = json!([{ "type": "function", "function": { "name": "f", "description": "f" } }]);
    let openai = chat_openai("HCX-005", "Hi", json!({ "tools": tools, "max_tokens": 1024 })).said("No tool.");
    assert_eq!(openai["choices"][0]["message"]["content"], "No tool.");
    let completion = super::request(Operation::CreateTaskCompletion, json!({ "text": "Once", "restart": "\n" }));
    assert_eq!(completion.said(" upon a time")["result"]["text"], "Once upon a time\n");
}

#[test]
fn the_token_limit_cuts() {
    let question = "one two three four five six seven";
    for most in 1..20 {
        let result = chat_v3("HCX-005", question, json!({ "maxTokens": most })).result();
        let tokens = result["usage"]["completionTokens"].as_u64().expect("a count");
        assert_eq!(tokens, most.min(12), "{result}");
        assert_eq!(result["finishReason"], if most < 12 { "length" } else { "stop" });
        let result = chat_v1(question, json!({ "maxTokens": most })).result();
        assert_eq!(result["outputLength"], most.min(12));
        assert_eq!(result["stopReason"], if most < 12 { "length" } else { "stop_before" });
        let answer = chat_openai("HCX-005", question, json!({ "max_tokens": most })).answer();
        assert_eq!(answer["choices"][0]["finish_reason"], if most < 12 { "length" } else { "stop" });
    }
}

#[test]
fn a_stop_string_ends_the_answer() {
    let stops = json!(["", "four", "three"]);
    let result = chat_v3("HCX-005", "two three four", json!({ "stop": stops })).result();
    assert_eq!((&result["message"]["content"], &result["finishReason"]), (&json!("You said: “two "), &json!("stop")));
    let result = chat_v1("two three four", json!({ "stopBefore": stops })).result();
    assert_eq!(
        (&result["message"]["content"], &result["stopReason"]),
        (&json!("You said: “two "), &json!("stop_before"))
    );
    let answer = chat_openai("HCX-005", "two three four", json!({ "stop": "three" })).answer();
    assert_eq!(answer["choices"][0]["message"]["content"], "You said: “two ");
}

#[test]
fn a_given_seed_is_used_and_filters_come_when_asked_for() {
    for seed in [1_u32, u32::MAX] {
        assert_eq!(chat_v3("HCX-005", "Hi", json!({ "seed": seed })).result()["seed"], seed);
        assert_eq!(chat_v1("Hi", json!({ "seed": seed })).result()["seed"], seed);
        assert_eq!(chat_openai("HCX-005", "Hi", json!({ "seed": seed })).answer()["seed"], seed);
    }
    let derived = chat_v3("HCX-005", "Hi", json!({ "seed": 0 })).result();
    assert!(derived["seed"].as_u64().is_some_and(|seed| seed > 0));
    assert!(derived.get("aiFilter").is_none());
    assert_eq!(chat_v1("Hi", json!({})).result()["aiFilter"], json!([]));
    for result in [
        chat_v3("HCX-005", "바보야", json!({ "includeAiFilters": true })).result(),
        chat_v1("바보야", json!({ "includeAiFilters": true })).result(),
        request(Operation::CreateCompletion, json!({ "text": "Hi", "includeAiFilters": true })).result(),
    ] {
        let filters = result["aiFilter"].as_array().expect("verdicts");
        assert_eq!(filters.len(), 3, "{result}");
        assert!(filters.iter().all(|filter| filter["score"].is_string()));
    }
}

#[test]
fn reasoning_comes_first_and_may_spend_the_budget() {
    let lengths = ["none", "low", "medium", "high"].map(|effort| {
        let result = chat_v3("HCX-007", "Is 221 a prime?", json!({ "thinking": { "effort": effort } })).result();
        let thinking = text(&result["message"]["thinkingContent"]).to_owned();
        let tokens = result["usage"]["completionTokensDetails"]["thinkingTokens"].as_u64().unwrap_or_default();
        assert_eq!(tokens, tokenizer::count(&thinking));
        let content = tokenizer::count(text(&result["message"]["content"]));
        assert_eq!(result["usage"]["completionTokens"], tokens + content);
        tokens
    });
    assert!(lengths.is_sorted_by(|one, other| one < other) && lengths[0] == 0, "{lengths:?}");
    let openai = chat_openai("HCX-007", "221은 소수인가요?", json!({ "reasoning_effort": "low" })).answer();
    assert!(text(&openai["choices"][0]["message"]["reasoning_content"]).contains("221"));
    assert!(openai["usage"]["completion_tokens_details"]["reasoning_tokens"].is_u64());
    for most in 1..=lengths[1] {
        let result = chat_v3("HCX-007", "Is 221 a prime?", json!({ "maxCompletionTokens": most })).result();
        assert_eq!((&result["message"]["content"], &result["finishReason"]), (&json!(""), &json!("length")));
        assert_eq!(result["usage"]["completionTokensDetails"]["thinkingTokens"], most);
    }
}

#[test]
fn openai_answers_have_the_recorded_form() {
    let answer = chat_openai("HCX-005", "Hi", json!({})).answer();
    let id = text(&answer["id"]);
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    assert_eq!(answer["usage"]["completion_tokens_details"], Value::Null);
    assert_eq!(answer["created"], super::NOW);
    assert_eq!(answer["model"], "HCX-005");
    let streamed = chat_openai("HCX-005", "Hi", json!({ "stream": true }));
    assert_eq!(streamed.answer()["id"], answer["id"]);
}

#[test]
fn a_completion_is_the_prompt_and_what_follows() {
    let body = json!({ "text": "Once upon", "start": "<", "restart": ">", "includeTokens": true, "maxTokens": 2 });
    let result = request(Operation::CreateCompletion, body).result();
    assert_eq!(result["text"], "Once upon< And so>");
    assert_eq!((&result["outputText"], &result["outputLength"]), (&json!("< And so>"), &json!(2)));
    assert_eq!(result["outputTokens"], json!([" And", " so"]));
    assert_eq!((&result["inputTokens"], &result["inputLength"]), (&json!(["Once", " upon"]), &json!(2)));
    assert_eq!(result["stopReason"], "length");
}
