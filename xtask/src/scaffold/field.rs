//! Schemas and samples of fields.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;
use serde_json::{Map, Value, json};

use crate::drift::attribute::{Attribute, Said};
use crate::drift::facts::{Key, Part, Section, Side};
use crate::drift::page::Told;
use crate::drift::statement::Statement;
use crate::drift::types::{Default, Kind, Need, Type};

/// What stands where a person has to write.
const FINISH: &str = "(write what it is, in our own words)";

/// The fields of a section, and the schemas that they need.
pub struct Fields<'a> {
    api: String,
    is_request: bool,
    facts: &'a BTreeMap<Key, Told>,
    /// Component schemas, by name.
    pub schemas: Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// The fields of a section of an API.
    pub fn new(api: &str, section: &Section, facts: &'a BTreeMap<Key, Told>) -> Self {
        let is_request = section.part.side() == Side::Request;
        Self { api: api.to_owned(), is_request, facts, schemas: Map::new() }
    }

    fn statement(&self, key: &Key) -> Statement {
        self.facts.get(key).map(|told| told.statement.clone()).unwrap_or_default()
    }

    /// The members of an object, those that only longer names speak of included.
    fn members(&self, object: Option<&Key>) -> Vec<Key> {
        let depth = object.map_or(0, |object| object.as_str().split('.').count());
        let inside = self.facts.keys().filter(|key| object.is_none_or(|object| key.is_inside(object)));
        let names = inside.map(|key| {
            let names: Vec<&str> = key.as_str().split('.').take(depth + 1).collect();
            Key::new(&Part::Request, &names.join("."))
        });
        names.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whether every request has to have it, or every answer has it.
    pub fn is_required(&self, key: &Key) -> bool {
        self.statement(key).required() == Some(Need::Required)
    }

    /// Adds the schema of an object under a name.
    pub fn object(&mut self, name: &str, object: Option<&Key>) {
        let members = self.members(object);
        let required: Vec<&str> = members.iter().filter(|key| self.is_required(key)).map(Key::name).collect();
        let mut schema =
            Map::from_iter([("type".to_owned(), json!("object")), ("description".to_owned(), json!(FINISH))]);
        if !required.is_empty() {
            schema.insert("required".to_owned(), json!(required));
        }
        let place = self.schemas.len();
        let properties: Map<String, Value> =
            members.iter().map(|key| (key.name().to_owned(), self.property(key))).collect();
        schema.insert("properties".to_owned(), Value::Object(properties));
        // Before the schemas that it refers to.
        self.schemas.shift_insert(place, name.to_owned(), Value::Object(schema));
    }

    fn component(&self, key: &Key) -> String {
        let names = key.as_str().split('.').filter(|name| *name != "result");
        names.fold(self.api.clone(), |component, name| component + &name.to_upper_camel_case())
    }

    /// The schema of a field.
    pub fn property(&mut self, key: &Key) -> Value {
        let statement = self.statement(key);
        let kind = statement.kind().cloned().unwrap_or_default();
        let has_members = !self.members(Some(key)).is_empty();
        let kinds: Vec<Kind> = if kind.is_empty() {
            vec![if has_members {
                Kind::Object
            } else if statement.values().is_empty() {
                Kind::Any
            } else {
                Kind::String
            }]
        } else {
            kind.kinds().collect()
        };
        let mut schema = match kinds.as_slice() {
            [one] => self.one(key, *one, &kind, &statement),
            several => {
                let forms: Vec<Value> = several.iter().map(|one| self.one(key, *one, &kind, &statement)).collect();
                let component = self.component(key);
                let choice = json!({ "description": FINISH, "oneOf": forms });
                self.schemas.insert(component.clone(), choice);
                reference(&component)
            }
        };
        say(&mut schema, &statement);
        schema
    }

    /// A field of one kind.
    fn one(&mut self, key: &Key, kind: Kind, whole: &Type, statement: &Statement) -> Value {
        let has_members = !self.members(Some(key)).is_empty();
        match kind {
            Kind::Object if has_members => self.inner(key),
            Kind::Object => json!({ "type": "object", "description": FINISH, "additionalProperties": true }),
            Kind::Array => {
                let item = match whole.items().next() {
                    _ if has_members => self.inner(key),
                    Some(Kind::Object) => {
                        json!({ "type": "object", "description": FINISH, "additionalProperties": true })
                    }
                    Some(item) => self.scalar(item),
                    None => json!({
                        "type": "string",
                        "description": "(write what an item is; the page does not tell its type)",
                    }),
                };
                json!({ "type": "array", "description": FINISH, "items": item })
            }
            Kind::String if !statement.values().is_empty() => self.values(key, statement.values()),
            Kind::Boolean if !statement.values().is_empty() => {
                let values: Vec<bool> = statement.values().iter().map(|value| value == "true").collect();
                json!({ "type": "boolean", "description": FINISH, "enum": values })
            }
            scalar => {
                let mut schema = self.scalar(scalar);
                if matches!(scalar, Kind::Integer | Kind::Number) {
                    limit(&mut schema, statement);
                }
                schema
            }
        }
    }

    /// The schema of a parameter, which is plain.
    pub fn parameter(&self, key: &Key) -> Value {
        let statement = self.statement(key);
        let kind = statement.kind().and_then(|kind| kind.kinds().next()).unwrap_or(Kind::String);
        let mut schema = self.scalar(kind);
        limit(&mut schema, &statement);
        say(&mut schema, &statement);
        schema
    }

    fn inner(&mut self, key: &Key) -> Value {
        let component = self.component(key);
        if !self.schemas.contains_key(&component) {
            self.object(&component, Some(key));
        }
        reference(&component)
    }

    fn scalar(&self, kind: Kind) -> Value {
        match kind {
            Kind::Any => json!({ "description": FINISH }),
            Kind::Integer => {
                let format = if self.is_request { "int32" } else { "int64" };
                json!({ "type": "integer", "format": format, "description": FINISH })
            }
            Kind::Number => json!({ "type": "number", "format": "double", "description": FINISH }),
            other => json!({ "type": other.name(), "description": FINISH }),
        }
    }

    /// An open enumeration.
    fn values(&mut self, key: &Key, values: &[String]) -> Value {
        let meanings: Map<String, Value> =
            values.iter().map(|value| (value.clone(), json!("(write what it means)"))).collect();
        let mut schema = json!({
            "type": "string",
            "description": FINISH,
            "x-extensible-enum": values,
            "x-enum-descriptions": meanings,
        });
        let names: Map<String, Value> =
            values.iter().filter_map(|value| Some((value.clone(), json!(variant(value)?)))).collect();
        if !names.is_empty() {
            schema["x-enum-names"] = Value::Object(names);
        }
        let component = self.component(key);
        self.schemas.insert(component.clone(), schema);
        reference(&component)
    }

    /// A value of the whole section, or only what it must have.
    pub fn sample(&self, object: Option<&Key>, is_minimal: bool) -> Value {
        let members = self.members(object);
        let members = members.iter().filter(|key| !is_minimal || self.is_required(key));
        members.map(|key| (key.name().to_owned(), self.value(key, is_minimal))).collect::<Map<_, _>>().into()
    }

    fn value(&self, key: &Key, is_minimal: bool) -> Value {
        let statement = self.statement(key);
        let has_members = !self.members(Some(key)).is_empty();
        let kind = statement.kind().and_then(|kind| kind.kinds().next());
        let kind = kind.unwrap_or(if has_members { Kind::Object } else { Kind::String });
        match kind {
            Kind::Object => self.sample(Some(key), is_minimal),
            Kind::Array if has_members => json!([self.sample(Some(key), is_minimal)]),
            Kind::Array => match statement.kind().and_then(|kind| kind.items().next()) {
                Some(Kind::Number) => json!([0.5]),
                Some(Kind::Object) => json!([{}]),
                _ => json!(["text"]),
            },
            Kind::Boolean => json!(statement.values().first().is_none_or(|value| value == "true")),
            Kind::Integer | Kind::Number => {
                let number = statement.range().map_or(1.0, crate::drift::range::Range::sample);
                Default::value(json!(number)).to_json()
            }
            _ => json!(statement.values().first().map_or("text", String::as_str)),
        }
    }
}

/// A name in Rust for a value whose text does not make one.
fn variant(value: &str) -> Option<String> {
    let is_name = value.to_upper_camel_case().starts_with(|first: char| first.is_ascii_alphabetic());
    (!is_name).then(|| format!("Value{}", value.replace('-', "Minus").to_upper_camel_case()))
}

fn reference(component: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{component}") })
}

/// Default and deprecation. A reference takes no neighbours, so it is wrapped.
fn say(schema: &mut Value, statement: &Statement) {
    let default = match statement.get(Attribute::Default) {
        Some(Said::Default(Default::Value(value))) => Some(("default", value.clone())),
        Some(Said::Default(Default::By { field, values })) => {
            Some(("x-clova-default-by", json!({ "field": field, "values": values })))
        }
        _ => None,
    };
    let deprecated = statement.get(Attribute::Deprecated).map(|_| ("deprecated", json!(true)));
    let said: Vec<_> = default.into_iter().chain(deprecated).collect();
    if !said.is_empty() && schema.get("$ref").is_some() {
        *schema = json!({ "allOf": [schema.clone()], "description": FINISH });
    }
    for (key, value) in said {
        schema[key] = value;
    }
}

fn limit(schema: &mut Value, statement: &Statement) {
    let Some(range) = statement.range() else { return };
    match range.ends() {
        Some((low, high)) => {
            let ends = [("minimum", "exclusiveMinimum", low), ("maximum", "exclusiveMaximum", high)];
            for (key, open_key, end) in ends {
                if let Some((at, open)) = end {
                    schema[key] = Default::value(json!(at)).to_json();
                    if open {
                        schema[open_key] = json!(true);
                    }
                }
            }
        }
        None => schema["description"] = json!(format!("{FINISH} (write the range: {range})")),
    }
}
