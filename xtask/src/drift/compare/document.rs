//! Compares the document with the lock. Where several pages describe one operation, each may know a part of it.

use std::collections::{BTreeMap, BTreeSet};

use super::routes::{Fate, fates};
use super::{Difference, Sides, topmost, with_members};
use crate::drift::attribute::{Attribute, Said};
use crate::drift::class;
use crate::drift::document::{Group, Ours};
use crate::drift::facts::{ANY_EVENT, Facts, Key, Part, Section};
use crate::drift::lock::{Entry, LockedPage, OVERVIEW};
use crate::drift::statement::Statement;
use crate::drift::types::{Required, Type};
use crate::finding::Finding;

/// Pages that tell about the same operations, and what the document says about these.
struct Topic<'a> {
    pages: Vec<(&'a str, &'a LockedPage)>,
    /// The page of facts that no page has.
    main: String,
    facts: &'a Facts<Ours>,
    /// The parts of the pages that belong to the topic.
    belongs: fn(&Part) -> bool,
}

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

impl<'a> Sides<'a> {
    /// All differences between the document and the lock.
    pub fn document(&self) -> Vec<Finding> {
        let topics = self.topics();
        let mut findings: Vec<Finding> = topics.iter().flat_map(|topic| self.topic(topic)).collect();
        findings.extend(self.strays(&topics));
        findings.extend(self.unstated().into_iter().map(|unstated| unstated.finding));
        findings
    }

    /// What the document says and no page does.
    pub fn unstated(&self) -> Vec<Unstated<'a>> {
        let topics = self.topics();
        let sections = topics.iter().flat_map(|topic| {
            let sections = topic.facts.iter().filter(|(section, _)| (topic.belongs)(&section.part));
            sections.map(move |(section, facts)| (topic, section, facts))
        });
        sections.flat_map(|(topic, section, facts)| self.unstated_of(topic, section, facts)).collect()
    }

    fn topics(&self) -> Vec<Topic<'a>> {
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
        let catalogue = |part: Part, belongs: fn(&Part) -> bool| {
            let having = self.lock.pages.iter().filter(|(_, page)| page.facts.contains_key(&Section::of(part.clone())));
            let pages: Vec<_> = having.map(|(slug, page)| (slug.as_str(), page)).collect();
            let main = pages.first().map_or_else(|| part.to_string(), |(slug, _)| (*slug).to_owned());
            Topic { pages, main, facts: &self.document.catalogues, belongs }
        };
        let catalogues = [
            catalogue(Part::Codes, |part| *part == Part::Codes),
            catalogue(Part::Models, |part| *part == Part::Models),
        ];
        self.document.groups.iter().map(group).chain([shared]).chain(catalogues).collect()
    }

    /// Pages with operations that the document has none of.
    fn strays(&self, topics: &[Topic<'a>]) -> Vec<Finding> {
        let known: BTreeSet<&str> = topics.iter().flat_map(|topic| topic.pages.iter().map(|(slug, _)| *slug)).collect();
        let operations = Section::of(Part::Operations);
        let strays = self.lock.pages.iter().filter(|(slug, _)| !known.contains(slug.as_str()));
        let routes = strays.flat_map(|(slug, page)| {
            page.facts.get(&operations).into_iter().flat_map(BTreeMap::values).map(move |entry| (slug, entry))
        });
        routes.map(|(slug, entry)| self.added(slug, &operations, entry, 0)).collect()
    }

    fn topic(&self, topic: &Topic<'a>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (slug, page) in &topic.pages {
            for (section, entries) in page.facts.iter().filter(|(section, _)| (topic.belongs)(&section.part)) {
                if section.part == Part::Operations {
                    findings.extend(self.routes(topic, slug, entries));
                } else {
                    findings.extend(self.section(topic, slug, section, entries));
                }
            }
        }
        findings
    }

    /// Operations of a page that the document has otherwise.
    fn routes(&self, topic: &Topic<'a>, slug: &str, theirs: &BTreeMap<Key, Entry>) -> Vec<Finding> {
        let section = Section::of(Part::Operations);
        let none = BTreeMap::new();
        let ours = topic.facts.get(&section).unwrap_or(&none);
        let mut findings = Vec::new();
        for fate in self.fates(topic, slug, theirs) {
            match fate {
                Fate::New(key) => findings.push(self.added(slug, &section, &theirs[&key], 0)),
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

    /// What became of our operations on a page. Only the page that they link to need have them all.
    fn fates(&self, topic: &Topic<'a>, slug: &str, theirs: &BTreeMap<Key, Entry>) -> Vec<Fate> {
        let ours = topic.facts.get(&Section::of(Part::Operations)).into_iter().flat_map(BTreeMap::keys);
        let ours: Vec<&Key> = ours.collect();
        let gone = ours.iter().filter(|key| slug == topic.main && !theirs.contains_key(key)).map(|key| (*key).clone());
        let new = theirs.keys().filter(|key| !ours.contains(key)).cloned();
        fates(gone.collect(), new.collect())
    }

    fn section(&self, topic: &Topic<'a>, slug: &str, section: &Section, theirs: &BTreeMap<Key, Entry>) -> Vec<Finding> {
        let ours = |key: &Key| self.ours(slug, section, key);
        let missing: Vec<Key> = theirs.keys().filter(|key| ours(key).is_none()).cloned().collect();
        let added = topmost(&missing).into_iter().map(|key| {
            let members = missing.iter().filter(|other| other.is_inside(&key)).count();
            self.added(slug, section, &theirs[&key], members)
        });
        let known = theirs.iter().filter_map(|(key, entry)| Some((entry, ours(key)?)));
        let changed = known.flat_map(|(entry, ours)| self.attributes(topic, slug, section, entry, ours));
        added.collect::<Vec<_>>().into_iter().chain(changed).collect()
    }

    /// Facts of the document that no page states, and what no page says about the others.
    fn unstated_of(&self, topic: &Topic<'a>, section: &Section, ours: &'a BTreeMap<Key, Ours>) -> Vec<Unstated<'a>> {
        let missing: Vec<Key> = ours.keys().filter(|key| !self.is_stated(topic, section, key)).cloned().collect();
        let unstated = |ours, attribute, finding| Unstated {
            page: topic.main.clone(),
            section: section.clone(),
            ours,
            attribute,
            finding,
        };
        let removed = topmost(&missing).into_iter().map(|key| {
            let members = missing.iter().filter(|other| other.is_inside(&key)).count();
            unstated(&ours[&key], None, self.removed(&topic.main, section, &ours[&key], members))
        });
        let known = ours.iter().filter(|(key, _)| !missing.contains(key));
        let beyond = known.flat_map(|(key, ours)| {
            let beyond = self.beyond(topic, section, key, ours);
            beyond
                .into_iter()
                .map(|(slug, attribute, finding)| Unstated { page: slug, ..unstated(ours, Some(attribute), finding) })
        });
        removed.chain(beyond).collect()
    }

    fn entries(&self, topic: &Topic<'a>, section: &Section, key: &Key) -> Vec<(&'a str, &'a Entry)> {
        let any = Section { scope: section.scope.clone(), part: Part::Event(ANY_EVENT.to_owned()) };
        let is_event = matches!(section.part, Part::Event(_));
        let entries = topic.pages.iter().filter_map(|(slug, page)| {
            let own = if is_event && !page.facts.contains_key(section) { &any } else { section };
            Some((*slug, page.entry(own, key)?))
        });
        entries.collect()
    }

    fn is_stated(&self, topic: &Topic<'a>, section: &Section, key: &Key) -> bool {
        if section.part == Part::Operations && self.is_rerouted(topic, section, key) {
            return true;
        }
        let has_members = topic.pages.iter().any(|(_, page)| {
            page.facts.get(section).is_some_and(|facts| facts.keys().any(|other| other.is_inside(key)))
        });
        let is_shared = match section.part {
            Part::Event(_) => self.lock.shared(&Section::of(Part::Response), key).is_some(),
            Part::RequestHeaders | Part::ResponseHeaders => self.lock.shared(section, key).is_some(),
            _ => false,
        };
        has_members || is_shared || !self.entries(topic, section, key).is_empty()
    }

    fn is_rerouted(&self, topic: &Topic<'a>, section: &Section, key: &Key) -> bool {
        let main =
            topic.pages.iter().find(|(slug, _)| *slug == topic.main).and_then(|(_, page)| page.facts.get(section));
        let fates = main.map(|theirs| self.fates(topic, &topic.main, theirs)).unwrap_or_default();
        fates.iter().any(|fate| matches!(fate, Fate::Moved(old, _) | Fate::Method(old, _) if old == key))
    }

    /// What one page says otherwise.
    fn attributes(&self, topic: &Topic<'a>, slug: &str, section: &Section, entry: &Entry, ours: &Ours) -> Vec<Finding> {
        let theirs = entry.statement();
        let is_part = topic.pages.len() > 1;
        let integers = ours.statement.is_integer() || theirs.is_integer();
        let differing = theirs
            .iter()
            .filter(|(attribute, said)| !agrees(&section.part, *attribute, said, &ours.statement, is_part, integers));
        let findings = differing.map(|(attribute, said)| {
            let held = ours.statement.get(attribute);
            let class = class::of_attribute(&section.part, attribute, held, Some(said), integers);
            let said = Some(said.to_string());
            self.differing(slug, section, &entry.path, attribute, (said, held.map(Said::to_string)), class, ours)
        });
        findings.collect()
    }

    /// What the document says about a fact, and no page does: the page that is nearest, the attribute, the finding.
    fn beyond(
        &self,
        topic: &Topic<'a>,
        section: &Section,
        key: &Key,
        ours: &Ours,
    ) -> Vec<(String, Attribute, Finding)> {
        let entries = self.entries(topic, section, key);
        let Some((slug, first)) = entries.first() else { return Vec::new() };
        let stated = entries.iter().fold(Statement::default(), |stated, (_, entry)| join(&stated, &entry.statement()));
        let beyond = ours.statement.iter().filter(|(attribute, said)| {
            !self.is_backed(said, stated.get(*attribute), ours.set.as_deref(), topic.pages.len() > 1)
        });
        let findings = beyond.map(|(attribute, said)| {
            let theirs = stated.get(attribute);
            let class = class::of_attribute(&section.part, attribute, Some(said), theirs, ours.statement.is_integer());
            let said = (theirs.map(Said::to_string), Some(said.to_string()));
            let finding = self.differing(slug, section, &first.path, attribute, said, class, ours);
            ((*slug).to_owned(), attribute, finding)
        });
        findings.collect()
    }

    /// Whether some page says as much. No page marks the members of answers, and what a single page says of a type was
    /// compared already.
    fn is_backed(&self, ours: &Said, stated: Option<&Said>, set: Option<&str>, is_of_several: bool) -> bool {
        match (ours, stated) {
            (Said::Type(ours), Some(Said::Type(theirs))) => !is_of_several || theirs.covers(ours),
            (Said::Type(_) | Said::Required(_), _) => true,
            (Said::Words(ours), theirs) => {
                let in_set = |word| set.and_then(|set| self.sets.get(set)).is_some_and(|set| set.contains(word));
                let theirs = theirs.map_or(&[][..], Said::words);
                ours.iter().all(|word| theirs.contains(word) || in_set(word))
            }
            (_, theirs) => theirs.is_some(),
        }
    }

    fn added(&self, slug: &str, section: &Section, entry: &Entry, members: usize) -> Finding {
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

    #[allow(clippy::too_many_arguments, reason = "all that a finding tells")]
    fn differing(
        &self,
        slug: &str,
        section: &Section,
        path: &str,
        attribute: Attribute,
        (theirs, ours): (Option<String>, Option<String>),
        class: crate::finding::Class,
        at: &Ours,
    ) -> Finding {
        let rule = attribute.rule();
        let difference = Difference { rule, section: section.clone(), path: path.to_owned(), theirs, ours, class };
        let problem = format!("the document and the page differ in `{}` of `{path}`", attribute.name());
        let remedy = "correct the document, or accept the difference with a reason in spec/accepted.yaml";
        let finding = difference.finding(slug, section.to_string(), problem, remedy);
        Finding { place: Some(self.document.place(at)), ..finding }
    }
}

/// Whether the document agrees with what one page says. It may say more where the page knows a part only.
fn agrees(part: &Part, attribute: Attribute, theirs: &Said, ours: &Statement, is_part: bool, integers: bool) -> bool {
    match (theirs, ours.get(attribute)) {
        (Said::Type(theirs), Some(Said::Type(ours))) if is_part => ours.covers(theirs),
        (Said::Type(theirs), Some(Said::Type(ours))) => ours.agrees(theirs),
        (Said::Required(theirs), ours) => {
            let ours = ours.and_then(|said| if let Said::Required(ours) = said { Some(*ours) } else { None });
            agrees_in_need(part, *theirs, ours)
        }
        (Said::Range(theirs), Some(Said::Range(ours))) => theirs.fits_schema(ours, integers),
        (Said::Range(theirs), None) => theirs.is_beyond_schema(),
        (Said::Words(_), Some(ours)) => ours.has_words_of(theirs),
        (theirs, ours) => Some(theirs) == ours,
    }
}

fn agrees_in_need(part: &Part, theirs: Required, ours: Option<Required>) -> bool {
    match (theirs, ours) {
        // A parameter of one of several paths is conditional on pages, and always needed on its path.
        (Required::Conditional, Some(Required::Required)) => *part == Part::PathParameters,
        (Required::Required, ours) => ours == Some(Required::Required),
        (Required::Conditional, _) => true,
        (Required::Optional, ours) => matches!(ours, None | Some(Required::Optional)),
    }
}

/// What several pages say together: all kinds of a type, all words.
fn join(one: &Statement, other: &Statement) -> Statement {
    let joined = one.or(other);
    match (one.kind(), other.kind()) {
        (Some(one), Some(other)) => {
            let mut kind: Type = one.clone();
            kind.extend(other);
            joined.with(Attribute::Type, Said::Type(kind))
        }
        _ => joined,
    }
}
