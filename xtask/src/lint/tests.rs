//! Every rule is broken by a small change of the real document, and found by name, pointer and line; the real document
//! breaks none.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::input::{Files, TextFile};
use super::{YAML, check, rules};
use crate::build::document::{Document, escape};
use crate::finding::Finding;

/// A seeded mistake.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The rule that finds it.
    rule: String,
    /// What is replaced, where it stands first.
    from: String,
    /// What takes its place.
    to: String,
    /// Where it is found: a JSON pointer, or what a finding in another file is about.
    at: String,
    /// Texts of the changed file, one after the other, the last of which ends in the line of the finding.
    line: Vec<String>,
    /// Other rules that the same mistake breaks.
    #[serde(default)]
    also: Vec<String>,
}

/// Files with seeded mistakes.
const CASES: [(&str, &str); 3] = [
    ("requests.yaml", include_str!("tests/requests.yaml")),
    ("schemas.yaml", include_str!("tests/schemas.yaml")),
    ("readers.yaml", include_str!("tests/readers.yaml")),
];

fn cases(name: &str) -> Vec<Case> {
    let (_, text) = CASES.iter().find(|(file, _)| *file == name).expect("a file of cases");
    let cases = Document::parse(name, text).unwrap_or_else(|fault| panic!("{fault}"));
    serde_json::from_value(cases.root).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn files() -> Files {
    Files::read(None, None).expect("the files of this checkout")
}

/// Seeds a mistake into the file that has what it replaces.
fn seed(files: &mut Files, from: &str, to: &str) -> TextFile {
    let mut texts = [&mut files.document, &mut files.conventions].into_iter().chain(&mut files.recordings);
    let file = texts.find(|file| file.text.contains(from)).unwrap_or_else(|| panic!("no file has `{from}`"));
    file.text = file.text.replacen(from, to, 1);
    file.clone()
}

/// Seeds the mistakes one by one.
fn assert_found(name: &str) {
    let problems: Vec<String> = cases(name).iter().filter_map(missed).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

/// In what way a mistake is not found, or not as it should be.
fn missed(case: &Case) -> Option<String> {
    let Case { rule, from, to, at, line, also } = case;
    let mut files = files();
    files.recordings.push(TextFile { name: "tests/recordings/chat.json".to_owned(), text: RECORDING.to_owned() });
    let seeded = seed(&mut files, from, to);
    let line = format!("{}:{}", seeded.name, line_of(&seeded.text, line));
    let findings = check(&files);
    let is_this = |finding: &&Finding| {
        let place = finding.place.as_ref().map(|place| (&place.pointer, &place.line));
        finding.rule == rule && place == Some((at, &line))
    };
    let broken: BTreeSet<_> = findings.iter().map(|finding| finding.rule).collect();
    let expected: BTreeSet<_> = also.iter().chain([rule]).map(String::as_str).collect();
    let told = findings.iter().all(|finding| !finding.problem.is_empty() && !finding.remedy.is_empty());
    let good = told && broken == expected && findings.iter().any(|finding| is_this(&finding));
    let found: Vec<String> = findings.iter().map(ToString::to_string).collect();
    (!good).then(|| format!("{rule} should be broken at {line}, {at}, and {also:?}:\n{}", found.join("\n")))
}

fn line_of(text: &str, marks: &[String]) -> usize {
    let end = marks.iter().fold(0, |start, mark| {
        let found = text[start..].find(mark.as_str()).unwrap_or_else(|| panic!("`{mark}` is not there"));
        start + found + mark.len()
    });
    1 + text[..end].trim_end().matches('\n').count()
}

/// Traffic as it is recorded, with its secrets masked.
const RECORDING: &str = r#"{
  "request": {
    "headers": { "authorization": "Bearer [masked]", "x-ncp-apigw-api-key": "[masked]" },
    "body": { "trainingDatasetSecretKey": "[masked]", "text": "Hello" }
  },
  "response": {
    "headers": [{ "name": "x-api-key", "value": "[masked]" }],
    "body": { "id": "65caeb6999d34615ae7c217583eb366b", "text": "/components/schemas/SkillsetFinalAnswerEventOfV2" }
  }
}
"#;

#[test]
fn the_document_breaks_no_rule() {
    assert_eq!(check(&files()), []);
}

#[test]
fn every_rule_has_a_seeded_mistake_and_a_name_of_its_own() {
    let mut names = BTreeSet::from([YAML]);
    for rule in rules() {
        assert!(names.insert(rule.name), "two rules are called {}", rule.name);
        assert!(!rule.asks.is_empty(), "{} asks for nothing", rule.name);
    }
    let cases: Vec<Case> = CASES.iter().flat_map(|(name, _)| cases(name)).collect();
    let seeded: BTreeSet<&str> = cases.iter().map(|case| case.rule.as_str()).collect();
    assert_eq!(seeded, names);
}

#[test]
fn a_line_that_stands_at_several_places_is_one_finding() {
    let mut files = files();
    seed(&mut files, "description: Makes answers repeatable; 0 is random.", "description: Makes answers repeatable");
    let findings = check(&files);
    assert_eq!(findings.len(), 1, "{findings:#?}");
}

#[test]
fn findings_are_in_the_order_of_the_lines() {
    let mut files = files();
    seed(&mut files, "    retry: once\n", "    retry: sometimes\n");
    seed(&mut files, "summary: Rerank documents", "summary: rerank documents");
    seed(&mut files, "openapi: 3.0.3", "openapi: 3.1.0");
    let rules: Vec<_> = check(&files).iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["openapi-version", "operation-summary", "code-entry"]);
}

#[test]
fn mistakes_in_requests_are_found() {
    assert_found("requests.yaml");
}

#[test]
fn mistakes_in_schemas_are_found() {
    assert_found("schemas.yaml");
}

#[test]
fn mistakes_for_readers_are_found() {
    assert_found("readers.yaml");
}

/// A document with a part of every kind.
const SMALL: &str = r"
openapi: 3.0.3
info: {title: Small, version: '2026-10-22'}
servers: [{url: 'https://example.com{prefix}', x-clova-name: public, description: Public.}]
security: [{bearer: []}]
tags: [{name: chat, description: Chat.}]
paths:
  /v1/chat/{modelName}:
    post:
      operationId: chat
      tags: [chat]
      externalDocs: {url: 'https://api.ncloud-docs.com/docs/clovastudio-chat'}
      parameters: [{$ref: '#/components/parameters/ModelName'}]
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/ChatRequest'}
            examples: {a: {summary: A, value: {role: user}}}
      responses:
        '200':
          description: The answer.
          content:
            application/json: {schema: {$ref: '#/components/schemas/ChatEnvelope'}}
            text/event-stream:
              schema: {$ref: '#/components/schemas/ChatEvent'}
              examples: {a-1: {value: {event: token}}}
components:
  parameters:
    ModelName: {name: modelName, in: path, required: true, schema: {$ref: '#/components/schemas/ModelName'}}
  schemas:
    ModelName: {type: string, x-clova-catalogue: x-clova-models}
    Role: {type: string, x-extensible-enum: [user], x-enum-descriptions: {user: A user.}, x-enum-names: {user: User}}
    ChatRequest:
      type: object
      required: [role]
      properties:
        role: {allOf: [{$ref: '#/components/schemas/Role'}]}
        tokens: {type: integer, x-clova-taken-by: [a], x-clova-default-by: {field: role, values: {user: 1}}}
      x-clova-rules: [{id: a, rule: A., page: p, code: '40001', models: [a], refuses: {required: [role], not: {anyOf: [{}]}}}]
    ChatEnvelope: {type: object, properties: {result: {oneOf: [{$ref: '#/components/schemas/Role'}, {enum: [null]}]}}}
    ChatEvent:
      oneOf: [{$ref: '#/components/schemas/TokenEvent'}]
      discriminator: {propertyName: event, mapping: {token: '#/components/schemas/TokenEvent'}}
    TokenEvent: {type: object, properties: {event: {type: string, enum: [token]}}}
x-clova-models: {a: {operations: [chat], contextTokens: 1}}
x-clova-status-codes: {'40001': {status: 400, retry: never, retryBy: ours, messages: [{text: A, meaning: A.}], scope: [chat]}}
";

#[test]
fn a_document_of_any_shape_is_checked_to_the_end() {
    let small = Document::parse("small.yaml", SMALL).expect("a document").root;
    let mut pointers = vec![String::new()];
    collect_pointers(&small, "", &mut pointers);
    for pointer in &pointers {
        for value in [Value::Null, json!("x"), json!([{}])] {
            let mut changed = small.clone();
            *changed.pointer_mut(pointer).expect("a pointer of the document") = value;
            let document = TextFile { name: "small.yaml".to_owned(), text: changed.to_string() };
            check(&Files { document, conventions: files().conventions, recordings: Vec::new() });
        }
    }
    assert!(pointers.len() > 100, "only {} places changed", pointers.len());
}

fn collect_pointers(node: &Value, pointer: &str, pointers: &mut Vec<String>) {
    let members = node.as_object().into_iter().flatten().map(|(key, value)| (escape(key), value));
    let items = node.as_array().into_iter().flatten().enumerate().map(|(index, value)| (index.to_string(), value));
    for (key, value) in members.chain(items) {
        let pointer = format!("{pointer}/{key}");
        collect_pointers(value, &pointer, pointers);
        pointers.push(pointer);
    }
}
