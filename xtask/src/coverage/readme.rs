//! The table of operations in the README.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use clovastudio::raw::Operation;

use super::table::{Column, Row};
use crate::build::document::Fault;

const BEGIN: &str = "<!-- coverage:begin -->";
const END: &str = "<!-- coverage:end -->";

/// A README with a table of operations.
pub struct Readme<'a> {
    path: &'a Path,
    text: String,
}

impl<'a> Readme<'a> {
    /// Reads it.
    pub fn read(path: &'a Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self { path, text })
    }

    /// Whether its table is another one.
    pub fn check(&self, rows: &[Row]) -> anyhow::Result<Option<Fault>> {
        let (before, old, _) = self.parts()?;
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let outdated = || Fault {
            place: format!("{name}:{}", before.matches('\n').count() + 1),
            pointer: "README".to_owned(),
            problem: "the table of operations is not that of the code".to_owned(),
            remedy: "Run `cargo xtask coverage --write`".to_owned(),
        };
        Ok((old != table(rows)).then(outdated))
    }

    /// Writes the table into it.
    pub fn write(&mut self, rows: &[Row]) -> anyhow::Result<()> {
        let (before, _, after) = self.parts()?;
        self.text = format!("{before}{}{after}", table(rows));
        fs::write(self.path, &self.text).with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// What stands before the table, the table, and what stands after it.
    fn parts(&self) -> anyhow::Result<(&str, &str, &str)> {
        let text = &self.text;
        let begin = text.find(BEGIN).map(|at| at + BEGIN.len());
        let Some((begin, end)) = begin.zip(text.find(END)).filter(|(begin, end)| begin <= end) else {
            bail!(
                "{} has no `{BEGIN}` before `{END}`: put both where the table of operations shall stand",
                self.path.display()
            );
        };
        Ok((&text[..begin], &text[begin..end], &text[end..]))
    }
}

/// One line for each operation, with its streaming twin.
fn table(rows: &[Row]) -> String {
    let mut table = "\n| method and path | client | raw | page |\n|---|---|---|---|\n".to_owned();
    for row in rows.iter().filter(|row| !row.stream) {
        let twin = rows.iter().find(|other| other.stream && other.operation == row.operation);
        let retired = Operation::from_name(&row.operation).is_some_and(Operation::is_deprecated);
        // Writing to a text cannot fail.
        let _ = writeln!(
            table,
            "| `{}`{} | {} | {} | {} |",
            row.route,
            if retired { " (retired)" } else { "" },
            client(row, twin),
            raw(row, twin),
            page(row)
        );
    }
    table
}

/// A call ends in `send()`, which is not repeated here; a stream is opened otherwise.
fn client(row: &Row, twin: Option<&Row>) -> String {
    let call = row.cell(Column::Client).text();
    let start = call.strip_suffix(".send()").unwrap_or(call);
    match twin.map(|twin| twin.cell(Column::Client).text()) {
        Some(stream) => match stream.strip_prefix(start) {
            Some(opens) => format!("`{start}`, `{opens}`"),
            None => format!("`{start}`, `{stream}`"),
        },
        None => format!("`{start}`"),
    }
}

fn raw(row: &Row, twin: Option<&Row>) -> String {
    let name = row.cell(Column::Raw).text();
    match twin.map(|twin| twin.cell(Column::Raw).text()) {
        Some(stream) => format!("`{name}`, `…{}`", stream.strip_prefix(name).unwrap_or(stream)),
        None => format!("`{name}`"),
    }
}

fn page(row: &Row) -> String {
    let slug = row.cell(Column::Page).text();
    format!("[{}](https://api.ncloud-docs.com/docs/{slug})", slug.trim_start_matches("clovastudio-"))
}
