//! Writes bodies: dotted rows on old pages, sections with links on new ones.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Writer, aside};
use crate::drift::attribute::{Attribute, Said};
use crate::drift::facts::{Key, Part, Section};
use crate::drift::lock::Entry;
use crate::drift::statement::Statement;
use crate::drift::types::{Default, Kind};

type Facts<'a> = Vec<(&'a Key, &'a Entry, &'a Statement)>;

impl<'a> Writer<'a> {
    /// The members of a body.
    pub fn body(&self, text: &mut String, section: &Section, heading: &str, level: usize) {
        let facts = self.facts(section);
        if facts.is_empty() {
            return;
        }
        if !heading.is_empty() {
            let _ = writeln!(text, "{} {heading}\n", "#".repeat(level));
        }
        let is_response = section.part == Part::Response;
        // Old pages leave the envelope out, new ones show it.
        let result = facts.iter().all(|(key, ..)| key.as_str().starts_with("result."));
        let envelope = is_response && result && !self.style.old;
        let root = if is_response && result && self.style.old { "result." } else { "" };
        let mut rows = if envelope { self.envelope() } else { Vec::new() };
        let own: Facts<'_> = facts.iter().copied().filter(|(key, ..)| self.section_of(key, &facts).is_none()).collect();
        rows.extend(own.iter().map(|fact| self.row(fact, root, &facts)));
        let heads = self.words.field_heads(self.style.old);
        self.table(text, section, &heads, &rows);
        self.sections(text, &facts, level);
        self.defaults_by(text, &facts);
    }

    fn envelope(&self) -> Vec<Vec<String>> {
        let rows =
            [("status", "Object"), ("status.code", "String"), ("status.message", "String"), ("result", "Object")];
        let row = |(name, kind): (&str, &str)| {
            vec![self.style.code(name), kind.to_owned(), "-".to_owned(), self.words.prose.to_owned()]
        };
        rows.map(row).to_vec()
    }

    /// The object whose section a field stands in: the nearest one around it that has a section.
    fn section_of(&self, key: &Key, facts: &Facts<'a>) -> Option<Key> {
        let mut around = key.parent();
        while let Some(object) = around {
            if self.has_section(&object, facts) {
                return Some(object);
            }
            around = object.parent();
        }
        None
    }

    /// Arrays have sections of their own, and objects at the root.
    fn has_section(&self, key: &Key, facts: &Facts<'a>) -> bool {
        let Some((_, _, statement)) = facts.iter().find(|(other, ..)| *other == key) else { return false };
        let is_array = statement.kind().is_some_and(|kind| kind.has(Kind::Array));
        let has_members = facts.iter().any(|(other, ..)| other.is_inside(key));
        !self.style.old
            && has_members
            && (is_array || key.as_str().trim_start_matches("result.").split('.').count() == 1)
    }

    fn sections(&self, text: &mut String, facts: &Facts<'a>, level: usize) {
        let mut sections: BTreeMap<Key, Facts<'a>> = BTreeMap::new();
        for fact in facts {
            if let Some(object) = self.section_of(fact.0, facts) {
                sections.entry(object).or_default().push(*fact);
            }
        }
        for (object, members) in &sections {
            let _ = writeln!(text, "{} {}\n", "#".repeat(level + 1), object.name());
            let root =
                facts.iter().find(|(key, ..)| *key == object).map(|(_, entry, _)| inside(&entry.path, members[0].1));
            let rows: Vec<_> =
                members.iter().map(|fact| self.row(fact, root.as_deref().unwrap_or(""), facts)).collect();
            // Only the first table of a section can be torn.
            let heads = self.words.field_heads(self.style.old);
            self.table(text, &aside(), &heads, &rows);
        }
    }

    fn row(&self, (key, entry, statement): &(&Key, &Entry, &Statement), root: &str, facts: &Facts<'a>) -> Vec<String> {
        let name = entry.path.strip_prefix(root).unwrap_or(&entry.path);
        let link = if self.has_section(key, facts) {
            format!(": [{0}](/docs/{1}#{0})", key.name(), self.slug)
        } else {
            String::new()
        };
        let details = format!("{}{link}{}", self.words.prose, self.details(&entry.path, statement));
        vec![self.style.code(name), self.kind(statement), self.need(statement), details]
    }

    /// Defaults by the values of another field stand in a table of their own.
    fn defaults_by(&self, text: &mut String, facts: &Facts<'a>) {
        for (_, entry, statement) in facts {
            if let Some(Said::Default(Default::By { field, values })) = statement.get(Attribute::Default) {
                let heads = [
                    format!("{field} {}", self.words.setting),
                    format!("{} {}", entry.path, self.words.default_head),
                    self.words.prose.to_owned(),
                ];
                let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
                let heads = [heads[0], heads[1], self.words.field_heads(false)[3]];
                let rows = values.iter().map(|(value, default)| {
                    vec![self.style.code(value), default.to_string(), self.words.prose.to_owned()]
                });
                self.table(text, &aside(), &heads, &rows.collect::<Vec<_>>());
            }
        }
    }
}

/// What the paths of the members of an object begin with.
fn inside(object: &str, member: &Entry) -> String {
    let depth = object.split('.').count();
    let names: Vec<&str> = member.path.split('.').take(depth).collect();
    format!("{}.", names.join("."))
}
