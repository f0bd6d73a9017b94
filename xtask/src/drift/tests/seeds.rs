//! Changes of pages, made by program, each with the finding that it must give.

use crate::drift::attribute::{Attribute, Said};
use crate::drift::facts::{Key, Part, Section, Side};
use crate::drift::lock::{Entry, LockedPage};
use crate::drift::range::Range;
use crate::drift::statement::Statement;
use crate::drift::tests::render::Damage;
use crate::drift::types::{Default, Kind, Required, Type};
use crate::finding::Class;
use serde_json::Value;

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
            self.move_sections(page, new);
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
    fn move_sections(&self, page: &mut LockedPage, new: &str) {
        let path = |operation: &str| operation.split_once(' ').expect("a method and a path").1.to_owned();
        let old = path(&self.subject[self.subject.find("operations ").expect("the section") + "operations ".len()..]);
        let facts = std::mem::take(&mut page.facts).into_iter().map(|(section, facts)| {
            let scope = if section.scope == old { path(new) } else { section.scope };
            (Section { scope, ..section }, facts)
        });
        page.facts = facts.collect();
    }

    /// Whether the findings of both can be told apart.
    pub fn goes_with(&self, other: &Self) -> bool {
        let same_fact = self.section == other.section && self.key == other.key;
        let inside = |one: &Self, other: &Self| {
            one.section == other.section
                && one.key.as_ref().zip(other.key.as_ref()).is_some_and(|(one, other)| one.is_inside(other))
        };
        let takes_away = |seed: &Self| matches!(seed.change, Change::Remove | Change::Rename(_) | Change::Add(..));
        let hides = |one: &Self, other: &Self| {
            matches!(other.change, Change::Remove) && inside(one, other)
                || matches!(other.change, Change::Tear) && one.section == other.section && other.rule != one.rule
        };
        // The page about several APIs says in one table which there are, and in one for each which fields these have.
        let hides_all =
            |one: &Self, other: &Self| matches!(one.change, Change::Tear) && !other.section.scope.is_empty();
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
            let required = Statement::default().with(Attribute::Required, Said::Required(Required::Required));
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
                add(&format!("{}[].qzxNovelty", entry.path), needed(Required::Required), needed_class)
            });
            let mut added = vec![
                add(&format!("{root}qzxNovelty"), needed(Required::Optional), Class::Additive),
                add(&format!("{root}qzxDemand"), needed(Required::Required), needed_class),
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

struct Fact<'a> {
    slug: &'a str,
    section: &'a Section,
    key: &'a Key,
    path: &'a str,
    statement: &'a Statement,
    facts: &'a [(&'a Key, &'a Entry, &'a Statement)],
}

impl Fact<'_> {
    fn seed(&self, change: Change, rule: &'static str, class: Class) -> Seed {
        seed(self.slug, self.section, change, rule, self.path, class)
    }

    fn say(&self, attribute: Attribute, said: Said, class: Class) -> Seed {
        self.seed(Change::Say(attribute, said), attribute.rule(), class)
    }

    fn unsay(&self, attribute: Attribute, class: Class) -> Seed {
        self.seed(Change::Unsay(attribute), attribute.rule(), class)
    }

    fn is_request(&self) -> bool {
        self.section.part.side() == Side::Request
    }

    /// One class for requests and one for answers.
    fn either(&self, request: Class, response: Class) -> Class {
        if self.is_request() { request } else { response }
    }

    fn seeds(&self) -> Vec<Seed> {
        match self.section.part {
            Part::Operations => self.of_operation(),
            Part::Codes => self.of_code(),
            Part::Models => self.of_model(),
            Part::Releases => vec![self.seed(Change::Remove, "removed", Class::Cosmetic)],
            Part::Unsupported => vec![self.seed(Change::Remove, "removed", Class::Additive)],
            _ => self.of_field(),
        }
    }

    fn of_operation(&self) -> Vec<Seed> {
        let (method, path) = self.path.split_once(' ').expect("a method and a path");
        let other = if method == "POST" { "PUT" } else { "POST" };
        let moved = format!("{method} {}", path.replacen("/v", "/v9", 1));
        let named = path.replace('}', "Other}");
        let mut seeds = vec![
            self.seed(Change::Rename(moved), "moved-path", Class::Breaking),
            self.seed(Change::Rename(format!("{other} {path}")), "method", Class::Breaking),
            self.say(Attribute::Deprecated, Said::Yes, Class::Cosmetic),
        ];
        if named != path {
            seeds.push(self.seed(Change::Rename(format!("{method} {named}")), "moved-path", Class::Cosmetic));
        }
        // A page without operations is another kind of page.
        if self.facts.len() > 1 && self.section.scope.is_empty() && !self.slug.ends_with("openaicompatibility") {
            seeds.push(self.seed(Change::Remove, "removed", Class::Breaking));
        }
        seeds
    }

    fn of_code(&self) -> Vec<Seed> {
        let messages = self.statement.get(Attribute::Messages).map(|said| said.words().to_vec()).unwrap_or_default();
        let more = messages.iter().cloned().chain(["Another text".to_owned()]).collect();
        let mut seeds = vec![
            self.seed(Change::Remove, "removed", Class::Cosmetic),
            self.say(Attribute::Status, Said::Number(499), Class::Breaking),
            self.say(Attribute::Messages, Said::Words(more), Class::Cosmetic),
            self.say(Attribute::Messages, Said::Words(vec!["Another text".to_owned()]), Class::Cosmetic),
        ];
        if messages.len() > 1 {
            seeds.push(self.say(Attribute::Messages, Said::Words(messages[1..].to_vec()), Class::Cosmetic));
        }
        seeds
    }

    fn of_model(&self) -> Vec<Seed> {
        let mut seeds = Vec::new();
        for (attribute, said) in self.statement.iter() {
            match said {
                Said::Number(number) => {
                    seeds.push(self.say(attribute, Said::Number(number + 1), Class::Additive));
                    seeds.push(self.say(attribute, Said::Number(number - 1), Class::Breaking));
                }
                Said::Words(words) if words.len() > 1 => {
                    seeds.push(self.say(attribute, Said::Words(words[1..].to_vec()), Class::Breaking));
                }
                _ => {}
            }
        }
        if let Some(Said::Words(words)) = self.statement.get(Attribute::Features)
            && !words.iter().any(|word| word == "thinking")
        {
            let more = words.iter().cloned().chain(["thinking".to_owned()]).collect();
            seeds.push(self.say(Attribute::Features, Said::Words(more), Class::Additive));
        }
        seeds.push(self.seed(Change::Remove, "removed", Class::Breaking));
        seeds
    }

    fn of_field(&self) -> Vec<Seed> {
        let mut seeds = Vec::new();
        let has_members = self.facts.iter().any(|(other, ..)| other.is_inside(self.key));
        // Without any row a section is none, and without `status` or `result` an answer has no envelope.
        let root = self.key.as_str().split('.').next();
        let is_envelope = self.section.part == Part::Response && root == Some("status");
        if self.facts.len() > 1 && !is_envelope {
            seeds.push(self.seed(Change::Remove, "removed", Class::Breaking));
            // A table of reasons speaks of `failureReason` by name.
            if self.key.name() != "failureReason" {
                seeds.push(self.seed(Change::Rename(format!("{}Value", self.key.name())), "renamed", Class::Breaking));
            }
        }
        seeds.push(self.say(Attribute::Deprecated, Said::Yes, Class::Cosmetic));
        if self.statement.kind().is_some() {
            seeds.extend(self.types(has_members, is_envelope));
            seeds.extend(self.defaults(has_members));
        }
        if self.statement.kind().is_some() || !self.is_request() {
            seeds.extend(self.required());
        }
        seeds.extend(self.ranges());
        seeds.extend(self.values());
        seeds
    }

    fn types(&self, has_members: bool, is_envelope: bool) -> Vec<Seed> {
        let Some(kind) = self.statement.kind() else { return Vec::new() };
        let change = |kind: Type, class| self.say(Attribute::Type, Said::Type(kind), class);
        let mut seeds = Vec::new();
        // A word is a default of texts only.
        if matches!(self.statement.get(Attribute::Default), Some(Said::Default(Default::Value(Value::String(_))))) {
            return seeds;
        }
        let plain = self.statement.range().is_none() && self.statement.values().is_empty();
        let other = if has_members {
            if kind.has(Kind::Array) { Kind::Object } else { Kind::Array }
        } else if kind.is_integer() {
            Kind::String
        } else if kind.is_numeric() && plain {
            Kind::Boolean
        } else if kind.is_boolean() && plain {
            Kind::Integer
        } else if kind.kinds().eq([Kind::String]) {
            Kind::Array
        } else if kind.is_numeric() {
            Kind::String
        } else {
            Kind::Boolean
        };
        if !is_envelope && (plain || !self.statement.values().is_empty() || other != Kind::Boolean) {
            seeds.push(change(Type::of([other]), Class::Breaking));
        }
        // One more kind widens what may be sent, and what may come.
        let wider = Type::of(kind.kinds().chain([Kind::Object]));
        if !kind.has(Kind::Object)
            && !kind.has(Kind::Any)
            && !has_members
            && kind.items().next().is_none()
            && !kind.is_boolean()
            && !kind.is_numeric()
        {
            seeds.push(change(wider, self.either(Class::Additive, Class::Breaking)));
        }
        if kind.kinds().count() > 1 && !has_members {
            let narrower = Type::of(kind.kinds().skip(1));
            seeds.push(change(narrower, self.either(Class::Breaking, Class::Additive)));
        }
        seeds
    }

    fn required(&self) -> Vec<Seed> {
        let say = |required, class| self.say(Attribute::Required, Said::Required(required), class);
        let (more, less) =
            if self.is_request() { (Class::Breaking, Class::Additive) } else { (Class::Additive, Class::Breaking) };
        match self.statement.required() {
            Some(Required::Required) => vec![say(Required::Optional, less), say(Required::Conditional, less)],
            Some(Required::Conditional) => vec![say(Required::Required, more), say(Required::Optional, less)],
            Some(Required::Optional) => vec![say(Required::Required, more), say(Required::Conditional, more)],
            None => vec![say(Required::Required, more)],
        }
    }

    fn ranges(&self) -> Vec<Seed> {
        let say = |text: &str, class| {
            let range = Range::parse(text).expect("a range");
            self.say(Attribute::Range, Said::Range(range), class)
        };
        let Some(range) = self.statement.range() else {
            let is_number = self.statement.kind().is_some_and(Type::is_numeric);
            return if is_number {
                vec![say("3 ≤ x ≤ 77", self.either(Class::Breaking, Class::Cosmetic))]
            } else {
                Vec::new()
            };
        };
        let text = range.to_string();
        let is_number = self.statement.kind().is_none_or(Type::is_numeric);
        if !is_number || !text.contains('x') {
            return vec![say(&text.replace(|letter: char| letter.is_ascii_digit(), "7"), Class::Breaking)]
                .into_iter()
                .filter(|_| !text.contains('7') && text.contains('x'))
                .collect();
        }
        let request = |class| self.either(class, Class::Cosmetic);
        let mut seeds =
            vec![say("3 ≤ x ≤ 4", request(Class::Breaking)), self.unsay(Attribute::Range, request(Class::Additive))];
        let high = text
            .rsplit_once(['<', '≤'])
            .filter(|(before, _)| before.trim_end().ends_with('x'))
            .map(|(_, high)| high.trim());
        if let Some(number) = high.and_then(|high| high.parse::<f64>().ok()) {
            let before = &text[..text.len() - high.map_or(0, str::len)];
            seeds.push(say(&format!("{before}{}", number + 1.0), request(Class::Additive)));
        }
        // An end that is open and was closed, or the other way round. Of integers the next one is the same end.
        if let Some((low, rest)) = text.split_once(" < x") {
            seeds.push(say(&format!("{low} ≤ x{rest}"), request(Class::Additive)));
        } else if let Some((low, rest)) = text.split_once(" ≤ x") {
            seeds.push(say(&format!("{low} < x{rest}"), request(Class::Breaking)));
        }
        seeds
    }

    fn defaults(&self, has_members: bool) -> Vec<Seed> {
        let say = |value: Value, class| self.say(Attribute::Default, Said::Default(Default::value(value)), class);
        let changed = self.either(Class::Breaking, Class::Cosmetic);
        match self.statement.get(Attribute::Default) {
            Some(Said::Default(Default::Value(value))) => {
                let other = match value {
                    Value::Bool(value) => Value::Bool(!value),
                    Value::Number(number) => Value::from(number.as_f64().unwrap_or_default() + 3.0),
                    Value::String(_) if !self.statement.values().is_empty() => {
                        let values = self.statement.values();
                        return values
                            .iter()
                            .rev()
                            .find(|other| value != other.as_str())
                            .map(|other| say(other.as_str().into(), changed))
                            .into_iter()
                            .chain([self.unsay(Attribute::Default, Class::Cosmetic)])
                            .collect();
                    }
                    Value::String(_) => Value::from("quux"),
                    _ => return vec![self.unsay(Attribute::Default, Class::Cosmetic)],
                };
                vec![say(other, changed), self.unsay(Attribute::Default, Class::Cosmetic)]
            }
            Some(Said::Default(Default::By { field, values })) => {
                let values = values
                    .iter()
                    .map(|(key, value)| (key.clone(), Value::from(value.as_u64().unwrap_or_default() + 1)));
                let by = Default::By { field: field.clone(), values: values.collect() };
                vec![self.say(Attribute::Default, Said::Default(by), changed)]
            }
            _ if has_members => Vec::new(),
            _ => match self.statement.kind() {
                Some(kind) if kind.is_numeric() => vec![say(7.into(), Class::Cosmetic)],
                Some(kind) if kind.is_boolean() => vec![say(true.into(), Class::Cosmetic)],
                _ => Vec::new(),
            },
        }
    }

    fn values(&self) -> Vec<Seed> {
        let values = self.statement.values();
        let say = |values: Vec<String>, class| self.say(Attribute::Values, Said::Words(values), class);
        let is_boolean = self.statement.kind().is_some_and(Type::is_boolean);
        let is_text = self.statement.kind().is_some_and(|kind| kind.kinds().eq([Kind::String]));
        if values.is_empty() {
            let listed = vec!["one_new".to_owned(), "two_new".to_owned()];
            return if is_text { vec![say(listed, self.either(Class::Breaking, Class::Additive))] } else { Vec::new() };
        }
        if is_boolean || values == ["true"] {
            return Vec::new();
        }
        let more = values.iter().cloned().chain(["one_new".to_owned()]).collect();
        let mut seeds = vec![say(more, Class::Additive)];
        let is_default = matches!(self.statement.get(Attribute::Default), Some(Said::Default(_)));
        if values.len() > 1 && !is_default {
            seeds.push(say(values[1..].to_vec(), self.either(Class::Breaking, Class::Cosmetic)));
        }
        let mut other = values.to_vec();
        *other.last_mut().expect("there are values") = "one_new".to_owned();
        if !is_default {
            seeds.push(say(other, self.either(Class::Breaking, Class::Additive)));
        }
        seeds
    }
}
