//! Changes of fields: types, requirements, ranges, defaults, values.

use serde_json::Value;

use super::fact::Fact;
use super::{Change, Seed};
use crate::drift::attribute::{Attribute, Said};
use crate::drift::facts::Part;
use crate::drift::range::Range;
use crate::drift::types::{Default, Kind, Need, Type};
use crate::finding::Class;

impl Fact<'_> {
    /// Changes of a field, a header or a parameter.
    pub fn of_field(&self) -> Vec<Seed> {
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
            Some(Need::Required) => vec![say(Need::Optional, less), say(Need::Conditional, less)],
            Some(Need::Conditional) => vec![say(Need::Required, more), say(Need::Optional, less)],
            Some(Need::Optional) => vec![say(Need::Required, more), say(Need::Conditional, more)],
            None => vec![say(Need::Required, more)],
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
