//! What several schemas say that must hold together.

use jsonschema::Validator;
use serde_json::{Map, Number, Value, json};

/// The keywords of schemas, merged.
#[derive(Clone, Default)]
pub struct Merged<'a> {
    /// The schemas themselves.
    schemas: Vec<&'a Value>,
    types: Option<Vec<&'a str>>,
    /// The values of `enum` or `const`.
    pub values: Option<Vec<&'a Value>>,
    /// Members of `anyOf` and `oneOf`, of which one must hold.
    pub choices: Vec<&'a [Value]>,
    pub range: Range<'a>,
    pub formats: Vec<&'a str>,
    pub min_length: usize,
    pub max_length: Option<usize>,
    /// Schemas by property, in the order of their appearance.
    pub properties: Vec<(&'a str, Vec<&'a Value>)>,
    pub required: Vec<&'a str>,
    /// Schemas of every item.
    pub items: Vec<&'a Value>,
    pub min_items: usize,
    pub max_items: Option<usize>,
}

/// The numbers between two ends.
#[derive(Clone, Default)]
pub struct Range<'a> {
    pub lowest: Option<&'a Number>,
    pub highest: Option<&'a Number>,
    /// Ends that are not in the range themselves.
    pub above: Option<&'a Number>,
    pub below: Option<&'a Number>,
    pub multiple_of: Option<&'a Number>,
}

impl<'a> Merged<'a> {
    /// Adds a schema, and tells which others must hold with it. None when nothing fits it.
    pub fn absorb(&mut self, schema: &'a Value) -> Option<&'a [Value]> {
        let keywords = match schema {
            Value::Object(keywords) => keywords,
            Value::Bool(true) => return Some(&[]),
            _ => return None,
        };
        self.schemas.push(schema);
        self.absorb_type(&schema["type"]);
        self.absorb_values(keywords);
        for keyword in ["anyOf", "oneOf"] {
            self.choices.extend(keywords.get(keyword).and_then(Value::as_array).map(Vec::as_slice));
        }
        self.range.absorb(schema);
        self.formats.extend(schema["format"].as_str());
        self.absorb_object(keywords);
        self.items.extend(keywords.get("items"));
        let size = |keyword| schema[keyword].as_u64().and_then(|size| usize::try_from(size).ok());
        self.min_items = self.min_items.max(size("minItems").unwrap_or_default());
        self.max_items = least(self.max_items, size("maxItems"));
        self.min_length = self.min_length.max(size("minLength").unwrap_or_default());
        self.max_length = least(self.max_length, size("maxLength"));
        Some(keywords.get("allOf").and_then(Value::as_array).map_or(&[], Vec::as_slice))
    }

    fn absorb_type(&mut self, found: &'a Value) {
        let found: Vec<_> = match found {
            Value::String(kind) => vec![kind.as_str()],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => return,
        };
        let known = self.types.take();
        self.types = Some(known.map_or(found.clone(), |known| both(&known, &found)));
    }

    fn absorb_values(&mut self, keywords: &'a Map<String, Value>) {
        let list = keywords.get("enum").and_then(Value::as_array).map(|values| values.iter().collect());
        let constant = keywords.get("const").map(|value| vec![value]);
        for found in [list, constant].into_iter().flatten() {
            self.values = Some(match self.values.take() {
                Some(known) => known.into_iter().filter(|value| found.contains(value)).collect(),
                None => found,
            });
        }
    }

    fn absorb_object(&mut self, keywords: &'a Map<String, Value>) {
        for (name, schema) in keywords.get("properties").and_then(Value::as_object).into_iter().flatten() {
            match self.properties.iter_mut().find(|(known, _)| known == name) {
                Some((_, schemas)) => schemas.push(schema),
                None => self.properties.push((name, vec![schema])),
            }
        }
        let required = keywords.get("required").and_then(Value::as_array).into_iter().flatten();
        self.required.extend(required.filter_map(Value::as_str));
    }

    /// The types a value may have, null last. Without a type, the one that the other keywords are about, else a text.
    pub fn types(&self) -> Vec<&'a str> {
        let Some(types) = &self.types else { return vec![self.meant_type()] };
        let (nulls, mut types): (Vec<_>, Vec<_>) = types.iter().partition(|kind| **kind == "null");
        types.extend(nulls);
        types
    }

    fn meant_type(&self) -> &'static str {
        match self {
            _ if !self.properties.is_empty() || !self.required.is_empty() => "object",
            _ if !self.items.is_empty() || self.min_items > 0 => "array",
            _ if !self.range.is_empty() => "number",
            _ => "string",
        }
    }

    /// The first description.
    pub fn description(&self) -> &'a str {
        self.schemas.iter().find_map(|schema| schema["description"].as_str()).unwrap_or_default()
    }

    /// A validator of all of the schemas, which may refer into their document.
    pub fn validator(&self, root: &Value) -> Option<Validator> {
        let mut schema = json!({ "allOf": self.schemas });
        for definitions in ["$defs", "definitions"] {
            if let Some(found) = root.get(definitions) {
                schema[definitions] = found.clone();
            }
        }
        validator(&schema)
    }
}

impl<'a> Range<'a> {
    fn absorb(&mut self, schema: &'a Value) {
        let number = |keyword| match &schema[keyword] {
            Value::Number(number) => Some(number),
            _ => None,
        };
        let higher = |one: Option<&'a Number>, other: Option<&'a Number>| pick(one, other, f64::gt);
        let lower = |one: Option<&'a Number>, other: Option<&'a Number>| pick(one, other, f64::lt);
        self.lowest = higher(self.lowest, number("minimum"));
        self.above = higher(self.above, number("exclusiveMinimum"));
        self.highest = lower(self.highest, number("maximum"));
        self.below = lower(self.below, number("exclusiveMaximum"));
        self.multiple_of = self.multiple_of.or(number("multipleOf"));
    }

    fn is_empty(&self) -> bool {
        [self.lowest, self.highest, self.above, self.below, self.multiple_of].iter().all(Option::is_none)
    }
}

/// A validator that checks formats as well; none for a schema that is no schema.
pub fn validator(schema: &Value) -> Option<Validator> {
    jsonschema::options().should_validate_formats(true).build(schema).ok()
}

fn pick<'a>(one: Option<&'a Number>, other: Option<&'a Number>, wins: fn(&f64, &f64) -> bool) -> Option<&'a Number> {
    let is_better = |one: &&Number| other.is_none_or(|other| !wins(&float(other), &float(one)));
    one.filter(is_better).or(other)
}

/// The number as floating point.
pub fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

/// The types of both lists. An integer is a number.
fn both<'a>(known: &[&'a str], found: &[&'a str]) -> Vec<&'a str> {
    let has = |list: &[&str], kind| list.contains(&kind);
    let mut types: Vec<_> = known.iter().copied().filter(|kind| has(found, kind)).collect();
    let is_integer = |one: &[&str], other: &[&str]| has(one, "integer") && has(other, "number");
    if !types.contains(&"integer") && (is_integer(known, found) || is_integer(found, known)) {
        types.push("integer");
    }
    types
}

fn least(one: Option<usize>, other: Option<usize>) -> Option<usize> {
    [one, other].into_iter().flatten().min()
}
