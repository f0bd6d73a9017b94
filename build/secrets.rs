//! Generates the names of the members of requests that are secrets of the caller.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::document::{Document, Fault};

/// The constant, from every property with `x-clova-secret`.
pub fn generate(document: &Document) -> Result<TokenStream, Fault> {
    let properties = document.schemas().filter_map(|(_, schema)| schema["properties"].as_object()).flatten();
    let secret = properties.filter(|(_, property)| property["x-clova-secret"] == Value::Bool(true));
    let names: BTreeSet<&String> = secret.map(|(name, _)| name).collect();
    if names.is_empty() {
        return Err(document.fault(
            "/components/schemas",
            "no property is marked with `x-clova-secret`",
            "Restore the marks; src/content.rs shows every member that has none",
        ));
    }
    Ok(quote! {
        /// Names of the properties with `x-clova-secret` in the document.
        const SECRETS: &[&str] = &[#(#names),*];
    })
}
