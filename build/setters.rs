//! Setters of the chat call: one for each field of its request that may be left out.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Field, Fields, Ident, Item, Type};

use super::finish::{argument_of, is_named, module};

const REQUEST: &str = "ChatV3Request";

/// Fields whose setter takes something else than the field, and is written by hand.
const BY_HAND: [&str; 1] = ["thinking"];

/// The setters for the types of a generated client.
pub fn generate(client: &str) -> Result<TokenStream, String> {
    let mut file = syn::parse_file(client).map_err(|error| format!("the generated client does not parse: {error}"))?;
    let types = module(&mut file, "types").ok_or("the generated client has no types")?;
    let request = types.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == REQUEST => Some(&item.fields),
        _ => None,
    });
    let Some(Fields::Named(fields)) = request else { return Err(format!("the generated client has no {REQUEST}")) };
    let setters = fields.named.iter().filter_map(setter);
    Ok(quote! {
        impl ChatCall {
            #(#setters)*
        }
    })
}

fn setter(field: &Field) -> Option<TokenStream> {
    let name = field.ident.as_ref().filter(|name| !BY_HAND.contains(&name.to_string().as_str()))?;
    let typ = argument_of(&field.ty, "Option")?;
    let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let (taken, value) = taken(name, typ);
    Some(quote! {
        #(#docs)*
        pub fn #name(self, #name: #taken) -> Self {
            self.change(|request| request.#name(#value))
        }
    })
}

/// The type that a setter takes, and how it becomes that of the field.
fn taken(name: &Ident, typ: &Type) -> (TokenStream, TokenStream) {
    if let Some(item) = argument_of(typ, "Vec") {
        let item = local(item);
        let list = quote!(#name.into_iter().map(::std::convert::Into::into).collect::<::std::vec::Vec<#item>>());
        return (quote!(impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<#item>>), list);
    }
    let is_plain = ["bool", "f32", "f64", "i32", "i64", "u32", "u64"].iter().any(|name| is_named(typ, name));
    if is_plain {
        return (quote!(#typ), quote!(#name));
    }
    let typ = local(typ);
    (quote!(impl ::std::convert::Into<#typ>), quote!(::std::convert::Into::<#typ>::into(#name)))
}

/// A type of the generated client as it is called outside of its module.
fn local(typ: &Type) -> TokenStream {
    match typ {
        Type::Path(path) if path.path.get_ident().is_some() => quote!(types::#typ),
        typ => quote!(#typ),
    }
}
