//! `expand`: what becomes of the document, for review.

mod operation;
mod summary;
mod yaml;

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};

use crate::build::document::Document;
use crate::build::{self, Output, lowering};
use crate::report::{self, Format, Outcome};
use crate::surface::{self, Item};
use crate::workspace;
use operation::Expanded;
use summary::Summary;

const EXAMPLES: &str = "\
Examples:
  cargo xtask expand                       the document as the generator gets it
  cargo xtask expand client                the generated client; also mocks, values, events, …
  cargo xtask expand --operation rerank    one operation: lowered, method, builder, types, mock
  cargo xtask expand --check               what a change of the document does to xtask/surface.txt
  cargo xtask expand --write               accept it
  cargo xtask expand --check --document draft.yaml";

/// Prints what becomes of the document: lowered, generated, or as the public surface of the crate, one line an item.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What to print: `document`, `surface`, or a generated file by its name without `.rs`.
    #[arg(default_value = "document", conflicts_with_all = ["operation", "check", "write"])]
    what: String,

    /// Prints one method of the raw client, by its name, with everything that belongs to it.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["check", "write"])]
    operation: Option<String>,

    /// How a lowered document is printed.
    #[arg(long, value_enum, default_value_t)]
    notation: Notation,

    /// Compares the public surface with the summary that was accepted last.
    #[arg(long, conflicts_with = "write")]
    check: bool,

    /// Writes the summary.
    #[arg(long)]
    write: bool,

    /// The document; that of this checkout if not given.
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,

    /// The summary; xtask/surface.txt if not given.
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,

    /// How differences are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How a document is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Notation {
    /// As the document itself.
    #[default]
    Yaml,
    /// As the generator reads it.
    Json,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let document = match &arguments.document {
        Some(path) => workspace::document_at(path)?,
        None => workspace::document()?,
    };
    let outputs = generate(&document)?;
    if arguments.check || arguments.write {
        let path = arguments.summary.clone().unwrap_or_else(|| workspace::root().join(summary::FILE));
        let summary = Summary::of(&surface(&outputs)?);
        if arguments.check {
            return summary.check(&path, arguments.format);
        }
        summary.write(&path)?;
        return Ok(Outcome::Clean);
    }
    let text = match &arguments.operation {
        Some(name) => one(&document, &outputs, name, arguments.notation)?,
        None => whole(&document, &outputs, &arguments.what, arguments.notation)?,
    };
    report::show(&text)?;
    Ok(Outcome::Clean)
}

/// Writes the summary of the public surface that follows from the document of this checkout.
pub fn renew(document: &Document) -> anyhow::Result<()> {
    let summary = Summary::of(&surface(&generate(document)?)?);
    summary.write(&workspace::root().join(summary::FILE))
}

fn generate(document: &Document) -> anyhow::Result<Vec<Output>> {
    build::generate(document).map_err(|fault| anyhow!("{fault}"))
}

/// The public surface of the crate with these files.
fn surface(outputs: &[Output]) -> anyhow::Result<BTreeSet<Item>> {
    surface::of_library(&workspace::root().join("src/lib.rs"), outputs)
}

fn whole(document: &Document, outputs: &[Output], what: &str, notation: Notation) -> anyhow::Result<String> {
    match what {
        "document" => {
            let lowered = lowering::lower(document).map_err(|fault| anyhow!("{fault}"))?;
            notation.write(&lowered.root)
        }
        "surface" => Ok(Summary::of(&surface(outputs)?).to_string()),
        name => {
            let names = outputs.iter().filter_map(|output| output.name.strip_suffix(".rs"));
            let Some(output) = outputs.iter().find(|output| output.name.strip_suffix(".rs") == Some(name)) else {
                let names: Vec<&str> = ["document", "surface"].into_iter().chain(names).collect();
                bail!("there is no `{name}`; choose one of {}", names.join(", "));
            };
            Ok(output.text.clone())
        }
    }
}

fn one(document: &Document, outputs: &[Output], name: &str, notation: Notation) -> anyhow::Result<String> {
    let lowered = lowering::lower(document).map_err(|fault| anyhow!("{fault}"))?;
    let Expanded { lowered, surface, code } = operation::expand(&lowered.root, outputs, name)?;
    Ok(format!("# ---- lowered\n\n{}\n# ---- surface\n\n{surface}\n{code}", notation.write(&lowered)?))
}

impl Notation {
    fn write(self, value: &serde_json::Value) -> anyhow::Result<String> {
        match self {
            Self::Yaml => yaml::write(value),
            Self::Json => Ok(format!("{value:#}\n")),
        }
    }
}
