//! What of the crate callers can name, and how.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, UseTree, Visibility};

use super::is_public;
use super::modules::{At, Modules};

/// Names of callers for what is defined, and for what comes from other crates.
#[derive(Debug, Default)]
pub struct Exports {
    /// Names of a definition, by where it is.
    pub own: BTreeMap<At, BTreeSet<At>>,
    /// Paths in other crates, by the name of callers.
    pub foreign: BTreeMap<At, String>,
}

impl Exports {
    /// What callers can name.
    pub fn of(modules: &Modules) -> Self {
        let mut exports = Self::default();
        exports.module(modules, &At::new(), &At::new(), &mut BTreeSet::new());
        exports
    }

    /// The shortest name of a definition, one of its own if it has one.
    pub fn name(&self, definition: &At) -> Option<&At> {
        let names = self.own.get(definition)?;
        names.iter().min_by_key(|name| (name.last() != definition.last(), name.len(), *name))
    }

    /// Adds what a module shows under a name.
    fn module(&mut self, modules: &Modules, at: &At, name: &At, within: &mut BTreeSet<(At, At)>) {
        if !within.insert((at.clone(), name.clone())) {
            return;
        }
        for item in modules.get(at).into_iter().flatten() {
            match item {
                Item::Use(import) if is_public(&import.vis) => {
                    for leaf in leaves(&import.tree) {
                        self.import(modules, at, name, &leaf, within);
                    }
                }
                item => {
                    let Some(ident) = shown(item) else { continue };
                    self.definition(modules, &join(at, &ident), &join(name, &ident), within);
                }
            }
        }
    }

    /// Adds a definition, or what is in it, under a name.
    fn definition(&mut self, modules: &Modules, at: &At, name: &At, within: &mut BTreeSet<(At, At)>) {
        if modules.contains_key(at) {
            self.module(modules, at, name, within);
        } else {
            self.own.entry(at.clone()).or_default().insert(name.clone());
        }
    }

    fn import(&mut self, modules: &Modules, at: &At, name: &At, leaf: &Leaf, within: &mut BTreeSet<(At, At)>) {
        let found = resolve(modules, at, &leaf.path, 0);
        match (found, &leaf.name) {
            (Some(found), Some(shown)) => self.definition(modules, &found, &join(name, shown), within),
            (Some(found), None) => self.module(modules, &found, name, within),
            (None, shown) => {
                let shown = shown.as_deref().unwrap_or("*");
                self.foreign.insert(join(name, shown), origin(modules, at, &leaf.path).join("::"));
            }
        }
    }
}

/// Name of an item that a module shows to callers.
fn shown(item: &Item) -> Option<String> {
    let (visibility, ident) = definition(item)?;
    is_public(visibility).then(|| ident.to_string())
}

/// Name of an item with a name, and who sees it.
pub fn definition(item: &Item) -> Option<(&Visibility, &syn::Ident)> {
    Some(match item {
        Item::Mod(item) => (&item.vis, &item.ident),
        Item::Struct(item) => (&item.vis, &item.ident),
        Item::Enum(item) => (&item.vis, &item.ident),
        Item::Trait(item) => (&item.vis, &item.ident),
        Item::Type(item) => (&item.vis, &item.ident),
        Item::Const(item) => (&item.vis, &item.ident),
        Item::Static(item) => (&item.vis, &item.ident),
        Item::Fn(item) => (&item.vis, &item.sig.ident),
        _ => return None,
    })
}

/// A name that a `use` brings in; none for all of a module.
struct Leaf {
    path: Vec<String>,
    name: Option<String>,
}

fn leaves(tree: &UseTree) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    collect(tree, &mut Vec::new(), &mut leaves);
    leaves
}

fn collect(tree: &UseTree, before: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    let with = |last: &syn::Ident, before: &[String]| {
        let path = before.iter().cloned();
        if last == "self" { path.collect() } else { path.chain([last.to_string()]).collect::<Vec<_>>() }
    };
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            collect(&path.tree, before, leaves);
            before.pop();
        }
        UseTree::Name(name) => {
            let path = with(&name.ident, before);
            leaves.push(Leaf { name: path.last().cloned(), path });
        }
        UseTree::Rename(name) => {
            leaves.push(Leaf { path: with(&name.ident, before), name: Some(name.rename.to_string()) });
        }
        UseTree::Glob(_) => leaves.push(Leaf { path: before.clone(), name: None }),
        UseTree::Group(group) => group.items.iter().for_each(|tree| collect(tree, before, leaves)),
    }
}

fn join(at: &[String], name: &str) -> At {
    at.iter().cloned().chain([name.to_owned()]).collect()
}

/// Where a path leads that is written in a module: to a definition or a module of the crate, or out of it.
pub fn resolve(modules: &Modules, at: &[String], path: &[String], depth: usize) -> Option<At> {
    // A name may lead in a circle over imports of whole modules.
    if depth > 16 {
        return None;
    }
    let (first, rest) = path.split_first()?;
    let start = match first.as_str() {
        "crate" => At::new(),
        "self" => at.to_vec(),
        "super" => at.split_last()?.1.to_vec(),
        name => lookup(modules, at, name, depth)?,
    };
    rest.iter().try_fold(start, |at, name| match name.as_str() {
        "super" => Some(at.split_last()?.1.to_vec()),
        name => lookup(modules, &at, name, depth),
    })
}

/// Where a path that leads out of the crate leads, through imports of other modules.
fn origin(modules: &Modules, at: &[String], path: &[String]) -> Vec<String> {
    let import = path.split_last().and_then(|(last, before)| {
        let module = resolve(modules, at, before, 0)?;
        let imports = modules.get(&module)?.iter().filter_map(|item| match item {
            Item::Use(import) => Some(leaves(&import.tree)),
            _ => None,
        });
        let leaf = imports.flatten().find(|leaf| leaf.name.as_ref() == Some(last))?;
        Some(origin(modules, &module, &leaf.path))
    });
    import.unwrap_or_else(|| path.to_vec())
}

/// What a name means in a module.
fn lookup(modules: &Modules, at: &[String], name: &str, depth: usize) -> Option<At> {
    let items = modules.get(at)?;
    let defined = items.iter().any(|item| definition(item).is_some_and(|(_, ident)| ident == name));
    if defined {
        return Some(join(at, name));
    }
    let imports = items.iter().filter_map(|item| match item {
        Item::Use(import) => Some(leaves(&import.tree)),
        _ => None,
    });
    let (named, whole): (Vec<Leaf>, Vec<Leaf>) = imports.flatten().partition(|leaf| leaf.name.is_some());
    let named = named.iter().find(|leaf| leaf.name.as_deref() == Some(name));
    if let Some(leaf) = named {
        // `use name;` of another crate would look for itself.
        return (leaf.path != [name]).then(|| resolve(modules, at, &leaf.path, depth + 1)).flatten();
    }
    whole.iter().find_map(|leaf| lookup(modules, &resolve(modules, at, &leaf.path, depth + 1)?, name, depth + 1))
}
