//! Constructors for what has no `Default` and takes no literal outside of this crate: answers with members that are
//! always there, and parts of messages. They go on to compile when the document gets more members.

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Field, Fields, FieldsNamed, File, Ident, Item, ItemEnum, ItemStruct, Variant};

use super::finish::{is_optional, module};

/// Adds `new` to the answers that have members that are always there. Counts the types.
pub fn add_constructors(file: &mut File) -> usize {
    extend(file, |item| {
        let Item::Struct(ItemStruct { ident, fields: Fields::Named(fields), attrs, .. }) = item else { return None };
        let is_answer = fields.named.iter().any(is_extra);
        if !is_answer || attrs.iter().any(derives_default) {
            return None;
        }
        let text = "With the members that are always there, and no others.";
        let method = constructor(&format_ident!("new"), text, &quote!(Self), &required(fields), fields);
        Some(syn::parse_quote!(impl #ident { #method }))
    })
}

/// Adds a constructor for each variant with members: with those that it always has, or else one for each. Counts the
/// types.
pub fn add_parts(file: &mut File) -> usize {
    extend(file, |item| {
        let Item::Enum(ItemEnum { ident, variants, .. }) = item else { return None };
        let methods: TokenStream = variants.iter().map(parts).collect();
        (!methods.is_empty()).then(|| syn::parse_quote!(impl #ident { #methods }))
    })
}

fn extend(file: &mut File, constructors: fn(&Item) -> Option<Item>) -> usize {
    let Some(types) = module(file, "types") else { return 0 };
    let blocks: Vec<Item> = types.iter().filter_map(constructors).collect();
    let matched = blocks.len();
    types.extend(blocks);
    matched
}

fn parts(Variant { ident, fields, .. }: &Variant) -> TokenStream {
    let Fields::Named(fields) = fields else { return TokenStream::new() };
    let (variant, required) = (quote!(Self::#ident), required(fields));
    if !required.is_empty() {
        let name = format_ident!("{}", ident.to_string().to_snake_case());
        let text = format!("[`{ident}`](Self::{ident}) with the members that it always has.");
        return constructor(&name, &text, &variant, &required, fields);
    }
    let made = fields.named.iter().filter_map(|field| {
        let name = field.ident.as_ref()?;
        let text = format!("[`{ident}`](Self::{ident}) with this member.");
        Some(constructor(name, &text, &variant, &[field], fields))
    });
    made.collect()
}

fn derives_default(attribute: &Attribute) -> bool {
    attribute.path().is_ident("derive") && attribute.to_token_stream().to_string().contains("Default")
}

fn is_extra(field: &Field) -> bool {
    field.ident.as_ref().is_some_and(|name| name == "extra")
}

fn required(fields: &FieldsNamed) -> Vec<&Field> {
    fields.named.iter().filter(|field| !is_optional(&field.ty) && !is_extra(field)).collect()
}

/// A function that makes something of the given members and no others.
fn constructor(name: &Ident, text: &str, made: &TokenStream, given: &[&Field], all: &FieldsNamed) -> TokenStream {
    let (names, types): (Vec<_>, Vec<_>) = given.iter().map(|field| (&field.ident, &field.ty)).unzip();
    let values = all.named.iter().map(|field| {
        let name = &field.ident;
        if names.contains(&name) {
            quote!(#name: #name.into())
        } else {
            quote!(#name: ::std::default::Default::default())
        }
    });
    quote! {
        #[doc = #text]
        #[must_use]
        pub fn #name(#(#names: impl ::std::convert::Into<#types>),*) -> Self {
            #made { #(#values),* }
        }
    }
}
