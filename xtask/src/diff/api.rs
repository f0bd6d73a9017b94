//! What a change of the document does to the Rust API: the difference between the public surfaces generated from both.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::anyhow;
use serde::Serialize;

use super::change::Fate;
use crate::build::document::{Document, Fault};
use crate::build::{self, Output};
use crate::finding::Class;
use crate::surface::{self, Item};

/// An item of the Rust API that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiChange {
    /// Where it is, such as `raw::types::ChatV3Request::top_k`.
    pub path: String,
    /// What became of it.
    pub fate: Fate,
    /// What that means for code that uses it.
    pub class: Class,
    /// How it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// How it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
    /// Items that go without saying: those within one that came or went as a whole, and the builder of a type or field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub with_it: Vec<String>,
}

/// Generates from both documents and compares what comes out.
pub fn compare(old: &Document, new: &Document) -> anyhow::Result<Vec<ApiChange>> {
    if old.root == new.root {
        return Ok(Vec::new());
    }
    Ok(differences(&surface(build::generate_unchecked(old))?, &surface(build::generate(new))?))
}

/// The lines of the Rust API by path.
pub type Surface = BTreeMap<String, String>;

/// The Rust API of what was generated.
pub fn surface(outputs: Result<Vec<Output>, Fault>) -> anyhow::Result<Surface> {
    let outputs = outputs.map_err(|fault| anyhow!("{fault}"))?;
    Ok(surface::of(&outputs)?.into_iter().map(|Item { path, line }| (path, line)).collect())
}

/// What is not the same in two APIs.
pub fn differences(old: &Surface, new: &Surface) -> Vec<ApiChange> {
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changes = paths.into_iter().filter_map(|path| {
        let (was, is) = (old.get(path), new.get(path));
        let (fate, class) = match (was, is) {
            _ if was == is => return None,
            (None, Some(line)) => (Fate::Added, class_of_addition(path, line, old)),
            (_, None) => (Fate::Removed, Class::Breaking),
            _ => (Fate::Changed, Class::Breaking),
        };
        Some(ApiChange { path: path.clone(), fate, class, was: was.cloned(), is: is.cloned(), with_it: Vec::new() })
    });
    fold(changes.collect())
}

/// A variant or field more breaks those who name all of them, unless the type says that there may be more.
fn class_of_addition(path: &str, line: &str, old: &Surface) -> Class {
    let is_part = !["pub fn", "pub async fn", "pub const", "impl"].iter().any(|start| line.starts_with(start));
    let owner = path.rsplit_once("::").and_then(|(owner, _)| old.get_key_value(owner));
    // A variant with members stands there by its path alone.
    let is_exhaustive = |(path, line): (&String, &String)| {
        line.starts_with("pub enum") || line.starts_with("pub struct") || *line == format!("pub {path}")
    };
    if is_part && owner.is_some_and(is_exhaustive) { Class::Breaking } else { Class::Additive }
}

/// Folds what goes without saying into what it goes with.
fn fold(changes: Vec<ApiChange>) -> Vec<ApiChange> {
    let fates: BTreeMap<String, Fate> = changes.iter().map(|change| (change.path.clone(), change.fate)).collect();
    let led = changes.into_iter().map(|change| (leader(&change, &fates), change));
    let (leaders, followers): (Vec<_>, Vec<_>) = led.partition(|(leader, change)| *leader == change.path);
    let mut leaders: BTreeMap<String, ApiChange> = leaders.into_iter().collect();
    for (leader, change) in followers {
        if let Some(leader) = leaders.get_mut(&leader) {
            leader.class = leader.class.max(change.class);
            leader.with_it.extend(change.is.or(change.was));
        }
    }
    leaders.into_values().collect()
}

/// The path of the outermost item that an item shares its fate with: one that it is within, or that it builds.
fn leader(change: &ApiChange, fates: &BTreeMap<String, Fate>) -> String {
    let mut path = change.path.clone();
    loop {
        let implementor = path.split_once(": ").map(|(implementor, _)| implementor);
        let owner = implementor.or_else(|| path.rsplit_once("::").map(|(owner, _)| owner)).map(str::to_owned);
        let built = path.contains("::builder::").then(|| path.replacen("::builder::", "::", 1));
        let mut leaders = owner.into_iter().chain(built);
        let Some(next) = leaders.find(|leader| fates.get(leader) == Some(&change.fate)) else { return path };
        path = next;
    }
}
