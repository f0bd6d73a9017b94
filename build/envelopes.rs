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
    answers.into_iter().map(|name| implementation(name, &document.root["components"]["schemas"])).collect()
}

fn implementation(name: &str, schemas: &Value) -> TokenStream {
    let schema = &schemas[name];
    let result = component_name(&schema["properties"]["result"]["oneOf"][0]);
    let result_schema = result.map(|result| &schemas[result]);
    let name = format_ident!("{name}");
    let (result, parts) = match (schema["properties"].get("status"), result) {
        (None, _) => (quote!(Self), quote!((None, Some(self)))),
        (Some(_), None) => (quote!(()), quote!((Some(self.status), Some(())))),
        (Some(_), Some(result)) => {
            let result = format_ident!("{result}");
            (quote!(types::#result), quote!((Some(self.status), self.result)))
        }
    };
    let tokens = tokens(schemas, result_schema.unwrap_or(schema));
    quote! {
        impl Envelope for types::#name {
            type Result = #result;

            #tokens

            fn open(self) -> (Option<types::Status>, Option<Self::Result>) {
                #parts
            }
        }
    }
}

/// How the tokens are read from a result that has `usage`, `inputLength` or `inputTokens`.
fn tokens(schemas: &Value, result: &Value) -> Option<TokenStream> {
    let properties = &result["properties"];
    let body = if let Some(usage) = properties.get("usage") {
        let choices = ["allOf", "oneOf"].iter().find_map(|key| component_name(&usage[key][0]));
        let usage = &schemas[component_name(usage).or(choices)?]["properties"];
        usage.get("promptTokens").or_else(|| usage.get("prompt_tokens"))?;
        quote! {
            let usage = result.usage.as_ref();
            (usage.and_then(|usage| usage.prompt_tokens), usage.and_then(|usage| usage.completion_tokens))
        }
    } else if ["inputLength", "outputLength"].iter().all(|name| properties[*name]["type"] == "integer") {
        quote!((result.input_length, result.output_length))
    } else {
        properties.get("inputTokens").filter(|field| field["type"] == "integer")?;
        quote!((result.input_tokens, None))
    };
    Some(quote! {
        fn tokens(result: &Self::Result) -> (Option<i64>, Option<i64>) {
            #body
        }
    })
}
