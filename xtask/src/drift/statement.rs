//! All that is said about a fact.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::attribute::{Attribute, Said};
use super::range::Range;
use super::types::{Need, Type};

/// All that is said about a fact.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement(BTreeMap<Attribute, Said>);

impl Statement {
    /// Adds what is said about an attribute.
    pub fn say(&mut self, attribute: Attribute, said: Said) {
        self.0.insert(attribute, said);
    }

    /// Adds it to an owned statement.
    #[must_use]
    pub fn with(mut self, attribute: Attribute, said: Said) -> Self {
        self.say(attribute, said);
        self
    }

    /// Takes back what is said about an attribute.
    pub fn unsay(&mut self, attribute: Attribute) -> Option<Said> {
        self.0.remove(&attribute)
    }

    /// What is said about an attribute.
    pub fn get(&self, attribute: Attribute) -> Option<&Said> {
        self.0.get(&attribute)
    }

    /// The type.
    pub fn kind(&self) -> Option<&Type> {
        if let Some(Said::Type(kind)) = self.get(Attribute::Type) { Some(kind) } else { None }
    }

    /// Whether it has to be there.
    pub fn required(&self) -> Option<Need> {
        if let Some(Said::Required(required)) = self.get(Attribute::Required) { Some(*required) } else { None }
    }

    /// The range.
    pub fn range(&self) -> Option<&Range> {
        if let Some(Said::Range(range)) = self.get(Attribute::Range) { Some(range) } else { None }
    }

    /// The known values.
    pub fn values(&self) -> &[String] {
        self.get(Attribute::Values).map_or(&[], Said::words)
    }

    /// Whether it is of integers only.
    pub fn is_integer(&self) -> bool {
        self.kind().is_some_and(Type::is_integer)
    }

    /// All attributes and what is said about them.
    pub fn iter(&self) -> impl Iterator<Item = (Attribute, &Said)> {
        self.0.iter().map(|(attribute, said)| (*attribute, said))
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// This, and what another says beyond it: more attributes, more words.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let mut joined = self.clone();
        for (attribute, said) in &other.0 {
            let known = joined.0.entry(*attribute).or_insert_with(|| said.clone());
            if let (Said::Words(words), Said::Words(more)) = (known, said) {
                words.extend(more.iter().filter(|word| !words.contains(word)).cloned().collect::<Vec<_>>());
            }
        }
        joined
    }

    /// What is true of both ways to write the same: numbers that are listed are a range, and that a boolean is true or
    /// false goes without saying.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let values = self.values().to_vec();
        if values.is_empty() {
            return self;
        }
        let kind = self.kind().cloned().unwrap_or_default();
        if kind.is_boolean() && values.len() > 1 {
            self.unsay(Attribute::Values);
        } else if (kind.is_numeric() || kind.is_empty())
            && let Some(points) = Range::of_points(&values)
        {
            self.unsay(Attribute::Values);
            let range = self.range().map_or_else(|| points.clone(), |range| range.joined(&points));
            self.say(Attribute::Range, Said::Range(range));
        }
        self
    }

    /// Reads the members of an object of the lock.
    pub fn read(members: &Map<String, Value>) -> Result<Self, String> {
        let said = members.iter().map(|(name, value)| {
            let attribute = Attribute::ALL.into_iter().find(|attribute| attribute.name() == name);
            let attribute = attribute.ok_or_else(|| format!("no fact has a `{name}`"))?;
            Ok((attribute, attribute.read(value)?))
        });
        Ok(Self(said.collect::<Result<_, String>>()?))
    }

    /// The members of an object of the lock.
    pub fn to_json(&self) -> Map<String, Value> {
        self.iter().map(|(attribute, said)| (attribute.name().to_owned(), said.to_json(attribute))).collect()
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = self.iter().map(|(attribute, said)| match (attribute, said) {
            (Attribute::Type | Attribute::Required | Attribute::Range, said) => said.to_string(),
            (attribute, Said::Yes) => attribute.name().to_owned(),
            (attribute, said) => format!("{} {said}", attribute.name()),
        });
        let said: Vec<_> = said.collect();
        f.write_str(&if said.is_empty() { "nothing more".to_owned() } else { said.join(", ") })
    }
}
