//! Fetches the vendor's pages: politely, one after the other.

mod cache;
mod fetch;
mod index;

#[cfg(all(test, feature = "client"))]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};

use super::lock::{Lock, LockedPage, OVERVIEW};
use super::page::{self, ReadPage};
use crate::finding::Site;
use cache::Cache;
use fetch::{Fetcher, Pace};

/// A language of the vendor's pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// Korean, the newest.
    #[default]
    Ko,
    /// English.
    En,
    /// Japanese.
    Ja,
}

impl Language {
    const fn folder(self) -> &'static str {
        match self {
            Self::Ko => "",
            Self::En => "en/",
            Self::Ja => "ja/",
        }
    }
}

/// Where the pages are.
#[derive(Clone, Debug)]
pub struct Source {
    /// The API guide.
    pub api: String,
    /// The guide of the product; empty to leave it out.
    pub guide: String,
    /// The language.
    pub language: Language,
}

/// What came of a visit.
#[derive(Debug, Default)]
pub struct Visit {
    /// Slugs in the index.
    pub index: Vec<String>,
    /// The pages that could be fetched.
    pub pages: Vec<ReadPage>,
    /// Pages that were there and are not any more.
    pub gone: Vec<String>,
    /// What could not be fetched, and why.
    pub unchecked: Vec<String>,
}

/// An answer to the request for a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The page.
    Text(String),
    /// There is none.
    Missing,
}

/// The file of a page that was fetched in Korean.
pub fn fetched(slug: &str) -> PathBuf {
    cache().file(&format!("{}/docs/{slug}.md", Site::Api.url()), "md")
}

fn cache() -> Cache {
    Cache::new(crate::workspace::root().join("target").join("drift"))
}

/// Fetches what there is, and keeps it under `target/`.
pub fn visit(source: &Source, lock: &Lock) -> anyhow::Result<Visit> {
    let client = crate::http::client().context("cannot fetch pages")?;
    visit_with(&mut Fetcher::new(client, cache(), Pace::polite())?, source, lock)
}

/// Fetches the index, all pages that it lists, and those of the product's guide that the lock knows.
fn visit_with(fetcher: &mut Fetcher, source: &Source, lock: &Lock) -> anyhow::Result<Visit> {
    let url = format!("{}/llms.txt", source.api.trim_end_matches('/'));
    let Answer::Text(text) = fetcher.get(&url)? else { bail!("{url} does not exist, so the pages are not known") };
    let index = index::slugs(&text);
    if index.is_empty() {
        bail!("{url} lists no page whose name begins with `clovastudio-`, nor `{OVERVIEW}`; its form may have changed");
    }
    let is_of_guide = |page: &LockedPage| page.site == Site::Guide && !page.withdrawn && !source.guide.is_empty();
    let guide = lock.pages.iter().filter(|(_, page)| is_of_guide(page));
    let guide = guide.map(|(slug, _)| (slug.clone(), source.guide.as_str()));
    let all: Vec<_> = index.iter().map(|slug| (slug.clone(), source.api.as_str())).chain(guide).collect();
    let progress = progress(all.len());
    let mut visit = Visit { index, ..Visit::default() };
    for (slug, base) in all {
        progress.set_message(slug.clone());
        let url = format!("{}/docs/{}{slug}.md", base.trim_end_matches('/'), source.language.folder());
        match fetcher.get(&url).and_then(|answer| markdown(answer, &url)) {
            Ok(Answer::Text(text)) => visit.pages.push(page::read(&slug, &text)),
            Ok(Answer::Missing) if lock.pages.contains_key(&slug) => visit.gone.push(slug),
            Ok(Answer::Missing) => visit.unchecked.push(format!("{url}: the index lists it, and it does not exist")),
            Err(error) => visit.unchecked.push(format!("{error:#}")),
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(visit)
}

/// A site may answer with a page for browsers where it should say that there is none.
fn markdown(answer: Answer, url: &str) -> anyhow::Result<Answer> {
    match &answer {
        Answer::Text(text) if text.trim_start().starts_with('<') => {
            bail!("{url}: HTML came instead of Markdown")
        }
        _ => Ok(answer),
    }
}

/// A bar on standard error, if that is a terminal.
fn progress(pages: usize) -> ProgressBar {
    let bar = ProgressBar::new(pages as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
