//! `cargo xtask drift`: the vendor's pages, the lock of reviewed facts and the document agree.

mod accepted;
pub mod attribute;
mod class;
mod compare;
mod document;
pub mod facts;
pub mod live;
mod lock;
pub mod page;
pub mod range;
pub mod statement;
pub mod types;
mod update;

#[cfg(test)]
pub mod tests;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use crate::expand;
use crate::finding::{Finding, Site};
use crate::report::{self, Format, Outcome};
use crate::workspace;
use accepted::{ACCEPTED, Accepted, Checked};
use compare::Sides;
use document::DocumentFacts;
use live::{Language, Source, Visit};
use lock::{LOCK, Lock};
use page::ReadPage;

const EXAMPLES: &str = "\
Examples:
  cargo xtask drift                  the document against the lock, offline
  cargo xtask drift --live           pages and document, each against the lock
  cargo xtask drift --pages saved    the same with saved pages
  cargo xtask drift --live --update  rewrites the lock from the pages, after review
  cargo xtask drift --update         takes into the lock what the document says and no page does
                                     (both renew xtask/surface.txt, the public surface, as well)
  cargo xtask drift --accept 0123456789ab --reason 'Why the difference stays'

A finding tells what they say, what we say, where the document says it, and what the difference means for callers. To \
answer one: change spec/openapi.yaml, or accept the difference; then renew the lock with --update.";

/// Compares the vendor's pages, the lock of reviewed facts and the document.
///
/// The lock, spec/upstream.lock.json, holds the facts of the vendor's pages as last reviewed. What stays different is
/// accepted in spec/accepted.yaml, by its fingerprint, with a reason.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Read saved pages (`*.md`) of this directory.
    #[arg(long, value_name = "DIR")]
    pages: Option<PathBuf>,
    /// Fetch the index and the pages. What was fetched is kept in target/drift, and asked for again only if it changed.
    #[arg(long, conflicts_with = "pages")]
    live: bool,
    /// Language of the pages to fetch. Translations lag behind.
    #[arg(long, value_enum, default_value_t, requires = "live")]
    language: Language,
    /// Where the API guide is.
    #[arg(long, value_name = "URL", default_value = Site::Api.url())]
    base_url: String,
    /// Where the guide of the product is, which lists the models. It refuses programs at times: empty to leave it out.
    #[arg(long, value_name = "URL", default_value = Site::Guide.url())]
    guide_url: String,
    /// Rewrite the lock from what was read; without pages, from what the document says first. The summary of the public
    /// surface that follows from the document, xtask/surface.txt, is rewritten too.
    #[arg(long)]
    update: bool,
    /// Accept the difference with this fingerprint.
    #[arg(long, value_name = "FINGERPRINT", requires = "reason", conflicts_with = "update")]
    accept: Option<String>,
    /// Why the difference stays.
    #[arg(long, value_name = "TEXT", requires = "accept")]
    reason: Option<String>,
    /// How findings are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let mut lock = Lock::parse(&read(LOCK)?).context(LOCK)?;
    let document = workspace::document()?;
    let facts = DocumentFacts::read(&document);
    let mut accepted = Accepted::parse(&read(ACCEPTED)?)?;
    let visit = match &arguments.pages {
        _ if arguments.live => live::visit(&arguments.source(), &lock)?,
        Some(directory) => Visit { pages: read_pages(directory)?, ..Visit::default() },
        None => Visit::default(),
    };
    if arguments.update {
        expand::renew(&document)?;
        renew(&mut lock, &facts, &accepted, &visit.pages)?;
    }
    let found = find(&Sides::new(&lock, &facts), &visit);
    if let (Some(fingerprint), Some(reason)) = (&arguments.accept, &arguments.reason) {
        accepted = accept(&found, fingerprint, reason)?;
    }
    let findings = accepted.apply(found, &checked(&visit));
    let outcome = report::print("drift", &findings, arguments.format)?;
    if !visit.unchecked.is_empty() {
        bail!("could not check everything:\n  {}", visit.unchecked.join("\n  "));
    }
    Ok(outcome)
}

impl Arguments {
    fn source(&self) -> Source {
        Source { api: self.base_url.clone(), guide: self.guide_url.clone(), language: self.language }
    }
}

/// All differences, accepted or not, each once.
fn find(sides: &Sides<'_>, visit: &Visit) -> Vec<Finding> {
    let missing = if visit.index.is_empty() { Vec::new() } else { sides.missing_pages(&visit.index) };
    let gone = visit.gone.iter().map(|slug| sides.vanished_page(slug));
    let of_pages = visit.pages.iter().flat_map(|page| sides.page(page));
    let all = sides.document().into_iter().chain(missing).chain(gone).chain(of_pages);
    let mut seen = HashSet::new();
    all.filter(|finding| seen.insert(finding.fingerprint())).map(|finding| sides.on_its_site(finding)).collect()
}

fn checked(visit: &Visit) -> Checked {
    let pages = visit.pages.iter().map(|page| page.slug.clone());
    Checked { pages: pages.collect(), index: !visit.index.is_empty() }
}

fn read(path: &str) -> anyhow::Result<String> {
    let path = workspace::root().join(path);
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &str, text: &str) -> anyhow::Result<()> {
    let path = workspace::root().join(path);
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// The pages in a directory, by name.
fn read_pages(directory: &Path) -> anyhow::Result<Vec<ReadPage>> {
    let entries = fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    let mut paths: Vec<PathBuf> =
        paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    paths.sort();
    if paths.is_empty() {
        bail!(
            "no `*.md` in {}: save pages of the vendor there, such as \
             https://api.ncloud-docs.com/docs/clovastudio-chatcompletionsv3.md",
            directory.display()
        );
    }
    paths.iter().map(|path| read_page(path)).collect()
}

/// The page in a file.
pub fn read_page(path: &Path) -> anyhow::Result<ReadPage> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(page::read(&path.file_stem().unwrap_or_default().to_string_lossy(), &text))
}

fn renew(lock: &mut Lock, facts: &DocumentFacts<'_>, accepted: &Accepted, pages: &[ReadPage]) -> anyhow::Result<()> {
    let count = if pages.is_empty() {
        update::from_document(lock, facts, accepted)
    } else {
        let (whole, torn): (Vec<_>, Vec<_>) = pages.iter().partition(|page| accepted.takes_problems(page));
        for page in torn {
            eprintln!("{}: left as it was, since a part of the page cannot be read", page.slug);
        }
        update::from_pages(lock, facts, &whole)
    };
    eprintln!("{LOCK}: {} renewed", report::counted(count, "fact"));
    write(LOCK, &lock.to_text())
}

/// Adds a difference to the accepted ones.
fn accept(found: &[Finding], fingerprint: &str, reason: &str) -> anyhow::Result<Accepted> {
    let Some(finding) = found.iter().find(|finding| finding.fingerprint() == fingerprint) else {
        bail!("no difference has the fingerprint `{fingerprint}`; run `cargo xtask drift` to see those that there are");
    };
    let text = accepted::with(&read(ACCEPTED)?, finding, reason);
    let accepted = Accepted::parse(&text)?;
    write(ACCEPTED, &text)?;
    Ok(accepted)
}
