//! Changes of pages, made by program, each with the finding that it must give.

mod fact;
mod field;

use crate::drift::attribute::{Attribute, Said};
use crate::drift::facts::{Key, Part, Section, Side};
use crate::drift::lock::{Entry, LockedPage};
use crate::drift::statement::Statement;
use crate::drift::tests::render::Damage;
use crate::drift::types::{Kind, Need, Type};
use crate::finding::Class;
use fact::Fact;

/// A change of a page, and what must be found.
#[derive(Clone, Debug)]
pub struct Seed {
    pub section: Section,
    /// The fact it is about; none for the page or the section as a whole.
    pub key: Option<Key>,
    pub change: Change,
    pub rule: &'static str,
    pub subject: String,
    /// None where a change cannot be judged.
    pub class: Option<Class>,
}

#[derive(Clone, Debug)]
pub enum Change {
    Add(String, Statement),
    Remove,
    Rename(String),
    Say(Attribute, Said),
    Unsay(Attribute),
    Date(String),
    Stale,
    Tear,
}

impl Seed {
    /// Makes the change.
    pub fn apply(&self, page: &mut LockedPage, damage: &mut Damage) {
        if let (Change::Rename(new), Part::Operations) = (&self.change, &self.section.part) {
            self.move_sections(page, damage, new);
        }
        let facts = page.facts.entry(self.section.clone()).or_default();
        let key = self.key.clone().unwrap_or_else(|| Key::new(&self.section.part, ""));
        match &self.change {
            Change::Add(path, statement) => {
                let entry = Entry { path: path.clone(), page: Some(statement.clone()), ..Entry::default() };
                facts.insert(Key::new(&self.section.part, path), entry);
            }
            Change::Remove => facts.retain(|other, _| *other != key && !other.is_inside(&key)),
            Change::Rename(new) => {
                let moved: Vec<Key> =
                    facts.keys().filter(|other| **other == key || other.is_inside(&key)).cloned().collect();
                for old in moved {
                    let mut entry = facts.remove(&old).expect("it was just found");
                    entry.path = renamed(&entry.path, &key, new, &self.section.part);
                    facts.insert(Key::new(&self.section.part, &entry.path), entry);
                }
            }
            Change::Say(attribute, said) => statement(facts.get_mut(&key)).say(*attribute, said.clone()),
            Change::Unsay(attribute) => drop(statement(facts.get_mut(&key)).unsay(*attribute)),
            Change::Date(date) => page.dates.values_mut().for_each(|known| known.clone_from(date)),
            Change::Stale => damage.stale = true,
            Change::Tear => damage.torn = Some(self.section.clone()),
        }
    }

    /// The sections of an operation follow its path.
    fn move_sections(&self, page: &mut LockedPage, damage: &mut Damage, new: &str) {
        let path = |operation: &str| operation.split_once(' ').expect("a method and a path").1.to_owned();
        let old = path(&self.subject[self.subject.find("operations ").expect("the section") + "operations ".len()..]);
        let moved = |section: Section| {
            let scope = if section.scope == old { path(new) } else { section.scope };
            Section { scope, ..section }
        };
        damage.torn = damage.torn.take().map(moved);
        page.facts =
            std::mem::take(&mut page.facts).into_iter().map(|(section, facts)| (moved(section), facts)).collect();
    }

    /// What it is about when others are made as well: what is new in something renamed has the path that the page has then.
    pub fn subject_beside(&self, others: &[&Self]) -> String {
        let Change::Add(path, _) = &self.change else { return self.subject.clone() };
        let now = others.iter().find_map(|other| match &other.change {
            Change::Rename(new) if self.is_inside(other) => {
                Some(renamed(path, other.key.as_ref()?, new, &self.section.part))
            }
            _ => None,
        });
        self.subject.replace(path.as_str(), now.as_ref().unwrap_or(path))
    }

    /// Whether it is about something in what the other is about.
    fn is_inside(&self, other: &Self) -> bool {
        self.section == other.section
            && self.key.as_ref().zip(other.key.as_ref()).is_some_and(|(one, other)| one.is_inside(other))
    }

    /// Whether it leaves nothing of its section.
    fn empties(&self, page: &LockedPage) -> bool {
        let is_gone = |key: &Key| self.key.as_ref().is_some_and(|own| key == own || key.is_inside(own));
        matches!(self.change, Change::Remove) && page.facts[&self.section].keys().all(is_gone)
    }

    /// Whether the findings of both can be told apart on a page.
    pub fn goes_with(&self, other: &Self, page: &LockedPage) -> bool {
        let same_fact = self.section == other.section && self.key == other.key;
        let takes_away = |seed: &Self| matches!(seed.change, Change::Remove | Change::Rename(_) | Change::Add(..));
        let hides = |one: &Self, other: &Self| {
            matches!(other.change, Change::Remove) && one.is_inside(other)
                // Whether the path of what is new then says that it is in a list depends on the form of the page.
                || matches!((&one.change, &other.change), (Change::Add(..), Change::Say(Attribute::Type, _))) && one.is_inside(other)
                || matches!(other.change, Change::Tear) && one.section == other.section && other.rule != one.rule
        };
        // The page about several APIs says in one table which there are, and in one for each which fields these have.
        let hides_all =
            |one: &Self, other: &Self| matches!(one.change, Change::Tear) && !other.section.scope.is_empty();
        // A section that is gone may be the one that cannot be read.
        let is_torn = [self, other].iter().any(|seed| matches!(seed.change, Change::Tear));
        if is_torn && (self.empties(page) || other.empties(page)) {
            return false;
        }
        if hides(self, other) || hides(other, self) || hides_all(self, other) || hides_all(other, self) {
            return false;
        }
        if !same_fact {
            return true;
        }
        let of = |seed: &Self| match seed.change {
            Change::Say(attribute, _) | Change::Unsay(attribute) => Some(attribute),
            _ => None,
        };
        let differ = of(self) != of(other);
        let of_type = [of(self), of(other)].contains(&Some(Attribute::Type));
        self.key.is_none() && self.rule != other.rule
            || differ
                && !of_type
                && !takes_away(self)
                && !takes_away(other)
                && of(self).is_some()
                && of(other).is_some()
    }
}

fn statement(entry: Option<&mut Entry>) -> &mut Statement {
    entry.and_then(|entry| entry.page.as_mut()).expect("seeds are about facts of the page")
}

/// A path with the name at a key exchanged.
fn renamed(path: &str, key: &Key, new: &str, part: &Part) -> String {
    if !part.is_body() {
        return new.to_owned();
    }
    let depth = key.as_str().split('.').count();
    let names = path.split('.').enumerate().map(|(index, name)| {
        if index + 1 == depth {
            format!("{new}{}", if name.ends_with("[]") { "[]" } else { "" })
        } else {
            name.to_owned()
        }
    });
    names.collect::<Vec<_>>().join(".")
}

/// All changes of a page, one at a time.
pub fn seeds(slug: &str, page: &LockedPage) -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (section, facts) in &page.facts {
        let of_page: Vec<(&Key, &Entry, &Statement)> =
            facts.iter().filter_map(|(key, entry)| Some((key, entry, entry.page.as_ref()?))).collect();
        for (key, entry, statement) in &of_page {
            let fact = Fact { slug, section, key, path: &entry.path, statement, facts: &of_page };
            seeds.extend(fact.seeds());
        }
        if !of_page.is_empty() {
            seeds.extend(additions(slug, section, &of_page));
            seeds.extend(torn(slug, section));
        }
    }
    let whole = |rule, change| Seed {
        section: Section::default(),
        key: None,
        change,
        rule,
        subject: slug.to_owned(),
        class: Some(Class::Cosmetic),
    };
    seeds.push(whole("stale-page", Change::Stale));
    if page.dates.len() == 4 {
        seeds.push(whole("page-date", Change::Date("2027-01-05".to_owned())));
    }
    seeds
}

fn seed(slug: &str, section: &Section, change: Change, rule: &'static str, path: &str, class: Class) -> Seed {
    let key = Some(Key::new(&section.part, path));
    let subject = format!("{slug} {section} {path}");
    Seed { section: section.clone(), key, change, rule, subject, class: Some(class) }
}

/// New facts in a section: beside the others, and in an object.
fn additions(slug: &str, section: &Section, facts: &[(&Key, &Entry, &Statement)]) -> Vec<Seed> {
    let add = |path: &str, statement: Statement, class| {
        seed(slug, section, Change::Add(path.to_owned(), statement), "added", path, class)
    };
    let string = || Statement::default().with(Attribute::Type, Said::Type(Type::of([Kind::String])));
    let needed = |required| string().with(Attribute::Required, Said::Required(required));
    let root = if section.part == Part::Response { "result." } else { "" };
    match section.part {
        Part::Operations => vec![add("POST /v9/quite/another/thing", Statement::default(), Class::Additive)],
        Part::Releases => vec![add("2027-02-28", Statement::default(), Class::Cosmetic)],
        Part::Unsupported => vec![add("qzxNovelty", Statement::default(), Class::Breaking)],
        Part::Codes => {
            let statement = Statement::default()
                .with(Attribute::Status, Said::Number(418))
                .with(Attribute::Messages, Said::Words(vec!["I am a teapot".to_owned()]));
            vec![add("41800", statement, Class::Additive)]
        }
        Part::Models => vec![add(
            "HCX-999",
            Statement::default().with(Attribute::Input, Said::Words(vec!["text".to_owned()])),
            Class::Additive,
        )],
        // The page about several APIs names fields and says little more.
        Part::Request if !section.scope.is_empty() => vec![add("qzxNovelty", Statement::default(), Class::Additive)],
        Part::RequestHeaders => {
            let required = Statement::default().with(Attribute::Required, Said::Required(Need::Required));
            vec![add("QZX-Novelty", required, Class::Breaking)]
        }
        Part::ResponseHeaders => vec![add("QZX-Novelty", Statement::default(), Class::Additive)],
        _ => {
            let is_request = section.part.side() == Side::Request;
            let needed_class = if is_request { Class::Breaking } else { Class::Additive };
            let inner =
                facts.iter().find(|(_, _, statement)| statement.kind().is_some_and(|kind| kind.has(Kind::Array)));
            let inner = inner.filter(|(key, ..)| facts.iter().any(|(other, ..)| other.is_inside(key)));
            let inner = inner.map(|(_, entry, _)| {
                add(&format!("{}[].qzxNovelty", entry.path), needed(Need::Required), needed_class)
            });
            let mut added = vec![
                add(&format!("{root}qzxNovelty"), needed(Need::Optional), Class::Additive),
                add(&format!("{root}qzxDemand"), needed(Need::Required), needed_class),
            ];
            added.extend(inner.filter(|_| section.part.is_body()));
            added
        }
    }
}

fn torn(slug: &str, section: &Section) -> Option<Seed> {
    // Its tables are many, or stand in one with those of other sections.
    let is_one_table = !matches!(section.part, Part::Unsupported | Part::Models | Part::Releases);
    is_one_table.then(|| Seed {
        section: section.clone(),
        key: None,
        change: Change::Tear,
        rule: "unreadable-table",
        subject: slug.to_owned(),
        class: None,
    })
}
