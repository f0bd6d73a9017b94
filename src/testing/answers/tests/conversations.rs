//! Counts of conversations: calculators, usage and the sliding window agree.

use serde_json::{Value, json};

use super::{Request, examples};
use crate::raw::Operation;
use crate::testing::answers::{input_tokens, requested_tokens};

/// What the calculator says, added up.
fn counted(operation: Operation, body: &Value) -> u64 {
    let result = Request::new(operation, "HCX-005", body.clone()).result();
    let messages = result["messages"].as_array().expect("messages").iter();
    let parts = messages.flat_map(|message| match &message["content"] {
        Value::Array(parts) => parts.clone(),
        _ => vec![message.clone()],
    });
    let others = [&result["tools"], &result["responseFormat"]];
    let counts = parts.chain(others.into_iter().cloned()).filter_map(|counted| counted["count"].as_u64());
    counts.sum()
}

#[test]
fn calculators_agree_with_the_usage_of_chats() {
    let mut compared = 0;
    for example in examples() {
        let (calculator, reported) = match example.operation {
            Operation::CreateChatCompletionV3 | Operation::CreateTaskChatCompletionV3 => {
                (Operation::TokenizeChatV3, example.result()["usage"]["promptTokens"].clone())
            }
            Operation::CreateChatCompletionV1 => (Operation::TokenizeChat, example.result()["inputLength"].clone()),
            _ => continue,
        };
        let tokens = counted(calculator, &example.body);
        assert_eq!(reported, tokens, "{example:?}");
        assert_eq!(input_tokens(&example.ask()), tokens);
        compared += 1;
    }
    assert!(compared > 10, "{compared} chats were compared");
}

#[test]
fn every_reported_input_is_what_limits_count() {
    for example in examples() {
        let answer = example.answer();
        let places = [
            "/result/usage/promptTokens",
            "/result/inputTokens",
            "/result/inputLength",
            "/result/numTokens",
            "/usage/prompt_tokens",
        ];
        for reported in places.iter().filter_map(|place| answer.pointer(place)).filter_map(Value::as_u64) {
            assert_eq!(reported, input_tokens(&example.ask()), "{example:?}");
        }
        assert!(requested_tokens(&example.ask()) >= input_tokens(&example.ask()));
    }
}

fn turns(words: usize) -> Vec<Value> {
    let system = json!({ "role": "system", "content": "Be brief." });
    let turns = (0..4).flat_map(|turn| {
        let question = format!("{turn} {}", "word ".repeat(words).trim_end());
        [json!({ "role": "user", "content": question }), json!({ "role": "assistant", "content": "Yes." })]
    });
    [system].into_iter().chain(turns).chain([json!({ "role": "user", "content": "And now?" })]).collect()
}

fn slid(messages: &[Value], most: u64) -> Vec<Value> {
    let body = json!({ "messages": messages, "maxTokens": most });
    let result = Request::new(Operation::SlideChatMessages, "HCX-DASH-001", body).result();
    result["messages"].as_array().expect("messages").clone()
}

#[test]
fn the_window_drops_the_oldest_turns() {
    let messages = turns(1_000);
    let stays = slid(&messages, 500);
    // System 5, question 5, and of the turns of 1,008 tokens two: 3,096 for the answer of 500.
    assert_eq!(stays[0], messages[0]);
    assert_eq!(stays[1..], messages[3..]);
    let counted = counted(Operation::TokenizeChat, &json!({ "messages": stays }));
    assert!(counted + 500 <= 4_096 && counted <= 3_500, "{counted}");
    assert_eq!(slid(&messages, 1_500)[1..], messages[5..]);
    assert_eq!(slid(&turns(10), 500), turns(10));
    assert_eq!(slid(&messages, 4_096).last(), messages.last(), "the last turn stays");
    assert_eq!(slid(&[], 1), [] as [Value; 0]);
    let answer = [json!({ "role": "assistant", "content": "Hello, I am a bot." })];
    assert_eq!(slid(&answer, 1), answer);
}
