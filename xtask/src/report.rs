//! Prints findings.

use std::fmt::{self, Write};
use std::io::{self, ErrorKind};

use anyhow::Context as _;
use clap::ValueEnum;
use serde_json::{Value, json};

use crate::finding::Finding;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing found.
    Clean,
    /// Something found, and printed.
    Findings,
}

impl Outcome {
    /// How a command ends with these findings.
    pub const fn of(findings: &[Finding]) -> Self {
        if findings.is_empty() { Self::Clean } else { Self::Findings }
    }
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For an issue or a pull request.
    Markdown,
}

/// Prints what a command found under a title, and says how it ended.
pub fn print(title: &str, findings: &[Finding], format: Format) -> anyhow::Result<Outcome> {
    show(&text(title, findings, format)?)?;
    Ok(Outcome::of(findings))
}

/// Writes to standard output. That a reader has seen enough, such as `head`, is no failure.
pub fn show(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match io::Write::write_all(&mut out, text.as_bytes()).and_then(|()| io::Write::flush(&mut out)) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

/// How many there are of something.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn text(title: &str, findings: &[Finding], format: Format) -> Result<String, fmt::Error> {
    let mut text = String::new();
    let out = &mut text;
    match format {
        Format::Text => write_text(out, title, findings),
        Format::Json => writeln!(out, "{:#}", to_json(findings)),
        Format::Markdown => write_markdown(out, title, findings),
    }?;
    Ok(text)
}

fn count(findings: &[Finding]) -> String {
    match findings.len() {
        0 => "nothing found".to_owned(),
        some => counted(some, "finding"),
    }
}

fn write_text(out: &mut String, title: &str, findings: &[Finding]) -> fmt::Result {
    for finding in findings {
        writeln!(out, "{finding}\n")?;
    }
    writeln!(out, "{title}: {}", count(findings))
}

/// An object with the findings.
pub fn to_json(findings: &[Finding]) -> Value {
    let findings = findings.iter().map(|finding| {
        let mut value = json!(finding);
        value["fingerprint"] = json!(finding.fingerprint());
        value
    });
    json!({ "findings": findings.collect::<Vec<_>>() })
}

fn write_markdown(out: &mut String, title: &str, findings: &[Finding]) -> fmt::Result {
    writeln!(out, "## {title}: {}", count(findings))?;
    for finding in findings {
        let class = finding.class.map_or(String::new(), |class| format!(" ({})", class.name()));
        writeln!(out, "\n### `{}`: {}{class}\n\n{}\n", finding.rule, code(&finding.subject), finding.problem)?;
        if let Some(source) = &finding.source {
            let url = format!("{}/docs/{}", source.site.url(), source.page);
            writeln!(out, "- page: [{}]({url}), {}", source.page, source.section)?;
        }
        if let Some(theirs) = &finding.theirs {
            writeln!(out, "- they say: {}", code(theirs))?;
        }
        if let Some(ours) = &finding.ours {
            writeln!(out, "- we say: {}", code(ours))?;
        }
        if let Some(place) = &finding.place {
            let pointer = if place.pointer.is_empty() { String::new() } else { format!(", {}", code(&place.pointer)) };
            writeln!(out, "- in the document: `{}`{pointer}", place.line)?;
        }
        writeln!(out, "- do: {}\n- fingerprint: `{}`", finding.remedy, finding.fingerprint())?;
    }
    Ok(())
}

/// A text as code, whatever marks it holds.
fn code(text: &str) -> String {
    let fence = "`".repeat(text.split(|char| char != '`').map(str::len).max().unwrap_or_default() + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{}{pad}{fence}", text.replace('\n', " "))
}
