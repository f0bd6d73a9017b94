//! What belongs together: operations of the document and the pages about them.

use std::collections::{BTreeMap, BTreeSet};

use super::Sides;
use super::routes::{Fate, fates};
use crate::drift::document::{Group, Ours};
use crate::drift::facts::{Facts, Key, Part, Section};
use crate::drift::lock::{Entry, LockedPage, OVERVIEW};

/// Pages that tell about the same operations, and what the document says about these.
pub struct Topic<'a> {
    /// The pages.
    pub pages: Vec<(&'a str, &'a LockedPage)>,
    /// The page of facts that no page has.
    pub main: String,
    /// What the document says.
    pub facts: &'a Facts<Ours>,
    /// The parts of the pages that belong to the topic.
    belongs: fn(&Part) -> bool,
}

impl<'a> Sides<'a> {
    /// The topics of the document: one for each page that operations link to, what they share, and the catalogues.
    pub(super) fn topics(&self) -> Vec<Topic<'a>> {
        let group = |group: &'a Group| Topic {
            pages: self.pages_of(group),
            main: group.page.clone(),
            facts: &group.facts,
            belongs: |part| !matches!(part, Part::Codes | Part::Models | Part::Releases),
        };
        let overview = self.lock.pages.get_key_value(OVERVIEW).into_iter();
        let shared = Topic {
            pages: overview.map(|(slug, page)| (slug.as_str(), page)).collect(),
            main: OVERVIEW.to_owned(),
            facts: &self.document.shared,
            belongs: |part| !matches!(part, Part::Codes | Part::Models | Part::Releases | Part::Operations),
        };
        let codes = self.catalogue(&Part::Codes, |part| *part == Part::Codes);
        let models = self.catalogue(&Part::Models, |part| *part == Part::Models);
        self.document.groups.iter().map(group).chain([shared, codes, models]).collect()
    }

    fn catalogue(&self, part: &Part, belongs: fn(&Part) -> bool) -> Topic<'a> {
        let section = Section::of(part.clone());
        let having = self.lock.pages.iter().filter(|(_, page)| page.facts.contains_key(&section));
        let pages: Vec<_> = having.map(|(slug, page)| (slug.as_str(), page)).collect();
        let main = pages.first().map_or_else(|| part.to_string(), |(slug, _)| (*slug).to_owned());
        Topic { pages, main, facts: &self.document.catalogues, belongs }
    }
}

impl<'a> Topic<'a> {
    /// The sections of its pages.
    pub fn theirs(&self) -> impl Iterator<Item = (&'a str, &'a Section, &'a BTreeMap<Key, Entry>)> {
        let sections = self
            .pages
            .iter()
            .flat_map(|(slug, page)| page.facts.iter().map(|(section, entries)| (*slug, section, entries)));
        sections.filter(|(_, section, _)| (self.belongs)(&section.part))
    }

    /// The sections of the document.
    pub fn ours(&self) -> impl Iterator<Item = (&'a Section, &'a BTreeMap<Key, Ours>)> {
        self.facts.iter().filter(|(section, _)| (self.belongs)(&section.part))
    }

    /// Whether several pages each know a part.
    pub fn has_several_pages(&self) -> bool {
        self.pages.len() > 1
    }

    /// What its pages say about a fact.
    pub fn entries(&self, section: &Section, key: &Key) -> Vec<(&'a str, &'a Entry)> {
        let entries =
            self.pages.iter().filter_map(|(slug, page)| Some((*slug, page.entry(&page.describing(section), key)?)));
        entries.collect()
    }

    /// Whether a page speaks of the members of an object, and so of the object.
    pub fn has_members(&self, section: &Section, key: &Key) -> bool {
        let mut sections = self.pages.iter().filter_map(|(_, page)| page.facts.get(section));
        sections.any(|facts| facts.keys().any(|other| other.is_inside(key)))
    }

    /// What became of our operations on a page. Only the page that they link to need have them all.
    pub fn fates(&self, slug: &str, theirs: &BTreeMap<Key, Entry>) -> Vec<Fate> {
        let ours = self.facts.get(&Section::of(Part::Operations)).into_iter().flat_map(BTreeMap::keys);
        let ours: BTreeSet<&Key> = ours.collect();
        let gone = ours.iter().filter(|key| slug == self.main && !theirs.contains_key(key)).map(|key| (*key).clone());
        let new = theirs.keys().filter(|key| !ours.contains(key)).cloned();
        fates(gone.collect(), new.collect())
    }

    /// Whether the page that an operation links to has it with another path or method.
    pub fn is_rerouted(&self, section: &Section, key: &Key) -> bool {
        let main = self.pages.iter().find(|(slug, _)| *slug == self.main);
        let theirs = main.and_then(|(_, page)| page.facts.get(section));
        let fates = theirs.map(|theirs| self.fates(&self.main, theirs)).unwrap_or_default();
        fates.iter().any(|fate| matches!(fate, Fate::Moved(old, _) | Fate::Method(old, _) if old == key))
    }
}
