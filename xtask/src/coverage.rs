//! `coverage`: what there is of every operation.

mod client;
mod readme;
mod simulator;
mod source;
mod table;
mod usage;

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::finding::Finding;
use crate::report::{self, Format, Outcome};
use crate::workspace;
use readme::Readme;
use table::{Cell, Column, Row};

const EXAMPLES: &str = "\
Examples:
  cargo xtask coverage           the table, its holes, and whether README.md has it
  cargo xtask coverage --write   write it into README.md

Raw methods and mocks are those that are generated; methods of the client are found by following src/ from `Client` to \
the raw client; tests by what tests/ calls (by name + in a loop over all operations); the simulator is asked.";

/// Shows what there is of every operation and every stream: raw method, method of the client, examples, simulator, mock,
/// tests and page. A hole is a finding.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Writes the table into README.md, between `<!-- coverage:begin -->` and `<!-- coverage:end -->`, if it has no hole.
    #[arg(long)]
    write: bool,

    /// The README; that of this checkout if not given.
    #[arg(long, value_name = "FILE")]
    readme: Option<PathBuf>,

    /// How table and findings are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let path = arguments.readme.clone().unwrap_or_else(|| workspace::root().join("README.md"));
    let mut readme = Readme::read(&path)?;
    let rows = table::rows()?;
    let mut findings: Vec<Finding> = rows.iter().flat_map(holes).collect();
    if arguments.write && findings.is_empty() {
        readme.write(&rows)?;
    }
    findings.extend(readme.check(&rows)?.map(|fault| Finding::at("readme-outdated", fault)));
    print(&rows, &findings, arguments.format)
}

fn holes(row: &Row) -> Vec<Finding> {
    let holes = Column::ALL.into_iter().filter_map(|column| match row.cell(column) {
        Cell::Hole(problem) => Some((column, problem)),
        Cell::There(_) => None,
    });
    let findings = holes.map(|(column, problem)| {
        let stream = if row.stream { ", as a stream" } else { "" };
        let subject = format!("{}{stream}: {}", row.operation, column.name());
        let finding = Finding::new("hole", subject, problem.clone(), column.remedy());
        Finding { place: Some(row.place.clone()), ..finding }
    });
    findings.collect()
}

fn print(rows: &[Row], findings: &[Finding], format: Format) -> anyhow::Result<Outcome> {
    let title = format!("{} operations and streams", rows.len());
    match format {
        Format::Text => report::show(&text(rows))?,
        Format::Markdown => report::show(&markdown(rows))?,
        Format::Json => {
            let mut value = report::to_json(findings);
            value["operations"] = rows.iter().map(object).collect();
            report::show(&format!("{value:#}\n"))?;
            return Ok(Outcome::of(findings));
        }
    }
    report::print(&title, findings, format)
}

fn text(rows: &[Row]) -> String {
    let width = |column: Column| {
        let texts = rows.iter().map(|row| row.cell(column).text().chars().count());
        texts.chain([column.name().len()]).max().unwrap_or_default()
    };
    let line = |text: &dyn Fn(Column) -> String| {
        let cells = Column::ALL.map(|column| format!("{:width$}", text(column), width = width(column)));
        format!("{}\n", cells.join("  ").trim_end())
    };
    let head = line(&|column| column.name().to_owned());
    let rows = rows.iter().map(|row| line(&|column| row.cell(column).text().to_owned()));
    format!("{head}{}\n", rows.collect::<String>())
}

fn markdown(rows: &[Row]) -> String {
    let head = format!("| {} |\n|{}\n", Column::ALL.map(Column::name).join(" | "), "---|".repeat(Column::ALL.len()));
    let rows =
        rows.iter().map(|row| format!("| {} |\n", Column::ALL.map(|column| row.cell(column).text()).join(" | ")));
    format!("{head}{}\n", rows.collect::<String>())
}

fn object(row: &Row) -> Value {
    let facts = [("operation", json!(row.operation)), ("route", json!(row.route)), ("stream", json!(row.stream))];
    let cells = Column::ALL.map(|column| match row.cell(column) {
        Cell::There(text) => (column.name(), json!(text)),
        Cell::Hole(_) => (column.name(), Value::Null),
    });
    facts.into_iter().chain(cells).map(|(name, value)| (name.to_owned(), value)).collect()
}
