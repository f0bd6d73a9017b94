//! Compares the document with the lock. Where several pages describe one operation, each may know a part of it.

use std::collections::{BTreeMap, BTreeSet};

use super::agreement::{Terms, join};
use super::routes::Fate;
use super::topic::Topic;
use super::{Difference, Sides, topmost, with_members};
use crate::drift::attribute::{Attribute, Said};
use crate::drift::class;
use crate::drift::document::Ours;
use crate::drift::facts::{Key, Part, Section};
use crate::drift::lock::Entry;
use crate::drift::statement::Statement;
use crate::finding::Finding;

/// Something that the document says and no page does.
pub struct Unstated<'a> {
    /// The page it belongs to.
    pub page: String,
    /// The section it belongs to.
    pub section: Section,
    /// The fact.
    pub ours: &'a Ours,
    /// The attribute that no page tells of it; none for the fact itself.
    pub attribute: Option<Attribute>,
    /// The finding about it.
    pub finding: Finding,
}

/// A fact of a page.
#[derive(Clone, Copy)]
struct Spot<'a> {
    slug: &'a str,
    section: &'a Section,
    path: &'a str,
}

/// What to do where a page says otherwise.
const CORRECT: &str = "correct the document, or accept the difference with a reason in spec/accepted.yaml";

/// What to do where no page says it.
const NOTE: &str = "if the vendor says so elsewhere, note it in the lock with `cargo xtask drift --update`; else correct \
                    the document, or accept the difference with a reason in spec/accepted.yaml";

impl<'a> Sides<'a> {
    /// All differences between the document and the lock.
    pub fn document(&self) -> Vec<Finding> {
        let topics = self.topics();
        let mut findings = Vec::new();
        for topic in &topics {
            for (slug, section, entries) in topic.theirs() {
                findings.extend(match section.part {
                    Part::Operations => self.routes(topic, slug, entries),
                    _ => self.section(topic, slug, section, entries),
                });
            }
        }
        findings.extend(self.strays(&topics));
        findings.extend(self.unstated().into_iter().map(|unstated| unstated.finding));
        findings
    }

    /// What the document says and no page does.
    pub fn unstated(&self) -> Vec<Unstated<'a>> {
        let topics = self.topics();
        let sections = topics.iter().flat_map(|topic| topic.ours().map(move |(section, ours)| (topic, section, ours)));
        sections.flat_map(|(topic, section, ours)| self.unstated_of(topic, section, ours)).collect()
    }

    /// Pages with operations that the document has none of.
    fn strays(&self, topics: &[Topic<'a>]) -> Vec<Finding> {
        let known: BTreeSet<&str> = topics.iter().flat_map(|topic| topic.pages.iter().map(|(slug, _)| *slug)).collect();
        let operations = Section::of(Part::Operations);
        let strays = self.lock.pages.iter().filter(|(slug, _)| !known.contains(slug.as_str()));
        let routes = strays.flat_map(|(slug, page)| {
            page.facts.get(&operations).into_iter().flat_map(BTreeMap::values).map(move |entry| (slug, entry))
        });
        routes.map(|(slug, entry)| added(slug, &operations, entry, 0)).collect()
    }

    /// Operations of a page that the document has otherwise.
    fn routes(&self, topic: &Topic<'a>, slug: &str, theirs: &BTreeMap<Key, Entry>) -> Vec<Finding> {
        let section = Section::of(Part::Operations);
        let none = BTreeMap::new();
        let ours = topic.facts.get(&section).unwrap_or(&none);
        let mut findings = Vec::new();
        for fate in topic.fates(slug, theirs) {
            match fate {
                Fate::New(key) => findings.push(added(slug, &section, &theirs[&key], 0)),
                Fate::Moved(old, new) => findings.push(self.rerouted("moved-path", slug, &ours[&old], &theirs[&new])),
                Fate::Method(old, new) => findings.push(self.rerouted("method", slug, &ours[&old], &theirs[&new])),
                Fate::Gone(_) => {}
            }
        }
        for (key, entry) in theirs {
            if let Some(ours) = ours.get(key) {
                findings.extend(self.attributes(topic, slug, &section, entry, ours));
            }
        }
        findings
    }

    fn section(&self, topic: &Topic<'a>, slug: &str, section: &Section, theirs: &BTreeMap<Key, Entry>) -> Vec<Finding> {
        let ours = |key: &Key| self.ours(slug, section, key);
        let missing: Vec<Key> = theirs.keys().filter(|key| ours(key).is_none()).cloned().collect();
        let added = topmost(&missing).into_iter().map(|key| {
            let members = missing.iter().filter(|other| other.is_inside(&key)).count();
            added(slug, section, &theirs[&key], members)
        });
        let known = theirs.iter().filter_map(|(key, entry)| Some((entry, ours(key)?)));
        let changed = known.flat_map(|(entry, ours)| self.attributes(topic, slug, section, entry, ours));
        added.chain(changed).collect()
    }

    /// Facts of the document that no page states, and what no page says about the others.
    fn unstated_of(&self, topic: &Topic<'a>, section: &Section, ours: &'a BTreeMap<Key, Ours>) -> Vec<Unstated<'a>> {
        let missing: Vec<Key> = ours.keys().filter(|key| !self.is_stated(topic, section, key)).cloned().collect();
        let unstated = |page: &str, ours, attribute, finding| Unstated {
            page: page.to_owned(),
            section: section.clone(),
            ours,
            attribute,
            finding,
        };
        let removed = topmost(&missing).into_iter().map(|key| {
            let members = missing.iter().filter(|other| other.is_inside(&key)).count();
            let finding = self.removed(&topic.main, section, &ours[&key], members);
            unstated(&topic.main, &ours[&key], None, finding)
        });
        let known = ours.iter().filter(|(key, _)| !missing.contains(key));
        let beyond = known.flat_map(|(key, ours)| {
            let beyond = self.beyond(topic, section, key, ours).into_iter();
            beyond.map(|(slug, attribute, finding)| unstated(slug, ours, Some(attribute), finding))
        });
        removed.chain(beyond).collect()
    }

    fn is_stated(&self, topic: &Topic<'a>, section: &Section, key: &Key) -> bool {
        let is_shared = match section.part {
            Part::Operations => topic.is_rerouted(section, key),
            Part::Event(_) => self.lock.shared(&Section::of(Part::Response), key).is_some(),
            Part::RequestHeaders | Part::ResponseHeaders => self.lock.shared(section, key).is_some(),
            _ => false,
        };
        is_shared || topic.has_members(section, key) || !topic.entries(section, key).is_empty()
    }

    /// What one page says otherwise.
    fn attributes(&self, topic: &Topic<'a>, slug: &str, section: &Section, entry: &Entry, ours: &Ours) -> Vec<Finding> {
        let theirs = entry.statement();
        let integers = ours.statement.is_integer() || theirs.is_integer();
        let terms = Terms { part: &section.part, is_of_several: topic.has_several_pages(), integers };
        let differing = theirs.iter().filter(|(attribute, said)| !terms.agree(*attribute, said, &ours.statement));
        let spot = Spot { slug, section, path: &entry.path };
        differing.map(|(attribute, said)| self.differing(spot, attribute, Some(said), ours, CORRECT)).collect()
    }

    /// What the document says about a fact, and no page does: the page that is nearest, the attribute, the finding.
    fn beyond(
        &self,
        topic: &Topic<'a>,
        section: &Section,
        key: &Key,
        ours: &Ours,
    ) -> Vec<(&'a str, Attribute, Finding)> {
        let entries = topic.entries(section, key);
        let Some((slug, first)) = entries.first() else { return Vec::new() };
        let stated = entries.iter().fold(Statement::default(), |stated, (_, entry)| join(&stated, &entry.statement()));
        let integers = ours.statement.is_integer();
        let terms = Terms { part: &section.part, is_of_several: topic.has_several_pages(), integers };
        let set = ours.set.as_deref().and_then(|set| self.sets.get(set));
        let in_set = |word: &str| set.is_some_and(|set| set.contains(word));
        let beyond =
            ours.statement.iter().filter(|(attribute, said)| !terms.back(said, stated.get(*attribute), &in_set));
        let spot = Spot { slug, section, path: &first.path };
        let findings = beyond.map(|(attribute, _)| {
            (*slug, attribute, self.differing(spot, attribute, stated.get(attribute), ours, NOTE))
        });
        findings.collect()
    }

    fn removed(&self, slug: &str, section: &Section, ours: &Ours, members: usize) -> Finding {
        let difference = Difference {
            rule: "removed",
            section: section.clone(),
            path: ours.path.clone(),
            class: class::of_removed(&section.part),
            theirs: None,
            ours: Some(with_members(&ours.statement, members)),
        };
        let problem = format!("the document has `{}`, no page has", ours.path);
        let remedy =
            "if the vendor documents it, run `cargo xtask drift --update` to note it in the lock; else remove it";
        let finding = difference.finding(slug, section.to_string(), problem, remedy);
        Finding { place: Some(self.document.place(ours)), ..finding }
    }

    fn rerouted(&self, rule: &'static str, slug: &str, ours: &Ours, theirs: &Entry) -> Finding {
        let section = Section::of(Part::Operations);
        let difference = Difference {
            rule,
            section: section.clone(),
            path: ours.path.clone(),
            class: class::of_removed(&section.part),
            theirs: Some(theirs.path.clone()),
            ours: Some(ours.path.clone()),
        };
        let problem = format!("the page has `{}` where the document has `{}`", theirs.path, ours.path);
        let finding = difference.finding(slug, section.to_string(), problem, "correct the document, or accept it");
        Finding { place: Some(self.document.place(ours)), ..finding }
    }

    fn differing(
        &self,
        spot: Spot<'_>,
        attribute: Attribute,
        theirs: Option<&Said>,
        ours: &Ours,
        remedy: &str,
    ) -> Finding {
        let Spot { slug, section, path } = spot;
        let held = ours.statement.get(attribute);
        let difference = Difference {
            rule: attribute.rule(),
            section: section.clone(),
            path: path.to_owned(),
            class: class::of_attribute(&section.part, attribute, held, theirs, ours.statement.is_integer()),
            theirs: theirs.map(Said::to_string),
            ours: held.map(Said::to_string),
        };
        let problem = format!("the document and the page differ in `{}` of `{path}`", attribute.name());
        let finding = difference.finding(slug, section.to_string(), problem, remedy);
        Finding { place: Some(self.document.place(ours)), ..finding }
    }
}

fn added(slug: &str, section: &Section, entry: &Entry, members: usize) -> Finding {
    let theirs = entry.statement();
    let difference = Difference {
        rule: "added",
        section: section.clone(),
        path: entry.path.clone(),
        class: class::of_added(&section.part, &theirs),
        theirs: Some(with_members(&theirs, members)),
        ours: None,
    };
    let problem = format!("the page has `{}`, the document has not", entry.path);
    let remedy = "add it to the document; `cargo xtask scaffold` prints a beginning";
    difference.finding(slug, section.to_string(), problem, remedy)
}
