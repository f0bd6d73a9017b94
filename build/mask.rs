//! Replaces the derived `Debug` of generated types by one that shows numbers, flags and values of enumerations, and
//! masks text, vectors and free-form JSON: keys, prompts and answers must not reach a log.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, File, Generics, Ident, Item, ItemEnum, ItemStruct, Path, Token, Type};

use super::finish::{argument_of, for_each_module};

/// Masks every type of the file and counts them.
pub fn mask_debug(file: &mut File) -> usize {
    let known = type_names(file);
    let mut masked = 0;
    for_each_module(file, &mut |items| {
        let implementations: Vec<Item> = items.iter_mut().filter_map(|item| implementation(item, &known)).collect();
        masked += implementations.len();
        items.extend(implementations);
    });
    masked
}

fn type_names(file: &mut File) -> HashSet<String> {
    let mut names = HashSet::new();
    for_each_module(file, &mut |items| {
        names.extend(items.iter().filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Enum(item) => Some(item.ident.to_string()),
            _ => None,
        }));
    });
    names
}

fn implementation(item: &mut Item, known: &HashSet<String>) -> Option<Item> {
    match item {
        Item::Struct(item) => {
            drop_derive(&mut item.attrs).then(|| debug(&item.ident, &item.generics, &structure(item, known)))
        }
        Item::Enum(item) => {
            drop_derive(&mut item.attrs).then(|| debug(&item.ident, &item.generics, &choice(item, known)))
        }
        _ => None,
    }
}

fn drop_derive(attributes: &mut [Attribute]) -> bool {
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
        let Ok(derives) = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else { continue };
        let others: Vec<_> = derives.iter().filter(|path| !path.is_ident("Debug")).collect();
        if others.len() < derives.len() {
            *attribute = syn::parse_quote!(#[derive(#(#others),*)]);
            return true;
        }
    }
    false
}

fn debug(name: &Ident, generics: &Generics, body: &TokenStream) -> Item {
    let (parameters, arguments, bounds) = generics.split_for_impl();
    syn::parse_quote! {
        impl #parameters ::std::fmt::Debug for #name #arguments #bounds {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                #body
            }
        }
    }
}

fn structure(item: &ItemStruct, known: &HashSet<String>) -> TokenStream {
    let members: Vec<_> = item.fields.members().collect();
    let values: Vec<_> = members.iter().map(|member| quote!(self.#member)).collect();
    printer(&item.ident, &item.fields, &values, known)
}

fn choice(item: &ItemEnum, known: &HashSet<String>) -> TokenStream {
    let arms = item.variants.iter().map(|variant| {
        let name = &variant.ident;
        let members: Vec<_> = variant.fields.members().collect();
        let values: Vec<_> = (0..members.len()).map(|index| format_ident!("field{index}")).collect();
        let bindings = variant.fields.iter().zip(&values).map(|(field, value)| match view(&field.ty, known) {
            View::Hidden => quote!(_),
            View::Shown | View::Present => quote!(#value),
        });
        let values: Vec<_> = values.iter().map(|value| quote!((*#value))).collect();
        let body = printer(name, &variant.fields, &values, known);
        quote!(Self::#name { #(#members: #bindings),* } => #body,)
    });
    quote!(match self { #(#arms)* })
}

/// Prints the fields, whose values are given as expressions.
fn printer(title: &Ident, fields: &Fields, values: &[TokenStream], known: &HashSet<String>) -> TokenStream {
    let title = title.to_string();
    let entries = fields.iter().zip(values).map(|(field, value)| {
        let shown = match view(&field.ty, known) {
            View::Shown => quote!(&#value),
            View::Present => quote!(&#value.as_ref().map(|_| crate::mask::MASKED)),
            View::Hidden => quote!(&crate::mask::MASKED),
        };
        let label = field.ident.as_ref().map(ToString::to_string);
        let label = label.map(|label| quote!(#label,));
        quote!(.field(#label #shown))
    });
    match fields {
        Fields::Named(_) => quote!(f.debug_struct(#title)#(#entries)*.finish()),
        Fields::Unnamed(_) => quote!(f.debug_tuple(#title)#(#entries)*.finish()),
        Fields::Unit => quote!(f.write_str(#title)),
    }
}

/// How much of a field is printed.
enum View {
    /// The value.
    Shown,
    /// Whether there is a value.
    Present,
    /// Nothing.
    Hidden,
}

fn view(typ: &Type, known: &HashSet<String>) -> View {
    if is_harmless(typ, known) {
        View::Shown
    } else if argument_of(typ, "Option").is_some() {
        View::Present
    } else {
        View::Hidden
    }
}

fn is_harmless(typ: &Type, known: &HashSet<String>) -> bool {
    if let Type::Reference(reference) = typ {
        return is_harmless(&reference.elem, known);
    }
    if let Some(inner) = ["Option", "Box", "Result"].iter().find_map(|name| argument_of(typ, name)) {
        return is_harmless(inner, known);
    }
    if let Some(item) = argument_of(typ, "Vec") {
        return is_harmless(item, known) && !is_number(item);
    }
    is_number(typ) || is_own(typ, known)
}

fn is_number(typ: &Type) -> bool {
    const NUMBERS: [&str; 5] = ["bool", "f64", "i32", "i64", "u32"];
    matches!(typ, Type::Path(path) if NUMBERS.iter().any(|name| path.path.is_ident(name)))
}

/// Whether the type is generated too, and so masks itself.
fn is_own(typ: &Type, known: &HashSet<String>) -> bool {
    let Type::Path(typ) = typ else { return false };
    let segments: Vec<String> = typ.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    match segments.as_slice() {
        [first, ..] if first == "crate" => true,
        [modules @ .., name] => {
            modules.iter().all(|it| ["super", "types", "builder"].contains(&it.as_str())) && known.contains(name)
        }
        [] => false,
    }
}
