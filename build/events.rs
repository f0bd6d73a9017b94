//! Generates a Rust type for the events of every stream whose events have names, with a decoder.

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::document::{Document, Fault};
use super::lowering::component_name;

/// The types, one for each union of events that is told apart by its `event`.
pub fn generate(document: &Document) -> Result<TokenStream, Fault> {
    let unions = document.schemas().filter(|(_, schema)| schema["discriminator"]["propertyName"] == "event");
    unions.map(|(name, schema)| definition(document, name, schema)).collect()
}

fn definition(document: &Document, union: &str, schema: &Value) -> Result<TokenStream, Fault> {
    let name = format_ident!("{union}");
    let text = schema["description"].as_str().unwrap_or_default();
    let mapping = schema["discriminator"]["mapping"].as_object().into_iter().flatten();
    let events = mapping.map(|(event, reference)| {
        let wrapper = reference.as_str().and_then(|reference| document.resolve(reference));
        let data = wrapper.and_then(|wrapper| component_name(&wrapper["properties"]["data"]));
        let data = data.ok_or_else(|| {
            document.fault(
                &format!("/components/schemas/{union}/discriminator/mapping/{event}"),
                "the event has no `data` that refers to a schema",
                "Point the mapping to an object with `event` and `data`",
            )
        })?;
        let text = wrapper.and_then(|wrapper| wrapper["description"].as_str()).unwrap_or_default();
        Ok((event.clone(), format_ident!("{}", event.to_upper_camel_case()), format_ident!("{data}"), text))
    });
    let events = events.collect::<Result<Vec<_>, Fault>>()?;
    let names: Vec<_> = events.iter().map(|(event, ..)| event).collect();
    let variants: Vec<_> = events.iter().map(|(_, variant, ..)| variant).collect();
    let data: Vec<_> = events.iter().map(|(_, _, data, _)| data).collect();
    let accessors = events.iter().map(|(event, ..)| format_ident!("as_{}", event.to_snake_case()));
    let accessor_texts = events.iter().map(|(event, ..)| format!("The data of a `{event}` event, if it is one."));
    let texts = events.iter().map(|(.., text)| text);
    Ok(quote! {
        #[doc = #text]
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #texts] #variants(super::types::#data),)*
            /// An event that this version does not know.
            Unknown {
                /// Its name, empty when it has none.
                event: super::types::EventName,
                /// Its data, unparsed.
                data: ::std::string::String,
            },
        }

        impl #name {
            /// Decodes the data of an event by its name, which is compared without regard to case.
            ///
            /// # Errors
            ///
            /// When the data of a known event is not JSON or not of its schema.
            pub fn decode(event: &str, data: &str) -> ::std::result::Result<Self, ::serde_json::Error> {
                #(if event.eq_ignore_ascii_case(#names) {
                    return ::serde_json::from_str(data).map(Self::#variants);
                })*
                Ok(Self::Unknown { event: event.into(), data: data.to_owned() })
            }

            #(#[doc = #accessor_texts]
            #[must_use]
            pub fn #accessors(&self) -> ::std::option::Option<&super::types::#data> {
                if let Self::#variants(data) = self { Some(data) } else { None }
            })*

            /// The event as [`decode`](Self::decode) takes it, without an id.
            ///
            /// # Errors
            ///
            /// When the data cannot be written as JSON.
            pub fn encode(&self) -> ::std::result::Result<crate::sse::Frame, ::serde_json::Error> {
                let (event, data) = match self {
                    #(Self::#variants(data) => (#names, ::serde_json::to_string(data)?),)*
                    Self::Unknown { event, data } => (event.as_str(), data.clone()),
                };
                let event = Some(event).filter(|event| !event.is_empty()).map(str::to_owned);
                Ok(crate::sse::Frame { id: None, event, data })
            }
        }
    })
}
