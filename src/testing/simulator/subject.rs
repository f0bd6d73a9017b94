//! The model that a request is for.

use std::borrow::Cow;

use serde_json::Value;

use super::refusal::Refusal;
use super::routes::Route;
use crate::catalogue::{MODELS, ModelEntry};
use crate::guard::TUNED;
use crate::raw::Operation;
use crate::raw::types::{ModelName, StatusCode};

/// How a tuned model is named in the OpenAI-compatible API.
const TUNED_PREFIX: &str = "ft:";

/// What a request is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject {
    Model(&'static ModelEntry),
    /// A tuned model with this base.
    Tuned(&'static ModelEntry),
    /// A tool without a model of the catalogue.
    Tool,
}

/// What a request says of its model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named<'a> {
    Model(&'a str),
    Task(&'a str),
    /// Nothing: the operation has one model, or none.
    Nothing,
}

impl Subject {
    /// Finds the model. `tuned` knows the base of a tuned model that is ready.
    pub(super) fn find(
        route: &Route,
        body: &Value,
        serves_retired: bool,
        tuned: impl Fn(&str) -> Option<ModelName>,
    ) -> Result<Self, Refusal> {
        let operation = route.operation;
        match named(route, body) {
            Named::Model(name) => {
                let entry = ModelName::from(name).entry().ok_or(Refusal::new(StatusCode::ModelNotFound))?;
                if entry.retired && !serves_retired {
                    return Err(Refusal::new(StatusCode::ModelFadeOut));
                }
                served(entry, operation).map(Self::Model)
            }
            Named::Task(id) => {
                let base = tuned(id).ok_or(Refusal::new(StatusCode::NotFound))?;
                let entry = base.entry().ok_or(Refusal::new(StatusCode::ModelNotFound))?;
                served(entry, operation).map(Self::Tuned)
            }
            Named::Nothing => Ok(only_model(operation).map_or(Self::Tool, Self::Model)),
        }
    }

    /// The model, or the base of a tuned one.
    pub(super) fn model(self) -> Option<&'static ModelEntry> {
        match self {
            Self::Model(entry) | Self::Tuned(entry) => Some(entry),
            Self::Tool => None,
        }
    }

    /// The body with the base in place of a tuned model, which is what answers name.
    pub(super) fn named_by_base(self, body: &Value) -> Cow<'_, Value> {
        match self {
            Self::Tuned(entry) if body.get("model").is_some() => {
                let mut body = body.clone();
                body["model"] = entry.name.as_str().into();
                Cow::Owned(body)
            }
            _ => Cow::Borrowed(body),
        }
    }

    /// Its name in the rules of the document.
    pub(super) fn name_in_rules(self) -> Option<&'static str> {
        match self {
            Self::Model(entry) => Some(entry.name.as_str()),
            Self::Tuned(_) => Some(TUNED),
            Self::Tool => None,
        }
    }
}

fn named<'a>(route: &'a Route, body: &'a Value) -> Named<'a> {
    let parameter = |name| route.parameters.get(name).map(String::as_str);
    let model = parameter("modelName").or(body["model"].as_str());
    let task = match route.operation.tag() {
        "openai" => model.and_then(|model| model.strip_prefix(TUNED_PREFIX)),
        "tuning" => None,
        _ => parameter("taskId"),
    };
    match (task, model) {
        (Some(id), _) => Named::Task(id),
        (None, Some(name)) => Named::Model(name),
        (None, None) => Named::Nothing,
    }
}

fn served(entry: &'static ModelEntry, operation: Operation) -> Result<&'static ModelEntry, Refusal> {
    let is_twin = |id: &&str| Operation::from_name(id).is_some_and(|other| serve_the_same(other, operation));
    if entry.operations.iter().any(is_twin) {
        return Ok(entry);
    }
    Err(Refusal::new(StatusCode::UnsupportedApiForModel))
}

/// An operation for tuned models is named in no entry of the catalogue: it serves what its namesake for base models
/// does, which takes the same body.
fn serve_the_same(listed: Operation, called: Operation) -> bool {
    let is_for_tuned = called.path().contains("{taskId}");
    listed == called || is_for_tuned && listed.tag() == called.tag() && listed.body_schema() == called.body_schema()
}

/// The model of an operation that has one without naming it.
fn only_model(operation: Operation) -> Option<&'static ModelEntry> {
    let mut models = MODELS.iter().filter(|entry| entry.operations.contains(&operation.id()));
    let only = models.next()?;
    models.next().is_none().then_some(only)
}
