//! Changes of operations.

use super::Case;
use super::Edit::{Copy, Remove, Set};
use crate::finding::Class::{Additive, Breaking, Cosmetic};

const SUMMARIZE: &str = "/paths/~1v1~1api-tools~1summarization~1v2";

pub const CASES: &[Case] = &[
    Case {
        name: "a new operation",
        edits: &[
            Copy(SUMMARIZE, "/paths/~1v1~1api-tools~1summarization~1v3"),
            Set("/paths/~1v1~1api-tools~1summarization~1v3/post/operationId", "\"summarize_v3\""),
        ],
        changes: &["operation-added summarize_v3: additive, additive"],
        api: &[
            "+ pub fn raw::Client::summarize_v3(&self) -> builder::SummarizeV3<'_>",
            "+ pub raw::Operation::SummarizeV3",
            "+ pub struct raw::builder::SummarizeV3<'a>",
        ],
        worst: Additive,
    },
    Case {
        name: "an operation that is gone",
        edits: &[Remove("/paths/~1v1~1openai~1models")],
        changes: &["operation-removed openai_list_models: breaking, breaking"],
        api: &[
            "- pub fn raw::Client::openai_list_models(&self) -> builder::OpenaiListModels<'_>",
            "- pub raw::Operation::OpenaiListModels",
            "- pub struct raw::builder::OpenaiListModels<'a>",
            "- impl Envelope for raw::types::OpenAiModelList with Result = Self",
        ],
        worst: Breaking,
    },
    Case {
        name: "an operation that moved",
        edits: &[
            Copy("/paths/~1v1~1api-tools~1segmentation", "/paths/~1v2~1api-tools~1segmentation"),
            Remove("/paths/~1v1~1api-tools~1segmentation"),
        ],
        changes: &["operation-moved segment_text: breaking, -"],
        api: &[],
        worst: Breaking,
    },
    Case {
        name: "an operation that moved and takes another field",
        edits: &[
            Copy(SUMMARIZE, "/paths/~1v1~1api-tools~1summarization~1v3"),
            Remove(SUMMARIZE),
            Remove("/components/schemas/SummarizationRequest/properties/segCount"),
        ],
        changes: &[
            "operation-moved summarize: breaking, -",
            "field-removed SummarizationRequest.segCount: breaking, -",
        ],
        api: &["- pub raw::types::SummarizationRequest::seg_count: Option<i32>"],
        worst: Breaking,
    },
    Case {
        name: "an operation with another name",
        edits: &[Set("/paths/~1v1~1api-tools~1summarization~1v2/post/operationId", "\"summarize_text\"")],
        changes: &["operation-renamed summarize_text: cosmetic, -"],
        api: &[
            "- pub fn raw::Client::summarize(&self) -> builder::Summarize<'_>",
            "+ pub fn raw::Client::summarize_text(&self) -> builder::SummarizeText<'_>",
            "- pub raw::Operation::Summarize",
            "+ pub raw::Operation::SummarizeText",
            "- pub struct raw::builder::Summarize<'a>",
            "+ pub struct raw::builder::SummarizeText<'a>",
        ],
        worst: Breaking,
    },
    Case {
        name: "a path parameter with another name",
        edits: &[
            Copy("/paths/~1tuning~1v2~1tasks~1{taskId}", "/paths/~1tuning~1v2~1tasks~1{id}"),
            Remove("/paths/~1tuning~1v2~1tasks~1{taskId}"),
            Set(
                "/components/parameters/Id",
                r#"{"name": "id", "in": "path", "required": true, "description": "Id of a training, from the tuning operations.", "schema": {"type": "string"}, "example": "czf9fbky"}"#,
            ),
            Set("/paths/~1tuning~1v2~1tasks~1{id}/get/parameters/1", r##"{"$ref": "#/components/parameters/Id"}"##),
            Set("/paths/~1tuning~1v2~1tasks~1{id}/delete/parameters/1", r##"{"$ref": "#/components/parameters/Id"}"##),
        ],
        changes: &[],
        api: &[
            "+ pub fn raw::builder::DeleteTuningTask::id<V>(self, value: V) -> Self where V: TryInto<String>",
            "- pub fn raw::builder::DeleteTuningTask::task_id<V>(self, value: V) -> Self where V: TryInto<String>",
            "+ pub fn raw::builder::GetTuningTask::id<V>(self, value: V) -> Self where V: TryInto<String>",
            "- pub fn raw::builder::GetTuningTask::task_id<V>(self, value: V) -> Self where V: TryInto<String>",
        ],
        worst: Breaking,
    },
    Case {
        name: "an operation that is going to end",
        edits: &[Set("/paths/~1v1~1api-tools~1summarization~1v2/post/deprecated", "true")],
        changes: &["deprecated summarize: additive, -"],
        api: &[],
        worst: Additive,
    },
    Case {
        name: "an operation in other words",
        edits: &[Set("/paths/~1v1~1api-tools~1summarization~1v2/post/summary", "\"Other words\"")],
        changes: &["text-changed summarize: cosmetic, -"],
        api: &[],
        worst: Cosmetic,
    },
    Case {
        name: "a parameter that must be there",
        edits: &[Set(
            "/paths/~1tuning~1v2~1tasks/get/parameters/-",
            r#"{"name": "kind", "in": "query", "required": true, "description": "New.", "schema": {"type": "string"}}"#,
        )],
        changes: &["parameter-added list_tuning_tasks, parameter kind: breaking, -"],
        api: &["+ pub fn raw::builder::ListTuningTasks::kind<V>(self, value: V) -> Self where V: TryInto<String>"],
        worst: Breaking,
    },
    Case {
        name: "a stream of an operation that had none",
        edits: &[Copy(
            "/paths/~1v3~1chat-completions~1{modelName}/post/responses/200/content/text~1event-stream",
            "/paths/~1v1~1api-tools~1summarization~1v2/post/responses/200/content/text~1event-stream",
        )],
        changes: &["media-type-added summarize, response 200 as text/event-stream: -, additive"],
        api: &[
            "+ pub fn raw::Client::summarize_stream(&self) -> builder::SummarizeStream<'_>",
            "+ pub raw::Operation::SummarizeStream",
            "+ pub struct raw::builder::SummarizeStream<'a>",
        ],
        worst: Additive,
    },
    Case {
        name: "a stream that is gone and another event in the others",
        edits: &[
            Remove("/paths/~1v3~1tasks~1{taskId}~1chat-completions/post/responses/200/content/text~1event-stream"),
            Remove("/components/schemas/ChatV3Token/properties/finishReason"),
        ],
        changes: &[
            "field-removed ChatV3Token.finishReason: -, breaking",
            "media-type-removed create_task_chat_completion_v3, response 200 as text/event-stream: -, breaking",
        ],
        api: &[
            "- pub fn raw::Client::create_task_chat_completion_v3_stream(&self) -> builder::CreateTaskChatCompletionV3Stream<'_>",
            "- pub raw::Operation::CreateTaskChatCompletionV3Stream",
            "- pub struct raw::builder::CreateTaskChatCompletionV3Stream<'a>",
            "- pub raw::types::ChatV3Token::finish_reason: Option<FinishReason>",
        ],
        worst: Breaking,
    },
    Case {
        name: "a failure that was not said before",
        edits: &[Copy(
            "/paths/~1v1~1api-tools~1summarization~1v2/post/responses/4XX",
            "/paths/~1v1~1api-tools~1summarization~1v2/post/responses/499",
        )],
        changes: &["response-added summarize, response 499: -, additive"],
        api: &[],
        worst: Additive,
    },
    Case {
        name: "a way of authentication that is gone",
        edits: &[Remove("/security/1")],
        changes: &["authentication-removed authentication: breaking, -"],
        api: &[],
        worst: Breaking,
    },
    Case {
        name: "a member that is refused",
        edits: &[Set("/paths/~1v1~1openai~1embeddings/post/x-clova-unsupported/-", "\"dimensions\"")],
        changes: &["refusal-added openai_create_embedding: breaking, -"],
        api: &[],
        worst: Breaking,
    },
];
