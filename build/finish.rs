//! Changes the generated code where no change of the document or setting of the generator can: one step per reason,
//! each of which must find something to do.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{VisitMut, visit_item_mod_mut};
use syn::{
    Attribute, Expr, FieldValue, Fields, File, GenericArgument, Ident, Item, ItemMod, Lit, Meta, MetaNameValue,
    PathArguments, Type,
};

use super::constructors::{add_constructors, add_parts};
use super::errors::own_errors;
use super::lenient::read_leniently;
use super::mask::mask_debug;
use super::messages::add_speakers;

/// One change of generated code. It returns the places it matched.
pub type Step = (&'static str, fn(&mut File) -> usize);

/// The steps for what comes from the generator.
pub const CLIENT: [Step; 11] = [
    ("drop_default_constructor", drop_default_constructor),
    ("drop_uncompiled_examples", drop_uncompiled_examples),
    ("own_errors", own_errors),
    ("convert_strings", convert_strings),
    ("finish_extra_members", finish_extra_members),
    ("add_speakers", add_speakers),
    ("add_constructors", add_constructors),
    ("add_parts", add_parts),
    ("read_leniently", read_leniently),
    ("seal_types", seal_types),
    ("mask_debug", mask_debug),
];

/// The steps for the events.
pub const EVENTS: [Step; 1] = [("mask_debug", mask_debug)];

/// Takes the steps and formats the code. The error names a step that found nothing.
pub fn finish(tokens: TokenStream, steps: &[Step]) -> Result<String, String> {
    let mut file: File = syn::parse2(tokens).map_err(|error| format!("the generated code does not parse: {error}"))?;
    for (name, step) in steps {
        if step(&mut file) == 0 {
            return Err(format!("the finishing step `{name}` found nothing to do"));
        }
    }
    Ok(prettyplease::unparse(&file))
}

/// `Client::new` makes an HTTP client with a total timeout of 15 s, which cuts streams, and panics without a TLS
/// provider. `new_with_client` stays.
fn drop_default_constructor(file: &mut File) -> usize {
    let mut dropped = 0;
    for item in &mut file.items {
        if let Item::Impl(block) = item {
            let before = block.items.len();
            block.items.retain(|member| !matches!(member, syn::ImplItem::Fn(function) if function.sig.ident == "new"));
            dropped += before - block.items.len();
        }
    }
    dropped
}

/// The generator writes an example into the documentation of each method that no compiler ever sees.
fn drop_uncompiled_examples(file: &mut File) -> usize {
    struct Examples(usize);
    impl VisitMut for Examples {
        fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
            let Meta::NameValue(MetaNameValue { value: Expr::Lit(literal), .. }) = &mut attribute.meta else { return };
            let Lit::Str(text) = &mut literal.lit else { return };
            if let Some((before, _)) = text.value().split_once("```ignore") {
                *text = syn::LitStr::new(before.trim_end(), text.span());
                self.0 += 1;
            }
        }
    }
    let mut examples = Examples(0);
    examples.visit_file_mut(file);
    examples.0
}

/// A choice between text and something else takes text as it is.
fn convert_strings(file: &mut File) -> usize {
    let Some(types) = module(file, "types") else { return 0 };
    let choices: Vec<Ident> = types.iter().filter_map(text_choice).collect();
    for name in &choices {
        types.push(syn::parse_quote! {
            impl ::std::convert::From<&str> for #name {
                fn from(value: &str) -> Self {
                    Self::String(value.to_owned())
                }
            }
        });
        types.push(syn::parse_quote! {
            impl ::std::convert::From<::std::string::String> for #name {
                fn from(value: ::std::string::String) -> Self {
                    Self::String(value)
                }
            }
        });
    }
    choices.len()
}

fn text_choice(item: &Item) -> Option<Ident> {
    let Item::Enum(choice) = item else { return None };
    let text = choice.variants.iter().find(|variant| variant.ident == "String")?;
    let field = text.fields.iter().next()?;
    let field = &field.ty;
    let is_text = quote!(#field).to_string().ends_with("string :: String");
    is_text.then(|| choice.ident.clone())
}

/// The map of members that nobody knows comes without documentation, costs its type the `Default` that it had when every
/// member may be left out, and has to be given to its builder. A list that may not be left out may be empty by default:
/// so code that sets some members goes on to compile when the document gets more.
fn finish_extra_members(file: &mut File) -> usize {
    default_extra_members(file);
    let Some(types) = module(file, "types") else { return 0 };
    let mut finished = 0;
    for item in types {
        let Item::Struct(item) = item else { continue };
        let mut extra = item.fields.iter_mut().filter(|field| field.ident.as_ref().is_some_and(|name| name == "extra"));
        let Some(extra) = extra.next() else { continue };
        extra.attrs.push(syn::parse_quote!(#[doc = "Members that this version does not know."]));
        let optional = item.fields.iter().filter(|field| is_optional(&field.ty) || is_list(&field.ty)).count();
        if optional + 1 == item.fields.len() {
            item.attrs.push(syn::parse_quote!(#[derive(Default)]));
        }
        finished += 1;
    }
    finished
}

fn default_extra_members(file: &mut File) {
    struct Defaults;
    impl VisitMut for Defaults {
        fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
            let is_missing = matches!(&field.expr, Expr::Call(call) if quote!(#call).to_string().contains("no value supplied for extra"));
            if is_missing {
                field.expr = syn::parse_quote!(Ok(::std::default::Default::default()));
            }
        }
    }
    Defaults.visit_file_mut(file);
}

/// Whether a type is an `Option`.
pub fn is_optional(typ: &syn::Type) -> bool {
    is_named(typ, "Option")
}

fn is_list(typ: &syn::Type) -> bool {
    is_named(typ, "Vec")
}

/// Whether a type has this name, in whatever module.
pub fn is_named(typ: &syn::Type, name: &str) -> bool {
    let syn::Type::Path(path) = typ else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == name)
}

/// The first type that a generic type with this name, in whatever module, is about.
pub fn argument_of<'a>(typ: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = typ else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(typ) => Some(typ),
        _ => None,
    })
}

/// The vendor adds members and variants; that must not break those who name the types.
fn seal_types(file: &mut File) -> usize {
    let Some(types) = module(file, "types") else { return 0 };
    let mut sealed = 0;
    for item in types {
        let attributes = match item {
            Item::Struct(item) => &mut item.attrs,
            Item::Enum(item) => {
                let parts = item.variants.iter_mut().filter(|variant| matches!(variant.fields, Fields::Named(_)));
                parts.for_each(|variant| variant.attrs.push(syn::parse_quote!(#[non_exhaustive])));
                &mut item.attrs
            }
            _ => continue,
        };
        attributes.push(syn::parse_quote!(#[non_exhaustive]));
        sealed += 1;
    }
    sealed
}

/// The items of a module of the generated code.
pub fn module<'a>(file: &'a mut File, name: &str) -> Option<&'a mut Vec<Item>> {
    file.items.iter_mut().find_map(|item| match item {
        Item::Mod(ItemMod { ident, content: Some((_, items)), .. }) if ident == name => Some(items),
        _ => None,
    })
}

/// Calls `visit` with the items of every module, inner ones first.
pub fn for_each_module(file: &mut File, visit: &mut dyn FnMut(&mut Vec<Item>)) {
    struct Modules<'a>(&'a mut dyn FnMut(&mut Vec<Item>));
    impl VisitMut for Modules<'_> {
        fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
            visit_item_mod_mut(self, module);
            if let Some((_, items)) = &mut module.content {
                (self.0)(items);
            }
        }
    }
    Modules(visit).visit_file_mut(file);
    visit(&mut file.items);
}
