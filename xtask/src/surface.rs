//! The public surface of generated code and of the crate, one line for each item, in the notation of
//! `cargo public-api`.

mod exports;
mod library;
mod modules;

use std::collections::BTreeSet;

use anyhow::Context;
use quote::ToTokens;
use syn::visit_mut::{VisitMut, visit_path_mut, visit_type_path_mut};
use syn::{Attribute, Fields, FnArg, ImplItem, Pat, Path, Signature, Type, TypePath, Visibility};

pub use self::library::of_library;
use crate::build::Output;

/// A public item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// Where it is, such as `raw::types::ChatV3Request::top_k`. No other item has the same path.
    pub path: String,
    /// What it is, such as `pub raw::types::ChatV3Request::top_k: Option<i32>`.
    pub line: String,
}

/// Where the generated files that hold public items are included, as callers see it.
const MODULES: [(&str, &str); 6] = [
    ("client.rs", "raw"),
    ("operations.rs", "raw"),
    ("envelopes.rs", "raw"),
    ("values.rs", "raw::types"),
    ("events.rs", "raw::events"),
    ("catalogue.rs", "catalogue"),
];

/// Modules of generated files that the crate does not pass on.
const HIDDEN: [&str; 1] = ["prelude"];

/// The public items of all generated files, sorted by path.
pub fn of(outputs: &[Output]) -> anyhow::Result<BTreeSet<Item>> {
    let mut items = BTreeSet::new();
    for (name, module) in MODULES {
        let output = outputs.iter().find(|output| output.name == name);
        let output =
            output.with_context(|| format!("{name} is not generated any more; correct xtask/src/surface.rs"))?;
        items.extend(of_file(&output.text, module).with_context(|| format!("{name} does not parse"))?);
    }
    Ok(items)
}

/// The public items of a file that is included in a module.
pub fn of_file(text: &str, module: &str) -> syn::Result<BTreeSet<Item>> {
    let mut surface = Surface::default();
    surface.module(&syn::parse_file(text)?.items, module);
    Ok(surface.0)
}

#[derive(Default)]
struct Surface(BTreeSet<Item>);

impl Surface {
    fn add(&mut self, path: impl Into<String>, line: String) {
        self.0.insert(Item { path: path.into(), line });
    }

    fn module(&mut self, items: &[syn::Item], module: &str) {
        for item in items {
            self.item(item, module);
        }
    }

    fn item(&mut self, item: &syn::Item, module: &str) {
        let within = |name: &syn::Ident| if module.is_empty() { name.to_string() } else { format!("{module}::{name}") };
        match item {
            syn::Item::Mod(inner) if is_public(&inner.vis) && HIDDEN.iter().all(|hidden| inner.ident != hidden) => {
                let content = inner.content.as_ref().map(|(_, items)| items.as_slice());
                self.module(content.unwrap_or_default(), &within(&inner.ident));
            }
            syn::Item::Struct(item) if is_public(&item.vis) => {
                let path = within(&item.ident);
                self.add(&path, format!("{}pub struct {path}{}", seal(&item.attrs), show_generics(&item.generics)));
                self.derives(&path, &item.attrs);
                self.fields(&path, &item.fields, |field| is_public(&field.vis));
            }
            syn::Item::Enum(item) if is_public(&item.vis) => {
                let path = within(&item.ident);
                self.add(&path, format!("{}pub enum {path}{}", seal(&item.attrs), show_generics(&item.generics)));
                self.derives(&path, &item.attrs);
                for variant in &item.variants {
                    self.variant(&format!("{path}::{}", variant.ident), variant);
                }
            }
            syn::Item::Static(item) if is_public(&item.vis) => {
                let path = within(&item.ident);
                self.add(&path, format!("pub static {path}: {}", show_type(&item.ty)));
            }
            syn::Item::Const(item) if is_public(&item.vis) => {
                let path = within(&item.ident);
                self.add(&path, format!("pub const {path}: {}", show_type(&item.ty)));
            }
            syn::Item::Type(item) if is_public(&item.vis) => {
                let path = within(&item.ident);
                let generics = show_generics(&item.generics);
                self.add(&path, format!("pub type {path}{generics} = {}", show_type(&item.ty)));
            }
            syn::Item::Fn(item) if is_public(&item.vis) => {
                let path = within(&item.sig.ident);
                self.add(&path, format!("pub {}", signature(&item.sig, &path)));
            }
            syn::Item::Trait(item) if is_public(&item.vis) => self.definition(item, &within(&item.ident)),
            syn::Item::Impl(block) => {
                if let Some(path) = resolve(&block.self_ty, module) {
                    self.block(block, &path);
                }
            }
            _ => {}
        }
    }

    fn definition(&mut self, item: &syn::ItemTrait, path: &str) {
        let above: Vec<_> = item.supertraits.iter().map(show_type).collect();
        let above = if above.is_empty() { String::new() } else { format!(": {}", above.join(" + ")) };
        self.add(path, format!("pub trait {path}{}{above}", show_generics(&item.generics)));
        for member in &item.items {
            match member {
                syn::TraitItem::Fn(function) => {
                    let name = format!("{path}::{}", function.sig.ident);
                    let given = if function.default.is_some() { " with a default" } else { "" };
                    self.add(&name, format!("{}{given}", signature(&function.sig, &name)));
                }
                syn::TraitItem::Type(associated) => {
                    let name = format!("{path}::{}", associated.ident);
                    self.add(&name, format!("type {name}"));
                }
                _ => {}
            }
        }
    }

    fn derives(&mut self, path: &str, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
            let derives =
                attribute.parse_args_with(syn::punctuated::Punctuated::<Path, syn::Token![,]>::parse_terminated);
            for derive in derives.into_iter().flatten() {
                self.implementation(path, &show_type(&derive), &[]);
            }
        }
    }

    fn implementation(&mut self, path: &str, of: &str, members: &[ImplItem]) {
        let associated = members.iter().filter_map(|member| match member {
            ImplItem::Type(associated) => Some(format!("{} = {}", associated.ident, show_type(&associated.ty))),
            _ => None,
        });
        let associated: Vec<_> = associated.collect();
        let with = if associated.is_empty() { String::new() } else { format!(" with {}", associated.join(", ")) };
        self.add(format!("{path}: {of}"), format!("impl {of} for {path}{with}"));
    }

    fn fields(&mut self, path: &str, fields: &Fields, is_public: fn(&syn::Field) -> bool) {
        for (index, field) in fields.iter().enumerate().filter(|(_, field)| is_public(field)) {
            let name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
            self.add(format!("{path}::{name}"), format!("pub {path}::{name}: {}", show_type(&field.ty)));
        }
    }

    fn variant(&mut self, path: &str, variant: &syn::Variant) {
        let seal = seal(&variant.attrs);
        match &variant.fields {
            Fields::Unit => self.add(path, format!("{seal}pub {path}")),
            Fields::Unnamed(fields) => {
                let types: Vec<_> = fields.unnamed.iter().map(|field| show_type(&field.ty)).collect();
                self.add(path, format!("{seal}pub {path}({})", types.join(", ")));
            }
            Fields::Named(_) => {
                self.add(path, format!("{seal}pub {path}"));
                self.fields(path, &variant.fields, |_| true);
            }
        }
    }

    fn block(&mut self, block: &syn::ItemImpl, path: &str) {
        if let Some((of, _)) = &block.trait_ {
            return self.implementation(path, &show_type(of), &block.items);
        }
        for member in &block.items {
            match member {
                ImplItem::Fn(function) if is_public(&function.vis) => {
                    let name = format!("{path}::{}", function.sig.ident);
                    self.add(&name, format!("pub {}", signature(&function.sig, &name)));
                }
                ImplItem::Const(constant) if is_public(&constant.vis) => {
                    let name = format!("{path}::{}", constant.ident);
                    self.add(&name, format!("pub const {name}: {}", show_type(&constant.ty)));
                }
                _ => {}
            }
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// What stands before an item that may get more fields or variants without breaking those who name it.
fn seal(attributes: &[Attribute]) -> &'static str {
    let sealed = attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"));
    if sealed { "#[non_exhaustive] " } else { "" }
}

/// A function under its path, without what its body needs to know of its arguments.
fn signature(signature: &Signature, path: &str) -> String {
    let mut signature = signature.clone();
    for argument in &mut signature.inputs {
        match argument {
            FnArg::Receiver(receiver) => receiver.mutability = None,
            FnArg::Typed(syn::PatType { pat, .. }) => {
                if let Pat::Ident(name) = &mut **pat {
                    name.mutability = None;
                }
            }
        }
    }
    let name = format!("fn {}", signature.ident);
    let text = show(syn::parse_quote!(#signature {}));
    text.trim_end_matches("{}").trim_end().trim_end_matches(',').replacen(&name, &format!("fn {path}"), 1)
}

fn show_type(typ: &impl ToTokens) -> String {
    show(syn::parse_quote!(type Shown = #typ;))
        .trim_start_matches("type Shown =")
        .trim_end_matches(';')
        .trim()
        .to_owned()
}

fn show_generics(generics: &syn::Generics) -> String {
    show(syn::parse_quote!(struct Shown #generics;)).trim_start_matches("struct Shown").trim_end_matches(';').to_owned()
}

/// An item as it is formatted, in one line.
fn show(mut item: syn::Item) -> String {
    ShortPaths.visit_item_mut(&mut item);
    let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] };
    let text = prettyplease::unparse(&file);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace("< ", "<").replace(", >", ">").replace("( ", "(").replace(", )", ")")
}

/// Leaves the last name of each path. A builder keeps its module, for it is called like what it builds.
struct ShortPaths;

impl VisitMut for ShortPaths {
    fn visit_type_path_mut(&mut self, typ: &mut TypePath) {
        let Some(own) = &mut typ.qself else { return visit_type_path_mut(self, typ) };
        self.visit_type_mut(&mut own.ty);
        let before = own.position.saturating_sub(1);
        own.position -= before;
        typ.path.segments = typ.path.segments.iter().skip(before).cloned().collect();
        typ.path.segments.iter_mut().for_each(|segment| self.visit_path_segment_mut(segment));
        typ.path.leading_colon = None;
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_path_mut(self, path);
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let kept = match names.as_slice() {
            [parameter, _] if parameter.len() == 1 || parameter == "Self" => 2,
            [.., module, _] if module == "builder" => 2,
            _ => 1,
        };
        path.segments = path.segments.iter().skip(names.len().saturating_sub(kept)).cloned().collect();
        path.leading_colon = None;
    }
}

/// The path of the type that a block implements.
fn resolve(typ: &Type, module: &str) -> Option<String> {
    let Type::Path(path) = typ else { return None };
    let mut at: Vec<&str> = module.split("::").collect();
    let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    for name in &names {
        if name == "super" {
            at.pop();
        } else {
            at.push(name);
        }
    }
    Some(at.join("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = r#"
        pub use progenitor_client::ByteStream;
        pub mod prelude { pub struct Hidden; }
        mod private { pub struct Hidden; }
        pub mod types {
            #[derive(::serde::Serialize, Clone)]
            #[derive(Default)]
            #[non_exhaustive]
            pub struct Chat {
                #[serde(rename = "topK")]
                pub top_k: ::std::option::Option<crate::raw::values::TopK>,
                hidden: u8,
            }
            impl Chat {
                pub fn builder() -> builder::Chat { Default::default() }
                fn hidden(&self) {}
            }
            #[serde(untagged)]
            pub enum Stop { One(::std::string::String), Many { at: ::std::vec::Vec<u8> }, None }
            pub mod builder {
                pub struct Chat { top_k: u8 }
                impl Chat {
                    pub fn top_k<T>(mut self, mut value: T) -> Self
                    where
                        T: ::std::convert::TryInto<::std::option::Option<crate::raw::values::TopK>>,
                        T::Error: ::std::fmt::Display,
                    { self }
                }
                impl ::std::convert::TryFrom<Chat> for super::Chat {
                    type Error = super::error::ConversionError;
                    fn try_from(value: Chat) -> Result<Self, super::error::ConversionError> { value.build() }
                }
            }
        }
        pub struct Send<'a> { client: &'a super::Client }
        impl<'a> Send<'a> {
            pub const KNOWN: &'static [Self] = &[];
            pub fn body<V>(mut self, value: V) -> Self
            where V: std::convert::TryInto<types::Chat>, <V as std::convert::TryInto<types::Chat>>::Error: std::fmt::Display,
            { self }
            pub async fn send(self) -> Result<ResponseValue<types::Chat>, Error<()>> { self.client.send().await }
            pub const fn url(&self, at: &mut Vec<u8>) -> &'static str { "" }
        }
        pub static MODELS: &[types::Chat] = &[];
        pub(super) static ENTRIES: &[u8] = &[];
    "#;

    #[test]
    fn every_public_item_is_one_line() {
        let lines: Vec<String> = of_file(CODE, "raw").expect("code").into_iter().map(|item| item.line).collect();
        let expected = [
            "pub static raw::MODELS: &[Chat]",
            "pub struct raw::Send<'a>",
            "pub const raw::Send::KNOWN: &'static [Self]",
            "pub fn raw::Send::body<V>(self, value: V) -> Self where V: TryInto<Chat>, <V as TryInto<Chat>>::Error: Display",
            "pub async fn raw::Send::send(self) -> Result<ResponseValue<Chat>, Error<()>>",
            "pub const fn raw::Send::url(&self, at: &mut Vec<u8>) -> &'static str",
            "#[non_exhaustive] pub struct raw::types::Chat",
            "impl Clone for raw::types::Chat",
            "impl Default for raw::types::Chat",
            "impl Serialize for raw::types::Chat",
            "impl TryFrom<Chat> for raw::types::Chat with Error = ConversionError",
            "pub fn raw::types::Chat::builder() -> builder::Chat",
            "pub raw::types::Chat::top_k: Option<TopK>",
            "pub enum raw::types::Stop",
            "pub raw::types::Stop::Many",
            "pub raw::types::Stop::Many::at: Vec<u8>",
            "pub raw::types::Stop::None",
            "pub raw::types::Stop::One(String)",
            "pub struct raw::types::builder::Chat",
            "pub fn raw::types::builder::Chat::top_k<T>(self, value: T) -> Self where T: TryInto<Option<TopK>>, T::Error: Display",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn the_surface_of_the_document_has_a_method_for_every_operation_and_a_field_for_every_member() {
        let outputs = crate::build::generate(&crate::workspace::document().expect("a document")).expect("code");
        let items = of(&outputs).expect("a surface");
        let paths: BTreeSet<&str> = items.iter().map(|item| item.path.as_str()).collect();
        assert_eq!(paths.len(), items.len(), "two items with one path");
        for path in [
            "raw::Client::rerank",
            "raw::types::ChatV3Request::top_k",
            "raw::types::StatusCode::Ok",
            "catalogue::Host::Public",
            "raw::Operation::Rerank",
            "raw::events::ChatV3Event::Unknown::data",
        ] {
            assert!(paths.contains(path), "no {path}");
        }
    }
}
