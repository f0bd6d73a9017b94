//! Generates how each native answer is opened: its status, and its result.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::document::Document;
use super::lowering::component_name;

/// An implementation of `crate::envelope::Envelope` for every schema of a JSON answer: with `status` and `result`, or,
/// from the OpenAI-compatible API, as it is.
pub fn generate(document: &Document) -> TokenStream {
    let answers = document.operations().into_iter().filter_map(|operation| {
        component_name(&operation.value["responses"]["200"]["content"]["application/json"]["schema"])
    });
    let answers: BTreeSet<&str> = answers.collect();
    answers.into_iter().map(|name| implementation(name, &document.root["components"]["schemas"][name])).collect()
}

fn implementation(name: &str, schema: &Value) -> TokenStream {
    let name = format_ident!("{name}");
    let (result, parts) =
        match (schema["properties"].get("status"), component_name(&schema["properties"]["result"]["oneOf"][0])) {
            (None, _) => (quote!(Self), quote!((None, Some(self)))),
            (Some(_), None) => (quote!(()), quote!((Some(self.status), Some(())))),
            (Some(_), Some(result)) => {
                let result = format_ident!("{result}");
                (quote!(types::#result), quote!((Some(self.status), self.result)))
            }
        };
    quote! {
        impl Envelope for types::#name {
            type Result = #result;

            fn open(self) -> (Option<types::Status>, Option<Self::Result>) {
                #parts
            }
        }
    }
}
