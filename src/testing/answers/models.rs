//! The list of models in OpenAI's shape.

use serde_json::{Value, json};

use super::Ask;
use crate::catalogue::{MODELS, ModelEntry};

/// Owner of the models.
const OWNER: &str = "naver";

/// The models of the catalogue that the OpenAI-compatible API serves.
pub fn list(ask: &Ask<'_>) -> Value {
    let is_served = |model: &&ModelEntry| {
        !model.retired && model.operations.iter().any(|operation| operation.starts_with("openai_"))
    };
    let model =
        |model: &ModelEntry| json!({ "id": model.name, "object": "model", "created": ask.now, "owned_by": OWNER });
    json!({ "object": "list", "data": MODELS.iter().filter(is_served).map(model).collect::<Vec<_>>() })
}
