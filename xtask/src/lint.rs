//! `cargo xtask lint`: the document is well-formed, fit for the generator and fit for readers.

mod answers;
mod bodies;
mod catalogues;
mod components;
mod examples;
mod extensions;
mod form;
mod generated;
mod input;
mod limits;
mod models;
mod names;
mod operations;
mod parameters;
mod paths;
mod schemas;
mod secrets;
mod texts;
mod unions;
mod values;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::iter;
use std::path::PathBuf;

use clap::Args;

use crate::build::document::{Document, Fault};
use crate::finding::Finding;
use crate::report::{self, Format, Outcome};
use input::Input;

const EXAMPLES: &str = "\
Examples:
  cargo xtask lint                      the document of this checkout
  cargo xtask lint --format markdown    for a pull request
  cargo xtask lint draft.yaml           another document
  cargo xtask lint --rules              what is checked

A finding names its rule, the line and the JSON pointer, what is wrong and what to write instead. The conventions \
that the rules follow, and the extensions that the document may use, are in spec/README.md. Recordings of traffic in \
tests/recordings are checked for keys.";

/// Checks that the document is well-formed, fit for the generator and fit for readers.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The document; that of this checkout if not given.
    document: Option<PathBuf>,
    /// Directory with recordings; tests/recordings if not given.
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,
    /// Prints the rules instead of checking.
    #[arg(long)]
    rules: bool,
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// One thing that is asked of the document.
struct Rule {
    /// Its name, which does not change.
    name: &'static str,
    /// What it asks for.
    asks: &'static str,
    /// Finds where that is not so.
    check: fn(&Input) -> Vec<Fault>,
}

/// The rule that a text which is not even YAML breaks.
const YAML: &str = "yaml";

/// The rules, in groups.
const GROUPS: [(&str, &[Rule]); 19] = [
    ("form", &form::RULES),
    ("extensions", &extensions::RULES),
    ("paths", &paths::RULES),
    ("operations", &operations::RULES),
    ("parameters", &parameters::RULES),
    ("request bodies", &bodies::RULES),
    ("answers", &answers::RULES),
    ("schemas", &schemas::RULES),
    ("unions", &unions::RULES),
    ("values", &values::RULES),
    ("names", &names::RULES),
    ("components", &components::RULES),
    ("texts", &texts::RULES),
    ("examples", &examples::RULES),
    ("models", &models::RULES),
    ("status codes", &catalogues::RULES),
    ("rules between fields, and limits", &limits::RULES),
    ("secrets", &secrets::RULES),
    ("generator", &generated::RULES),
];

/// Runs the command.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    if arguments.rules {
        report::show(&list_of_rules())?;
        return Ok(Outcome::Clean);
    }
    let files = input::Files::read(arguments.document.as_deref(), arguments.recordings.as_deref())?;
    let title = format!("{} against {} rules", files.document.name, rules().count());
    report::print(&title, &check(&files), arguments.format)
}

fn list_of_rules() -> String {
    let lines = GROUPS.iter().flat_map(|(group, rules)| {
        let rules = rules.iter().map(|Rule { name, asks, .. }| format!("  {name:26}  {asks}\n"));
        iter::once(format!("{group}\n")).chain(rules)
    });
    lines.collect()
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    GROUPS.iter().flat_map(|(_, rules)| *rules)
}

/// Everything that the rules find, in the order of the lines.
fn check(files: &input::Files) -> Vec<Finding> {
    let document = match Document::parse(&files.document.name, &files.document.text) {
        Ok(document) => document,
        Err(fault) => return vec![Finding::at(YAML, fault)],
    };
    let input = Input::new(&document, files);
    let (last, first) = GROUPS.split_last().expect("there are groups");
    let findings = apply(&input, first.iter().flat_map(|(_, rules)| *rules));
    // What the generator stumbles over would be said twice, and less well.
    if findings.is_empty() { apply(&input, last.1) } else { findings }
}

fn apply<'a>(input: &Input, rules: impl IntoIterator<Item = &'a Rule>) -> Vec<Finding> {
    let mut seen = HashSet::new();
    let mut faults: Vec<(&str, Fault)> = rules
        .into_iter()
        .flat_map(|rule| (rule.check)(input).into_iter().map(|fault| (rule.name, fault)))
        // An anchor puts one line of the file at several places of the document.
        .filter(|(rule, fault)| seen.insert((*rule, fault.place.clone(), fault.problem.clone())))
        .collect();
    faults.sort_by_key(|(_, fault)| position(fault));
    faults.into_iter().map(|(rule, fault)| Finding::at(rule, fault)).collect()
}

/// File and line of a fault, for sorting.
fn position(fault: &Fault) -> (String, usize) {
    let (file, line) = fault.place.rsplit_once(':').unwrap_or((&fault.place, ""));
    (file.to_owned(), line.parse().unwrap_or_default())
}
