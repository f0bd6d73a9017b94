//! From the OpenAPI document to Rust: what `build.rs` does, shared with the tests and with `cargo xtask`.

pub mod catalogue;
pub mod client;
pub mod constructors;
pub mod descriptions;
pub mod dialect;
pub mod document;
pub mod envelopes;
pub mod errors;
pub mod events;
pub mod finish;
pub mod lenient;
pub mod limits;
pub mod lowering;
pub mod mask;
pub mod messages;
pub mod mocks;
pub mod operations;
pub mod references;
pub mod rules;
pub mod schemas;
pub mod secrets;
pub mod setters;
pub mod values;

use document::{Document, Fault};
use lowering::Lowered;
use proc_macro2::TokenStream;

/// A generated file.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name in `OUT_DIR`.
    pub name: &'static str,
    /// Its text.
    pub text: String,
}

/// Everything that is generated from a document.
pub fn generate(document: &Document) -> Result<Vec<Output>, Fault> {
    references::check(document)?;
    generate_lowered(document, &lowering::lower(document)?)
}

/// Everything that is generated from a document of another time, which may have other places for the lowering.
pub fn generate_unchecked(document: &Document) -> Result<Vec<Output>, Fault> {
    references::check(document)?;
    generate_lowered(document, &lowering::lower_unchecked(document))
}

fn generate_lowered(document: &Document, lowered: &Lowered) -> Result<Vec<Output>, Fault> {
    let values = values::collect(document)?;
    let client = client::generate(document, &lowered.root, &values)?;
    let finish = |name, tokens: TokenStream, steps: &[finish::Step]| {
        let text = finish::finish(tokens, steps).map_err(|problem| {
            document.fault("", format!("{name}: {problem}"), "Look at build/finish.rs; the generator may have changed")
        })?;
        Ok(Output { name, text })
    };
    let client = finish("client.rs", client, &finish::CLIENT)?;
    let setters = setters::generate(&client.text)
        .map_err(|problem| document.fault("", problem, "Look at build/setters.rs; the generator may have changed"))?;
    Ok(vec![
        client,
        finish("setters.rs", setters, &[])?,
        finish("values.rs", values::generate(&values), &[])?,
        finish("envelopes.rs", envelopes::generate(document), &[])?,
        finish("events.rs", events::generate(document)?, &finish::EVENTS)?,
        finish("catalogue.rs", catalogue::generate(document, &values)?, &[])?,
        finish("limits.rs", limits::generate(document)?, &[])?,
        finish("rules.rs", rules::generate(document)?, &[])?,
        finish("secrets.rs", secrets::generate(document)?, &[])?,
        finish("operations.rs", operations::generate_table(document, lowered), &[])?,
        finish("mocks.rs", mocks::generate(document, lowered, &values)?, &[])?,
        finish("calls.rs", operations::generate_calls(lowered), &[])?,
        Output { name: "document.json", text: document.root.to_string() },
    ])
}
