//! What the document says of the requests of an operation, compiled once.

use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use jsonschema::Validator;
use serde_json::Value;

use crate::guard::{self, Above};
use crate::raw::Operation;
use crate::testing::document::{document, resolve, source, taken_by};
use crate::testing::schema::request_validator;

static CONTRACTS: LazyLock<Vec<OnceLock<Contract>>> =
    LazyLock::new(|| Operation::all().map(|_| OnceLock::new()).collect());

/// The schema whose rules hold natively for chats, and by their translation for OpenAI-compatible ones.
pub(super) static NATIVE_CHAT: LazyLock<BodyContract> = LazyLock::new(|| BodyContract::of("ChatV3Request"));

/// What the document says of the requests of an operation.
pub(super) struct Contract {
    /// Parameters of path and query.
    pub(super) parameters: Vec<Parameter>,
    /// Nothing for an operation without a body.
    pub(super) body: Option<BodyContract>,
    /// Members of the body that are refused (`x-clova-unsupported`).
    pub(super) unsupported: Vec<&'static str>,
}

/// A parameter of path or query.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) required: bool,
    /// Null without one.
    pub(super) default: &'static Value,
    pub(super) validator: Validator,
}

/// What the document says of a body.
pub(super) struct BodyContract {
    pub(super) validator: Validator,
    /// `x-clova-rules`.
    pub(super) rules: Vec<Rule>,
    /// `x-clova-limits`; null without any.
    limits: &'static Value,
    /// Members that not every model takes, and those that do (`x-clova-taken-by`).
    pub(super) taken_by: Vec<(&'static str, Vec<&'static str>)>,
}

/// A rule between the members of a body.
pub(super) struct Rule {
    pub(super) code: &'static str,
    /// The models it holds for; all when empty.
    models: Vec<&'static str>,
    refuses: Validator,
    above: &'static [Above],
    /// Members that it is about.
    names: BTreeSet<&'static str>,
}

impl Contract {
    /// The contract of an operation.
    pub(super) fn of(operation: Operation) -> &'static Self {
        CONTRACTS[operation as usize].get_or_init(|| Self::compile(operation))
    }

    fn compile(operation: Operation) -> Self {
        let parameters = items(&source(operation)["parameters"]).map(resolve);
        let parameters = parameters.filter(|parameter| parameter["in"] != "header").map(|parameter| Parameter {
            name: parameter["name"].as_str().unwrap_or_default(),
            required: parameter["required"] == true,
            default: &parameter["schema"]["default"],
            validator: compile(&parameter["schema"]),
        });
        Self {
            parameters: parameters.collect(),
            body: operation.body_schema().map(BodyContract::of),
            unsupported: texts(&source(operation)["x-clova-unsupported"]),
        }
    }
}

impl BodyContract {
    fn of(name: &str) -> Self {
        let schema = &document()["components"]["schemas"][name];
        let rules = items(&schema["x-clova-rules"]).map(Rule::read);
        let members = schema["properties"].as_object().into_iter().flatten();
        let taken_by = members.filter_map(|(name, member)| Some((name.as_str(), taken_by(member)?)));
        Self {
            validator: compile(&serde_json::json!({ "$ref": format!("#/components/schemas/{name}") })),
            rules: rules.collect(),
            limits: &schema["x-clova-limits"],
            taken_by: taken_by.collect(),
        }
    }
}

impl Rule {
    fn read(rule: &'static Value) -> Self {
        let above = guard::above(rule["id"].as_str().unwrap_or_default());
        let mut names = above.iter().map(|pair| pair.name).collect();
        if above.is_empty() {
            collect_names(&rule["refuses"], &mut names);
        }
        Self {
            code: rule["code"].as_str().unwrap_or_default(),
            models: texts(&rule["models"]),
            refuses: jsonschema::validator_for(&rule["refuses"]).expect("the build checked the keywords of rules"),
            above,
            names,
        }
    }

    pub(super) fn refuses(&self, model: Option<&str>, body: &Value) -> bool {
        let applies = self.models.is_empty() || model.is_some_and(|model| self.models.contains(&model));
        applies && self.refuses.is_valid(body) && self.above.iter().all(|pair| pair.holds(body))
    }

    /// The members of a body that it is about.
    pub(super) fn names_in(&self, body: &Value) -> Vec<&'static str> {
        self.names.iter().copied().filter(|name| body.get(*name).is_some()).collect()
    }
}

/// A limit of an operation's body (`x-clova-limits`). Those of native chats hold for OpenAI-compatible ones.
pub(super) fn limit(operation: Operation, name: &str) -> Option<u64> {
    let limits = match operation {
        Operation::OpenaiCreateChatCompletion => NATIVE_CHAT.limits,
        _ => Contract::of(operation).body.as_ref()?.limits,
    };
    limits[name].as_u64()
}

/// The members that a rule asks to be there.
fn collect_names(schema: &'static Value, names: &mut BTreeSet<&'static str>) {
    names.extend(texts(&schema["required"]));
    for choice in ["anyOf", "allOf"] {
        items(&schema[choice]).for_each(|schema| collect_names(schema, names));
    }
}

fn compile(schema: &Value) -> Validator {
    request_validator(schema).expect("the build checked the references of the document")
}

fn items(list: &'static Value) -> impl Iterator<Item = &'static Value> {
    list.as_array().into_iter().flatten()
}

fn texts(list: &'static Value) -> Vec<&'static str> {
    items(list).filter_map(Value::as_str).collect()
}
