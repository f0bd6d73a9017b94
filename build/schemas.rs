//! Visits every schema of a document by position, so that examples are never taken for schemas.

use serde_json::{Map, Value};

use super::document::escape;

/// A schema object.
pub type Schema = Map<String, Value>;

/// Calls `visit` with the JSON pointer of every schema of the document, inner ones first.
pub fn visit_all(root: &mut Value, visit: &mut dyn FnMut(&str, &mut Schema)) {
    visit_components(root, visit);
    let Some(paths) = root.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for (path, item) in paths {
        let pointer = format!("/paths/{}", escape(path));
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            visit_operation(&format!("{pointer}/{method}"), operation, visit);
        }
    }
}

fn visit_components(root: &mut Value, visit: &mut dyn FnMut(&str, &mut Schema)) {
    for section in ["parameters", "headers"] {
        for (pointer, holder) in
            members(root.pointer_mut(&format!("/components/{section}")), &format!("/components/{section}"))
        {
            visit_member(&pointer, holder, "schema", visit);
        }
    }
    for (pointer, response) in members(root.pointer_mut("/components/responses"), "/components/responses") {
        visit_content(&pointer, response, visit);
    }
    for (pointer, schema) in members(root.pointer_mut("/components/schemas"), "/components/schemas") {
        visit_tree(&pointer, schema, visit);
    }
}

fn visit_operation(pointer: &str, operation: &mut Value, visit: &mut dyn FnMut(&str, &mut Schema)) {
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for (index, parameter) in parameters.into_iter().flatten().enumerate() {
        visit_member(&format!("{pointer}/parameters/{index}"), parameter, "schema", visit);
    }
    if let Some(body) = operation.get_mut("requestBody") {
        visit_content(&format!("{pointer}/requestBody"), body, visit);
    }
    for (pointer, response) in members(operation.get_mut("responses"), &format!("{pointer}/responses")) {
        visit_content(&pointer, response, visit);
    }
}

fn visit_content(pointer: &str, holder: &mut Value, visit: &mut dyn FnMut(&str, &mut Schema)) {
    for (pointer, media_type) in members(holder.get_mut("content"), &format!("{pointer}/content")) {
        visit_member(&pointer, media_type, "schema", visit);
    }
}

fn visit_tree(pointer: &str, schema: &mut Value, visit: &mut dyn FnMut(&str, &mut Schema)) {
    for (pointer, property) in members(schema.get_mut("properties"), &format!("{pointer}/properties")) {
        visit_tree(&pointer, property, visit);
    }
    for key in ["items", "not", "additionalProperties"] {
        visit_member(pointer, schema, key, visit);
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        let variants = schema.get_mut(key).and_then(Value::as_array_mut);
        for (index, variant) in variants.into_iter().flatten().enumerate() {
            visit_tree(&format!("{pointer}/{key}/{index}"), variant, visit);
        }
    }
    if let Some(schema) = schema.as_object_mut() {
        visit(pointer, schema);
    }
}

fn visit_member(pointer: &str, holder: &mut Value, key: &str, visit: &mut dyn FnMut(&str, &mut Schema)) {
    if let Some(schema) = holder.get_mut(key).filter(|schema| schema.is_object()) {
        visit_tree(&format!("{pointer}/{key}"), schema, visit);
    }
}

fn members<'a>(object: Option<&'a mut Value>, pointer: &str) -> impl Iterator<Item = (String, &'a mut Value)> {
    let pointer = pointer.to_owned();
    object
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
        .map(move |(key, value)| (format!("{pointer}/{}", escape(key)), value))
}
