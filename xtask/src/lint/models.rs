//! The catalogue of models: complete, and in agreement with operations and fields.

use std::collections::BTreeSet;

use super::Rule;
use super::input::{Input, Node};
use crate::build::document::Fault;
use crate::build::lowering::component_name;

pub const RULES: [Rule; 5] = [
    Rule { name: "model-entry", asks: "every model has its facts, in known words", check: entry },
    Rule { name: "model-operation", asks: "models name operations that exist", check: operation },
    Rule { name: "operation-model", asks: "an operation that takes a model is one of a model's", check: model },
    Rule { name: "taken-by", asks: "fields and rules name models of the catalogue", check: taken_by },
    Rule { name: "default-by", asks: "a default by another field names its values", check: default_by },
];

const MODELS: &str = "x-clova-models";

/// What stands for every tuned model.
const TUNED: &str = "tuned";

const REQUIRED: [&str; 4] = ["description", "operations", "input", "features"];
const OPTIONAL: [&str; 8] = [
    "retired",
    "contextTokens",
    "maxInputTokens",
    "maxOutputTokens",
    "dimensions",
    "distance",
    "rateLimits",
    "x-clova-decision",
];

fn models<'a>(input: &Input<'a>) -> Vec<(&'a String, Node<'a>)> {
    input.root().members_of(MODELS)
}

fn entry(input: &Input) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, model) in models(input) {
        let missing = REQUIRED.iter().filter(|key| model.value.get(key).is_none());
        faults.extend(missing.map(|key| input.fault(&model, format!("the model `{name}` has no `{key}`"), "Add it")));
        let unknown = model.members().filter(|(key, _)| ![&REQUIRED[..], &OPTIONAL].concat().contains(&key.as_str()));
        faults.extend(unknown.map(|(key, node)| {
            let remedy = format!("Choose one of {} and {}", REQUIRED.join(", "), OPTIONAL.join(", "));
            input.fault(&node, format!("nothing reads `{key}` of a model"), remedy)
        }));
        let counts = ["contextTokens", "maxInputTokens", "maxOutputTokens", "dimensions"].into_iter();
        let odd =
            counts.filter_map(|key| model.get(key)).filter(|node| node.value.as_u64().is_none_or(|count| count == 0));
        faults
            .extend(odd.map(|node| input.fault(&node, format!("{} is no count", node.value), "Write a whole number")));
    }
    faults
}

fn operation(input: &Input) -> Vec<Fault> {
    let operations: BTreeSet<&str> = input.operations().iter().map(|(operation, _)| operation.id()).collect();
    let mut faults = Vec::new();
    for (name, model) in models(input) {
        let served = model.items_of("operations");
        if served.is_empty() {
            faults.push(input.fault(
                &model,
                format!("no operation serves `{name}`"),
                "List the operations that take it",
            ));
        }
        let unknown = served.into_iter().filter(|node| node.value.as_str().is_none_or(|id| !operations.contains(id)));
        faults.extend(unknown.map(|node| {
            input.fault(
                &node,
                format!("there is no operation {}", node.value),
                "Write an `operationId` of the document",
            )
        }));
    }
    faults
}

fn model(input: &Input) -> Vec<Fault> {
    let served: BTreeSet<&str> = models(input)
        .iter()
        .flat_map(|(_, model)| model.items_of("operations"))
        .filter_map(|node| node.value.as_str())
        .collect();
    let takers = input.operations().into_iter().filter(|(_, node)| takes_model(input, node));
    let orphans = takers.filter(|(operation, _)| !served.contains(operation.id()));
    let faults = orphans.map(|(operation, node)| {
        let problem = format!("`{}` takes a model, and none of the catalogue names it", operation.id());
        input.fault(&node, problem, format!("Add it to `operations` of the models of `{MODELS}` that it serves"))
    });
    faults.collect()
}

/// Whether an operation takes the name of a model, in its path or its body.
fn takes_model(input: &Input, operation: &Node<'_>) -> bool {
    let is_name = |node: Node<'_>| {
        let wrapped = node.get("allOf").is_some_and(|parts| component_name(&parts.value[0]) == Some("ModelName"));
        wrapped || component_name(node.value) == Some("ModelName")
    };
    let in_path =
        input.parameters_of(operation).into_iter().filter_map(|parameter| parameter.get("schema")).any(is_name);
    let body = component_name(&operation.value["requestBody"]["content"]["application/json"]["schema"]);
    let member = body.and_then(|name| input.schema(name)?.get("properties")?.get("model"));
    in_path || member.is_some_and(is_name)
}

fn taken_by(input: &Input) -> Vec<Fault> {
    let known: BTreeSet<&str> = models(input).iter().map(|(name, _)| name.as_str()).collect();
    let lists = input.schemas().flat_map(|schema| {
        let rules = schema.items_of("x-clova-rules").into_iter().flat_map(|rule| rule.items_of("models"));
        schema.items_of("x-clova-taken-by").into_iter().chain(rules).collect::<Vec<_>>()
    });
    let unknown = lists.filter(|node| node.value.as_str().is_none_or(|name| name != TUNED && !known.contains(name)));
    let faults = unknown.map(|node| {
        let remedy = format!("Write a name of `{MODELS}`, or `{TUNED}` for tuned models");
        input.fault(&node, format!("the catalogue has no model {}", node.value), remedy)
    });
    faults.collect()
}

fn default_by(input: &Input) -> Vec<Fault> {
    let mut faults = Vec::new();
    for schema in input.schemas() {
        for (_, member) in schema.members_of("properties") {
            let Some(default) = member.get("x-clova-default-by") else { continue };
            let field = default.text("field");
            let found = field.split('.').try_fold(schema.clone(), |schema, name| member_of(input, &schema, name));
            let known: Vec<&str> = found
                .iter()
                .flat_map(|it| it.items_of("x-extensible-enum"))
                .filter_map(|it| it.value.as_str())
                .collect();
            let values: Vec<&String> = default.members_of("values").into_iter().map(|(value, _)| value).collect();
            if values.is_empty() || !values.iter().all(|value| known.contains(&value.as_str())) {
                let problem = format!("`{field}` is no field of this object, or does not have these values");
                faults.push(input.fault(
                    &default,
                    problem,
                    "Write a field with open values, and a default for values it has",
                ));
            }
        }
    }
    faults
}

/// The schema of a member, through references.
fn member_of<'a>(input: &'a Input, schema: &Node<'a>, name: &str) -> Option<Node<'a>> {
    let member = schema.get("properties")?.get(name)?;
    let wrapped = member.items_of("allOf").into_iter().next();
    Some(input.resolve(wrapped.unwrap_or(member)))
}
