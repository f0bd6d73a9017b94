//! Calls of functions, and what is made of their results.

use serde_json::{Value, json};

use super::super::tokenizer;
use super::{Request, chat_openai, chat_v3};
use crate::raw::Operation;

fn tools() -> Value {
    let parameters = json!({
        "type": "object",
        "properties": {
            "location": { "type": "string", "description": "Name of the city" },
            "unit": { "type": "string", "enum": ["celsius", "fahrenheit"] },
        },
        "required": ["location"],
    });
    json!([
        { "type": "function", "function": { "name": "get_time", "description": "Tells the local time." } },
        { "type": "function", "function": {
            "name": "get_weather", "description": "Tells the weather of a city.", "parameters": parameters,
        } },
    ])
}

fn native(question: &str, options: Value) -> Value {
    native_request(question, options).result()
}

fn native_request(question: &str, mut options: Value) -> Request {
    options["tools"] = tools();
    options["maxTokens"] = json!(1024);
    chat_v3("HCX-005", question, options)
}

fn names(result: &Value) -> Vec<&str> {
    let calls = result["message"]["toolCalls"].as_array().into_iter().flatten();
    calls.filter_map(|call| call["function"]["name"].as_str()).collect()
}

#[test]
fn the_best_function_is_called_with_words_of_the_prompt() {
    let result = native("What is the weather in Busan in fahrenheit?", json!({}));
    let arguments = json!({ "location": "Busan", "unit": "fahrenheit" });
    assert_eq!(names(&result), ["get_weather"]);
    assert_eq!(result["message"]["toolCalls"][0]["function"]["arguments"], arguments);
    assert_eq!((&result["message"]["content"], &result["finishReason"]), (&json!(""), &json!("tool_calls")));
    assert!(result["usage"]["completionTokens"].as_u64().is_some_and(|tokens| tokens > 4));
    let id = result["message"]["toolCalls"][0]["id"].as_str().expect("an id");
    assert!(id.len() == 29 && id.starts_with("call_"), "{id}");

    let korean = native("부산 weather 어때?", json!({}));
    assert_eq!(korean["message"]["toolCalls"][0]["function"]["arguments"]["location"], "부산");
}

#[test]
fn the_choice_is_obeyed() {
    assert_eq!(names(&native("What is the weather?", json!({ "toolChoice": "none" }))), [""; 0]);
    let forced = json!({ "toolChoice": { "type": "function", "function": { "name": "get_time" } } });
    assert_eq!(names(&native("What is the weather?", forced)), ["get_time"]);
    assert_eq!(names(&native("Hello", json!({ "toolChoice": "auto" }))), ["get_time"]);
}

#[test]
fn two_wishes_make_two_calls() {
    let result = native("What is the time and the weather in Seoul?", json!({}));
    assert_eq!(names(&result), ["get_time", "get_weather"]);
    let [time, weather] = [0, 1].map(|index| &result["message"]["toolCalls"][index]);
    assert_ne!(time["id"], weather["id"]);
    assert_eq!(weather["function"]["arguments"]["location"], "Seoul");
    let apart = native("Weather in Paris and the time in Rome", json!({}));
    assert_eq!(apart["message"]["toolCalls"][0]["function"]["arguments"]["location"], "Paris");
}

#[test]
fn openai_gets_the_same_calls_with_arguments_as_text() {
    let options = json!({ "tools": tools(), "max_tokens": 1024 });
    let answer = chat_openai("HCX-005", "What is the weather in Busan?", options).answer();
    let choice = &answer["choices"][0];
    assert_eq!((&choice["finish_reason"], &choice["message"]["content"]), (&json!("tool_calls"), &json!("")));
    let arguments = choice["message"]["tool_calls"][0]["function"]["arguments"].as_str().expect("a text");
    let arguments: Value = serde_json::from_str(arguments).expect("JSON");
    assert_eq!(arguments["location"], "Busan");
}

#[test]
fn the_pieces_of_a_stream_make_the_calls() {
    let request = native_request("What is the time and the weather in Seoul?", json!({}));
    let events = request.events();
    let mut calls: Vec<(Value, String)> = Vec::new();
    let pieces = events.iter().filter(|event| event["event"] == "token");
    for piece in pieces.flat_map(|event| event["data"]["message"]["toolCalls"].as_array().into_iter().flatten()) {
        match piece["function"]["partialJson"].as_str() {
            Some(json) => calls.last_mut().expect("a call").1.push_str(json),
            None => calls.push((piece.clone(), String::new())),
        }
    }
    let whole = request.result();
    assert_eq!(calls.len(), 2);
    for (index, (mut call, arguments)) in calls.into_iter().enumerate() {
        call["function"]["arguments"] = serde_json::from_str(&arguments).expect("JSON");
        assert_eq!(call, whole["message"]["toolCalls"][index]);
        assert!(arguments == "{}" || tokenizer::count(&arguments) > 3, "several pieces: {arguments}");
    }
}

#[test]
fn the_chunks_of_a_stream_make_the_calls() {
    let options = json!({ "tools": tools(), "max_tokens": 1024 });
    let request = chat_openai("HCX-005", "What is the time and the weather in Seoul?", options);
    let events = request.events();
    let mut calls: Vec<Value> = Vec::new();
    let pieces = events
        .iter()
        .flat_map(|event| event["data"]["choices"][0]["delta"]["tool_calls"].as_array().into_iter().flatten());
    for piece in pieces {
        let index = piece["index"].as_u64().and_then(|index| usize::try_from(index).ok()).expect("a number");
        if index == calls.len() {
            let mut call = piece.clone();
            call.as_object_mut().expect("an object").remove("index");
            calls.push(call);
            continue;
        }
        let more = piece["function"]["arguments"].as_str().expect("a piece");
        let arguments = &mut calls[index]["function"]["arguments"];
        *arguments = json!(format!("{}{more}", arguments.as_str().expect("a text")));
    }
    assert_eq!(json!(calls), request.answer()["choices"][0]["message"]["tool_calls"]);
}

#[test]
fn results_are_used() {
    let call = json!({ "id": "call_1", "type": "function", "function": { "name": "get_weather", "arguments": {} } });
    let messages = |content: &str| {
        json!([
            { "role": "user", "content": "How warm is it in Busan?" },
            { "role": "assistant", "content": "", "toolCalls": [call] },
            { "role": "tool", "toolCallId": "call_1", "content": content },
        ])
    };
    let said = |content: &str| {
        let body = json!({ "messages": messages(content), "tools": tools(), "maxTokens": 1024 });
        let result = Request::new(Operation::CreateChatCompletionV3, "HCX-005", body).result();
        assert_eq!(result["finishReason"], "stop");
        result["message"]["content"].clone()
    };
    let json = r#"{"location":"Busan","temperature":17}"#;
    assert_eq!(said(json), "According to get_weather: location Busan, temperature 17");
    assert_eq!(said("17 degrees"), "According to get_weather: 17 degrees");
}
