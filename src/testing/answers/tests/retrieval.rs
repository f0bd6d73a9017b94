//! Answers that cite: the reranker and RAG reasoning.

use serde_json::{Value, json};

use super::{Request, request};
use crate::citations;
use crate::raw::Operation;
use crate::testing::answers::tokenizer;

fn rerank(query: &str, options: Value) -> Value {
    let mut body = options;
    body["query"] = json!(query);
    body["documents"] = json!([
        { "id": "pets", "doc": "Cats sleep a lot. 고양이는 포유류이다." },
        { "id": "faq-7", "doc": "Networks are useful. Remove every subnet before deleting the network." },
        { "id": "faq-9", "doc": "A deleted network cannot be restored." },
    ]);
    request(Operation::Rerank, body).result()
}

#[test]
fn documents_that_share_words_are_cited() {
    let result = rerank("How do I delete a network?", json!({}));
    let text = "답변: <doc2>Remove every subnet before deleting the network</doc2>. <doc3>A deleted network cannot be \
                restored</doc3>.";
    assert_eq!(result["result"], text);
    let cited: Vec<_> = result["citedDocuments"].as_array().into_iter().flatten().map(|it| it["id"].clone()).collect();
    assert_eq!(cited, ["faq-7", "faq-9"]);
    assert_eq!(result["suggestedQueries"], json!([]));
    let close = rerank("Remove every subnet before deleting the network", json!({}));
    assert_eq!(close["citedDocuments"].as_array().map(Vec::len), Some(1), "the other shares two of six words");
    let korean = rerank("고양이란?", json!({}));
    assert_eq!(korean["result"], "답변: <doc1>고양이는 포유류이다</doc1>.");
}

#[test]
fn without_a_fitting_document_other_queries_are_suggested() {
    let result = rerank("내일 서울 날씨", json!({}));
    assert_eq!(result["result"], "답변: 문서에는 내일 서울 날씨에 관한 내용이 없습니다.");
    assert_eq!(result["citedDocuments"], json!([]));
    assert_eq!(result["suggestedQueries"], json!(["내일 서울 날씨", "내일", "서울"]));
}

#[test]
fn the_token_limit_cuts_no_mark() {
    for most in 1..60 {
        let result = rerank("How do I delete a network?", json!({ "maxTokens": most }));
        let text = result["result"].as_str().expect("a text");
        assert_eq!(result["usage"]["completionTokens"], tokenizer::count(text));
        assert!(tokenizer::count(text) <= most, "{most}: {text}");
        let marks: Vec<_> = citations::parse(text).into_iter().filter_map(|segment| segment.place()).collect();
        let places = result["citedDocuments"].as_array().expect("documents").len();
        assert_eq!(marks.len(), places, "{most}: {text}");
    }
}

fn rag(messages: &Value, choice: &str) -> Value {
    let parameters =
        json!({ "type": "object", "properties": { "query": { "type": "string" } }, "required": ["query"] });
    let tool = json!({ "name": "search_help", "description": "Searches the help pages.", "parameters": parameters });
    let tools = json!([{ "type": "function", "function": tool }]);
    request(Operation::RagReasoning, json!({ "messages": messages, "tools": tools, "toolChoice": choice })).result()
}

fn searched(question: &str, found: &str) -> Value {
    let question = json!({ "role": "user", "content": question });
    let call = rag(&json!([question]), "auto")["message"].clone();
    let tool = json!({ "role": "tool", "toolCallId": call["toolCalls"][0]["id"], "content": found });
    rag(&json!([question, { "role": "assistant", "content": "", "toolCalls": call["toolCalls"] }, tool]), "auto")
}

#[test]
fn a_search_comes_first_and_its_hits_are_cited() {
    let first = rag(&json!([{ "role": "user", "content": "How do I rent a GPU?" }]), "auto");
    assert_eq!(first["message"]["toolCalls"][0]["function"]["arguments"], json!({ "query": "rent GPU" }));
    assert_eq!(first["message"]["content"], "");
    assert!(first["message"]["thinkingContent"].is_string());

    let found = json!({ "search_result": [
        { "id": "doc-1", "doc": "Open the menu. A GPU is rented by the hour." },
        { "id": "doc-2", "doc": "Cats sleep." },
    ] });
    let cited = json!("<doc-1>A GPU is rented by the hour</doc-1>.");
    assert_eq!(searched("How do I rent a GPU?", &found.to_string())["message"], answered(&cited));
    assert_eq!(searched("How do I rent a GPU?", &json!([found]).to_string())["message"], answered(&cited));
    let first_hit = json!("<doc-1>Open the menu</doc-1>.");
    assert_eq!(searched("Why?", &found.to_string())["message"], answered(&first_hit));
    let nothing = json!("The documents say nothing about rent gpu.");
    for empty in [r#"{"search_result":[]}"#, "[]", "no JSON"] {
        assert_eq!(searched("How do I rent a GPU?", empty)["message"], answered(&nothing));
    }
}

#[test]
fn without_tools_there_is_an_answer_and_stop_strings_end_it() {
    let question = json!([{ "role": "user", "content": "How do I rent a GPU?" }]);
    assert_eq!(rag(&question, "none")["message"]["content"], "The documents say nothing about rent gpu.");
    let body = json!({ "messages": question, "tools": [], "stop": [" about"] });
    let result: Request = request(Operation::RagReasoning, body);
    assert_eq!(result.result()["message"]["content"], "The documents say nothing");
}

fn answered(content: &Value) -> Value {
    json!({ "role": "assistant", "content": content })
}
