//! Prints what changed: for a terminal, for programs, and as an entry of the changelog.

use std::fmt::Write;

use serde_json::{Value, json};

use super::api::ApiChange;
use super::change::{Change, Fate, Side};
use super::version::Demand;
use crate::finding::Class;
use crate::report::{self, Format};
use crate::workspace::DOCUMENT;

/// What changed since a base.
pub struct Report<'a> {
    /// What the document is compared with.
    pub base: &'a str,
    /// Changes of the document.
    pub changes: Vec<Change>,
    /// Changes of the Rust API.
    pub api: Vec<ApiChange>,
    /// The version that they demand; unknown when that of the base is.
    pub demand: Option<Demand>,
}

impl Report<'_> {
    /// The worst that the changes mean to anybody; nothing when there are none.
    pub fn worst(&self) -> Option<Class> {
        let document = self.changes.iter().map(Change::worst);
        document.chain(self.api.iter().map(|change| change.class)).max()
    }
}

/// Prints it.
pub fn print(report: &Report<'_>, format: Format) -> anyhow::Result<()> {
    let mut text = String::new();
    match format {
        Format::Text => write_text(&mut text, report)?,
        Format::Json => writeln!(text, "{:#}", to_json(report))?,
        Format::Markdown => write_markdown(&mut text, report)?,
    }
    report::show(&text)
}

fn write_text(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    writeln!(out, "{DOCUMENT} against {}\n", report.base)?;
    for change in &report.changes {
        write_change(out, change)?;
    }
    if !report.api.is_empty() {
        writeln!(out, "Rust API\n")?;
    }
    for change in &report.api {
        write_api_change(out, change)?;
    }
    writeln!(out, "{}", verdict(report))
}

fn write_change(out: &mut String, change: &Change) -> std::fmt::Result {
    writeln!(out, "{}: {} [{}]", change.subject(), sentence(change), change.difference.kind)?;
    let classes = [("requests", Side::Requests), ("responses", Side::Responses)]
        .map(|(name, side)| format!("{name} {}", change.class(side).map_or("untouched", Class::name)));
    writeln!(out, "    for: {}", classes.join(", "))?;
    writeln!(out, "    at: {} #{}", change.place.line, change.place.pointer)?;
    if !change.operations.is_empty() {
        writeln!(out, "    in: {}", shorten(change.operations.iter().map(String::as_str)))?;
    }
    writeln!(out)
}

fn write_api_change(out: &mut String, change: &ApiChange) -> std::fmt::Result {
    for (sign, line) in [('-', &change.was), ('+', &change.is)] {
        if let Some(line) = line {
            writeln!(out, "{sign} {line}")?;
        }
    }
    if !change.with_it.is_empty() {
        writeln!(out, "    with it: {} more", change.with_it.len())?;
    }
    writeln!(out, "    {}\n", change.class.name())
}

/// A change without its subject.
fn sentence(change: &Change) -> String {
    let difference = &change.difference;
    let end = match difference.fate {
        Fate::Added => " added",
        Fate::Removed => " removed",
        Fate::Changed | Fate::Deprecated => "",
    };
    let values = match (&difference.was, &difference.is) {
        (Some(was), Some(is)) => format!(": {was} → {is}"),
        (Some(value), None) | (None, Some(value)) => format!(": {value}"),
        (None, None) => String::new(),
    };
    format!("{}{end}{values}", difference.text)
}

fn shorten<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 4;
    let more = names.len().saturating_sub(SHOWN);
    let mut text = names.take(SHOWN).collect::<Vec<_>>().join(", ");
    if more > 0 {
        let _ = write!(text, " and {more} more");
    }
    text
}

/// How many changes there are of each class.
fn counts(report: &Report<'_>) -> String {
    let counted = [Class::Breaking, Class::Additive, Class::Cosmetic].map(|class| {
        let changes = report.changes.iter().filter(|change| change.worst() == class).count();
        (changes + report.api.iter().filter(|change| change.class == class).count(), class)
    });
    let counted =
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, class)| format!("{count} {}", class.name()));
    let counted = counted.collect::<Vec<_>>();
    if counted.is_empty() { "no changes".to_owned() } else { counted.join(", ") }
}

/// What it all comes to.
fn verdict(report: &Report<'_>) -> String {
    let counts = counts(report);
    let Some(Demand { base, demanded, current }) =
        report.demand.as_ref().filter(|demand| demand.demanded != demand.base)
    else {
        return counts;
    };
    let is_met = report.demand.as_ref().is_some_and(Demand::is_met);
    let judgement = if is_met { "which is enough" } else { "which is too little" };
    format!("{counts}\nAfter {base} that demands {demanded} or more; Cargo.toml has {current}, {judgement}.")
}

fn to_json(report: &Report<'_>) -> Value {
    let changes = report.changes.iter().map(|change| {
        let difference = &change.difference;
        json!({
            "kind": difference.kind,
            "fate": difference.fate,
            "subjects": change.subjects,
            "text": difference.text,
            "was": difference.was,
            "is": difference.is,
            "requests": change.class(Side::Requests),
            "responses": change.class(Side::Responses),
            "operations": change.operations,
            "place": change.place,
        })
    });
    let version = report.demand.as_ref().map(|demand| {
        json!({ "base": demand.base, "demanded": demand.demanded, "current": demand.current, "enough": demand.is_met() })
    });
    json!({
        "base": report.base,
        "worst": report.worst(),
        "version": version,
        "changes": changes.collect::<Vec<_>>(),
        "api": report.api,
    })
}

const SECTIONS: [(&str, Fate); 4] =
    [("Added", Fate::Added), ("Changed", Fate::Changed), ("Deprecated", Fate::Deprecated), ("Removed", Fate::Removed)];

fn write_markdown(out: &mut String, report: &Report<'_>) -> std::fmt::Result {
    writeln!(out, "## [Unreleased]\n\nChanges of the document since {}: {}.", report.base, counts(report))?;
    for (heading, fate) in SECTIONS {
        let changes = report.changes.iter().filter(|change| change.difference.fate == fate).map(entry);
        let items = report.api.iter().filter(|change| change.fate == fate).map(api_entry);
        let entries: Vec<String> = changes.chain(items).collect();
        if !entries.is_empty() {
            writeln!(out, "\n### {heading}\n\n{}", entries.join("\n"))?;
        }
    }
    Ok(())
}

fn entry(change: &Change) -> String {
    let classes = [("requests", Side::Requests), ("responses", Side::Responses)];
    let classes = classes.iter().filter_map(|(name, side)| Some(format!("{name} {}", change.class(*side)?.name())));
    let classes = classes.collect::<Vec<_>>().join(", ");
    format!("- {}`{}`: {} ({classes}).", mark(change.worst()), change.subject(), sentence(change))
}

fn api_entry(change: &ApiChange) -> String {
    let line = match (&change.was, &change.is) {
        (Some(was), Some(is)) => format!("`{was}` → `{is}`"),
        (Some(line), None) | (None, Some(line)) => format!("`{line}`"),
        (None, None) => String::new(),
    };
    let more = match change.with_it.len() {
        0 => String::new(),
        more => format!(" and {more} more with it"),
    };
    format!("- {}Rust: {line}{more}.", mark(change.class))
}

const fn mark(class: Class) -> &'static str {
    match class {
        Class::Breaking => "**Breaking:** ",
        Class::Additive | Class::Cosmetic => "",
    }
}
