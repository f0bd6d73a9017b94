//! Every operation through its method of the client, with a body as JSON.

use std::fmt::Debug;
use std::future::Future;

use clovastudio::catalogue::MODELS;
use clovastudio::raw::Operation;
use clovastudio::raw::types::{self, SkillsetVersion};
use clovastudio::testing::{example_parameters, request_examples};
use clovastudio::{
    Call, CallOptions, ChatCall, ChatV1Call, Client, Envelope, EventStream, OpenAiChatCall, Result, SkillsetCall,
    StreamEvent,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Values for the parameters of paths, the same as the examples of the document.
pub const TASK: &str = "czf9fbky";
const ROUTER: &str = "rt1a2b3c";
const SKILLSET: &str = "sk1a2b3c";

/// What a call shows of itself.
pub struct Shown {
    /// `Debug` of the call before it was sent.
    pub call: String,
    /// `Debug` of its answer, or of the stream, its events and its reply.
    pub outcome: Result<String>,
}

/// The example of a request that is sent; null for an operation without a body.
pub fn example(operation: Operation) -> Value {
    let mut examples = request_examples(operation).into_iter();
    let plain = examples.clone().find(|(name, _)| ["text", "full", "question", "image"].contains(name));
    plain.or_else(|| examples.next()).map_or(Value::Null, |(_, value)| value.clone())
}

/// A model whose tuned models take an operation.
pub fn base(operation: Operation) -> &'static str {
    let untuned = match operation.id() {
        "create_task_chat_completion_v3" => "create_chat_completion_v3",
        "create_task_chat_completion_v1" | "create_task_chat_completion_v2" => "create_chat_completion_v1",
        "create_task_completion" => "create_completion",
        _ => "create_tuning_task",
    };
    let base = MODELS.iter().find(|model| model.operations.contains(&untuned));
    base.map_or("HCX-005", |model| model.name.as_str())
}

/// Sends a body with the method of an operation.
pub async fn call(client: &Client, operation: Operation, options: CallOptions, body: &Value) -> Shown {
    use Operation as Op;
    let parameters = example_parameters(operation, body);
    let model = || parameters["modelName"].as_str().expect("the path names a model").to_owned();
    let text = || body["text"].as_str().expect("a text").to_owned();
    let chat = || filled(client.chat(model()), body);
    let tuned_chat = || filled(client.tuned_chat(TASK), body);
    let chat_v1 = || client.chat_v1(model(), read::<types::ChatV1Request>(body));
    let tuned_chat_v1 = || client.tuned_chat_v1(TASK, read::<types::ChatV1Request>(body));
    let tuned_chat_v2 = || client.tuned_chat_v2(TASK, read::<types::ChatV1Request>(body));
    let openai = || client.openai_chat(read::<types::OpenAiChatRequest>(body));
    let skillset = || client.skillset(SKILLSET, SkillsetVersion::from(15), read::<types::SkillsetRequest>(body));
    match operation {
        Op::CreateChatCompletionV3 => answer(chat().with(options), ChatCall::send).await,
        Op::CreateChatCompletionV3Stream => chat_events(chat().with(options)).await,
        Op::CreateTaskChatCompletionV3 => answer(tuned_chat().with(options), ChatCall::send).await,
        Op::CreateTaskChatCompletionV3Stream => chat_events(tuned_chat().with(options)).await,
        Op::CreateChatCompletionV1 => answer(chat_v1().with(options), ChatV1Call::send).await,
        Op::CreateChatCompletionV1Stream => events(chat_v1().with(options), ChatV1Call::stream).await,
        Op::CreateTaskChatCompletionV1 => answer(tuned_chat_v1().with(options), ChatV1Call::send).await,
        Op::CreateTaskChatCompletionV1Stream => events(tuned_chat_v1().with(options), ChatV1Call::stream).await,
        Op::CreateTaskChatCompletionV2 => answer(tuned_chat_v2().with(options), ChatV1Call::send).await,
        Op::CreateTaskChatCompletionV2Stream => events(tuned_chat_v2().with(options), ChatV1Call::stream).await,
        Op::CreateCompletion => sent(client.completion(model(), read::<types::CompletionRequest>(body)), options).await,
        Op::CreateTaskCompletion => {
            sent(client.tuned_completion(TASK, read::<types::CompletionRequest>(body)), options).await
        }
        Op::OpenaiCreateChatCompletion => answer(openai().with(options), OpenAiChatCall::send).await,
        Op::OpenaiCreateChatCompletionStream => events(openai().with(options), OpenAiChatCall::stream).await,
        Op::OpenaiCreateEmbedding => {
            sent(client.openai_embedding(read::<types::OpenAiEmbeddingRequest>(body)), options).await
        }
        Op::OpenaiListModels => sent(client.openai_models(), options).await,
        Op::CreateTuningTask => sent(client.create_tuning(read::<types::TuningTaskRequest>(body)), options).await,
        Op::GetTuningTask => sent(client.get_tuning(TASK), options).await,
        Op::ListTuningTasks => sent(client.list_tunings(0, 20), options).await,
        Op::DeleteTuningTask => sent(client.delete_tuning(TASK), options).await,
        Op::Rerank => sent(client.rerank(read::<types::RerankRequest>(body)), options).await,
        Op::RagReasoning => sent(client.rag_reasoning(read::<types::RagReasoningRequest>(body)), options).await,
        Op::TokenizeChat => {
            let messages = read::<types::TokenizeChatRequest>(body).messages;
            sent(client.count_chat_tokens(model(), messages), options).await
        }
        Op::TokenizeChatV3 => {
            sent(client.count_chat_v3_tokens(model(), read::<types::TokenizeChatV3Request>(body)), options).await
        }
        Op::TokenizeEmbeddingV2 => sent(client.count_embedding_tokens(text()), options).await,
        Op::TokenizeCompletion => sent(client.count_completion_tokens(model(), text()), options).await,
        Op::SlideChatMessages => {
            sent(client.slide_chat_messages(model(), read::<types::SlidingWindowRequest>(body)), options).await
        }
        Op::Summarize => sent(client.summarize(read::<types::SummarizationRequest>(body)), options).await,
        Op::SegmentText => sent(client.segment(read::<types::SegmentationRequest>(body)), options).await,
        Op::CreateEmbedding => sent(client.embedding(model(), text()), options).await,
        Op::CreateEmbeddingV2 => sent(client.embedding_v2(text()), options).await,
        Op::RouteQuery => sent(client.route(ROUTER, 1, read::<types::RouteRequest>(body)), options).await,
        Op::GenerateSkillsetFinalAnswer => answer(skillset().with(options), SkillsetCall::send).await,
        Op::GenerateSkillsetFinalAnswerStream => events(skillset().with(options), SkillsetCall::stream).await,
        other => panic!("{other:?} has no method of the client"),
    }
}

fn read<T: DeserializeOwned>(body: &Value) -> T {
    serde_json::from_value(body.clone()).expect("the body is one of the operation")
}

fn filled(call: ChatCall, body: &Value) -> ChatCall {
    let request = read::<types::ChatV3Request>(body);
    call.messages(request.messages.clone()).change(|_| request.into())
}

fn debug(value: &impl Debug) -> String {
    format!("{value:?} {value:#?}")
}

async fn sent<B, E>(call: Call<B, E>, options: CallOptions) -> Shown
where
    B: Serialize,
    E: Envelope<Result: Debug + Send> + Send + 'static,
{
    answer(call.with(options), Call::send).await
}

async fn answer<C: Debug, T: Debug, F: Future<Output = Result<T>>>(call: C, send: impl FnOnce(C) -> F) -> Shown {
    Shown { call: debug(&call), outcome: send(call).await.map(|answer| debug(&answer)) }
}

async fn events<C, V, F>(call: C, open: impl FnOnce(C) -> F) -> Shown
where
    C: Debug,
    V: StreamEvent<Reply: Debug> + Debug + Unpin,
    F: Future<Output = Result<EventStream<V>>>,
{
    let shown = debug(&call);
    let outcome = async {
        let stream = open(call).await?;
        let mut events = debug(&stream);
        let reply = stream.collect_with(|event| events.push_str(&debug(event))).await?;
        Ok(events + &debug(&reply))
    };
    Shown { call: shown, outcome: outcome.await }
}

async fn chat_events(call: ChatCall) -> Shown {
    let shown = debug(&call);
    let outcome = async {
        let stream = call.stream().await?;
        let mut events = debug(&stream);
        let reply = stream.collect_with(|event| events.push_str(&debug(event))).await?;
        Ok(events + &debug(&reply))
    };
    Shown { call: shown, outcome: outcome.await }
}
