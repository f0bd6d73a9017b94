//! `cargo xtask scaffold`: the beginning of an operation or a field, from the facts of a page.

mod field;
mod operation;
mod yaml;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;
use serde_json::{Map, Value, json};

use crate::drift::facts::{Key, Part, Section};
use crate::drift::page::ReadPage;
use crate::drift::{live, read_page};
use crate::report::{self, Outcome};
use field::Fields;

const EXAMPLES: &str = "\
Examples:
  cargo xtask scaffold saved/clovastudio-novelty.md         all operations of a saved page
  cargo xtask scaffold clovastudio-novelty                  of a page that `drift --live` fetched
  cargo xtask scaffold clovastudio-router --pages saved --field chatHistory[].role

What is printed is YAML in the conventions of spec/README.md, to be finished by hand: every text in parentheses says \
what to write in its place. Then `cargo xtask lint` tells what is missing still.";

/// Prints the YAML of the operations of a page, or of one of its fields, to be finished by hand.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The file of a page, or its slug.
    page: String,
    /// Directory with saved pages (`*.md`), to look for the slug; else what `drift --live` fetched.
    #[arg(long, value_name = "DIR")]
    pages: Option<PathBuf>,
    /// Print only this field, such as `messages[].role`.
    #[arg(long, value_name = "PATH")]
    field: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let page = find(arguments)?;
    for problem in &page.problems {
        eprintln!("{}: cannot be read, and is missing here: {}", problem.heading, problem.what);
    }
    let text = match &arguments.field {
        Some(path) => field(&page, path)?,
        None => operations(&page)?,
    };
    report::show(&text)?;
    Ok(Outcome::Clean)
}

fn find(arguments: &Arguments) -> anyhow::Result<ReadPage> {
    let file = Path::new(&arguments.page);
    if file.is_file() {
        return read_page(file);
    }
    let (path, place) = match &arguments.pages {
        Some(directory) => (directory.join(format!("{}.md", arguments.page)), directory.display().to_string()),
        None => (live::fetched(&arguments.page), "what `cargo xtask drift --live` fetched".to_owned()),
    };
    if !path.is_file() {
        bail!("there is no file `{}`, and no page of that name in {place}", arguments.page);
    }
    read_page(&path)
}

/// The operations of a page, as a fragment of the document.
pub fn operations(page: &ReadPage) -> anyhow::Result<String> {
    let (paths, schemas) = operation::fragment(page);
    if paths.is_empty() {
        bail!("the page `{}` has no table of methods that can be read", page.slug);
    }
    let fragment = json!({ "paths": paths, "components": { "schemas": schemas } });
    Ok(format!(
        "# From the page {}. To finish by hand: names, tags, and every text in parentheses. The document has anchors\n\
         # for what is repeated here: `headers: *rateLimitHeaders`, `*null`; and for paths without prefix `servers: \
         *unprefixed`,\n# `security: *bearerOnly`.\n{}",
        page.slug,
        yaml::to_yaml(&fragment),
    ))
}

/// One field of a page, wherever it is on it.
pub fn field(page: &ReadPage, path: &str) -> anyhow::Result<String> {
    let key = Key::new(&Part::Request, path);
    let sections: Vec<&Section> =
        page.facts.iter().filter(|(_, facts)| facts.contains_key(&key)).map(|(section, _)| section).collect();
    if sections.is_empty() {
        bail!("the page `{}` has no field `{path}`", page.slug);
    }
    let mut text = String::new();
    for section in sections {
        let mut fields = Fields::new(&operation::api_name(page, &section.scope), section, &page.facts[section]);
        let property = fields.property(&key);
        let mut fragment = Map::from_iter([("properties".to_owned(), json!({ key.name(): property }))]);
        if fields.is_required(&key) {
            fragment.insert("required".to_owned(), json!([key.name()]));
        }
        if !fields.schemas.is_empty() {
            fragment.insert("components".to_owned(), json!({ "schemas": fields.schemas }));
        }
        let title =
            format!("# From the page {}, {section}. To finish by hand: every text in parentheses.\n", page.slug);
        text.push_str(&title);
        text.push_str(&yaml::to_yaml(&Value::Object(fragment)));
    }
    Ok(text)
}
