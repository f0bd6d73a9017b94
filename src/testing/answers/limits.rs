//! How much a request lets the service generate.

use serde_json::Value;

use super::{Ask, properties};
use crate::limits::MOST_OUTPUT;
use crate::raw::Operation;
use crate::testing::document::document;

/// How a model that can reason does so when nothing is said.
pub fn default_effort() -> Option<&'static str> {
    document()["components"]["schemas"]["Thinking"]["properties"]["effort"]["default"].as_str()
}

/// Most tokens to generate; none for an operation that generates no text.
pub fn output(ask: &Ask<'_>) -> Option<u64> {
    if !matches!(ask.operation.tag(), "chat" | "completions" | "openai" | "rag") {
        return None;
    }
    let asked = MOST_OUTPUT.iter().find_map(|name| ask.body.get(name)?.as_u64());
    asked.or_else(|| default_output(ask))
}

/// The default that the document states, for the request itself or else for its twin in the OpenAI-compatible API.
fn default_output(ask: &Ask<'_>) -> Option<u64> {
    let [own, twin] = [ask.operation, Operation::OpenaiCreateChatCompletion].map(properties);
    let of = |properties: &Value| MOST_OUTPUT.iter().find_map(|name| properties[name]["default"].as_u64());
    let by_effort = || {
        let values = &own["maxCompletionTokens"]["x-clova-default-by"]["values"];
        values[ask.effort()?].as_u64().filter(|_| ask.can_think())
    };
    let is_generating = MOST_OUTPUT.iter().any(|name| own.get(name).is_some());
    of(own).or_else(by_effort).or_else(|| of(twin)).filter(|_| is_generating)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn assert_output(operation: Operation, model: &str, body: &Value, expected: Option<u64>) {
        let parameters = BTreeMap::from([("modelName".to_owned(), model.to_owned())]);
        let ask = Ask { operation, parameters: &parameters, body, now: 0, script: None };
        assert_eq!(output(&ask), expected, "{operation:?} {model} {body}");
    }

    #[test]
    fn the_limit_is_what_was_asked_for_or_the_default_of_the_document() {
        let v3 = Operation::CreateChatCompletionV3;
        assert_output(v3, "HCX-005", &json!({ "maxTokens": 7 }), Some(7));
        assert_output(v3, "HCX-005", &json!({ "maxCompletionTokens": 8 }), Some(8));
        assert_output(v3, "HCX-005", &json!({}), Some(512));
        assert_output(v3, "HCX-007", &json!({}), Some(5_120));
        assert_output(v3, "HCX-007", &json!({ "thinking": { "effort": "high" } }), Some(20_480));
        assert_output(v3, "HCX-007", &json!({ "thinking": { "effort": "none" } }), Some(512));
        assert_output(Operation::CreateChatCompletionV1, "HCX-003", &json!({}), Some(100));
        assert_output(Operation::CreateCompletion, "LK-D2", &json!({}), Some(100));
        assert_output(Operation::OpenaiCreateChatCompletion, "", &json!({ "model": "HCX-007" }), Some(512));
        assert_output(Operation::OpenaiCreateChatCompletion, "", &json!({ "max_tokens": 9 }), Some(9));
        assert_output(Operation::Rerank, "", &json!({}), Some(1_024));
        assert_output(Operation::RagReasoning, "", &json!({}), Some(1_024));
        assert_output(Operation::OpenaiCreateEmbedding, "", &json!({}), None);
        assert_output(Operation::SlideChatMessages, "HCX-003", &json!({ "maxTokens": 7 }), None);
    }
}
