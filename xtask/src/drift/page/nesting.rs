//! Puts the sections of a page about objects into the fields that they describe.

mod links;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::table::Field;
use super::words::{self, Topic};
use super::{Problem, Told};
use crate::drift::facts::{ANY_EVENT, Facts, Key, Part, Section};
use crate::drift::types::Kind;
use links::{Numbers, plain, pointers};

/// The headings around the place that is being read, and the fields found so far.
#[derive(Debug, Default)]
pub struct Outline {
    headings: Vec<Heading>,
    groups: Vec<Group>,
}

#[derive(Clone, Debug)]
struct Heading {
    level: usize,
    text: String,
    topic: Option<Topic>,
}

/// The fields of one table.
#[derive(Clone, Debug)]
pub struct Group {
    section: Section,
    heading: String,
    /// Whether they are those of a body, and not of an object in it.
    is_root: bool,
    fields: Vec<Field>,
}

impl Outline {
    /// Goes on under another heading. Events of one level follow each other, and objects belong to the one before.
    pub fn enter(&mut self, level: usize, text: &str) {
        let topic = words::topic(text);
        let keeps = |heading: &Heading| {
            heading.level < level
                || heading.level == level && topic.is_none() && matches!(heading.topic, Some(Topic::Event(_)))
        };
        self.headings.retain(keeps);
        self.headings.push(Heading { level, text: text.to_owned(), topic });
    }

    /// The heading above.
    pub fn heading(&self) -> String {
        self.headings.last().map_or_else(|| "the beginning".to_owned(), |heading| heading.text.clone())
    }

    /// All headings above.
    pub fn headings(&self) -> impl Iterator<Item = &str> {
        self.headings.iter().map(|heading| heading.text.as_str())
    }

    /// Whether a heading above has one of the words.
    pub fn mentions(&self, words: &[&str]) -> bool {
        self.headings().any(|heading| words.iter().any(|word| heading.to_lowercase().contains(word)))
    }

    /// The section that a table here belongs to.
    pub fn section(&self, scope: &str) -> Option<Section> {
        let topics: Vec<&Topic> = self.headings.iter().filter_map(|heading| heading.topic.as_ref()).collect();
        let (last, around) = topics.split_last()?;
        let part = part(last, around)?;
        let scope = if part.is_body() { scope.to_owned() } else { String::new() };
        Some(Section { scope, part })
    }

    /// Whether the heading above says what a table under it is, and not only which side it is of.
    pub fn is_exact(&self) -> bool {
        let last = self.headings.last().and_then(|heading| heading.topic.as_ref());
        !matches!(last, Some(Topic::Request | Topic::Response))
    }

    /// Adds the fields of a table here.
    pub fn add(&mut self, scope: &str, fields: Vec<Field>) {
        let Some(section) = self.section(scope) else { return };
        let is_root = self.headings.last().is_some_and(|heading| heading.topic.is_some());
        self.groups.push(Group { section, heading: self.heading(), is_root, fields });
    }

    /// The fields by section, those of objects in their places, and the objects that belong nowhere.
    pub fn join(self) -> (Facts<Told>, Vec<Problem>) {
        let pointed = self
            .groups
            .iter()
            .flat_map(|group| group.fields.iter().flat_map(pointers).map(|heading| (group.section.clone(), heading)));
        let pointed = pointed.collect();
        let used = vec![false; self.groups.len()];
        let headings = self.groups.iter().map(|group| plain(&group.heading)).collect();
        let links = self.groups.iter().flat_map(|group| &group.fields).flat_map(|field| &field.links);
        let numbers = Numbers::of(links, &headings);
        let (inners, facts) = (HashMap::new(), Facts::new());
        let mut joining = Joining { groups: self.groups, pointed, numbers, used, inners, facts };
        for index in 0..joining.groups.len() {
            if joining.groups[index].is_root {
                joining.place(index, &joining.groups[index].section.clone(), "", &mut Vec::new());
            }
        }
        let lost = joining.groups.iter().zip(&joining.used).filter(|(_, used)| !**used);
        let problems = lost.map(|(group, _)| Problem {
            section: Some(group.section.clone()),
            heading: group.heading.clone(),
            what: format!(
                "a table of fields that belong to no field, from `{}` on",
                group.fields.first().map_or("", |field| field.name.as_str())
            ),
        });
        let problems = problems.collect();
        (joining.facts, problems)
    }
}

fn part(last: &Topic, around: &[&Topic]) -> Option<Part> {
    let side = around.iter().rev().find(|topic| matches!(topic, Topic::Request | Topic::Response | Topic::Stream));
    Some(match last {
        Topic::Request => Part::Request,
        // The body of an answer that is a stream is that of its events.
        Topic::Response if side == Some(&&Topic::Stream) => Part::Event(ANY_EVENT.to_owned()),
        Topic::Response => Part::Response,
        Topic::Stream => Part::Event(ANY_EVENT.to_owned()),
        Topic::RequestHeaders => Part::RequestHeaders,
        Topic::ResponseHeaders => Part::ResponseHeaders,
        Topic::Headers => match side {
            Some(Topic::Response | Topic::Stream) => Part::ResponseHeaders,
            _ => Part::RequestHeaders,
        },
        Topic::Path => Part::PathParameters,
        Topic::Query => Part::QueryParameters,
        Topic::Body => match side? {
            Topic::Request => Part::Request,
            Topic::Response => Part::Response,
            _ => Part::Event(ANY_EVENT.to_owned()),
        },
        Topic::Event(event) => Part::Event(event.clone()),
        Topic::Aside => return None,
    })
}

struct Joining {
    groups: Vec<Group>,
    /// Headings that some field of a section points to.
    pointed: HashSet<(Section, String)>,
    numbers: Numbers,
    used: Vec<bool>,
    /// The groups inside fields that are placed, by group and position of the field.
    inners: HashMap<(usize, usize), Option<usize>>,
    facts: Facts<Told>,
}

impl Joining {
    /// Puts the fields of a group under a name, and those of their objects under theirs.
    fn place(&mut self, index: usize, section: &Section, prefix: &str, around: &mut Vec<usize>) {
        if around.contains(&index) {
            return;
        }
        self.used[index] = true;
        around.push(index);
        let group = self.groups[index].clone();
        for (position, field) in group.fields.iter().enumerate() {
            let path = format!("{prefix}{}", field.name);
            let told = Told { path: path.clone(), statement: field.statement.clone(), heading: group.heading.clone() };
            let key = Key::new(&section.part, &path);
            self.facts.entry(section.clone()).or_default().entry(key).or_insert(told);
            if !section.part.is_body() {
                continue;
            }
            let known = self.inners.get(&(index, position)).copied();
            let inner = known.unwrap_or_else(|| self.inner(field, &group, index));
            self.inners.insert((index, position), inner);
            if let Some(inner) = inner {
                self.place(inner, section, &format!("{path}."), around);
            }
        }
        around.pop();
    }

    /// The group that describes the members of a field: by link, by the name of its type, or, for a group that nothing
    /// points to, by the field's own name. Of several with one heading, links tell by number which it is, else each field
    /// has the first that is left.
    fn inner(&self, field: &Field, group: &Group, index: usize) -> Option<usize> {
        if let Some(numbered) = field.links.iter().find_map(|link| self.numbered(link)) {
            return (numbered != index).then_some(numbered);
        }
        let pointed = pointers(field);
        let kind = field.statement.kind();
        let has_rows =
            group.fields.iter().any(|other| other.name.replace("[]", "").starts_with(&format!("{}.", field.name)));
        let may_have = kind.is_none_or(|kind| kind.has(Kind::Object) || kind.has(Kind::Array)) && !has_rows;
        let own = [plain(field.name.rsplit('.').next().unwrap_or_default()), plain(&field.name)];
        let objects = self.groups.iter().enumerate().filter(|(other, inner)| !inner.is_root && *other != index);
        let rated = objects.filter_map(|(other, inner)| {
            let heading = plain(&inner.heading);
            let is_near = inner.section == group.section;
            let is_pointed = self.pointed.contains(&(group.section.clone(), heading.clone()));
            let is_named = is_near && may_have && !is_pointed && own.contains(&heading);
            let rate = if pointed.contains(&heading) { 2 + i32::from(is_near) } else { i32::from(is_named) };
            (rate > 0).then_some((rate, !self.used[other], Reverse(other)))
        });
        rated.max().map(|(.., Reverse(other))| other)
    }

    fn numbered(&self, link: &str) -> Option<usize> {
        let (heading, place) = self.numbers.place(link)?;
        let named = self.groups.iter().enumerate().filter(|(_, group)| plain(&group.heading) == heading);
        named.map(|(index, _)| index).nth(place)
    }
}
