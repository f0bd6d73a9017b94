//! Changes of a fact that is there.

use super::{Change, Seed, seed};
use crate::drift::attribute::{Attribute, Said};
use crate::drift::facts::{Key, Part, Section, Side};
use crate::drift::lock::Entry;
use crate::drift::statement::Statement;
use crate::finding::Class;

/// A fact of a page, among others of its section.
pub struct Fact<'a> {
    pub slug: &'a str,
    pub section: &'a Section,
    pub key: &'a Key,
    pub path: &'a str,
    pub statement: &'a Statement,
    pub facts: &'a [(&'a Key, &'a Entry, &'a Statement)],
}

impl Fact<'_> {
    pub fn seed(&self, change: Change, rule: &'static str, class: Class) -> Seed {
        seed(self.slug, self.section, change, rule, self.path, class)
    }

    pub fn say(&self, attribute: Attribute, said: Said, class: Class) -> Seed {
        self.seed(Change::Say(attribute, said), attribute.rule(), class)
    }

    pub fn unsay(&self, attribute: Attribute, class: Class) -> Seed {
        self.seed(Change::Unsay(attribute), attribute.rule(), class)
    }

    pub fn is_request(&self) -> bool {
        self.section.part.side() == Side::Request
    }

    /// One class for requests and one for answers.
    pub fn either(&self, request: Class, response: Class) -> Class {
        if self.is_request() { request } else { response }
    }

    /// All changes of it.
    pub fn seeds(&self) -> Vec<Seed> {
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
}
