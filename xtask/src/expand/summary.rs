//! The summary of the public surface that was accepted last.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fmt, fs};

use anyhow::{Context, bail};
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};

use crate::report::{self, Format, Outcome};
use crate::surface::Item;

/// Where it is, relative to the root.
pub const FILE: &str = "xtask/surface.txt";

const HEAD: &str = "\
# The public surface of the crate, one line an item, and one for the traits of a type. The builder of a type has a
# setter for each of its fields. `cargo xtask expand --write` writes this file, and so does `cargo xtask drift --update`.

";

/// Builders have nothing that their types do not say.
const LEFT_OUT: &str = "raw::types::builder::";

const ACCEPT: &str = "if this is what the change of the document or of src/ should do to callers, accept it with \
    `cargo xtask expand --write` or, with the facts of the document, `cargo xtask drift --update`";

/// The surface of now.
pub struct Summary(String);

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Summary {
    /// Of these items.
    pub fn of(items: &BTreeSet<Item>) -> Self {
        let mut traits: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut lines: Vec<(&str, String)> = Vec::new();
        for item in items.iter().filter(|item| !item.path.starts_with(LEFT_OUT)) {
            match item.path.split_once(": ") {
                Some((path, of)) => traits.entry(path).or_default().push(of),
                None => lines.push((&item.path, item.line.clone())),
            }
        }
        lines.extend(traits.into_iter().map(|(path, of)| (path, format!("impl {} for {path}", of.join(" + ")))));
        lines.sort_by_key(|(path, _)| *path);
        let lines = lines.into_iter().map(|(_, line)| line + "\n");
        Self(HEAD.to_owned() + &lines.collect::<String>())
    }

    /// Writes it.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        fs::write(path, &self.0).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Prints in what it differs from the one that was accepted.
    pub fn check(&self, path: &Path, format: Format) -> anyhow::Result<Outcome> {
        let Ok(accepted) = fs::read_to_string(path) else {
            bail!("cannot read {}; `cargo xtask expand --write` writes it", path.display());
        };
        let changes = Changes::between(&accepted, &self.0);
        report::show(&match format {
            Format::Text => changes.to_text(),
            Format::Json => format!("{:#}\n", changes.to_json()),
            Format::Markdown => changes.to_markdown(),
        })?;
        Ok(if changes.0.is_empty() { Outcome::Clean } else { Outcome::Findings })
    }
}

/// Lines that are gone or new, in their order.
struct Changes(Vec<(ChangeTag, String)>);

impl Changes {
    fn between(old: &str, new: &str) -> Self {
        let diff = TextDiff::from_lines(old, new);
        let changes = diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal);
        Self(changes.map(|change| (change.tag(), change.value().trim_end().to_owned())).collect())
    }

    fn lines(&self) -> Vec<String> {
        self.0.iter().map(|(tag, line)| format!("{tag} {line}")).collect()
    }

    fn title(&self) -> String {
        let count = |tag| self.0.iter().filter(|(other, _)| *other == tag).count();
        match (count(ChangeTag::Delete), count(ChangeTag::Insert)) {
            (0, 0) => "public surface: as accepted".to_owned(),
            (gone, new) => format!("public surface: {gone} gone, {new} new"),
        }
    }

    fn to_text(&self) -> String {
        let how = if self.0.is_empty() { String::new() } else { format!("; {ACCEPT}") };
        let mut lines = self.lines();
        lines.push(format!("{}{how}\n", self.title()));
        lines.join("\n")
    }

    fn to_markdown(&self) -> String {
        let title = format!("## {}\n", self.title());
        if self.0.is_empty() {
            return title;
        }
        format!("{title}\n```diff\n{}\n```\n\nDo: {ACCEPT}.\n", self.lines().join("\n"))
    }

    fn to_json(&self) -> Value {
        let of = |tag| self.0.iter().filter(|(other, _)| *other == tag).map(|(_, line)| line).collect::<Vec<_>>();
        json!({ "gone": of(ChangeTag::Delete), "new": of(ChangeTag::Insert) })
    }
}
