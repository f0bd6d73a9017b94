//! Changes of the members of requests and responses.

use super::Case;
use super::Edit::{Remove, Set};
use crate::finding::Class::{Additive, Breaking, Cosmetic};

const FIELD: &str = r#"{"type": "integer", "format": "int32", "description": "New."}"#;

pub const CASES: &[Case] = &[
    Case {
        name: "an optional field of a request",
        edits: &[Set("/components/schemas/RerankRequest/properties/topX", FIELD)],
        changes: &["field-added RerankRequest.topX: additive, -"],
        api: &["+ pub raw::types::RerankRequest::top_x: Option<i32>"],
        worst: Additive,
    },
    Case {
        name: "a required field of a request",
        edits: &[
            Set("/components/schemas/RerankRequest/properties/topX", FIELD),
            Set("/components/schemas/RerankRequest/required/-", "\"topX\""),
        ],
        changes: &["field-added RerankRequest.topX: breaking, -"],
        api: &["+ pub raw::types::RerankRequest::top_x: i32"],
        worst: Breaking,
    },
    Case {
        name: "a field of a request that is gone",
        edits: &[Remove("/components/schemas/ChatV3Request/properties/topK")],
        changes: &["field-removed ChatV3Request.topK: breaking, -"],
        api: &["- pub raw::types::ChatV3Request::top_k: Option<i32>"],
        worst: Breaking,
    },
    Case {
        name: "a field of a response",
        edits: &[Set("/components/schemas/ChatV3Result/properties/topX", FIELD)],
        changes: &["field-added ChatV3Result.topX: -, additive"],
        api: &["+ pub raw::types::ChatV3Result::top_x: Option<i32>"],
        worst: Additive,
    },
    Case {
        name: "a field of a response that is gone",
        edits: &[Remove("/components/schemas/ChatV3Result/properties/created")],
        changes: &["field-removed ChatV3Result.created: -, breaking"],
        api: &["- pub raw::types::ChatV3Result::created: Option<i64>"],
        worst: Breaking,
    },
    Case {
        name: "a field of requests and responses",
        edits: &[Set("/components/schemas/ImageUrl/properties/topX", FIELD)],
        changes: &["field-added ImageUrl.topX: additive, additive"],
        api: &["+ pub raw::types::ImageUrl::top_x: Option<i32>"],
        worst: Additive,
    },
    Case {
        name: "a field of a request that may be left out now",
        edits: &[Set("/components/schemas/TokenizeEmbeddingRequest/required", "[]")],
        changes: &["field-optional TokenizeEmbeddingRequest.text: additive, -"],
        api: &[
            "+ impl Default for raw::types::TokenizeEmbeddingRequest",
            "- pub raw::types::TokenizeEmbeddingRequest::text: String",
            "+ pub raw::types::TokenizeEmbeddingRequest::text: Option<String>",
        ],
        worst: Breaking,
    },
    Case {
        name: "a field of a response that is always there now",
        edits: &[Set("/components/schemas/ChatV3Result/required", "[\"created\"]")],
        changes: &["field-required ChatV3Result.created: -, additive"],
        api: &[
            "- impl Default for raw::types::ChatV3Result",
            "- pub raw::types::ChatV3Result::created: Option<i64>",
            "+ pub raw::types::ChatV3Result::created: i64",
            "+ pub fn raw::types::ChatV3Result::new(created: impl Into<i64>) -> Self",
        ],
        worst: Breaking,
    },
    Case {
        name: "a field of a response that may be null now",
        edits: &[Set("/components/schemas/ChatV3Result/properties/created/nullable", "true")],
        changes: &["allowance-added ChatV3Result.created: -, breaking"],
        api: &[],
        worst: Breaking,
    },
    Case {
        name: "another type",
        edits: &[Set("/components/schemas/ChatV3Request/properties/topK/format", "\"int64\"")],
        changes: &["type-changed ChatV3Request.topK: breaking, -"],
        api: &[
            "- pub raw::types::ChatV3Request::top_k: Option<i32>",
            "+ pub raw::types::ChatV3Request::top_k: Option<i64>",
        ],
        worst: Breaking,
    },
    Case {
        name: "the same schema written otherwise",
        edits: &[Set(
            "/components/schemas/ChatV3Envelope/properties/status",
            r##"{"allOf": [{"$ref": "#/components/schemas/Status"}], "description": "Outcome."}"##,
        )],
        changes: &["text-changed ChatV3Envelope.status: -, cosmetic"],
        api: &[],
        worst: Cosmetic,
    },
    Case {
        name: "another description",
        edits: &[Set("/components/schemas/ChatV3Request/properties/topK/description", "\"Other words.\"")],
        changes: &["text-changed ChatV3Request.topK: cosmetic, -"],
        api: &[],
        worst: Cosmetic,
    },
    Case {
        name: "a field that is going to end",
        edits: &[Set("/components/schemas/ChatV3Request/properties/topK/deprecated", "true")],
        changes: &["deprecated ChatV3Request.topK: additive, -"],
        api: &[],
        worst: Additive,
    },
    Case {
        name: "another default",
        edits: &[Set("/components/schemas/ChatV3Request/properties/topK/default", "4")],
        changes: &["default-changed ChatV3Request.topK: breaking, -"],
        api: &[],
        worst: Breaking,
    },
    Case {
        name: "a default that was not said before",
        edits: &[Set("/components/schemas/RerankRequest/properties/query/default", "\"\"")],
        changes: &["detail-changed RerankRequest.query: cosmetic, -"],
        api: &[],
        worst: Cosmetic,
    },
    Case {
        name: "a lower limit",
        edits: &[Set("/components/schemas/ChatV3Request/properties/topK/maximum", "64")],
        changes: &["limit-narrowed ChatV3Request.topK: breaking, -"],
        api: &[],
        worst: Breaking,
    },
    Case {
        name: "an end that is open now",
        edits: &[Set("/components/schemas/ChatV3Request/properties/topK/exclusiveMinimum", "true")],
        changes: &["limit-narrowed ChatV3Request.topK: breaking, -"],
        api: &[],
        worst: Breaking,
    },
    Case {
        name: "a higher limit",
        edits: &[Set("/components/schemas/ChatV3Request/properties/topK/maximum", "256")],
        changes: &["limit-widened ChatV3Request.topK: additive, -"],
        api: &[],
        worst: Additive,
    },
    Case {
        name: "a field that fewer models take",
        edits: &[Set("/components/schemas/ChatV3Request/properties/topK/x-clova-taken-by", "[\"HCX-005\"]")],
        changes: &["users-changed ChatV3Request.topK: breaking, -"],
        api: &[],
        worst: Breaking,
    },
];
