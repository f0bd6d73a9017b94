//! A schema as it works, however it is written: references followed, wrappers of one reference unpacked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::rules::{Members, show};
use crate::build::document::{Document, escape};
use crate::build::lowering::component_name;

static NULLABLE: Value = Value::Bool(true);

/// A schema of a document.
#[derive(Clone, Debug, Default)]
pub struct Node<'a> {
    /// What it says, with the pointer of where it is said.
    pub keywords: Members<'a>,
    /// Pointers of the schemas of its members.
    pub properties: BTreeMap<&'a str, String>,
    /// Its members that must be there.
    pub required: BTreeSet<&'a str>,
    /// Pointers of the schemas that it is a choice of, by what tells them apart.
    pub variants: BTreeMap<String, String>,
    /// Pointers of the schemas that it refers to, whose words its own may hide.
    pub references: Vec<String>,
    /// Pointers of the schemas of its items and of members without a name.
    pub inner: BTreeMap<&'static str, String>,
}

impl<'a> Node<'a> {
    /// The schema at a pointer.
    pub fn at(document: &'a Document, pointer: &str) -> Self {
        let mut node = Self::default();
        node.absorb(document, pointer, &mut BTreeSet::new());
        node
    }

    /// Takes over what a schema says; what it says itself wins over what it refers to.
    fn absorb(&mut self, document: &'a Document, pointer: &str, seen: &mut BTreeSet<String>) {
        let Some(schema) = document.root.pointer(pointer) else { return };
        if !seen.insert(pointer.to_owned()) {
            return;
        }
        if let Some(target) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
            self.references.push(target.to_owned());
            self.absorb(document, target, seen);
        }
        for index in 0..schema["allOf"].as_array().map_or(0, Vec::len) {
            self.absorb(document, &format!("{pointer}/allOf/{index}"), seen);
        }
        self.absorb_choice(document, schema, pointer, seen);
        self.absorb_structure(schema, pointer);
    }

    fn absorb_choice(&mut self, document: &'a Document, schema: &'a Value, pointer: &str, seen: &mut BTreeSet<String>) {
        for keyword in ["oneOf", "anyOf"] {
            let choices = schema[keyword].as_array().into_iter().flatten().enumerate();
            let (null, others): (Vec<_>, Vec<_>) = choices.partition(|(_, choice)| is_null(choice));
            let at = |index: usize| format!("{pointer}/{keyword}/{index}");
            for (index, _) in null {
                self.keywords.insert("nullable", (&NULLABLE, at(index)));
            }
            if let [(index, _)] = others.as_slice() {
                self.absorb(document, &at(*index), seen);
                continue;
            }
            for (index, choice) in others {
                let name = variant_name(choice);
                let name = if self.variants.contains_key(&name) { format!("{name} {}", index + 1) } else { name };
                self.variants.insert(name, at(index));
            }
        }
    }

    fn absorb_structure(&mut self, schema: &'a Value, pointer: &str) {
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            let at = format!("{pointer}/{}", escape(keyword));
            match (keyword.as_str(), value) {
                ("$ref" | "allOf" | "oneOf" | "anyOf", _) | ("nullable", Value::Bool(false)) => {}
                ("properties", Value::Object(properties)) => {
                    let properties = properties.keys().map(|name| (name.as_str(), format!("{at}/{}", escape(name))));
                    self.properties.extend(properties);
                }
                ("required", Value::Array(names)) => self.required.extend(names.iter().filter_map(Value::as_str)),
                ("items", _) => drop(self.inner.insert("items", at)),
                ("additionalProperties", Value::Object(_)) => drop(self.inner.insert("additionalProperties", at)),
                _ => drop(self.keywords.insert(keyword, (value, at))),
            }
        }
    }

    /// What a keyword says; null when it is not there.
    pub fn keyword(&self, name: &str) -> &'a Value {
        self.keywords.get(name).map_or(&Value::Null, |(value, _)| value)
    }

    /// Its type in words.
    pub fn kind(&self) -> String {
        match (self.keyword("type").as_str(), self.keyword("format").as_str()) {
            (Some(kind), Some(format)) => format!("{kind} ({format})"),
            (Some(kind), None) => kind.to_owned(),
            (None, _) if !self.variants.is_empty() => "a choice".to_owned(),
            (None, _) => "any".to_owned(),
        }
    }
}

fn is_null(choice: &Value) -> bool {
    choice["enum"].as_array().is_some_and(|values| values.iter().all(Value::is_null))
}

fn variant_name(choice: &Value) -> String {
    let name = component_name(choice).or_else(|| choice["type"].as_str());
    name.map_or_else(|| show(choice), str::to_owned)
}
