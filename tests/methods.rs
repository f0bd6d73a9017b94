//! Every operation of the document and every streaming twin has a method of the client, which sends the document's own
//! example and opens its answer.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::collections::BTreeMap;

use clovastudio::Client;
use clovastudio::raw::Operation;
use clovastudio::raw::types::{self, SkillsetVersion, TokenizeChatRequest};
use clovastudio::testing::{request_examples, response_examples, stream_examples};
use httpmock::{Method, Mock, MockServer};
use serde::de::DeserializeOwned;
use serde_json::Value;
use support::{parameters, path};

/// The example of a request that is sent.
fn body<T: DeserializeOwned>(operation: Operation) -> T {
    serde_json::from_value(example(operation).clone()).expect("examples are read")
}

fn example(operation: Operation) -> &'static Value {
    let mut examples = request_examples(operation).into_iter();
    let plain = examples.clone().find(|(name, _)| ["text", "full", "question", "image"].contains(name));
    plain.or_else(|| examples.next()).expect("an example").1
}

fn text(operation: Operation) -> String {
    example(operation)["text"].as_str().expect("a text").to_owned()
}

fn stream_text(operation: Operation) -> String {
    let streams = stream_examples(operation);
    let (_, events) = streams.iter().find(|(name, _)| **name != "error").expect("a stream");
    let lines = events.iter().map(|event| {
        let name = event["event"].as_str().map(|name| format!("event:{name}\n")).unwrap_or_default();
        let data = event["data"].as_str().map_or_else(|| event["data"].to_string(), str::to_owned);
        format!("{name}data:{data}\n\n")
    });
    lines.collect::<Vec<_>>().concat()
}

/// One mock per operation, which takes the right path only, and tells a stream by how it is asked for.
fn mocks(server: &MockServer) -> BTreeMap<&'static str, Mock<'_>> {
    let mock = |operation: Operation| {
        server.mock(|when, then| {
            let path = path(operation, &parameters(operation, true));
            let when = when.method(operation.method().parse::<Method>().expect("a method")).path(path);
            when.header("accept", if operation.is_stream() { "text/event-stream" } else { "application/json" });
            let good = |answer: &Value| answer.get("status").is_none_or(|status| status["code"] == "20000");
            if operation.is_stream() {
                then.status(200).body(stream_text(operation));
            } else {
                let (_, answer) =
                    response_examples(operation).into_iter().find(|(_, answer)| good(answer)).expect("an answer");
                then.status(200).json_body(answer.clone());
            }
        })
    };
    Operation::all().map(|operation| (operation.name(), mock(operation))).collect()
}

#[tokio::test]
async fn every_operation_has_a_method_of_the_client() {
    let server = MockServer::start_async().await;
    let mocks = mocks(&server);
    let client = Client::builder().api_key("nv-k").base_url(server.base_url()).build().expect("a client");
    call_all(&client).await.expect("every call succeeds");
    stream_all(&client).await.expect("every stream ends well");
    for (operation, mock) in mocks {
        assert_eq!(mock.calls_async().await, 1, "{operation}");
    }
}

async fn call_all(client: &Client) -> clovastudio::Result<()> {
    use Operation as Op;
    let task = "czf9fbky";
    client.chat("HCX-005").user("Hi").send().await?;
    client.tuned_chat(task).user("Hi").send().await?;
    client.chat_v1("HCX-005", body::<types::ChatV1Request>(Op::CreateChatCompletionV1)).send().await?;
    client.tuned_chat_v1(task, body::<types::ChatV1Request>(Op::CreateTaskChatCompletionV1)).send().await?;
    client.tuned_chat_v2(task, body::<types::ChatV1Request>(Op::CreateTaskChatCompletionV2)).send().await?;
    client.completion("HCX-005", body::<types::CompletionRequest>(Op::CreateCompletion)).send().await?;
    client.tuned_completion(task, body::<types::CompletionRequest>(Op::CreateTaskCompletion)).send().await?;
    client.openai_chat(body::<types::OpenAiChatRequest>(Op::OpenaiCreateChatCompletion)).send().await?;
    client.openai_embedding(body::<types::OpenAiEmbeddingRequest>(Op::OpenaiCreateEmbedding)).send().await?;
    client.openai_models().send().await?;
    client.create_tuning(body::<types::TuningTaskRequest>(Op::CreateTuningTask)).send().await?;
    client.get_tuning(task).send().await?;
    client.list_tunings(0, 20).send().await?;
    client.delete_tuning(task).send().await?;
    client.rerank(body::<types::RerankRequest>(Op::Rerank)).send().await?;
    client.rag_reasoning(body::<types::RagReasoningRequest>(Op::RagReasoning)).send().await?;
    client.count_chat_tokens("HCX-005", body::<TokenizeChatRequest>(Op::TokenizeChat).messages).send().await?;
    client.count_chat_v3_tokens("HCX-005", body::<types::TokenizeChatV3Request>(Op::TokenizeChatV3)).send().await?;
    client.count_embedding_tokens(text(Op::TokenizeEmbeddingV2)).send().await?;
    client.count_completion_tokens("HCX-005", text(Op::TokenizeCompletion)).send().await?;
    client.slide_chat_messages("HCX-005", body::<types::SlidingWindowRequest>(Op::SlideChatMessages)).send().await?;
    client.summarize(body::<types::SummarizationRequest>(Op::Summarize)).send().await?;
    client.segment(body::<types::SegmentationRequest>(Op::SegmentText)).send().await?;
    client.embedding("HCX-005", text(Op::CreateEmbedding)).send().await?;
    client.embedding_v2(text(Op::CreateEmbeddingV2)).send().await?;
    client.route("rt1a2b3c", 1, body::<types::RouteRequest>(Op::RouteQuery)).send().await?;
    let skillset = body::<types::SkillsetRequest>(Op::GenerateSkillsetFinalAnswer);
    client.skillset("sk1a2b3c", SkillsetVersion::from(15), skillset).send().await?;
    Ok(())
}

async fn stream_all(client: &Client) -> clovastudio::Result<()> {
    use Operation as Op;
    let task = "czf9fbky";
    let chat = || body::<types::ChatV1Request>(Op::CreateChatCompletionV1);
    client.chat("HCX-005").user("Hi").stream().await?.collect().await?;
    client.tuned_chat(task).user("Hi").stream().await?.collect().await?;
    for call in
        [client.chat_v1("HCX-005", chat()), client.tuned_chat_v1(task, chat()), client.tuned_chat_v2(task, chat())]
    {
        let mut stream = call.stream().await?;
        while stream.try_next().await?.is_some() {}
    }
    let request = body::<types::OpenAiChatRequest>(Op::OpenaiCreateChatCompletion);
    let mut stream = client.openai_chat(request).stream().await?;
    while stream.try_next().await?.is_some() {}
    let request = body::<types::SkillsetRequest>(Op::GenerateSkillsetFinalAnswer);
    let mut stream = client.skillset("sk1a2b3c", SkillsetVersion::from(15), request).stream().await?;
    while stream.try_next().await?.is_some() {}
    Ok(())
}
