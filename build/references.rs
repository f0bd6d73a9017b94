//! Checks what the generator takes for granted: that references point somewhere, and that operations have unique names.

use std::collections::HashMap;

use serde_json::Value;

use super::document::{Document, Fault, escape};

/// Checks the document.
pub fn check(document: &Document) -> Result<(), Fault> {
    let mut faults = dangling(document).into_iter().chain(operation_ids(document));
    faults.next().map_or(Ok(()), Err)
}

/// References that point nowhere.
pub fn dangling(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    find_dangling(document, &document.root, "", &mut faults);
    faults
}

fn find_dangling(document: &Document, node: &Value, pointer: &str, faults: &mut Vec<Fault>) {
    match node {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            if let Some(reference) = reference.filter(|reference| document.resolve(reference).is_none()) {
                faults.push(document.fault(
                    pointer,
                    format!("the reference `{reference}` points nowhere"),
                    "Correct the name, or add the component under `components`",
                ));
            }
            for (key, member) in members {
                find_dangling(document, member, &format!("{pointer}/{}", escape(key)), faults);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                find_dangling(document, item, &format!("{pointer}/{index}"), faults);
            }
        }
        _ => {}
    }
}

/// Operations without a name, or with the name of another one.
pub fn operation_ids(document: &Document) -> Vec<Fault> {
    let mut seen = HashMap::new();
    let faults = document.operations().into_iter().filter_map(|operation| {
        let pointer = operation.pointer();
        if operation.id().is_empty() {
            return Some(document.fault(
                &pointer,
                "the operation has no `operationId`",
                "Give it one in snake case; it names the Rust method",
            ));
        }
        let other = seen.insert(operation.id(), pointer.clone())?;
        Some(document.fault(
            &format!("{pointer}/operationId"),
            format!("`{}` is the name of another operation already (#{other})", operation.id()),
            "Choose another name",
        ))
    });
    faults.collect()
}
