//! Generates the limits of chat requests and the keywords of schemas that the service takes.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::document::{Document, Fault, escape};

const LIMITS: &str = "/components/schemas/ChatV3Request/x-clova-limits";
const KEYWORDS: &str = "/components/schemas/ResponseFormat/properties/schema/x-clova-schema-keywords";

/// The constants.
pub fn generate(document: &Document) -> Result<TokenStream, Fault> {
    let limits = constant(document, LIMITS)?;
    let keywords = constant(document, KEYWORDS)?;
    Ok(quote! {
        /// `x-clova-limits` of `ChatV3Request` in the document.
        pub(crate) const CHAT: ChatLimits = ChatLimits { #limits };
        /// `x-clova-schema-keywords` of the document.
        pub(crate) const KEYWORDS: Keywords = Keywords { #keywords };
    })
}

/// Limits beside those of chats. No guard keeps to them: what counts as a character or token is the service's to say.
const OTHERS: [&str; 2] = ["inputTokens", "textsCharacters"];

/// Limits that nobody knows.
pub fn check(document: &Document) -> Vec<Fault> {
    let chat = document.root.pointer(LIMITS).and_then(Value::as_object);
    let is_known = |name: &str| OTHERS.contains(&name) || chat.is_some_and(|chat| chat.contains_key(name));
    let limits = document.schemas().flat_map(|(schema, value)| {
        let limits = value["x-clova-limits"].as_object().into_iter().flatten();
        limits.map(move |(name, _)| (schema, name))
    });
    let unknown = limits.filter(|(_, name)| !is_known(name));
    let faults = unknown.map(|(schema, name)| {
        let pointer = format!("/components/schemas/{}/x-clova-limits/{name}", escape(schema));
        document.fault(&pointer, format!("nobody keeps to `{name}`"), "Correct the name, or teach it to the simulator")
    });
    faults.collect()
}

/// The members of an object as fields of a struct: numbers and lists of texts.
fn constant(document: &Document, pointer: &str) -> Result<TokenStream, Fault> {
    let fault =
        |problem: &str| document.fault(pointer, problem, "Restore it; src/limits.rs has a field for each member");
    let members =
        document.root.pointer(pointer).and_then(Value::as_object).ok_or_else(|| fault("the extension is gone"))?;
    let fields = members.iter().map(|(name, value)| {
        let name = format_ident!("{}", heck::ToSnakeCase::to_snake_case(name.as_str()));
        match value {
            Value::Number(number) => {
                let number =
                    proc_macro2::Literal::u64_unsuffixed(number.as_u64().ok_or_else(|| fault("a limit below 0"))?);
                Ok(quote!(#name: #number,))
            }
            Value::Array(texts) => {
                let texts = texts.iter().filter_map(Value::as_str);
                Ok(quote!(#name: &[#(#texts),*],))
            }
            _ => Err(fault("a member is neither a number nor a list")),
        }
    });
    fields.collect()
}
