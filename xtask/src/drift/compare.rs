//! Compares the three sides.

mod agreement;
mod document;
mod pages;
mod rename;
mod routes;
mod topic;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

pub use document::Unstated;

use super::document::{DocumentFacts, Group, MODELS, Ours};
use super::facts::{ANY_EVENT, Key, Part, Section};
use super::lock::{Entry, Lock, LockedPage, OVERVIEW};
use super::statement::Statement;
use crate::finding::{Class, Finding, Site, Source};

/// The lock and the document, side by side.
#[derive(Debug)]
pub struct Sides<'a> {
    lock: &'a Lock,
    document: &'a DocumentFacts<'a>,
    /// The group that each page belongs to.
    groups: BTreeMap<&'a str, &'a Group>,
    /// The values of each set that several fields share, as far as pages list them.
    sets: BTreeMap<&'a str, BTreeSet<String>>,
}

/// A difference at a fact.
#[derive(Clone, Debug)]
struct Difference {
    rule: &'static str,
    section: Section,
    path: String,
    theirs: Option<String>,
    ours: Option<String>,
    class: Class,
}

impl<'a> Sides<'a> {
    /// Puts them side by side.
    pub fn new(lock: &'a Lock, document: &'a DocumentFacts<'a>) -> Self {
        let mut sides = Self { lock, document, groups: BTreeMap::new(), sets: BTreeMap::new() };
        for group in &document.groups {
            let pages = sides.pages_of(group);
            sides.groups.extend(pages.into_iter().map(|(slug, _)| (slug, group)));
        }
        sides.sets = sides.collect_sets();
        sides
    }

    fn collect_sets(&self) -> BTreeMap<&'a str, BTreeSet<String>> {
        let mut sets = BTreeMap::<_, BTreeSet<String>>::new();
        for (slug, page) in &self.lock.pages {
            for (section, entries) in &page.facts {
                if section.part == Part::Models {
                    sets.entry(MODELS).or_default().extend(entries.values().map(|entry| entry.path.clone()));
                }
                for (key, entry) in entries {
                    if let Some(set) = self.ours(slug, section, key).and_then(|ours| ours.set.as_deref()) {
                        sets.entry(set).or_default().extend(entry.statement().values().iter().cloned());
                    }
                }
            }
        }
        sets
    }

    /// What the lock says of all pages about a fact that this one may repeat: headers and envelope, and on pages with
    /// codes and models what others list.
    pub fn common(&self, section: &Section, key: &Key) -> Option<Statement> {
        match section.part {
            Part::Codes | Part::Models => {
                let pages = self.lock.pages.values().filter_map(|page| page.entry(section, key));
                pages.map(Entry::statement).reduce(|one, other| one.or(&other))
            }
            Part::Event(_) => self.lock.shared(&Section::of(Part::Response), key).map(Entry::statement),
            Part::RequestHeaders | Part::ResponseHeaders | Part::Response => {
                self.lock.shared(section, key).map(Entry::statement)
            }
            _ => None,
        }
    }

    /// The page that a group links to, then those that describe the same operations and are linked by none.
    fn pages_of(&self, group: &'a Group) -> Vec<(&'a str, &'a LockedPage)> {
        let operations = Section::of(Part::Operations);
        let ours = group.facts.get(&operations);
        let describes = |page: &LockedPage| {
            let theirs = page.facts.get(&operations).into_iter().flat_map(BTreeMap::keys);
            theirs.into_iter().any(|key| ours.is_some_and(|ours| ours.contains_key(key)))
        };
        let main = self.lock.pages.get_key_value(&group.page);
        let others =
            self.lock.pages.iter().filter(|(slug, page)| {
                !self.document.groups.iter().any(|group| group.page == **slug) && describes(page)
            });
        main.into_iter().chain(others).map(|(slug, page)| (slug.as_str(), page)).collect()
    }

    /// What the document says about a fact of a page.
    pub fn ours(&self, slug: &str, section: &Section, key: &Key) -> Option<&'a Ours> {
        let own = self.groups.get(slug).and_then(|group| of_group(group, self.lock.pages.get(slug), section, key));
        own.or_else(|| self.shared(slug, section, key))
    }

    /// What the document says in its catalogues, or about all operations.
    fn shared(&self, slug: &str, section: &Section, key: &Key) -> Option<&'a Ours> {
        let envelope = Section::of(Part::Response);
        let shared = &self.document.shared;
        match &section.part {
            Part::Codes | Part::Models => self.document.catalogues.get(section)?.get(key),
            Part::Event(_) => shared.get(&envelope)?.get(key),
            part if slug == OVERVIEW || !part.is_body() || *section == envelope => {
                shared.get(&Section::of(part.clone()))?.get(key)
            }
            _ => None,
        }
    }
}

/// What a group says about a fact of one of its pages. A page may describe several events together.
fn of_group<'a>(group: &'a Group, page: Option<&LockedPage>, section: &Section, key: &Key) -> Option<&'a Ours> {
    if section.part != Part::Event(ANY_EVENT.to_owned()) {
        return group.facts.get(section)?.get(key);
    }
    let is_own = |section: &Section| page.is_some_and(|page| page.facts.contains_key(section));
    let mut events =
        group.facts.iter().filter(|(section, _)| matches!(section.part, Part::Event(_)) && !is_own(section));
    events.find_map(|(_, facts)| facts.get(key))
}

/// Keys that lie in no other of the keys.
fn topmost(keys: &[Key]) -> Vec<Key> {
    keys.iter().filter(|key| !keys.iter().any(|other| key.is_inside(other))).cloned().collect()
}

/// A statement, and how many facts lie in it.
fn with_members(statement: &impl ToString, members: usize) -> String {
    match members {
        0 => statement.to_string(),
        1 => format!("{}, with 1 member", statement.to_string()),
        more => format!("{}, with {more} members", statement.to_string()),
    }
}

impl Difference {
    /// The finding of a difference between a page and us.
    fn finding(self, slug: &str, heading: String, problem: String, remedy: &str) -> Finding {
        let subject = format!("{slug} {} {}", self.section, self.path);
        Finding {
            source: Some(Source { site: Site::default(), page: slug.to_owned(), section: heading }),
            theirs: self.theirs,
            ours: self.ours,
            class: Some(self.class),
            ..Finding::new(self.rule, subject, problem, remedy)
        }
    }
}
