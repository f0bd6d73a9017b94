//! Function calling, structured outputs and conversations against a server that follows a script.

#![allow(dead_code, reason = "support is shared")]
mod support;

use clovastudio::image::Image;
use clovastudio::raw::types::{OpenAiToolCall, ToolCall};
use clovastudio::{CallOptions, Client, ErrorKind, Functions, OnToolError};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use support::server::{Act, Server};

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
struct Place {
    /// Name of the city
    location: String,
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
struct Weather {
    high: f64,
    low: f64,
}

fn client(server: &Server) -> Client {
    Client::builder().api_key("nv-k").base_url(server.url()).build().expect("a client")
}

fn answer(message: &Value, finish_reason: &str) -> Act {
    let body =
        json!({ "status": { "code": "20000" }, "result": { "message": message, "finishReason": finish_reason } });
    Act::Answer(200, Vec::new(), body.to_string())
}

fn text(text: &str) -> Act {
    answer(&json!({ "role": "assistant", "content": text }), "stop")
}

fn calls(calls: &[(&str, &str, Value)]) -> Act {
    let calls: Vec<_> = calls
        .iter()
        .map(|(id, name, arguments)| json!({ "id": id, "type": "function", "function": { "name": name, "arguments": arguments } }))
        .collect();
    answer(&json!({ "role": "assistant", "content": "", "toolCalls": calls }), "tool_calls")
}

fn functions() -> Functions {
    Functions::new()
        .add("get_weather", "Tells the weather of a city.", |place: Place| async move {
            if place.location == "Atlantis" {
                Err("no such city")
            } else {
                Ok(json!({ "city": place.location, "t": 17 }))
            }
        })
        .expect("the schema can be sent")
}

#[tokio::test]
async fn functions_are_called_until_the_model_answers() {
    let server = Server::follow([
        calls(&[
            ("call_1", "get_weather", json!({ "location": "부산" })),
            ("call_2", "get_weather", json!({ "location": "Atlantis" })),
        ]),
        calls(&[("call_3", "nothing", json!({})), ("call_4", "get_weather", json!({ "city": 1 }))]),
        text("17 degrees"),
    ])
    .await;
    let reply = client(&server).chat("HCX-005").user("How warm?").max_tokens(1024).run(&functions()).await;
    assert_eq!(reply.expect("an answer").text(), "17 degrees");
    let received = server.received();
    assert_eq!(
        received[0].json()["tools"][0]["function"]["parameters"],
        json!({
            "type": "object",
            "properties": { "location": { "type": "string", "description": "Name of the city" } },
            "required": ["location"],
        })
    );
    let messages = received[2].json()["messages"].clone();
    assert_eq!(messages[1]["content"], "", "never null beside calls");
    assert_eq!(messages[1]["toolCalls"][0]["function"]["arguments"], json!({ "location": "부산" }));
    assert_eq!(messages[2], json!({ "role": "tool", "toolCallId": "call_1", "content": r#"{"city":"부산","t":17}"# }));
    assert_eq!(messages[3], json!({ "role": "tool", "toolCallId": "call_2", "content": "error: no such city" }));
    assert_eq!(messages[5]["content"], "error: there is no such function");
    assert!(messages[6]["content"].as_str().is_some_and(|text| text.starts_with("error: the answer cannot be read")));
}

#[tokio::test]
async fn a_failing_function_can_end_the_run() {
    let server = Server::follow([calls(&[("call_1", "get_weather", json!({ "location": "Atlantis" }))])]).await;
    let functions = functions().on_error(OnToolError::Return);
    let error = client(&server).chat("HCX-005").user("How warm?").max_tokens(1024).run(&functions).await;
    let error = error.expect_err("the function failed");
    assert_eq!(error.kind(), ErrorKind::Tool);
    assert_eq!(std::error::Error::source(&error).map(ToString::to_string).as_deref(), Some("no such city"));
}

#[tokio::test]
async fn a_model_that_does_not_stop_calling_is_given_up() {
    let call = || calls(&[("call_1", "get_weather", json!({ "location": "부산" }))]);
    let server = Server::follow([call(), call(), call()]).await;
    let functions = functions().max_rounds(2);
    let error = client(&server).chat("HCX-005").user("How warm?").max_tokens(1024).run(&functions).await;
    assert_eq!(error.expect_err("two rounds").kind(), ErrorKind::Tool);
    assert_eq!(server.received().len(), 2);
}

#[test]
fn arguments_are_read_from_an_object_and_from_a_text() {
    let busan = || Place { location: "부산".to_owned() };
    let call: ToolCall =
        serde_json::from_value(json!({ "function": { "name": "f", "arguments": { "location": "부산" } } })).unwrap();
    assert_eq!((call.name(), call.arguments::<Place>().unwrap()), ("f", busan()));
    for arguments in [json!({ "location": "부산" }), json!(r#"{"location":"부산"}"#)] {
        let call: OpenAiToolCall = serde_json::from_value(json!({ "function": { "arguments": arguments } })).unwrap();
        assert_eq!(call.arguments::<Place>().unwrap(), busan());
    }
    let call: ToolCall = serde_json::from_value(json!({ "function": { "name": "f" } })).unwrap();
    assert_eq!(call.arguments::<Place>().unwrap_err().kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn an_answer_is_parsed_into_a_type() {
    for answer in [r#"{"high": 32, "low": 15.5}"#, "```json\n{\"high\": 32, \"low\": 15.5}\n```"] {
        let server = Server::follow([text(answer)]).await;
        let weather =
            client(&server).chat("HCX-007").user("High 32, low 15.5").parse::<Weather>().await.expect("a value");
        assert_eq!(weather.into_inner(), Weather { high: 32.0, low: 15.5 });
        let sent = server.received()[0].json();
        assert_eq!(sent["thinking"], json!({ "effort": "none" }));
        assert_eq!(sent["responseFormat"]["type"], "json");
        assert_eq!(sent["responseFormat"]["schema"]["required"], json!(["high", "low"]));
    }
}

#[tokio::test]
async fn an_answer_that_is_no_value_comes_with_its_text() {
    let cases = [("stop", "not documented"), ("length", "the token limit cut the JSON off")];
    for (finish_reason, problem) in cases {
        let cut = r#"{"high": "secret"#;
        let server = Server::follow([answer(&json!({ "role": "assistant", "content": cut }), finish_reason)]).await;
        let error = client(&server).chat("HCX-007").user("Hi").parse::<Weather>().await.expect_err("cut off");
        assert_eq!((error.kind(), error.body()), (ErrorKind::Decode, Some(cut.as_bytes())));
        assert!(error.request_id().is_some() && !error.to_string().contains("secret"), "{error}");
        assert_eq!((error.attempts(), error.status().map(|status| status.as_u16())), (1, Some(200)));
        assert_eq!(error.to_string().contains(problem), finish_reason == "length", "{error}");
    }
}

#[tokio::test]
async fn a_type_that_the_service_cannot_take_is_not_sent() {
    #[derive(Deserialize, JsonSchema)]
    struct Odd {
        #[allow(dead_code, reason = "only its schema counts")]
        pages: std::collections::HashMap<String, i32>,
    }
    let server = Server::follow([]).await;
    let error = client(&server).chat("HCX-007").user("Hi").parse::<Odd>().await.map(|_| ()).expect_err("a map");
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(
        std::error::Error::source(&error).is_some_and(|source| source.to_string().contains("additionalProperties"))
    );
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_conversation_remembers_answers_and_survives_failures() {
    let refused = Act::Answer(400, Vec::new(), r#"{"status":{"code":"40003"}}"#.to_owned());
    let call = calls(&[("call_1", "get_weather", json!({ "location": "부산" }))]);
    let server = Server::follow([text("first"), refused, call, text("third")]).await;
    let mut conversation = client(&server).chat("HCX-005").system("Be brief.").conversation();
    conversation.say("one").await.expect("an answer");
    conversation.say("too long").await.expect_err("a refusal");
    assert_eq!(conversation.messages().len(), 3, "what failed is not remembered");
    conversation.say("two").await.expect("calls");
    conversation.hand_in([("call_1".to_owned(), "17".to_owned())]).await.expect("an answer");
    let sent = server.received()[3].json()["messages"].clone();
    let roles: Vec<_> = sent.as_array().unwrap().iter().map(|message| message["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["system", "user", "assistant", "user", "assistant", "tool"]);
    assert_eq!(conversation.into_chat().conversation().messages().len(), 7);
}

#[tokio::test]
async fn a_streamed_turn_can_be_remembered() {
    let result = json!({ "message": { "role": "assistant", "content": "first" }, "finishReason": "stop" });
    let events = format!("event:result\ndata:{result}\n\n").into_bytes();
    let server = Server::follow([Act::Stream(vec![events], support::server::End::Whole), text("second")]).await;
    let mut conversation = client(&server).chat("HCX-005").conversation();
    let reply = conversation.stream("one").await.expect("a stream").collect().await.expect("a reply");
    conversation.remember("one", &reply);
    conversation.say("two").await.expect("an answer");
    let sent = server.received()[1].json()["messages"].clone();
    let texts: Vec<_> = sent.as_array().unwrap().iter().map(|message| message["content"].as_str().unwrap()).collect();
    assert_eq!(texts, ["one", "first", "two"]);
}

#[tokio::test]
async fn limits_of_chats_are_checked_before_sending() {
    let image = || Image::url("https://e.com/a.png").expect("an address");
    let server = Server::follow([text("off")]).await;
    let chat = client(&server).chat("HCX-005");
    let six = (0..6).fold(chat.clone(), |chat, _| chat.user_image("what?", image()));
    let two = chat.clone().user(vec![image().into(), image().into()]);
    let systems = chat.clone().system("a").system("b").user("c");
    let large = chat.user_image("what?", Image::base64_unchecked("A".repeat(53 * 1024 * 1024)));
    let cases = [
        (six.clone(), "6 images in a request"),
        (two, "2 images in a message"),
        (systems, "2 system messages"),
        (large, "bytes in a request"),
    ];
    for (chat, problem) in cases {
        let error = chat.send().await.expect_err(problem);
        assert!(error.to_string().contains(problem), "{error}");
    }
    assert!(server.received().is_empty());
    six.with(CallOptions::new().guards(false)).send().await.expect("guards are off");
}

#[tokio::test]
async fn rag_reasoning_calls_the_same_functions() {
    let found = calls(&[("call_1", "get_weather", json!({ "location": "부산" }))]);
    let server = Server::follow([found, text("<doc-1>17</doc-1>")]).await;
    let request: clovastudio::raw::types::RagReasoningRequest =
        serde_json::from_value(json!({ "messages": [{ "role": "user", "content": "How warm?" }], "tools": [] }))
            .unwrap();
    let reply = client(&server).rag_reasoning(request).run(&functions()).await.expect("an answer");
    assert_eq!(reply.message.as_ref().and_then(|message| message.content.as_deref()), Some("<doc-1>17</doc-1>"));
    let sent = server.received()[1].json();
    assert_eq!(sent["messages"][1]["toolCalls"][0]["id"], "call_1");
    assert_eq!(
        sent["messages"][2],
        json!({ "role": "tool", "toolCallId": "call_1", "content": r#"{"city":"부산","t":17}"# })
    );
}

#[tokio::test]
async fn a_v1_chat_can_be_trimmed_by_the_service() {
    let kept =
        json!({ "status": { "code": "20000" }, "result": { "messages": [{ "role": "user", "content": "new" }] } });
    let server = Server::follow([Act::Answer(200, Vec::new(), kept.to_string()), text("done")]).await;
    let request: clovastudio::raw::types::ChatV1Request = serde_json::from_value(json!({
        "messages": [{ "role": "user", "content": "old" }, { "role": "user", "content": "new" }], "maxTokens": 100,
    }))
    .unwrap();
    let chat = client(&server).chat_v1("HCX-003", request).trimmed().await.expect("a window");
    chat.send().await.expect("an answer");
    let received = server.received();
    assert_eq!(received[0].line, "POST /v1/api-tools/sliding/chat-messages/HCX-003 HTTP/1.1");
    assert_eq!(
        (&received[0].json()["maxTokens"], received[0].json()["messages"].as_array().unwrap().len()),
        (&json!(100), 2)
    );
    assert_eq!(received[1].json()["messages"], json!([{ "role": "user", "content": "new" }]));
}
