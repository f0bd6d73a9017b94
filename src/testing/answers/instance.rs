//! Values that fit a JSON Schema, with words and numbers of a prompt where names of properties suggest it.
//!
//! The keywords that structured outputs take are kept in every combination: when a choice cannot be met together with
//! what stands beside it, the next one is tried. Of the others those are kept that schemas of functions often have:
//! references, `allOf`, `oneOf`, `const`, lists of types, open ends of ranges and lengths.

mod clues;
mod merged;
mod numbers;
#[cfg(test)]
mod tests;
mod texts;

use serde_json::{Map, Value, json};

pub use clues::Clues;
use merged::Merged;

/// Schemas that one value may take, so that no schema keeps the simulator busy.
const MAX_STEPS: usize = 20_000;

/// Steps that lists leave for what comes after them. A list that needs more is longer than any answer may be.
const SPARE_STEPS: usize = 2_000;

/// References that may stand inside each other, so that a type that contains itself comes to an end.
const MAX_REFERENCES: usize = 6;

/// A value that fits a schema, if there is one.
pub fn of(schema: &Value, mut clues: Clues<'_>) -> Option<Value> {
    clues.reserve(schema);
    let place = Place { name: "", references: 0 };
    Builder { root: schema, clues, steps: MAX_STEPS }.build(&[schema], place)
}

struct Builder<'a> {
    root: &'a Value,
    clues: Clues<'a>,
    /// Steps left.
    steps: usize,
}

/// Where in the value a schema stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The nearest property.
    name: &'a str,
    references: usize,
}

impl<'a> Builder<'a> {
    /// A value that fits all of the schemas.
    fn build(&mut self, schemas: &[&'a Value], place: Place<'a>) -> Option<Value> {
        self.add(schemas.to_vec(), Merged::default(), place)
    }

    /// A value that fits what is merged and the open schemas. Each choice among schemas is tried in order.
    fn add(&mut self, mut open: Vec<&'a Value>, mut merged: Merged<'a>, mut place: Place<'a>) -> Option<Value> {
        self.steps = self.steps.checked_sub(1)?;
        while let Some(schema) = open.pop() {
            open.extend(merged.absorb(schema)?);
            if let Some(reference) = schema["$ref"].as_str() {
                place.references = Some(place.references + 1).filter(|count| *count <= MAX_REFERENCES)?;
                open.push(self.root.pointer(reference.strip_prefix('#')?)?);
            }
        }
        match merged.choices.pop() {
            Some(choice) => choice.iter().find_map(|schema| self.add(vec![schema], merged.clone(), place)),
            None => self.value(&merged, place),
        }
    }

    fn value(&mut self, merged: &Merged<'a>, place: Place<'a>) -> Option<Value> {
        if let Some(values) = &merged.values {
            let validator = merged.validator(self.root)?;
            let mentioned = values.iter().filter(|value| self.clues.mention(value));
            return mentioned.chain(values).find(|value| validator.is_valid(value)).map(|value| (*value).clone());
        }
        merged.types().into_iter().find_map(|kind| match kind {
            "object" => self.object(merged, place),
            "array" => self.array(merged, place),
            "string" => texts::text(merged, place.name, &mut self.clues).map(Value::String),
            "number" | "integer" => {
                numbers::number(merged, kind == "integer", place.name, &mut self.clues).map(Value::Number)
            }
            "boolean" => Some(Value::Bool(self.clues.affirm(place.name, merged.description()))),
            "null" => Some(Value::Null),
            _ => None,
        })
    }

    /// All properties for which there is a value; there must be one for each that is required.
    fn object(&mut self, merged: &Merged<'a>, place: Place<'a>) -> Option<Value> {
        let mut members = Map::new();
        for (name, schemas) in &merged.properties {
            match self.build(schemas, Place { name, ..place }) {
                Some(value) => drop(members.insert((*name).to_owned(), value)),
                None if merged.required.contains(name) => return None,
                None => {}
            }
        }
        for name in &merged.required {
            members.entry(*name).or_insert_with(|| json!(clues::from_name(name)));
        }
        Some(Value::Object(members))
    }

    /// An item for each word or number of the prompt that is left, or one, within the limits.
    fn array(&mut self, merged: &Merged<'a>, place: Place<'a>) -> Option<Value> {
        let (least, most) = (merged.min_items, merged.max_items.unwrap_or(usize::MAX));
        let wanted = self.clues.left_for(&merged.items).max(1).min(most).max(least);
        let mut items = Vec::new();
        while items.len() < wanted && self.steps > SPARE_STEPS {
            match self.build(&merged.items, place) {
                Some(item) => items.push(item),
                None if items.len() < least => return None,
                None => break,
            }
        }
        (least <= most).then_some(Value::Array(items))
    }
}
