//! The modules of the crate, with what is generated where it is included.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use quote::ToTokens;
use syn::{Attribute, Item};

use crate::build::Output;
use crate::source;

/// A path from the root of the crate, without the name of the crate.
pub type At = Vec<String>;

/// The items of each module.
pub type Modules = BTreeMap<At, Vec<Item>>;

/// Reads the crate from its root file on. Tests are no part of it.
pub fn read(root: &Path, outputs: &[Output]) -> anyhow::Result<Modules> {
    let mut modules = Modules::new();
    let file = source::parse(root)?;
    let directory = root.parent().unwrap_or(root).to_owned();
    Reader { outputs, modules: &mut modules }.module(At::new(), file.items, &directory)?;
    Ok(modules)
}

struct Reader<'a> {
    outputs: &'a [Output],
    modules: &'a mut Modules,
}

impl Reader<'_> {
    /// Adds a module whose own modules are in a directory.
    fn module(&mut self, at: At, items: Vec<Item>, directory: &Path) -> anyhow::Result<()> {
        let mut own = Vec::new();
        for item in items {
            match item {
                Item::Mod(module) if is_test(&module.attrs) => {}
                Item::Mod(module) => {
                    let name = module.ident.to_string();
                    let inner = [at.as_slice(), std::slice::from_ref(&name)].concat();
                    match &module.content {
                        Some((_, items)) => self.module(inner, items.clone(), &directory.join(&name))?,
                        None => self.file(inner, &module.attrs, directory, &name)?,
                    }
                    own.push(Item::Mod(module));
                }
                Item::Macro(call) if call.mac.path.is_ident("include") => {
                    own.extend(self.included(&at, &call.mac.tokens.to_string(), directory)?);
                }
                other => own.push(other),
            }
        }
        self.modules.entry(at).or_default().extend(own);
        Ok(())
    }

    fn file(&mut self, at: At, attributes: &[Attribute], directory: &Path, name: &str) -> anyhow::Result<()> {
        // The root has its modules beside it, every other file in a directory of its name.
        let beside = if at.len() == 1 { directory } else { directory.parent().unwrap_or(directory) };
        let path = path_of(attributes).map_or_else(|| directory.join(format!("{name}.rs")), |path| beside.join(path));
        let file = source::parse(&path)?;
        self.module(at, file.items, &directory.join(name))
    }

    /// The items of a generated file; modules in it are added.
    fn included(&mut self, at: &At, tokens: &str, directory: &Path) -> anyhow::Result<Vec<Item>> {
        let output = self.outputs.iter().find(|output| tokens.contains(&format!("\"/{}\"", output.name)));
        let Some(output) = output else { bail!("nothing is generated for include!({tokens})") };
        let file = syn::parse_file(&output.text).with_context(|| format!("{} does not parse", output.name))?;
        self.module(at.clone(), file.items, directory)?;
        Ok(self.modules.remove(at).unwrap_or_default())
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("cfg") && attribute.to_token_stream().to_string().contains("(test)"))
}

/// The file that an attribute names in place of the usual one.
fn path_of(attributes: &[Attribute]) -> Option<PathBuf> {
    attributes.iter().find_map(|attribute| {
        let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &pair.value else { return None };
        pair.path.is_ident("path").then(|| PathBuf::from(text.value()))
    })
}
