//! Generates the table of operations, and calls of all of them by name for tests.

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::document::{Document, Operation, operations_of};
use super::lowering::{Lowered, TWIN_SUFFIX, component_name, source_path};

/// One method of the raw client.
pub struct Method<'a> {
    /// Name of the method.
    pub name: String,
    /// Name of the operation in the document.
    pub operation: &'a str,
    /// Whether it is a streaming twin.
    pub stream: bool,
    /// The lowered operation.
    pub lowered: Operation<'a>,
}

/// The methods, in the order of the document.
pub fn methods(lowered: &Value) -> Vec<Method<'_>> {
    let items = lowered["paths"].as_object().into_iter().flatten();
    let operations = items.flat_map(|(path, item)| operations_of(path, item));
    let methods = operations.map(|lowered| {
        let name = lowered.id().to_owned();
        let operation = lowered.id().strip_suffix(TWIN_SUFFIX);
        Method { name, operation: operation.unwrap_or(lowered.id()), stream: operation.is_some(), lowered }
    });
    methods.collect()
}

impl<'a> Method<'a> {
    /// Name of its variant in the enumeration of operations.
    pub fn variant(&self) -> Ident {
        format_ident!("{}", self.name.to_upper_camel_case())
    }

    /// Its parameters in path, query and headers, given the components that they may refer to.
    pub fn parameters(&self, components: &'a Value) -> Vec<&'a Value> {
        let parameters = self.lowered.value["parameters"].as_array().into_iter().flatten();
        let shared = |parameter: &Value| {
            let name = parameter["$ref"].as_str()?.strip_prefix("#/components/parameters/")?;
            Some(&components["parameters"][name])
        };
        parameters.map(|parameter| shared(parameter).unwrap_or(parameter)).collect()
    }
}

/// The enumeration of operations.
pub fn generate_table(document: &Document, lowered: &Lowered) -> TokenStream {
    let methods = methods(&lowered.root);
    let variants: Vec<_> = methods.iter().map(Method::variant).collect();
    let texts = methods.iter().map(|method| method.lowered.value["summary"].as_str().unwrap_or_default());
    let names = methods.iter().map(|method| &method.name);
    let ids = methods.iter().map(|method| method.operation);
    let verbs = methods.iter().map(|method| method.lowered.method.to_uppercase());
    let paths = methods.iter().map(|method| source_path(method.lowered.path));
    let tags = methods.iter().map(|method| method.lowered.value["tags"][0].as_str().unwrap_or_default());
    let bodies = methods.iter().map(|method| body_schema(method).unwrap_or_default());
    let streams = methods.iter().map(|method| method.stream);
    let prefixed =
        methods.iter().map(|method| document.root["paths"][source_path(method.lowered.path)].get("servers").is_none());
    let deprecated = methods.iter().map(|method| method.lowered.value["deprecated"] == true);
    let pages = methods.iter().map(|method| {
        let source = document.operations().into_iter().find(|operation| operation.id() == method.operation);
        source.and_then(|source| source.value["externalDocs"]["url"].as_str()).unwrap_or_default().to_owned()
    });
    quote! {
        /// A method of [`Client`](crate::raw::Client): an operation of the document, or its streaming twin.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Operation {
            #(#[doc = #texts] #variants,)*
        }

        /// The facts of the operations, in the order of the variants.
        pub(super) static ENTRIES: &[Entry] = &[#(Entry {
            operation: Operation::#variants,
            name: #names,
            id: #ids,
            method: #verbs,
            path: #paths,
            tag: #tags,
            page: #pages,
            body: #bodies,
            is_stream: #streams,
            takes_prefix: #prefixed,
            is_deprecated: #deprecated,
        }),*];
    }
}

/// Calls by name, with parameters and body as JSON.
pub fn generate_calls(lowered: &Lowered) -> TokenStream {
    let methods = methods(&lowered.root);
    let components = &lowered.root["components"];
    let arms = methods.iter().map(|method| call(method, components));
    let schemas: Vec<_> = components["schemas"].as_object().into_iter().flatten().map(|(name, _)| name).collect();
    let types =
        schemas.iter().map(|name| type_of(&serde_json::json!({ "$ref": format!("#/components/schemas/{name}") })));
    quote! {
        pub(super) async fn dispatch(client: &Client, operation: Operation, input: Input<'_>) -> Result<Answer, CallError> {
            match operation { #(#arms)* }
        }

        /// Reads a value as the Rust type of a component schema.
        ///
        /// # Errors
        ///
        /// When the type does not take the value, or there is no such schema.
        pub fn read_as(schema: &str, value: Value) -> Result<Typed, serde_json::Error> {
            match schema {
                #(#schemas => Typed::read::<#types>(value),)*
                other => Err(serde::de::Error::custom(format_args!("no schema `{other}`"))),
            }
        }
    }
}

fn call(method: &Method<'_>, components: &Value) -> TokenStream {
    let variant = method.variant();
    let name = format_ident!("{}", method.name);
    let setters = method.parameters(components).into_iter().map(setter);
    let body = body_schema(method).map(|schema| {
        let schema = format_ident!("{schema}");
        quote!(let builder = builder.body(input.body::<types::#schema>()?);)
    });
    let answer = if method.stream { quote!(Answer::stream) } else { quote!(Answer::json) };
    quote! {
        Operation::#variant => {
            let builder = client.#name();
            #(#setters)*
            #body
            #answer(builder.send().await?)
        }
    }
}

/// Name of the schema of a method's body.
fn body_schema<'a>(method: &Method<'a>) -> Option<&'a str> {
    component_name(&method.lowered.value["requestBody"]["content"]["application/json"]["schema"])
}

fn setter(parameter: &Value) -> TokenStream {
    let key = parameter["name"].as_str().unwrap_or_default();
    let name = format_ident!("{}", key.to_snake_case());
    let typ = type_of(&parameter["schema"]);
    if parameter["required"] == true {
        quote!(let builder = builder.#name(input.required::<#typ>(#key)?);)
    } else {
        quote!(let builder = match input.optional::<#typ>(#key)? { Some(value) => builder.#name(value), None => builder };)
    }
}

fn type_of(schema: &Value) -> TokenStream {
    match (component_name(schema), schema["type"].as_str()) {
        (Some(name), _) => {
            let name = format_ident!("{name}");
            quote!(types::#name)
        }
        (None, Some("integer")) => quote!(i32),
        _ => quote!(String),
    }
}
