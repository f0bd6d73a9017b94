//! Compares a page as it is now with what the lock says about it.

use std::collections::{BTreeMap, BTreeSet};

use super::routes::{Fate, fates};
use super::{Difference, Sides, rename, topmost, whole, with_members};
use crate::drift::attribute::{Attribute, Said};
use crate::drift::class;
use crate::drift::facts::{Key, Part, Section};
use crate::drift::lock::{Entry, LockedPage};
use crate::drift::page::{ReadPage, Told};
use crate::drift::statement::Statement;
use crate::finding::{Class, Finding};

/// One section of a page, then and now.
struct Then<'a> {
    slug: &'a str,
    section: Section,
    ours: BTreeMap<Key, &'a Entry>,
    theirs: BTreeMap<Key, &'a Told>,
    /// Whether a table of it could not be read, so that nothing can be said to be gone.
    is_torn: bool,
}

impl Then<'_> {
    /// What the page said and does not say now. An object of which it said no more than the name is named by its members.
    fn gone(&self) -> impl Iterator<Item = (&Key, &Statement)> {
        let of_page = self.ours.iter().filter_map(|(key, entry)| Some((key, entry.page.as_ref()?)));
        of_page.filter(|(key, statement)| {
            let is_named = statement.is_empty() && self.theirs.keys().any(|other| other.is_inside(key));
            !self.theirs.contains_key(key) && !is_named
        })
    }
}

const UPDATE: &str = "change the document, then run `cargo xtask drift --update` with the pages to renew the lock";

impl<'a> Sides<'a> {
    /// What changed on a page since the lock was reviewed.
    pub fn page(&self, read: &'a ReadPage) -> Vec<Finding> {
        let mut findings: Vec<Finding> = read.problems.iter().map(|problem| problem.finding(&read.slug)).collect();
        match self.lock.pages.get(&read.slug).filter(|page| !page.withdrawn) {
            None => findings.push(whole::new_page(read)),
            Some(page) => {
                findings.extend(whole::date(page, read));
                findings.extend(whole::stale(read));
                findings.extend(self.sections(page, read));
            }
        }
        findings
    }

    fn sections(&self, page: &'a LockedPage, read: &'a ReadPage) -> Vec<Finding> {
        let routes = Section::of(Part::Operations);
        let is_split = page.facts.keys().any(|section| !section.scope.is_empty());
        // Without the table of APIs nobody knows which of them a field belongs to.
        if is_split && !read.facts.contains_key(&routes) {
            return Vec::new();
        }
        let moved = moved_scopes(page, read);
        let theirs = |section: &'a Section| {
            let scope = moved.get(section.scope.as_str()).copied().unwrap_or(&section.scope);
            Section { scope: scope.to_owned(), part: section.part.clone() }
        };
        let told: BTreeMap<Section, &'a BTreeMap<Key, Told>> =
            read.facts.iter().map(|(section, told)| (theirs(section), told)).collect();
        let sections: BTreeSet<&Section> = page.facts.keys().chain(told.keys()).collect();
        let of = |section: &Section| Then {
            slug: &read.slug,
            section: section.clone(),
            ours: page.facts.get(section).into_iter().flatten().map(|(key, entry)| (key.clone(), entry)).collect(),
            theirs: told.get(section).copied().into_iter().flatten().map(|(key, told)| (key.clone(), told)).collect(),
            is_torn: read.problems.iter().any(|problem| problem.section.as_ref() == Some(section))
                // A section that came out empty may be the table that cannot be read.
                || !read.problems.is_empty() && !told.contains_key(section),
        };
        sections.into_iter().flat_map(|section| self.section_then(of(section))).collect()
    }

    fn section_then(&self, mut then: Then<'a>) -> Vec<Finding> {
        let mut findings = Vec::new();
        if then.section.part == Part::Operations {
            findings.extend(self.moved(&mut then));
        } else if rename::is_possible(&then.section.part) && !then.is_torn {
            findings.extend(self.renamed(&mut then));
        }
        findings.extend(self.came_and_went(&then));
        for (key, entry) in &then.ours {
            if let Some(told) = then.theirs.get(key) {
                findings.extend(self.changed(&then, &entry.path, entry.page.as_ref(), &entry.statement(), told));
            }
        }
        findings
    }

    /// Facts that only one side has. What the overview says of all pages may be repeated on any.
    fn came_and_went(&self, then: &Then<'a>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let unknown: Vec<Key> = then.theirs.keys().filter(|key| !then.ours.contains_key(key)).cloned().collect();
        let (repeated, new): (Vec<Key>, Vec<Key>) =
            unknown.into_iter().partition(|key| self.common(&then.section, key).is_some());
        for key in repeated {
            let common = self.common(&then.section, &key).unwrap_or_default();
            let told = then.theirs[&key];
            findings.extend(self.changed(then, &told.path, None, &common, told));
        }
        for key in topmost(&new) {
            let members = new.iter().filter(|other| other.is_inside(&key)).count();
            findings.push(new_fact(then, then.theirs[&key], members));
        }
        if !then.is_torn {
            let gone: Vec<Key> = then.gone().map(|(key, _)| key.clone()).collect();
            for key in topmost(&gone) {
                let members = gone.iter().filter(|other| other.is_inside(&key)).count();
                findings.push(self.lost_fact(then, &key, members));
            }
        }
        findings
    }

    fn moved(&self, then: &mut Then<'a>) -> Vec<Finding> {
        let gone = then.ours.iter().filter(|(key, entry)| entry.page.is_some() && !then.theirs.contains_key(key));
        let new = then.theirs.keys().filter(|key| !then.ours.contains_key(key)).cloned().collect();
        let fates = fates(gone.map(|(key, _)| key.clone()).collect(), new);
        let mut findings = Vec::new();
        for fate in fates {
            let (rule, old, new) = match fate {
                Fate::Moved(old, new) => ("moved-path", old, new),
                Fate::Method(old, new) => ("method", old, new),
                Fate::Gone(_) | Fate::New(_) => continue,
            };
            let Some(told) = then.theirs.remove(&new) else { continue };
            let ours = then.ours[&old].path.clone();
            let problem = format!("`{ours}` is `{}` now", told.path);
            findings.push(self.replaced(then, rule, &old, told, problem));
            then.theirs.insert(old, told);
        }
        // Only the name of a parameter changed: the path is the same.
        let renamed = then.ours.iter().filter_map(|(key, entry)| Some((key, entry, *then.theirs.get(key)?)));
        let renamed = renamed
            .filter(|(key, entry, told)| told.path != entry.path && Key::new(&Part::Operations, &told.path) == **key);
        let cosmetic = renamed.map(|(key, entry, told)| {
            let problem = format!("`{}` names its parameters otherwise: `{}`", entry.path, told.path);
            Finding { class: Some(Class::Cosmetic), ..self.replaced(then, "moved-path", key, told, problem) }
        });
        let cosmetic: Vec<_> = cosmetic.collect();
        findings.extend(cosmetic);
        findings
    }

    fn renamed(&self, then: &mut Then<'a>) -> Vec<Finding> {
        let mut findings = Vec::new();
        loop {
            let gone = then.gone().map(|(key, statement)| (key.clone(), statement.clone())).collect();
            let new = then
                .theirs
                .iter()
                .filter(|(key, _)| !then.ours.contains_key(key) && self.common(&then.section, key).is_none());
            let new = new.map(|(key, told)| (key.clone(), told.statement.clone())).collect();
            let Some((old, new)) = rename::guess(&gone, &new) else { return findings };
            let moved: Vec<Key> =
                then.theirs.keys().filter(|key| **key == new || key.is_inside(&new)).cloned().collect();
            let told = then.theirs[&new];
            let problem = format!("`{}` seems to be `{}` now", then.ours[&old].path, told.path);
            findings.push(self.replaced(then, "renamed", &old, told, problem));
            for key in moved {
                if let Some(told) = then.theirs.remove(&key) {
                    then.theirs.insert(key.moved(&new, &old), told);
                }
            }
        }
    }

    fn changed(
        &self,
        then: &Then<'a>,
        path: &str,
        of_page: Option<&Statement>,
        ours: &Statement,
        told: &Told,
    ) -> Vec<Finding> {
        let integers = ours.is_integer() || told.statement.is_integer();
        let said = Attribute::ALL.into_iter().filter_map(|attribute| {
            let theirs = told.statement.get(attribute);
            // What was added by hand is not expected on the page.
            let ours = ours
                .get(attribute)
                .filter(|_| theirs.is_some() || of_page.is_some_and(|page| page.get(attribute).is_some()));
            let same = match (ours, theirs) {
                (None, None) => true,
                (Some(ours), Some(theirs)) => {
                    let required = of_page.and_then(|page| page.get(attribute));
                    agree(ours, required, theirs, integers)
                }
                _ => false,
            };
            (!same).then(|| (attribute, ours.cloned(), theirs.cloned()))
        });
        let findings = said.map(|(attribute, ours, theirs)| {
            let class = class::of_attribute(&then.section.part, attribute, ours.as_ref(), theirs.as_ref(), integers);
            let difference = Difference {
                rule: attribute.rule(),
                section: then.section.clone(),
                path: path.to_owned(),
                theirs: theirs.as_ref().map(Said::to_string),
                ours: ours.as_ref().map(Said::to_string),
                class,
            };
            let key = Key::new(&then.section.part, path);
            let document = self.ours(then.slug, &then.section, &key).and_then(|ours| ours.statement.get(attribute));
            let beside = beside(document, theirs.as_ref(), ours.as_ref());
            let problem = format!("`{}` of `{path}` changed on the page{beside}", attribute.name());
            self.placed(then, &key, difference.finding(then.slug, told.heading.clone(), problem, UPDATE))
        });
        findings.collect()
    }

    fn lost_fact(&self, then: &Then<'a>, key: &Key, members: usize) -> Finding {
        let entry = then.ours[key];
        let difference = Difference {
            rule: "removed",
            section: then.section.clone(),
            path: entry.path.clone(),
            class: class::of_removed(&then.section.part),
            theirs: None,
            ours: Some(with_members(&entry.statement(), members)),
        };
        let problem = format!("`{}` is gone from the page", entry.path);
        self.placed(then, key, difference.finding(then.slug, then.section.to_string(), problem, UPDATE))
    }

    fn replaced(&self, then: &Then<'a>, rule: &'static str, old: &Key, told: &Told, problem: String) -> Finding {
        let difference = Difference {
            rule,
            section: then.section.clone(),
            path: then.ours[old].path.clone(),
            class: Class::Breaking,
            theirs: Some(told.path.clone()),
            ours: Some(then.ours[old].path.clone()),
        };
        self.placed(then, old, difference.finding(then.slug, told.heading.clone(), problem, UPDATE))
    }

    /// The finding with its place in the document.
    fn placed(&self, then: &Then<'a>, key: &Key, finding: Finding) -> Finding {
        let place = self.ours(then.slug, &then.section, key).map(|ours| self.document.place(ours));
        Finding { place, ..finding }
    }
}

/// The old path of each operation that has another one now.
fn moved_scopes<'a>(page: &'a LockedPage, read: &'a ReadPage) -> BTreeMap<&'a str, &'a str> {
    let section = Section::of(Part::Operations);
    let (ours, theirs) = (page.facts.get(&section), read.facts.get(&section));
    let (Some(ours), Some(theirs)) = (ours, theirs) else { return BTreeMap::new() };
    let gone = ours.keys().filter(|key| !theirs.contains_key(key)).cloned().collect();
    let new = theirs.keys().filter(|key| !ours.contains_key(key)).cloned().collect();
    let path = |operation: &'a str| operation.split_once(' ').map_or("", |(_, path)| path);
    let moved = fates(gone, new).into_iter().filter_map(|fate| match fate {
        Fate::Moved(old, new) => Some((path(&theirs.get(&new)?.path), path(&ours.get(&old)?.path))),
        _ => None,
    });
    moved.collect()
}

fn new_fact(then: &Then<'_>, told: &Told, members: usize) -> Finding {
    let difference = Difference {
        rule: "added",
        section: then.section.clone(),
        path: told.path.clone(),
        class: class::of_added(&then.section.part, &told.statement),
        theirs: Some(with_members(&told.statement, members)),
        ours: None,
    };
    let problem = format!("`{}` is new on the page", told.path);
    let remedy = "add it to the document, as `cargo xtask scaffold` begins it, then run `cargo xtask drift --update` \
                  with the pages";
    difference.finding(then.slug, told.heading.clone(), problem, remedy)
}

/// What the document says, where that is neither what was reviewed nor nothing.
fn beside(document: Option<&Said>, theirs: Option<&Said>, ours: Option<&Said>) -> String {
    match document {
        Some(document) if Some(document) == theirs => ", as the document says already".to_owned(),
        Some(document) if Some(document) != ours => format!("; the document says {document}"),
        _ => String::new(),
    }
}

/// Whether a page still says what it said. Of words it must have those that it had, and none that nobody knew.
fn agree(ours: &Said, of_page: Option<&Said>, theirs: &Said, integers: bool) -> bool {
    match (ours, theirs) {
        (Said::Type(ours), Said::Type(theirs)) => ours.agrees(theirs),
        (Said::Range(ours), Said::Range(theirs)) => ours.agrees(theirs, integers),
        (Said::Words(_), Said::Words(_)) => {
            ours.has_words_of(theirs) && of_page.is_none_or(|page| theirs.has_words_of(page))
        }
        (ours, theirs) => ours == theirs,
    }
}
