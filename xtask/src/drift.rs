//! `cargo xtask drift`: the vendor's pages, the lock of reviewed facts and the document agree.

mod accepted;
mod attribute;
mod class;
mod compare;
mod document;
mod facts;
mod lock;
mod page;
mod range;
mod statement;
mod types;
mod update;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use crate::finding::Finding;
use crate::report::{self, Format, Outcome};
use crate::workspace;
use accepted::{ACCEPTED, Accepted, Checked};
use compare::Sides;
use document::DocumentFacts;
use lock::{LOCK, Lock};
use page::ReadPage;

const EXAMPLES: &str = "\
Examples:
  cargo xtask drift                        the document against the lock, offline
  cargo xtask drift --pages saved          saved pages against the lock, and the document against the lock
  cargo xtask drift --pages saved --update rewrites the lock from the pages, after review
  cargo xtask drift --update               takes into the lock what the document says and no page does";

/// Compares the vendor's pages, the lock of reviewed facts and the document.
///
/// The lock, spec/upstream.lock.json, holds the facts of the vendor's pages as last reviewed. A finding says what they
/// say, what we say, where the document says it, and what the difference means for callers. A difference that stays is
/// accepted in spec/accepted.yaml, by its fingerprint, with a reason.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Drift {
    /// Directory with saved pages of the vendor (`*.md`).
    #[arg(long, value_name = "DIR")]
    pages: Option<PathBuf>,
    /// Rewrites the lock from what was read; without pages, from what the document says first.
    #[arg(long)]
    update: bool,
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub fn run(arguments: &Drift) -> anyhow::Result<Outcome> {
    let mut lock = Lock::parse(&read(LOCK)?).context(LOCK)?;
    let document = workspace::document()?;
    let facts = DocumentFacts::read(&document);
    let accepted = Accepted::parse(&read(ACCEPTED)?)?;
    let pages = arguments.pages.as_deref().map(read_pages).transpose()?.unwrap_or_default();
    let checked = Checked { pages: pages.iter().map(|page| page.slug.clone()).collect(), index: false };
    if arguments.update {
        renew(&mut lock, &facts, &accepted, &pages)?;
    }
    let sides = Sides::new(&lock, &facts);
    let of_pages = pages.iter().flat_map(|page| sides.page(page));
    let findings = sides.document().into_iter().chain(of_pages).collect();
    let findings = accepted.apply(unique(findings), &checked);
    report::print("drift", &findings, arguments.format)
}

fn read(path: &str) -> anyhow::Result<String> {
    let path = workspace::root().join(path);
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// The pages in a directory, by name.
fn read_pages(directory: &Path) -> anyhow::Result<Vec<ReadPage>> {
    let entries = fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    if paths.is_empty() {
        bail!(
            "no `*.md` in {}: save pages of the vendor there, such as \
               https://api.ncloud-docs.com/docs/clovastudio-chatcompletionsv3.md",
            directory.display()
        );
    }
    let pages = paths.iter().map(|path| {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(page::read(&path.file_stem().unwrap_or_default().to_string_lossy(), &text))
    });
    pages.collect()
}

fn renew(lock: &mut Lock, facts: &DocumentFacts<'_>, accepted: &Accepted, pages: &[ReadPage]) -> anyhow::Result<()> {
    let count = if pages.is_empty() {
        update::from_document(lock, facts, accepted)
    } else {
        let is_whole = |page: &&ReadPage| {
            let problems = page.problems.iter().map(|problem| problem.finding(&page.slug)).collect();
            accepted.apply(problems, &Checked::default()).iter().all(|finding| finding.rule != "unreadable-table")
        };
        let (whole, torn): (Vec<_>, Vec<_>) = pages.iter().partition(is_whole);
        for page in torn {
            eprintln!("{}: left as it was, since a part of the page cannot be read", page.slug);
        }
        update::from_pages(lock, facts, &whole)
    };
    eprintln!("{LOCK}: {count} facts renewed");
    let path = workspace::root().join(LOCK);
    fs::write(&path, lock.to_text()).with_context(|| format!("cannot write {}", path.display()))
}

/// Each finding once.
fn unique(findings: Vec<Finding>) -> Vec<Finding> {
    let mut seen = HashSet::new();
    findings.into_iter().filter(|finding| seen.insert(finding.fingerprint())).collect()
}
