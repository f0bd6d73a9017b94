//! The public surface of the whole crate, generated and written by hand.

use std::collections::BTreeSet;
use std::path::Path;

use syn::Type;

use super::exports::{Exports, definition, resolve};
use super::modules::{self, At, Modules};
use super::{Item, Surface};
use crate::build::Output;

/// The public items of the crate with this root file, sorted by path.
pub fn of_library(root: &Path, outputs: &[Output]) -> anyhow::Result<BTreeSet<Item>> {
    let modules = modules::read(root, outputs)?;
    let exports = Exports::of(&modules);
    let mut surface = Surface::default();
    for (at, items) in &modules {
        for item in items {
            match item {
                syn::Item::Impl(block) => implementation(&mut surface, &modules, &exports, at, block),
                item => defined(&mut surface, &exports, at, item),
            }
        }
    }
    for (name, path) in &exports.foreign {
        surface.add(name.join("::"), format!("pub use {path} as {}", name.join("::")));
    }
    Ok(surface.0)
}

/// Adds a definition under the shortest of its names, and the others as such.
fn defined(surface: &mut Surface, exports: &Exports, at: &[String], item: &syn::Item) {
    let Some((_, ident)) = definition(item) else { return };
    let at: At = at.iter().cloned().chain([ident.to_string()]).collect();
    let Some(name) = exports.name(&at) else { return };
    if let Some((last, module)) = name.split_last() {
        surface.item(&renamed(item, last), &module.join("::"));
    }
    for other in exports.own[&at].iter().filter(|other| *other != name) {
        surface.add(other.join("::"), format!("pub use {} as {}", name.join("::"), other.join("::")));
    }
}

/// An item under the name that callers have for it.
fn renamed(item: &syn::Item, name: &str) -> syn::Item {
    let mut item = item.clone();
    let ident = match &mut item {
        syn::Item::Struct(item) => &mut item.ident,
        syn::Item::Enum(item) => &mut item.ident,
        syn::Item::Trait(item) => &mut item.ident,
        syn::Item::Type(item) => &mut item.ident,
        syn::Item::Const(item) => &mut item.ident,
        syn::Item::Static(item) => &mut item.ident,
        syn::Item::Fn(item) => &mut item.sig.ident,
        _ => return item,
    };
    *ident = syn::Ident::new(name, ident.span());
    item
}

/// Adds the methods and traits of a type that callers can name. A trait that they cannot name says nothing to them.
fn implementation(surface: &mut Surface, modules: &Modules, exports: &Exports, at: &At, block: &syn::ItemImpl) {
    let Type::Path(own) = &*block.self_ty else { return };
    let Some(name) = resolve(modules, at, &names(&own.path), 0).and_then(|own| exports.name(&own)) else { return };
    let hidden = block
        .trait_
        .as_ref()
        .is_some_and(|(of, _)| resolve(modules, at, &names(of), 0).is_some_and(|of| exports.name(&of).is_none()));
    if !hidden {
        surface.block(block, &name.join("::"));
    }
}

fn names(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const FILES: [(&str, &str); 5] = [
        (
            "lib.rs",
            r"
            mod client;
            mod hidden { pub struct Hidden; pub trait Secret {} pub(crate) struct Inner; }
            pub mod raw;
            #[cfg(test)]
            mod tests;
            pub use client::{Client, Effort as Depth, self as whole};
            pub use raw::types::Token;
            pub use other::Thing;
            pub(crate) use hidden::Hidden;
            pub const LIMIT: u8 = 1;
            ",
        ),
        (
            "client.rs",
            r"
            mod call;
            pub use call::call;
            use crate::hidden::Secret;
            pub struct Client { secret: u8 }
            pub enum Effort { Low }
            impl Client { pub fn new() -> Self { Self { secret: 0 } } fn own(&self) {} }
            impl Secret for Client {}
            impl Clone for Client {}
            ",
        ),
        ("client/call.rs", "use super::*; pub fn call(client: &Client) {} impl Client { pub fn call(&self) {} }"),
        (
            "raw.rs",
            r#"
            mod generated { include!(concat!(env!("OUT_DIR"), "/client.rs")); }
            pub use self::generated::Client;
            pub use self::generated::Foreign;
            #[path = "odd.rs"]
            pub mod types;
            "#,
        ),
        ("odd.rs", "pub use super::generated::types::*; pub type Alias = Token;"),
    ];

    const GENERATED: &str = "
        pub use elsewhere::Foreign;
        pub struct Client;
        impl Client { pub fn rerank(&self) {} }
        pub mod types { pub struct Token { pub id: u8 } }
    ";

    #[test]
    fn every_item_stands_under_the_name_that_callers_have_for_it() {
        let directory = tempfile::tempdir().expect("a directory");
        for (name, text) in FILES {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().expect("a directory")).expect("it can be made");
            fs::write(path, text).expect("the file can be written");
        }
        let outputs = [Output { name: "client.rs", text: GENERATED.to_owned() }];
        let items = of_library(&directory.path().join("lib.rs"), &outputs).expect("a surface");
        let lines: Vec<String> = items.into_iter().map(|item| item.line).collect();
        let expected = [
            "pub struct Client",
            "impl Clone for Client",
            "pub fn Client::call(&self)",
            "pub fn Client::new() -> Self",
            "pub use whole::Effort as Depth",
            "pub const LIMIT: u8",
            "pub use other::Thing as Thing",
            "pub struct Token",
            "pub Token::id: u8",
            "pub struct raw::Client",
            "pub fn raw::Client::rerank(&self)",
            "pub use elsewhere::Foreign as raw::Foreign",
            "pub type raw::types::Alias = Token",
            "pub use Token as raw::types::Token",
            "pub use Client as whole::Client",
            "pub enum whole::Effort",
            "pub whole::Effort::Low",
            "pub fn whole::call(client: &Client)",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_file_that_is_missing_or_not_generated_is_an_error_that_names_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let root = directory.path().join("lib.rs");
        let problem = |text: &str| {
            fs::write(&root, text).expect("the file can be written");
            format!("{:#}", of_library(&root, &[]).expect_err("it cannot be read"))
        };
        assert!(problem("pub mod gone;").contains("gone.rs"));
        assert!(problem("include!(concat!(env!(\"OUT_DIR\"), \"/new.rs\"));").contains("/new.rs"));
        assert!(problem("pub fn").contains("lib.rs does not parse"));
    }
}
