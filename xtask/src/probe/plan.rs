//! Which operations are called, with which of the document's examples.

use anyhow::bail;
use clovastudio::raw::Operation;
use clovastudio::testing::{example_parameters, request_examples};
use serde_json::{Map, Value};

/// A call to make.
#[derive(Debug)]
pub struct Planned {
    /// The method of the raw client: an operation or its streaming twin.
    pub operation: Operation,
    /// Name of the request example.
    pub example: &'static str,
    /// The body, null without one.
    pub body: &'static Value,
    /// Path and query parameters as they are sent.
    pub parameters: Map<String, Value>,
    /// The same with the document's examples in place of what the caller gave.
    pub shown_parameters: Map<String, Value>,
}

/// The calls to make.
#[derive(Debug)]
pub struct Plan {
    pub calls: Vec<Planned>,
    /// What is not called, and why.
    pub left_out: Vec<String>,
}

/// When an operation is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// It costs next to nothing.
    Always,
    /// It generates text, or takes a resource of the caller's.
    All,
    /// It changes something.
    Named,
}

impl Plan {
    /// Plans the named operations, or those that cost next to nothing, or all that change nothing.
    pub fn new(all: bool, named: &[String], given: &[(String, String)]) -> anyhow::Result<Self> {
        if let Some(unknown) = named.iter().find(|id| Operation::all().all(|operation| operation.id() != id.as_str())) {
            bail!("the document has no operation `{unknown}`");
        }
        let mut plan = Self { calls: Vec::new(), left_out: Vec::new() };
        for operation in Operation::all() {
            let wanted = if named.is_empty() {
                when(operation) == When::Always || (all && when(operation) == When::All && !operation.is_deprecated())
            } else {
                named.iter().any(|id| id == operation.id())
            };
            if wanted {
                plan.add(operation, given);
            }
        }
        if plan.calls.is_empty() {
            bail!("there is nothing to call: {}", plan.left_out.join("; "));
        }
        Ok(plan)
    }

    fn add(&mut self, operation: Operation, given: &[(String, String)]) {
        let examples = request_examples(operation);
        let examples = if examples.is_empty() { vec![("none", &Value::Null)] } else { examples };
        for (example, body) in examples {
            let shown_parameters = example_parameters(operation, body);
            let mut parameters = shown_parameters.clone();
            parameters.shift_remove("X-NCP-CLOVASTUDIO-REQUEST-ID");
            let missing = fill(operation, &mut parameters, given);
            if !missing.is_empty() {
                let needs: Vec<String> = missing.iter().map(|name| format!("--parameter {name}=…")).collect();
                let reason = format!("{} needs {}", operation.name(), needs.join(" "));
                if !self.left_out.contains(&reason) {
                    self.left_out.push(reason);
                }
                continue;
            }
            self.calls.push(Planned { operation, example, body, parameters, shown_parameters });
        }
    }
}

/// Puts in what the caller gave. Answers with what is the caller's to give and was not.
fn fill(operation: Operation, parameters: &mut Map<String, Value>, given: &[(String, String)]) -> Vec<String> {
    let mut missing = Vec::new();
    for (name, value) in parameters.iter_mut() {
        match given.iter().find(|(key, _)| key == name) {
            Some((_, given)) => *value = Value::String(given.clone()),
            None if is_of_the_caller(operation, name) => missing.push(name.clone()),
            None => {}
        }
    }
    missing
}

/// What a path names differs from account to account, such as trainings, routers and their versions; models do not.
fn is_of_the_caller(operation: Operation, parameter: &str) -> bool {
    parameter != "modelName" && operation.path().contains(&format!("{{{parameter}}}"))
}

fn when(operation: Operation) -> When {
    let is_cheap = ["tokens", "embeddings"].contains(&operation.tag()) || operation.id() == "openai_create_embedding";
    match operation.method() {
        _ if operation.is_deprecated() => When::All,
        "GET" => When::Always,
        "DELETE" => When::Named,
        _ if operation.tag() == "tuning" => When::Named,
        _ if is_cheap => When::Always,
        _ => When::All,
    }
}

impl Planned {
    /// Name for people and files.
    pub fn name(&self) -> String {
        format!("{}-{}", self.operation.name(), self.example)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(plan: &Plan) -> Vec<&str> {
        let mut names: Vec<_> = plan.calls.iter().map(|call| call.operation.name()).collect();
        names.dedup();
        names
    }

    #[test]
    fn nothing_is_generated_or_changed_unless_asked() {
        let plan = Plan::new(false, &[], &[]).expect("a plan");
        assert!(names(&plan).contains(&"openai_list_models") && names(&plan).contains(&"tokenize_chat_v3"));
        for call in &plan.calls {
            assert!(!call.operation.path().contains("completions"), "{}", call.name());
            assert_ne!(call.operation.method(), "DELETE");
        }
        assert_eq!(plan.left_out, ["get_tuning_task needs --parameter taskId=…"]);
        let error = Plan::new(false, &["route_query".to_owned()], &[]).expect_err("two ids are missing");
        let expected = "there is nothing to call: route_query needs --parameter router-id=… --parameter version=…";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn all_leaves_out_trainings_and_retired_operations() {
        let given = ["taskId", "router-id", "skillset-id", "version"].map(|name| (name.to_owned(), "1".to_owned()));
        let plan = Plan::new(true, &[], &given).expect("a plan");
        let missing: Vec<_> = Operation::all().filter(|it| !names(&plan).contains(&it.name())).collect();
        assert!(plan.left_out.is_empty());
        assert!(missing.iter().all(|it| it.is_deprecated() || it.tag() == "tuning"), "{missing:?}");
        assert!(missing.contains(&Operation::CreateTuningTask) && missing.contains(&Operation::DeleteTuningTask));
    }

    #[test]
    fn ids_of_the_caller_are_sent_but_not_shown() {
        let given = [("taskId".to_owned(), "mine".to_owned())];
        let plan = Plan::new(false, &["delete_tuning_task".to_owned()], &given).expect("a plan");
        assert_eq!(plan.calls[0].parameters["taskId"], "mine");
        assert_ne!(plan.calls[0].shown_parameters["taskId"], "mine");
    }

    #[test]
    fn an_unknown_operation_is_named() {
        let error = Plan::new(false, &["create_nothing".to_owned()], &[]).expect_err("there is none");
        assert_eq!(error.to_string(), "the document has no operation `create_nothing`");
    }
}
