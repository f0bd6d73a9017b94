//! Runs the generator on the lowered document, and finds the place when it fails.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl};
use serde_json::{Value, json};

use super::document::{Document, Fault, escape};
use super::lowering::source_path;
use super::values::OpenValue;

/// Generates the client.
pub fn generate(document: &Document, lowered: &Value, open_values: &[OpenValue]) -> Result<TokenStream, Fault> {
    run(lowered, open_values).map_err(|problem| find(document, lowered, open_values, &problem))
}

/// Generates the extension of `httpmock`, from a document that a client was generated from.
pub fn generate_mocks(document: &Document, lowered: &Value, open_values: &[OpenValue]) -> Result<TokenStream, Fault> {
    let extension = read(lowered).and_then(|lowered| {
        quietly(|| generator(open_values).httpmock(&lowered, "crate::raw").map_err(|error| error.to_string()))
    });
    extension.map_err(|problem| fault(document, "", &problem))
}

fn run(lowered: &Value, open_values: &[OpenValue]) -> Result<TokenStream, String> {
    let lowered = read(lowered)?;
    quietly(|| generator(open_values).generate_tokens(&lowered).map_err(|error| error.to_string()))
}

fn read(lowered: &Value) -> Result<OpenAPI, String> {
    serde_json::from_value(lowered.clone()).map_err(|error| error.to_string())
}

fn generator(open_values: &[OpenValue]) -> Generator {
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Optional)
        .with_inner_type(quote::quote!(crate::transport::Transport));
    for OpenValue { name, .. } in open_values {
        let traits = [TypeImpl::Display, TypeImpl::FromStr, TypeImpl::FromStringIrrefutable];
        settings.with_replacement(name, format!("crate::raw::values::{name}"), traits.into_iter());
    }
    settings.with_replacement("LooseInteger", "crate::lenient::LooseInteger", std::iter::empty());
    Generator::new(&settings)
}

/// Does what may panic: the generator does on what it does not know. The message becomes the error instead of a trace on
/// the terminal.
pub fn quietly<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                previous(panic);
            }
        }));
    });
    QUIET.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    outcome.unwrap_or_else(|payload| Err(panic_message(payload.as_ref())))
}

thread_local! {
    /// Whether panics of this thread are told otherwise.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// The generator says what, never where: so it is run again on one schema and then on one operation at a time.
fn find(document: &Document, lowered: &Value, open_values: &[OpenValue], problem: &str) -> Fault {
    let schemas = lowered["components"]["schemas"].as_object().into_iter().flatten();
    for (name, schema) in schemas {
        let alone = with_only(lowered, json!({}), json!({ name: without_references(schema) }));
        if let Err(problem) = run(&alone, open_values) {
            return fault(document, &format!("/components/schemas/{}", escape(name)), &problem);
        }
    }
    let items = lowered["paths"].as_object().into_iter().flatten();
    for (path, item) in items {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let alone =
                with_only(lowered, json!({ path: { method: operation } }), lowered["components"]["schemas"].clone());
            if let Err(problem) = run(&alone, open_values) {
                return fault(document, &format!("/paths/{}/{method}", escape(source_path(path))), &problem);
            }
        }
    }
    fault(document, "", problem)
}

fn fault(document: &Document, pointer: &str, problem: &str) -> Fault {
    let problem = problem.lines().next().unwrap_or_default();
    document.fault(
        pointer,
        format!("the generator cannot take this: {problem}"),
        "Write it in a way the generator takes, or add a step to build/lowering.rs that changes it",
    )
}

fn with_only(lowered: &Value, paths: Value, schemas: Value) -> Value {
    let mut document = lowered.clone();
    document["paths"] = paths;
    document["components"]["schemas"] = schemas;
    document
}

fn without_references(schema: &Value) -> Value {
    match schema {
        Value::Object(members) if members.contains_key("$ref") => json!({}),
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), without_references(value))).collect(),
        Value::Array(items) => items.iter().map(without_references).collect(),
        other => other.clone(),
    }
}

fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("the generator panicked").to_owned()
}
