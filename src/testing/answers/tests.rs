//! Every example of the document, for every model that takes it, has an answer that keeps the document and the promises
//! of the simulator.

mod any_text;
mod chats;
mod conversations;
mod retrieval;
mod texts;
mod tool_calls;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{Ask, answer, events, input_tokens, requested_tokens};
use crate::catalogue::MODELS;
use crate::guard;
use crate::lock::lock;
use crate::raw::Operation;
use crate::testing::document::{document, request_examples, source};
use crate::testing::{read_as, validator};

/// The clock of the tests.
const NOW: i64 = 1_790_000_000;

/// A request that the simulator would take.
#[derive(Clone, Debug)]
struct Request {
    operation: Operation,
    parameters: BTreeMap<String, String>,
    body: Value,
}

impl Request {
    fn new(operation: Operation, model: &str, body: Value) -> Self {
        let parameters = parameters(operation).into_iter().map(|(name, example)| {
            let value = if name == "modelName" { model.to_owned() } else { example };
            (name, value)
        });
        Self { operation, parameters: parameters.collect(), body }
    }

    fn ask(&self) -> Ask<'_> {
        Ask { operation: self.operation, parameters: &self.parameters, body: &self.body, now: NOW, script: None }
    }

    /// The answer, checked against the document.
    fn answer(&self) -> Value {
        let answer = answer(&self.ask());
        assert_fits(&compiled(&self.schema("application/json")), &answer, self);
        answer
    }

    /// The result of a native answer.
    fn result(&self) -> Value {
        self.answer()["result"].take()
    }

    /// The events, checked against the document.
    fn events(&self) -> Vec<Value> {
        let events = events(&self.ask());
        if !self.streams() {
            assert!(events.is_empty(), "{self:?}");
            return events;
        }
        let validator = compiled(&self.schema("text/event-stream"));
        for event in &events {
            assert_fits(&validator, event, self);
        }
        events
    }

    /// What the simulator answers when a test tells it what to say.
    fn said(&self, script: &str) -> Value {
        answer(&Ask { script: Some(script), ..self.ask() })
    }

    /// Name of the schema of an answer.
    fn schema(&self, media_type: &str) -> String {
        let schema = &source(self.operation)["responses"]["200"]["content"][media_type]["schema"]["$ref"];
        schema.as_str().and_then(|it| it.rsplit('/').next()).expect("a reference").to_owned()
    }

    fn streams(&self) -> bool {
        source(self.operation)["responses"]["200"]["content"].get("text/event-stream").is_some()
    }
}

/// A chat of the v3 models with one message of the user.
fn chat_v3(model: &str, question: &str, options: Value) -> Request {
    Request::new(Operation::CreateChatCompletionV3, model, with_question(question, options))
}

/// A chat of the v1 models with one message of the user.
fn chat_v1(question: &str, options: Value) -> Request {
    Request::new(Operation::CreateChatCompletionV1, "HCX-003", with_question(question, options))
}

/// A chat in OpenAI's shape with one message of the user.
fn chat_openai(model: &str, question: &str, options: Value) -> Request {
    let mut body = with_question(question, options);
    body["model"] = json!(model);
    Request::new(Operation::OpenaiCreateChatCompletion, "", body)
}

fn with_question(question: &str, mut options: Value) -> Value {
    options["messages"] = json!([{ "role": "user", "content": question }]);
    options
}

/// A request of an operation that takes no model.
fn request(operation: Operation, body: Value) -> Request {
    Request::new(operation, "", body)
}

/// A validator, compiled once for all tests.
fn compiled(schema: &str) -> Arc<Validator> {
    static COMPILED: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());
    let mut compiled = lock(&COMPILED);
    let compile = || Arc::new(validator(schema).expect("the schema exists"));
    Arc::clone(compiled.entry(schema.to_owned()).or_insert_with(compile))
}

fn assert_fits(validator: &Validator, value: &Value, what: &Request) {
    let problems: Vec<_> = validator.iter_errors(value).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(problems.is_empty(), "{what:?}: {value}: {problems:?}");
}

/// Parameters of path and query, with their examples.
fn parameters(operation: Operation) -> Vec<(String, String)> {
    let parameters = source(operation)["parameters"].as_array().into_iter().flatten().map(|parameter| {
        let shared = parameter["$ref"].as_str().and_then(|reference| document().pointer(reference.strip_prefix('#')?));
        shared.unwrap_or(parameter)
    });
    let in_url = parameters.filter(|parameter| parameter["in"] != "header");
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    in_url.map(|parameter| (text(&parameter["name"]), text(&parameter["example"]))).collect()
}

/// Every request example of the document, for every model that serves its operation and takes it.
fn examples() -> Vec<Request> {
    let operations = Operation::all().filter(|operation| !operation.is_stream() && operation.tag() != "tuning");
    operations.flat_map(examples_of).collect()
}

fn examples_of(operation: Operation) -> Vec<Request> {
    let bodies = request_examples(operation).into_iter().map(|(_, body)| body.clone());
    let bodies: Vec<_> = if operation.method() == "GET" { vec![Value::Null] } else { bodies.collect() };
    if !operation.path().contains("{modelName}") {
        return bodies.into_iter().map(|body| request(operation, body)).collect();
    }
    let models = MODELS.iter().filter(|model| model.operations.contains(&operation.id()));
    let requests = models.flat_map(|model| bodies.iter().map(move |body| (model.name.as_str(), body)));
    let schema = source(operation)["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
    let schema = schema.and_then(|it| it.rsplit('/').next()).expect("a reference");
    let taken = requests.filter(|(model, body)| guard::check(schema, Some(model), body).is_ok());
    taken.map(|(model, body)| Request::new(operation, model, body.clone())).collect()
}

#[test]
fn every_example_is_answered_as_the_document_says() {
    let mut answered = BTreeSet::new();
    for example in examples() {
        let answer = example.answer();
        read_as(&example.schema("application/json"), answer.clone()).expect("the answer is read");
        assert!(answer.get("status").is_none_or(|status| status["code"] == "20000" && status["message"] == "OK"));
        assert_eq!(example.streams(), !example.events().is_empty(), "{example:?}");
        answered.insert(example.operation.id());
    }
    let operations = Operation::all().filter(|operation| operation.tag() != "tuning").map(Operation::id);
    assert_eq!(answered, operations.collect());
}

#[test]
fn the_same_request_has_the_same_answer_whatever_the_time() {
    for example in examples() {
        let later = Ask { now: NOW + 60, ..example.ask() };
        assert_eq!(example.answer(), answer(&example.ask()));
        assert_eq!(example.events(), events(&example.ask()));
        assert_eq!(without_time(example.answer()), without_time(answer(&later)), "{example:?}");
        assert_eq!(without_time(json!(example.events())), without_time(json!(events(&later))), "{example:?}");
    }
}

fn without_time(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            members.remove("created");
            members.values_mut().for_each(|member| *member = without_time(member.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = without_time(item.take())),
        _ => {}
    }
    value
}

#[test]
fn other_requests_have_other_ids() {
    let ids = |question| {
        let events = chat_v3("HCX-005", question, json!({})).events();
        let ids: BTreeSet<_> = events.iter().filter_map(|event| event["id"].as_str().map(str::to_owned)).collect();
        assert_eq!(ids.len(), events.len() - 1, "one for each event but the end mark");
        ids
    };
    assert!(ids("Hello").is_disjoint(&ids("Hello!")));
}

#[test]
fn nothing_panics_on_the_least_of_a_body() {
    let least = [json!({}), json!({ "messages": [] }), json!({ "messages": [{ "role": "user", "content": [] }] })];
    let odd =
        [json!(null), json!([]), json!({ "messages": 1, "texts": {}, "documents": [1], "input": 1, "tools": [1] })];
    for operation in Operation::all() {
        for body in least.iter().chain(&odd) {
            let request = Request::new(operation, "HCX-007", body.clone());
            let ask = request.ask();
            let written = answer(&ask).to_string().len() + events(&ask).len();
            assert!(written > 0 && requested_tokens(&ask) >= input_tokens(&ask), "{request:?}");
        }
    }
}
