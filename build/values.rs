//! Generates a Rust type for every open enumeration: known values as variants, any other value kept as it is.

use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::document::{Document, Fault, escape};

/// An open enumeration of the document.
#[derive(Clone, Debug)]
pub struct OpenValue {
    /// Name of the component schema.
    pub name: String,
    /// What it is.
    description: String,
    /// The known values.
    pub known: Vec<KnownValue>,
}

/// A known value of an open enumeration.
#[derive(Clone, Debug)]
pub struct KnownValue {
    /// The value on the wire.
    pub value: String,
    /// Its name in Rust.
    pub variant: String,
    /// What it means.
    description: String,
}

/// The open enumerations: schemas that list their values, and those whose values are the keys of a catalogue.
pub fn collect(document: &Document) -> Result<Vec<OpenValue>, Fault> {
    let open = document.schemas().filter(|(_, schema)| is_open(schema));
    open.map(|(name, schema)| open_value(document, name, schema)).collect()
}

fn is_open(schema: &Value) -> bool {
    schema.get("x-extensible-enum").is_some() || schema.get("x-clova-catalogue").is_some()
}

/// The open enumeration that a schema is.
pub fn open_value(document: &Document, name: &str, schema: &Value) -> Result<OpenValue, Fault> {
    let pointer = format!("/components/schemas/{}", escape(name));
    let known = match schema["x-clova-catalogue"].as_str() {
        Some(catalogue) => from_catalogue(document, catalogue),
        None => from_list(schema),
    };
    let known = known.map_err(|problem| document.fault(&pointer, problem, "See the conventions in spec/README.md"))?;
    let description = schema["description"].as_str().unwrap_or_default().trim().to_owned();
    Ok(OpenValue { name: name.to_owned(), description, known })
}

fn from_list(schema: &Value) -> Result<Vec<KnownValue>, String> {
    let values = schema["x-extensible-enum"].as_array().ok_or("`x-extensible-enum` is not a list")?;
    let values = values.iter().map(|value| {
        let value = value.as_str().ok_or_else(|| format!("the value {value} is not a string; quote it"))?;
        let description = schema["x-enum-descriptions"][value].as_str();
        let description = description.ok_or_else(|| format!("`{value}` has no text in `x-enum-descriptions`"))?;
        Ok(known_value(value, schema["x-enum-names"][value].as_str(), description))
    });
    values.collect()
}

fn from_catalogue(document: &Document, catalogue: &str) -> Result<Vec<KnownValue>, String> {
    let entries = document.root[catalogue].as_object();
    let entries = entries.ok_or_else(|| format!("there is no catalogue `{catalogue}`"))?;
    let values = entries.iter().map(|(value, entry)| {
        let description = entry["description"].as_str().or_else(|| entry["messages"][0]["meaning"].as_str());
        let description = description.ok_or_else(|| format!("`{value}` of `{catalogue}` has no description"))?;
        Ok(known_value(value, entry["name"].as_str(), description))
    });
    values.collect()
}

fn known_value(value: &str, name: Option<&str>, description: &str) -> KnownValue {
    KnownValue {
        value: value.to_owned(),
        variant: name.map_or_else(|| value.to_upper_camel_case(), str::to_owned),
        description: format!("`{value}`: {}", description.trim()),
    }
}

/// The types.
pub fn generate(values: &[OpenValue]) -> TokenStream {
    values.iter().map(definition).collect()
}

fn definition(open: &OpenValue) -> TokenStream {
    let name = format_ident!("{}", open.name);
    let text = &open.description;
    let variants: Vec<_> = open.known.iter().map(|known| format_ident!("{}", known.variant)).collect();
    let values: Vec<_> = open.known.iter().map(|known| &known.value).collect();
    let texts = open.known.iter().map(|known| &known.description);
    quote! {
        #[doc = #text]
        ///
        /// An open set: a value that this version does not know is kept as `Unknown` and sent back unchanged. Compare
        /// with [`as_str`](Self::as_str) to meet values that a later version may name.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #texts] #variants,)*
            /// A value that this version does not know.
            Unknown(::std::string::String),
        }

        impl #name {
            /// The values that this version knows.
            pub const KNOWN: &'static [Self] = &[#(Self::#variants),*];

            /// The value as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::Unknown(value) => value,
                }
            }
        }

        impl ::std::convert::From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for #name {
            fn from(value: ::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl ::std::str::FromStr for #name {
            type Err = ::std::convert::Infallible;

            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok(Self::from(value))
            }
        }

        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::convert::AsRef<str> for #name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::cmp::PartialEq<str> for #name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl ::std::cmp::PartialEq<&str> for #name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                crate::lenient::text(deserializer).map(Self::from)
            }
        }
    }
}
