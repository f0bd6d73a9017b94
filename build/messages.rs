//! Lets messages be made by who says them: `ChatV3Message::user("…")`.

use quote::{format_ident, quote};
use syn::{Field, Fields, File, Item, ItemStruct};

use super::finish::{is_optional, module};

/// Name of each constructor, and its documentation.
const SPEAKERS: [(&str, &str); 3] = [
    ("system", "Instructions for the whole conversation."),
    ("user", "A turn of the person."),
    ("assistant", "An answer of the model."),
];

/// Adds the constructors to every type that is complete with a role and a content. Counts the types.
pub fn add_speakers(file: &mut File) -> usize {
    let Some(types) = module(file, "types") else { return 0 };
    let constructors: Vec<Item> = types.iter().filter_map(constructors).collect();
    let matched = constructors.len();
    types.extend(constructors);
    matched
}

fn constructors(item: &Item) -> Option<Item> {
    let Item::Struct(ItemStruct { ident, fields: Fields::Named(fields), .. }) = item else { return None };
    let is = |field: &Field, name: &str| field.ident.as_ref().is_some_and(|ident| ident == name);
    let required = |name| fields.named.iter().find(|field| is(field, name) && !is_optional(&field.ty));
    let (role, content) = (&required("role")?.ty, &required("content")?.ty);
    let others: Vec<_> =
        fields.named.iter().filter(|field| !["role", "content"].iter().any(|name| is(field, name))).collect();
    if !others.iter().all(|field| is(field, "extra") || is_optional(&field.ty)) {
        return None;
    }
    let others: Vec<_> = others.iter().map(|field| &field.ident).collect();
    let methods = SPEAKERS.iter().map(|(name, text)| {
        let name = format_ident!("{name}");
        let role_name = name.to_string();
        quote! {
            #[doc = #text]
            #[must_use]
            pub fn #name(content: impl ::std::convert::Into<#content>) -> Self {
                Self {
                    role: #role::from(#role_name),
                    content: content.into(),
                    #(#others: ::std::default::Default::default(),)*
                }
            }
        }
    });
    Some(syn::parse_quote!(impl #ident { #(#methods)* }))
}
