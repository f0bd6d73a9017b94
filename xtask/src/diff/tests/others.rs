//! Changes of what stands beside the operations: models, codes, hosts, rules and limits.

use super::Case;
use super::Edit::{Remove, Set};
use crate::finding::Class::{Additive, Breaking, Cosmetic};

pub const CASES: &[Case] = &[
    Case {
        name: "a new code",
        edits: &[Set(
            "/x-clova-status-codes/49999",
            r#"{"name": "Teapot", "status": 418, "retry": "never", "retryBy": "ours",
                "messages": [{"text": "Teapot", "meaning": "A teapot."}]}"#,
        )],
        changes: &["code-added code 49999: -, additive"],
        api: &["+ pub raw::types::StatusCode::Teapot"],
        worst: Additive,
    },
    Case {
        name: "a code that is gone",
        edits: &[Remove("/x-clova-status-codes/41501")],
        changes: &["code-removed code 41501: -, additive"],
        api: &["- pub raw::types::StatusCode::NoMultipartBoundary"],
        worst: Breaking,
    },
    Case {
        name: "a code that cannot be helped any more",
        edits: &[Set("/x-clova-status-codes/42901/retry", "\"never\"")],
        changes: &["retry-changed code 42901: -, breaking"],
        api: &[],
        worst: Breaking,
    },
    Case {
        name: "a code that may be tried again",
        edits: &[Set("/x-clova-status-codes/40400/retry", "\"once\"")],
        changes: &["retry-changed code 40400: -, additive"],
        api: &[],
        worst: Additive,
    },
    Case {
        name: "a new model",
        edits: &[Set(
            "/x-clova-models/HCX-009",
            r#"{"description": "New.", "operations": ["create_chat_completion_v3"], "input": ["text"], "features": []}"#,
        )],
        changes: &["model-added model HCX-009: additive, -"],
        api: &["+ pub raw::types::ModelName::Hcx009"],
        worst: Additive,
    },
    Case {
        name: "a model that takes less",
        edits: &[Set("/x-clova-models/HCX-005/maxOutputTokens", "2048")],
        changes: &["limit-narrowed model HCX-005: breaking, -"],
        api: &[],
        worst: Breaking,
    },
    Case {
        name: "a model that may be called more often",
        edits: &[Set("/x-clova-models/HCX-005/rateLimits/test/requestsPerMinute", "90")],
        changes: &["limit-widened model HCX-005: additive, -"],
        api: &[],
        worst: Additive,
    },
    Case {
        name: "a model with longer vectors",
        edits: &[Set("/x-clova-models/bge-m3/dimensions", "2048")],
        changes: &["detail-changed model bge-m3: -, breaking"],
        api: &[],
        worst: Breaking,
    },
    Case {
        name: "a retired model",
        edits: &[Set("/x-clova-models/HCX-003/retired", "true")],
        changes: &["model-retired model HCX-003: breaking, -"],
        api: &[],
        worst: Breaking,
    },
    Case {
        name: "a model that learnt something",
        edits: &[Set("/x-clova-models/HCX-DASH-002/features/-", "\"thinking\"")],
        changes: &["value-added model HCX-DASH-002: additive, -"],
        api: &[],
        worst: Additive,
    },
    Case {
        name: "a host at another address",
        edits: &[Set("/servers/0/url", "\"https://example.com{prefix}\"")],
        changes: &["detail-changed host public: breaking, -"],
        api: &[],
        worst: Breaking,
    },
    Case {
        name: "a host that is gone",
        edits: &[Remove("/servers/2")],
        changes: &["host-removed host legacy-gateway: breaking, -"],
        api: &["- pub catalogue::Host::LegacyGateway"],
        worst: Breaking,
    },
    Case {
        name: "a prefix more",
        edits: &[Set("/servers/1/variables/prefix/enum/-", "\"/labapp\"")],
        changes: &["value-added host government: additive, -"],
        api: &[],
        worst: Additive,
    },
    Case {
        name: "a new rule",
        edits: &[Set(
            "/components/schemas/ChatV3Request/x-clova-rules/-",
            r#"{"id": "seed-alone", "rule": "No `seed`.", "page": "x", "code": "40001", "refuses": {"required": ["seed"]}}"#,
        )],
        changes: &["rule-added ChatV3Request: breaking, -"],
        api: &[],
        worst: Breaking,
    },
    Case {
        name: "a rule that is gone",
        edits: &[Remove("/components/schemas/ChatV3Request/x-clova-rules/0")],
        changes: &["rule-removed ChatV3Request: additive, -"],
        api: &[],
        worst: Additive,
    },
    Case {
        name: "a rule in other words",
        edits: &[Set("/components/schemas/ChatV3Request/x-clova-rules/0/rule", "\"Other words.\"")],
        changes: &["rule-changed ChatV3Request: cosmetic, -"],
        api: &[],
        worst: Cosmetic,
    },
    Case {
        name: "fewer images",
        edits: &[Set("/components/schemas/ChatV3Request/x-clova-limits/imagesPerRequest", "4")],
        changes: &["limit-narrowed ChatV3Request: breaking, -"],
        api: &[],
        worst: Breaking,
    },
    Case {
        name: "smaller images",
        edits: &[Set("/components/schemas/ChatV3Request/x-clova-limits/imageShortSidePixels", "2")],
        changes: &["limit-widened ChatV3Request: additive, -"],
        api: &[],
        worst: Additive,
    },
    Case {
        name: "a keyword of schemas more",
        edits: &[Set(
            "/components/schemas/ResponseFormat/properties/schema/x-clova-schema-keywords/string/-",
            "\"pattern\"",
        )],
        changes: &["value-added ResponseFormat.schema: additive, -"],
        api: &[],
        worst: Additive,
    },
    Case {
        name: "a newer page",
        edits: &[Set("/info/version", "\"2026-12-24\"")],
        changes: &["text-changed the document: cosmetic, -"],
        api: &[],
        worst: Cosmetic,
    },
    Case {
        name: "an extension that nobody knows",
        edits: &[Set("/components/schemas/ChatV3Request/x-clova-riddle", "1")],
        changes: &["detail-changed ChatV3Request: breaking, -"],
        api: &[],
        worst: Breaking,
    },
];
