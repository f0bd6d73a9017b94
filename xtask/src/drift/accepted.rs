//! Differences that stay, each with its reason, in `spec/accepted.yaml`.

use std::collections::BTreeSet;
use std::time::SystemTime;

use anyhow::{Context, anyhow, bail};
use serde_json::Value;

use super::page::{self, ReadPage};
use crate::build::document::Document;
use crate::finding::Finding;

/// The file, relative to the root.
pub const ACCEPTED: &str = "spec/accepted.yaml";

/// The accepted differences.
#[derive(Debug)]
pub struct Accepted {
    document: Document,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    fingerprint: String,
    about: String,
    pointer: String,
}

/// What was compared, so that it is known which differences should have been found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Slugs of the pages that were read.
    pub pages: BTreeSet<String>,
    /// Whether the index was read.
    pub index: bool,
}

/// Rules that only pages break, not the lock.
const OF_PAGES: [&str; 4] = ["unreadable-table", "page-date", "stale-page", "renamed"];

/// Rules that only the index breaks.
const OF_INDEX: [&str; 2] = ["new-page", "vanished-page"];

impl Checked {
    fn covers(&self, about: &str) -> bool {
        let (rule, subject) = about.split_once(", ").unwrap_or((about, ""));
        let page = subject.split([' ', ':']).next().unwrap_or_default();
        let is_of_page = OF_PAGES.contains(&rule);
        let is_of_index = OF_INDEX.contains(&rule);
        (!is_of_page && !is_of_index) || is_of_page && self.pages.contains(page) || is_of_index && self.index
    }
}

impl Accepted {
    /// Reads the text of the file.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        // Comments alone are no YAML document.
        let is_empty = text.lines().all(|line| line.trim().is_empty() || line.starts_with('#'));
        let document =
            Document::parse(ACCEPTED, if is_empty { "[]" } else { text }).map_err(|fault| anyhow!("{fault}"))?;
        let mut entries = Vec::new();
        let groups = document.root.as_array().map_or(&[][..], Vec::as_slice);
        for (index, group) in groups.iter().enumerate() {
            let pointer = format!("/{index}");
            read_group(group, &pointer, &mut entries).with_context(|| document.fault(&pointer, "", "").place)?;
        }
        Ok(Self { document, entries })
    }

    /// The findings that are not accepted, and those about what is accepted and should not be.
    pub fn apply(&self, findings: Vec<Finding>, checked: &Checked) -> Vec<Finding> {
        let mut left = Vec::new();
        let mut met = BTreeSet::new();
        for finding in findings {
            let fingerprint = finding.fingerprint();
            match self.entries.iter().find(|entry| entry.fingerprint == fingerprint) {
                Some(entry) => {
                    met.insert(&entry.fingerprint);
                    left.extend(self.mislabelled(entry, &finding));
                }
                None => left.push(finding),
            }
        }
        let stale =
            self.entries.iter().filter(|entry| !met.contains(&entry.fingerprint) && checked.covers(&entry.about));
        left.extend(stale.map(|entry| self.stale(entry)));
        left
    }

    /// Whether all that cannot be read of a page is accepted.
    pub fn takes_problems(&self, page: &ReadPage) -> bool {
        let mut problems = page.problems.iter().map(|problem| problem.finding(&page.slug).fingerprint());
        problems.all(|problem| self.entries.iter().any(|entry| entry.fingerprint == problem))
    }

    fn stale(&self, entry: &Entry) -> Finding {
        let problem = format!("an accepted difference is no more ({})", entry.about);
        let remedy = "remove it from spec/accepted.yaml, with its reason if that has no other";
        self.at("accepted-stale", entry, problem, remedy.to_owned())
    }

    fn mislabelled(&self, entry: &Entry, finding: &Finding) -> Option<Finding> {
        let about = about(finding);
        let problem = format!("an accepted difference is described as another ({})", entry.about);
        let remedy = format!("write `{about}`");
        (about != entry.about).then(|| self.at("accepted-text", entry, problem, remedy))
    }

    fn at(&self, rule: &'static str, entry: &Entry, problem: String, remedy: String) -> Finding {
        let fault = self.document.fault(&entry.pointer, problem, remedy);
        Finding { subject: entry.fingerprint.clone(), ..Finding::at(rule, fault) }
    }
}

fn read_group(group: &Value, pointer: &str, entries: &mut Vec<Entry>) -> anyhow::Result<()> {
    let text = |key: &str| group[key].as_str().filter(|text| !text.trim().is_empty());
    text("reason").context("accepted differences need a `reason`")?;
    text("date").context("accepted differences need a `date`, in quotes")?;
    let differences = group["differences"].as_object().context("a reason needs `differences`")?;
    for (fingerprint, about) in differences {
        if entries.iter().any(|entry| entry.fingerprint == *fingerprint) {
            bail!("`{fingerprint}` is accepted twice");
        }
        entries.push(Entry {
            fingerprint: fingerprint.clone(),
            about: about
                .as_str()
                .with_context(|| format!("`{fingerprint}` needs a line on what it is about"))?
                .to_owned(),
            pointer: format!("{pointer}/differences/{fingerprint}"),
        });
    }
    Ok(())
}

/// The line that says what a finding is about.
pub fn about(finding: &Finding) -> String {
    let Finding { rule, subject, theirs, ours, .. } = finding;
    let said = |said: &Option<String>| said.clone().unwrap_or_else(|| "nothing".to_owned());
    format!("{rule}, {subject}: they say {}, we say {}", said(theirs), said(ours))
}

/// The text of the file with one more difference, as of today.
pub fn with(text: &str, finding: &Finding, reason: &str) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''").replace('\n', " "));
    let today = page::day(&httpdate::fmt_http_date(SystemTime::now())).unwrap_or_default();
    let before = if text.trim().is_empty() { String::new() } else { format!("{}\n\n", text.trim_end()) };
    format!(
        "{before}- reason: {}\n  date: '{}'\n  differences:\n    '{}': {}\n",
        quoted(reason),
        today,
        finding.fingerprint(),
        quoted(&about(finding)),
    )
}
