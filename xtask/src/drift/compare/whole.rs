//! Findings about pages as a whole.

use std::collections::BTreeMap;

use super::Sides;
use crate::drift::facts::{Part, Section};
use crate::drift::lock::LockedPage;
use crate::drift::page::ReadPage;
use crate::finding::{Class, Finding, Site, Source};

impl Sides<'_> {
    /// Pages that the lock knows and an index does not.
    pub fn missing_pages(&self, index: &[String]) -> Vec<Finding> {
        let expected = self.lock.pages.iter().filter(|(_, page)| page.is_expected());
        expected.filter(|(slug, _)| !index.contains(slug)).map(|(slug, _)| self.vanished_page(slug)).collect()
    }

    /// The finding with the site of its page, if the lock knows the page.
    pub fn on_its_site(&self, mut finding: Finding) -> Finding {
        if let Some(source) = &mut finding.source {
            source.site = self.lock.pages.get(&source.page).map(|page| page.site).unwrap_or_default();
        }
        finding
    }

    /// A page that the lock knows and the vendor does not publish any more.
    pub fn vanished_page(&self, slug: &str) -> Finding {
        let operations = self.lock.pages.get(slug).and_then(|page| page.facts.get(&Section::of(Part::Operations)));
        let paths: Vec<&str> =
            operations.into_iter().flat_map(BTreeMap::values).map(|entry| entry.path.as_str()).collect();
        let ours = if paths.is_empty() { "a page".to_owned() } else { paths.join(", ") };
        let problem = format!("the page `{slug}` is gone");
        let remedy =
            "see whether its operations are gone as well; then set `withdrawn` in the lock, or follow its new name";
        Finding { ours: Some(ours), ..of_page("vanished-page", slug, Class::Breaking, problem, remedy) }
    }
}

/// Whether the page has another date than the one that was reviewed.
pub fn date(page: &LockedPage, read: &ReadPage) -> Option<Finding> {
    let (ours, theirs) = (page.dates.get(&read.edition)?, read.date.as_ref()?);
    let problem = format!("the page is dated {theirs}, {ours} was reviewed");
    let remedy = "read what tables do not tell, then run `cargo xtask drift --update` with the pages";
    let finding = of_page("page-date", &read.slug, Class::Cosmetic, problem, remedy);
    (ours != theirs).then(|| Finding { theirs: Some(theirs.clone()), ours: Some(ours.clone()), ..finding })
}

/// Whether the page says that it lags behind.
pub fn stale(read: &ReadPage) -> Option<Finding> {
    let problem = "the page says of itself that it is stale".to_owned();
    let remedy = "compare the Korean edition, which is the newest";
    let finding = of_page("stale-page", &read.slug, Class::Cosmetic, problem, remedy);
    read.is_stale.then(|| Finding { theirs: Some("stale".to_owned()), ..finding })
}

/// A page that nobody reviewed.
pub fn new_page(read: &ReadPage) -> Finding {
    let operations = read.facts.get(&Section::of(Part::Operations));
    let paths: Vec<&str> = operations.into_iter().flat_map(BTreeMap::values).map(|told| told.path.as_str()).collect();
    let theirs = if paths.is_empty() { "a page".to_owned() } else { paths.join(", ") };
    let problem = format!("the page `{}` is new", read.slug);
    let remedy =
        "read it; `cargo xtask scaffold` prints a beginning, `cargo xtask drift --update` notes it in the lock";
    Finding { theirs: Some(theirs), ..of_page("new-page", &read.slug, Class::Additive, problem, remedy) }
}

fn of_page(rule: &'static str, slug: &str, class: Class, problem: String, remedy: &str) -> Finding {
    let source = Some(Source { site: Site::default(), page: slug.to_owned(), section: "the whole page".to_owned() });
    Finding { source, class: Some(class), ..Finding::new(rule, slug, problem, remedy) }
}
