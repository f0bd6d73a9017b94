//! Checks what the generator takes for granted: that references point somewhere, and that operations have unique names.

use std::collections::HashMap;

use serde_json::Value;

use super::document::{Document, Fault, escape};

/// Checks the document.
pub fn check(document: &Document) -> Result<(), Fault> {
    check_references(document, &document.root, "")?;
    check_operation_ids(document)
}

fn check_references(document: &Document, node: &Value, pointer: &str) -> Result<(), Fault> {
    match node {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                check_reference(document, reference, pointer)?;
            }
            members
                .iter()
                .try_for_each(|(key, member)| check_references(document, member, &format!("{pointer}/{}", escape(key))))
        }
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, item)| check_references(document, item, &format!("{pointer}/{index}")))
        }
        _ => Ok(()),
    }
}

fn check_reference(document: &Document, reference: &str, pointer: &str) -> Result<(), Fault> {
    if document.resolve(reference).is_some() {
        return Ok(());
    }
    Err(document.fault(
        pointer,
        format!("the reference `{reference}` points nowhere"),
        "Correct the name, or add the component under `components`",
    ))
}

fn check_operation_ids(document: &Document) -> Result<(), Fault> {
    let mut seen = HashMap::new();
    for operation in document.operations() {
        let pointer = operation.pointer();
        if operation.id().is_empty() {
            return Err(document.fault(
                &pointer,
                "the operation has no `operationId`",
                "Give it one in snake case; it names the Rust method",
            ));
        }
        if let Some(other) = seen.insert(operation.id(), pointer.clone()) {
            return Err(document.fault(
                &format!("{pointer}/operationId"),
                format!("`{}` is the name of another operation already (#{other})", operation.id()),
                "Choose another name",
            ));
        }
    }
    Ok(())
}
