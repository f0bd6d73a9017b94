//! Generates typed mocks of the operations: the generator's extension of `httpmock`, taught what it cannot know of the
//! service.

mod teach;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::client;
use super::document::{Document, Fault, escape};
use super::lowering::{Lowered, component_name, source_path};
use super::operations::{Method, methods};
use super::values::OpenValue;

/// The mocks.
pub fn generate(document: &Document, lowered: &Lowered, open_values: &[OpenValue]) -> Result<TokenStream, Fault> {
    let extension = client::generate_mocks(document, &lowered.root, open_values)?;
    let components = &lowered.root["components"];
    let mocks = methods(&lowered.root).into_iter().map(|method| Mock::new(document, method, components));
    let mocks = mocks.collect::<Result<Vec<_>, Fault>>()?;
    let extension = teach::teach(extension, &mocks).map_err(|problem| {
        document.fault("", problem, "Look at build/mocks/teach.rs; the generator may have changed")
    })?;
    let by_name = by_name(&mocks);
    Ok(quote!(#extension #by_name))
}

/// A mock of an operation.
struct Mock<'a> {
    method: Method<'a>,
    parameters: Vec<&'a Value>,
    answer: Answer,
}

/// What an operation answers with.
enum Answer {
    /// The members of an envelope.
    Enveloped(TokenStream),
    /// An envelope with a status alone.
    Empty,
    /// A document without an envelope.
    Bare(TokenStream),
    /// Events of a type, and how they are decoded by name and data.
    Events(TokenStream, TokenStream),
}

impl<'a> Mock<'a> {
    fn new(document: &Document, method: Method<'a>, components: &'a Value) -> Result<Self, Fault> {
        let media = if method.stream { "text/event-stream" } else { "application/json" };
        let source = &document.root["paths"][source_path(method.lowered.path)][method.lowered.method];
        let schemas = &document.root["components"]["schemas"];
        let answer = component_name(&source["responses"]["200"]["content"][media]["schema"])
            .and_then(|name| if method.stream { events(name, schemas) } else { Some(json(name, schemas)) });
        let answer = answer.ok_or_else(|| {
            let pointer = format!("/paths/{}/{}", escape(source_path(method.lowered.path)), method.lowered.method);
            let problem = format!("what it answers in `{media}` has no schema of its own");
            document.fault(&pointer, problem, "Make it a component and refer to it")
        })?;
        Ok(Self { parameters: method.parameters(components), method, answer })
    }
}

fn json(name: &str, schemas: &Value) -> Answer {
    let properties = &schemas[name]["properties"];
    match component_name(&properties["result"]["oneOf"][0]) {
        Some(result) => Answer::Enveloped(typed(result)),
        None if properties.get("status").is_some() => Answer::Empty,
        None => Answer::Bare(typed(name)),
    }
}

/// Events with names have a type of their own; others are what the data of the first kind is.
fn events(name: &str, schemas: &Value) -> Option<Answer> {
    let union = &schemas[name];
    if union["discriminator"]["propertyName"] == "event" {
        let name = format_ident!("{name}");
        return Some(Answer::Events(quote!(crate::raw::events::#name), quote!(crate::raw::events::#name::decode)));
    }
    let first = component_name(&union["anyOf"][0])?;
    let data = typed(component_name(&schemas[first]["properties"]["data"])?);
    Some(Answer::Events(data, quote!(|_, data| ::serde_json::from_str(data))))
}

fn typed(name: &str) -> TokenStream {
    let name = format_ident!("{name}");
    quote!(crate::raw::types::#name)
}

/// Mocks by the operation's name.
fn by_name(mocks: &[Mock<'_>]) -> TokenStream {
    let variants: Vec<_> = mocks.iter().map(|mock| mock.method.variant()).collect();
    let names: Vec<_> = mocks.iter().map(|mock| format_ident!("{}", mock.method.name)).collect();
    quote! {
        /// A mock of an operation by its name, which answers every request of it with an example of the document.
        pub fn example(server: &::httpmock::MockServer, operation: crate::raw::Operation) -> ::httpmock::Mock<'_> {
            match operation {
                #(crate::raw::Operation::#variants => server.#names(|_, then| drop(then.example())),)*
            }
        }

        /// A mock of an operation by its name, which refuses every request of it with this code.
        pub fn refusal(
            server: &::httpmock::MockServer,
            operation: crate::raw::Operation,
            code: impl Into<crate::raw::types::StatusCode>,
        ) -> ::httpmock::Mock<'_> {
            match operation {
                #(crate::raw::Operation::#variants => server.#names(|_, then| drop(then.refuse(code))),)*
            }
        }
    }
}
