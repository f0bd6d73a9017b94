//! Changes the document, in memory, into what the generator can eat: one named step per reason.
//!
//! The reasons are explained in `spec/README.md`. Each step says how many places it must match, and the build fails
//! when it matches another number: a step that no longer applies is to be removed, one that matches more is to be
//! looked at.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::descriptions::{tell_defaults, tell_limits, tell_models};
use super::document::{Document, Fault, METHODS};
use super::schemas::visit_all;

/// What the key of a streaming twin begins with. The generator collapses the double slash, so that two keys of the
/// lowered document name one URL.
const TWIN_PREFIX: &str = "/";

/// What the `operationId` of a streaming twin ends with.
pub const TWIN_SUFFIX: &str = "_stream";

/// How many places a step must match.
#[derive(Clone, Copy, Debug)]
pub enum Places {
    /// Just this many: the step is about something that comes and goes seldom.
    Exactly(usize),
    /// Just this many in each operation, streaming twins included.
    InEachOperation(usize),
    /// One at least: the step is about fields, and adding one must be a single edit.
    All,
}

/// One change of the document.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// The places it must match.
    pub places: Places,
    /// Applies it and returns the places it matched.
    apply: fn(&mut Value) -> usize,
}

/// The steps, in the order they are taken.
pub const STEPS: [Step; 13] = [
    Step { name: "drop_event_schemas", places: Places::Exactly(7), apply: drop_event_schemas },
    Step { name: "split_streams", places: Places::Exactly(7), apply: split_streams },
    Step { name: "drop_failures", places: Places::InEachOperation(2), apply: drop_failures },
    Step { name: "keep_one_success", places: Places::Exactly(1), apply: keep_one_success },
    Step { name: "link_pages", places: Places::InEachOperation(1), apply: link_pages },
    Step { name: "tell_limits", places: Places::All, apply: tell_limits },
    Step { name: "tell_defaults", places: Places::All, apply: tell_defaults },
    Step { name: "tell_models", places: Places::All, apply: tell_models },
    Step { name: "plain_nullable_references", places: Places::All, apply: plain_nullable_references },
    Step { name: "nullable_collections", places: Places::All, apply: nullable_collections },
    Step { name: "keep_unknown_members", places: Places::All, apply: keep_unknown_members },
    Step { name: "inline_variants", places: Places::Exactly(2), apply: inline_variants },
    Step { name: "describe_references", places: Places::All, apply: describe_references },
];

/// The lowered document and what it took.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The document for the generator.
    pub root: Value,
    /// Name of each step and the places it matched.
    pub report: Vec<(&'static str, usize)>,
}

/// Takes all steps.
pub fn lower(document: &Document) -> Result<Lowered, Fault> {
    let mut root = document.root.clone();
    let mut report = Vec::new();
    for step in STEPS {
        let matched = (step.apply)(&mut root);
        let again = (step.apply)(&mut root);
        let operations = operations(&mut root).count();
        check(document, &step, operations, matched, again)?;
        report.push((step.name, matched));
    }
    Ok(Lowered { root, report })
}

/// Takes all steps on a document of another time, which may have other places for them.
pub fn lower_unchecked(document: &Document) -> Lowered {
    let mut root = document.root.clone();
    let report = STEPS.iter().map(|step| (step.name, (step.apply)(&mut root))).collect();
    Lowered { root, report }
}

fn check(document: &Document, step: &Step, operations: usize, matched: usize, again: usize) -> Result<(), Fault> {
    let places = match step.places {
        Places::Exactly(places) => places..=places,
        Places::InEachOperation(places) => places * operations..=places * operations,
        Places::All => 1..=usize::MAX,
    };
    let expected = match (places.contains(&matched), step.places) {
        (false, Places::All) => "one place at least".to_owned(),
        (false, _) => format!("{} places", places.start()),
        _ if again != 0 => format!("nothing on a second run, not {again} places"),
        _ => return Ok(()),
    };
    Err(document.fault(
        "",
        format!("lowering step `{}` matched {matched} places and should match {expected}", step.name),
        "Look at what changed in the document; then correct the number in build/lowering.rs, or remove the step",
    ))
}

/// A raw stream has no type in the generator, so the schemas of events, which name the event and wrap its data, would
/// only be dead weight. The schemas of the data stay. Counts the operations that stream.
fn drop_event_schemas(root: &mut Value) -> usize {
    let mut unions = Vec::new();
    for response in responses(root) {
        let schema = response.pointer_mut("/content/text~1event-stream/schema");
        if let Some(name) = schema.and_then(|schema| component_name(&schema.take()).map(str::to_owned)) {
            unions.push(name);
        }
    }
    for response in responses(root) {
        if let Some(stream) = response.pointer_mut("/content/text~1event-stream") {
            *stream = json!({});
        }
    }
    let Some(schemas) = root.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return 0 };
    for union in &unions {
        let Some(removed) = schemas.remove(union) else { continue };
        let variants = ["oneOf", "anyOf"].iter().filter_map(|key| removed[key].as_array());
        for name in variants.flatten().filter_map(component_name) {
            schemas.remove(name);
        }
    }
    unions.len()
}

/// A response that offers JSON and an event stream comes out as JSON only. The stream becomes an operation of its own,
/// which the generator answers with raw bytes.
fn split_streams(root: &mut Value) -> usize {
    let Some(paths) = root.get_mut("paths").and_then(Value::as_object_mut) else { return 0 };
    let mut split = Map::new();
    let mut twins = 0;
    for (path, mut item) in std::mem::take(paths) {
        let twin = twin_of(&mut item);
        split.insert(path.clone(), item);
        if let Some(twin) = twin {
            twins += 1;
            split.insert(format!("{TWIN_PREFIX}{path}"), twin);
        }
    }
    *paths = split;
    twins
}

fn twin_of(item: &mut Value) -> Option<Value> {
    let operation = item.get_mut("post")?;
    let content = operation.pointer_mut("/responses/200/content")?.as_object_mut()?;
    if !content.contains_key("application/json") {
        return None;
    }
    let stream = content.remove("text/event-stream")?;
    let mut twin = operation.clone();
    twin["operationId"] = json!(format!("{}{TWIN_SUFFIX}", twin["operationId"].as_str()?));
    twin["summary"] = json!(format!("{}, as a stream", twin["summary"].as_str()?));
    *twin.pointer_mut("/responses/200/content")? = json!({ "text/event-stream": stream });
    Some(json!({ "post": twin }))
}

/// A failure response with a type loses the status when its body is something else, such as the HTML of a gateway.
/// Without one, every failure arrives with status, headers and unread body.
fn drop_failures(root: &mut Value) -> usize {
    retain_responses(root, |status| !status.starts_with('4') && !status.starts_with('5'))
}

/// The generator takes one kind of success per operation. The transport turns a bodiless success into an envelope.
fn keep_one_success(root: &mut Value) -> usize {
    retain_responses(root, |status| status != "204")
}

fn retain_responses(root: &mut Value, keep: fn(&str) -> bool) -> usize {
    let mut dropped = 0;
    for operation in operations(root) {
        if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            let before = responses.len();
            responses.retain(|status, _| keep(status));
            dropped += before - responses.len();
        }
    }
    dropped
}

/// Links outside the document do not reach the generated documentation.
fn link_pages(root: &mut Value) -> usize {
    let mut places = 0;
    for operation in operations(root) {
        let Some(page) = operation.as_object_mut().and_then(|operation| operation.shift_remove("externalDocs")) else {
            continue;
        };
        let text = operation["description"].as_str().unwrap_or_default().trim_end().to_owned();
        operation["description"] =
            json!(format!("{text}\n\n[Vendor's page]({})", page["url"].as_str().unwrap_or_default()));
        places += 1;
    }
    places
}

/// A choice between a type and null is an option already when the field may be left out.
fn plain_nullable_references(root: &mut Value) -> usize {
    let mut places = 0;
    visit_all(root, &mut |_, schema| {
        let Some([reference, null]) = schema.get("oneOf").and_then(Value::as_array).map(Vec::as_slice) else { return };
        if null["enum"] == json!([null]) {
            let reference = json!([reference]);
            schema.shift_remove("oneOf");
            schema.insert("allOf".to_owned(), reference);
            places += 1;
        }
    });
    places
}

/// A list or map that may be left out comes out as one that is empty then, which fails on null and cannot be sent
/// empty. As a nullable one it becomes an option.
fn nullable_collections(root: &mut Value) -> usize {
    let mut places = 0;
    visit_all(root, &mut |_, schema| {
        let required = schema.get("required").cloned().unwrap_or_default();
        let is_required = |name: &str| required.as_array().is_some_and(|names| names.iter().any(|it| it == name));
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            if is_collection(property) && !is_required(name) && property["nullable"] != true {
                property["nullable"] = json!(true);
                places += 1;
            }
        }
    });
    places
}

/// A member that the document does not know would be lost. The objects of answers keep it in a map of their own.
fn keep_unknown_members(root: &mut Value) -> usize {
    let answers = answer_schemas(root);
    let mut places = 0;
    for (name, schema) in root.pointer_mut("/components/schemas").and_then(Value::as_object_mut).into_iter().flatten() {
        let is_open = schema.get("additionalProperties").is_none() && schema.get("properties").is_some();
        if is_open && answers.contains(name) {
            schema["additionalProperties"] = json!({ "description": "A member that the document does not know." });
            places += 1;
        }
    }
    places
}

/// Names of the components that answers and the data of events consist of: all but those that only requests have.
fn answer_schemas(root: &mut Value) -> BTreeSet<String> {
    let schemas = root["components"]["schemas"].clone();
    let requests: Vec<Value> = operations(root).filter_map(|operation| operation.get("requestBody").cloned()).collect();
    let answers: Vec<Value> = responses(root).map(|response| response.clone()).collect();
    let (requests, answers) = (components_of(requests, &schemas), components_of(answers, &schemas));
    let names = schemas.as_object().into_iter().flatten().map(|(name, _)| name.clone());
    names.filter(|name| answers.contains(name) || !requests.contains(name)).collect()
}

/// Names of the components that nodes refer to, also through other components.
pub fn components_of(mut nodes: Vec<Value>, schemas: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    while let Some(node) = nodes.pop() {
        if let Some(name) = component_name(&node).filter(|name| !names.contains(*name)) {
            names.insert(name.to_owned());
            nodes.push(schemas[name].clone());
        }
        match node {
            Value::Object(members) => nodes.extend(members.into_iter().map(|(_, member)| member)),
            Value::Array(items) => nodes.extend(items),
            _ => {}
        }
    }
    names
}

fn is_collection(schema: &Value) -> bool {
    schema["type"] == "array" || (schema["type"] == "object" && schema.get("additionalProperties").is_some())
}

/// Variants told apart by a member are recognized only when they stand in the choice itself; as references they come
/// out as a guess by their members.
fn inline_variants(root: &mut Value) -> usize {
    let Some(schemas) = root.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return 0 };
    let source = schemas.clone();
    let mut inlined = Vec::new();
    let mut places = 0;
    for schema in schemas.values_mut().filter(|schema| schema.get("discriminator").is_some()) {
        let variants = schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten();
        for variant in variants {
            let Some((name, found)) = component_name(variant).and_then(|name| source.get_key_value(name)) else {
                continue;
            };
            inlined.push(name.clone());
            *variant = found.clone();
        }
        schema.as_object_mut().and_then(|schema| schema.shift_remove("discriminator"));
        places += 1;
    }
    schemas.retain(|name, _| !inlined.contains(name));
    places
}

/// A field that only refers to a schema has no documentation of its own; it takes that of the schema.
fn describe_references(root: &mut Value) -> usize {
    let schemas = root["components"]["schemas"].clone();
    let mut places = 0;
    visit_all(root, &mut |_, schema| {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (_, property) in properties.into_iter().flatten() {
            let Some(name) = component_name(property) else { continue };
            let description = schemas[name]["description"].clone();
            *property = json!({ "allOf": [property.clone()], "description": description });
            places += 1;
        }
    });
    places
}

fn operations(root: &mut Value) -> impl Iterator<Item = &mut Value> {
    let items = root.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    let members = items.flat_map(|(_, item)| item.as_object_mut().into_iter().flatten());
    members.filter(|(name, _)| METHODS.contains(&name.as_str())).map(|(_, operation)| operation)
}

fn responses(root: &mut Value) -> impl Iterator<Item = &mut Value> {
    operations(root)
        .filter_map(|operation| operation.get_mut("responses").and_then(Value::as_object_mut))
        .flat_map(|responses| responses.iter_mut().map(|(_, response)| response))
}

/// The component that a schema refers to, when it is a plain reference.
pub fn component_name(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

/// The path in the document that a path of the lowered document came from.
pub fn source_path(path: &str) -> &str {
    path.strip_prefix(TWIN_PREFIX).filter(|path| path.starts_with('/')).unwrap_or(path)
}
