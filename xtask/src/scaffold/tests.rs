//! Scaffolds of pages in every form.

use serde_json::Value;

use super::operations;
use crate::build::document::Document;
use crate::drift::page::read;
use crate::drift::tests::render::{Damage, Style, render};
use crate::drift::tests::sides::lock;
use crate::{build, workspace};

const STREAM: &str = "text/event-stream";

/// The document with the operations of a page in place of those that it has for the page.
fn with_fragment(slug: &str, fragment: &Value) -> Document {
    let mut document = workspace::document().expect("the document parses");
    let mut old = Vec::new();
    for operation in workspace::document().expect("the document parses").operations() {
        let is_of_page =
            operation.value["externalDocs"]["url"].as_str().is_some_and(|url| url.ends_with(&format!("/{slug}")));
        let is_again = fragment["paths"][operation.path].get(operation.method).is_some();
        if is_of_page || is_again {
            let item = document.root["paths"][operation.path].as_object_mut().expect("a path has operations");
            old.push(item.shift_remove(operation.method).expect("the operation is there"));
        }
    }
    for (path, item) in fragment["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let old = old.pop().unwrap_or_else(|| panic!("{slug} has as many operations as the document has for it"));
            let mut operation = operation.clone();
            operation["operationId"] = old["operationId"].clone();
            // No table tells of answers without a body, nor of the streams of the OpenAI-compatible API.
            if let Some(bodiless) = old["responses"].get("204") {
                operation["responses"]["204"] = bodiless.clone();
            }
            let content = &mut operation["responses"]["200"]["content"];
            if let Some(stream) =
                old["responses"]["200"]["content"].get(STREAM).filter(|_| path.starts_with("/v1/openai/"))
            {
                content[STREAM] = stream.clone();
            }
            document.root["paths"][path][method] = operation;
        }
    }
    assert!(old.is_empty(), "{slug} has as many operations as the document has for it");
    drop_unused_unions(&mut document);
    for (name, schema) in fragment["components"]["schemas"].as_object().expect("schemas") {
        document.root["components"]["schemas"][name] = schema.clone();
    }
    document
}

/// Unions of events that no operation has any more; the document may have none.
fn drop_unused_unions(document: &mut Document) {
    let stream = "/responses/200/content/text~1event-stream/schema/$ref";
    let used: Vec<Value> =
        document.operations().iter().filter_map(|operation| operation.value.pointer(stream).cloned()).collect();
    let schemas = document.root["components"]["schemas"].as_object_mut().expect("schemas");
    schemas.retain(|name, schema| {
        schema["discriminator"]["propertyName"] != "event"
            || used.iter().any(|used| used == &format!("#/components/schemas/{name}"))
    });
}

#[test]
fn a_scaffold_of_every_page_is_generated_from() {
    let lock = lock();
    let mut count = 0;
    for (index, (slug, page)) in lock.pages.iter().filter(|(_, page)| !page.withdrawn).enumerate() {
        let style = Style::all().nth(index % 12).expect("there are twelve");
        let read = read(slug, &render(slug, page, style, &Damage::default()));
        let Ok(text) = operations(&read) else { continue };
        let fragment =
            Document::parse("scaffold", &text).unwrap_or_else(|fault| panic!("{slug}: {fault}\n{text}")).root;
        if let Err(fault) = build::generate(&with_fragment(slug, &fragment)) {
            panic!("{slug} {style:?}: {fault}\n{text}");
        }
        count += 1;
    }
    println!("{count} pages");
    assert!(count > 20);
}
