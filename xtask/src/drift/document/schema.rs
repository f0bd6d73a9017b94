//! What a schema of the document comes to, with references followed and choices joined.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::attribute::{Attribute, Said};
use super::super::facts::{Key, Part};
use super::super::range::{Range, Unit};
use super::super::statement::Statement;
use super::super::types::{Default, Kind, Need, Type};
use super::{Ours, members};
use crate::build::document::{Document, escape};

/// The schemas of a document.
#[derive(Clone, Copy, Debug)]
pub struct Schemas<'a> {
    document: &'a Document,
}

/// A schema, read.
#[derive(Clone, Debug, std::default::Default)]
pub struct View {
    kind: Type,
    values: Vec<String>,
    set: Option<String>,
    range: Option<Range>,
    default: Option<Default>,
    deprecated: bool,
    is_list: bool,
    /// Pointers of the objects that it, or an item of it, may be.
    objects: Vec<String>,
}

impl View {
    /// What it says about a field.
    pub fn statement(&self) -> Statement {
        let mut statement = Statement::default();
        if !self.kind.is_empty() {
            statement.say(Attribute::Type, Said::Type(self.kind.clone()));
        }
        if let Some(range) = &self.range {
            statement.say(Attribute::Range, Said::Range(range.clone()));
        }
        if let Some(default) = &self.default {
            statement.say(Attribute::Default, Said::Default(default.clone()));
        }
        if !self.values.is_empty() {
            statement.say(Attribute::Values, Said::Words(self.values.clone()));
        }
        if self.deprecated {
            statement.say(Attribute::Deprecated, Said::Yes);
        }
        statement.settled()
    }

    /// The set that its values come from.
    pub fn set(&self) -> Option<&str> {
        self.set.as_deref()
    }

    /// Takes in another that stands for the same value.
    fn join(&mut self, other: Self) {
        self.kind.extend(&other.kind);
        self.values.extend(other.values.into_iter().filter(|value| !self.values.contains(value)).collect::<Vec<_>>());
        self.set = self.set.take().or(other.set);
        self.range = match (self.range.take(), other.range) {
            (Some(range), Some(other)) => Some(range.joined(&other)),
            (range, other) => range.or(other),
        };
        self.default = self.default.take().or(other.default);
        self.deprecated |= other.deprecated;
        self.is_list |= other.is_list;
        self.objects.extend(other.objects.into_iter().filter(|at| !self.objects.contains(at)).collect::<Vec<_>>());
    }
}

impl<'a> Schemas<'a> {
    /// The schemas of a document.
    pub fn new(document: &'a Document) -> Self {
        Self { document }
    }

    /// The document.
    pub fn document(self) -> &'a Document {
        self.document
    }

    /// The node at a pointer, or the one it refers to.
    pub fn follow(self, pointer: &str) -> Option<(&'a Value, String)> {
        let node = self.document.root.pointer(pointer)?;
        match node["$ref"].as_str() {
            Some(reference) => self.follow(reference.strip_prefix('#')?),
            None => Some((node, pointer.to_owned())),
        }
    }

    /// Reads the schema at a pointer, for an operation.
    pub fn view(self, pointer: &str, operation: &str) -> View {
        let Some((node, at)) = self.follow(pointer) else { return View::default() };
        let mut view = self.own(node, &at, operation);
        for keyword in ["allOf", "oneOf", "anyOf"] {
            for index in 0..node[keyword].as_array().map_or(0, Vec::len) {
                view.join(self.view(&format!("{at}/{keyword}/{index}"), operation));
            }
        }
        let refused = node["not"]["enum"].as_array().into_iter().flatten();
        let refused: Vec<f64> = refused.filter_map(Value::as_f64).collect();
        view.range = view.range.map(|range| if refused.is_empty() { range } else { range.without(&refused) });
        view
    }

    fn own(self, node: &Value, pointer: &str, operation: &str) -> View {
        let mut view = View { range: range(node), default: default(node), ..View::default() };
        view.deprecated = node["deprecated"] == true && !pointer_is_component(pointer);
        (view.values, view.set) = self.values(node, pointer, operation);
        let says_nothing = !["type", "allOf", "oneOf", "anyOf", "enum"].iter().any(|key| node.get(key).is_some());
        let kind = if says_nothing { Some(Kind::Any) } else { node["type"].as_str().and_then(Kind::parse) };
        view.kind = Type::of(kind);
        match kind {
            Some(Kind::Object) if node.get("properties").is_some() => view.objects.push(pointer.to_owned()),
            Some(Kind::Array) => {
                let items = self.view(&format!("{pointer}/items"), operation);
                view.kind.say_items(&items.kind);
                (view.is_list, view.objects) = (true, items.objects);
            }
            _ => {}
        }
        view
    }

    fn values(self, node: &Value, pointer: &str, operation: &str) -> (Vec<String>, Option<String>) {
        let open = node["x-extensible-enum"].as_array();
        if let Some(catalogue) = node["x-clova-catalogue"].as_str() {
            return (self.catalogue(catalogue, operation), Some(catalogue.to_owned()));
        }
        let listed = open.or(node["enum"].as_array()).into_iter().flatten();
        let values = listed.filter(|value| !value.is_null()).map(text).collect();
        (values, open.map(|_| pointer.rsplit('/').next().unwrap_or_default().to_owned()))
    }

    /// The models that serve an operation, retired ones only if it is retired itself. Codes are no values that a page
    /// would list.
    fn catalogue(self, catalogue: &str, operation: &str) -> Vec<String> {
        let operations = self.document.operations();
        let is_retired = operations.iter().any(|it| it.id() == operation && it.value["deprecated"] == true);
        let entries = members(&self.document.root, catalogue).filter(|(_, entry)| {
            let mut operations = entry["operations"].as_array().into_iter().flatten();
            (is_retired || entry["retired"] != true) && operations.any(|id| id == operation)
        });
        entries.map(|(name, _)| name.clone()).collect()
    }

    /// Name and data of each event of a stream.
    pub fn events(self, pointer: &str) -> Vec<(String, String)> {
        let Some((node, at)) = self.follow(pointer) else { return Vec::new() };
        let stem = at.rsplit('/').next().unwrap_or_default().trim_end_matches("Event");
        let variants = ["oneOf", "anyOf"]
            .into_iter()
            .flat_map(|keyword| (0..node[keyword].as_array().map_or(0, Vec::len)).map(move |index| (keyword, index)));
        let events = variants.filter_map(|(keyword, index)| {
            let (variant, at) = self.follow(&format!("{at}/{keyword}/{index}"))?;
            let name = variant["properties"]["event"]["enum"][0].as_str().map(str::to_owned);
            Some((name.unwrap_or_else(|| event_name(&at, stem)), format!("{at}/properties/data")))
        });
        events.collect()
    }
}

/// `chunk` of `OpenAiChunkEvent`, which is one of `OpenAiEvent`.
fn event_name(pointer: &str, stem: &str) -> String {
    let name = pointer.rsplit('/').next().unwrap_or_default();
    let name = name.strip_prefix(stem).unwrap_or(name).trim_end_matches("Event");
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// A component that is deprecated as a whole says so at the operations that use it.
fn pointer_is_component(pointer: &str) -> bool {
    pointer.starts_with("/components/") && pointer.split('/').count() == 4
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn range(node: &Value) -> Option<Range> {
    let end = |key: &str, open: &str| node[key].as_f64().map(|at| (at, node[open] == true));
    let numbers = Range::new(end("minimum", "exclusiveMinimum"), end("maximum", "exclusiveMaximum"));
    let lengths = Range::new(end("minLength", ""), end("maxLength", ""));
    numbers.or(lengths.map(|range| range.in_unit(Unit::Characters)))
}

fn default(node: &Value) -> Option<Default> {
    let by = &node["x-clova-default-by"];
    if let Some(field) = by["field"].as_str() {
        let values = members(by, "values").map(|(key, value)| (key.clone(), value.clone()));
        return Some(Default::By { field: field.to_owned(), values: values.collect() });
    }
    node.get("default").map(|value| Default::value(value.clone()))
}

/// Goes through the members of a body.
#[derive(Debug)]
pub struct Walk<'a> {
    schemas: Schemas<'a>,
    operation: &'a str,
    is_request: bool,
    facts: BTreeMap<Key, Ours>,
}

/// How deep members may lie inside each other; no page goes that far.
const DEPTH: usize = 12;

impl<'a> Walk<'a> {
    /// For the body of an operation.
    pub fn new(schemas: Schemas<'a>, operation: &'a str, is_request: bool) -> Self {
        Self { schemas, operation, is_request, facts: BTreeMap::new() }
    }

    /// The members of the body with the schema at a pointer. What is in `result` of an envelope begins with `result.`.
    pub fn body(mut self, pointer: &str) -> BTreeMap<Key, Ours> {
        let view = self.schemas.view(pointer, self.operation);
        match self.result_of(&view) {
            Some(result) => {
                let result = self.schemas.view(&result, self.operation);
                self.objects(&result, "result.", DEPTH);
            }
            None => self.objects(&view, "", DEPTH),
        }
        self.facts
    }

    /// The members of an envelope but its result.
    pub fn envelope(mut self, pointer: &str) -> BTreeMap<Key, Ours> {
        let view = self.schemas.view(pointer, self.operation);
        if let Some(result) = self.result_of(&view) {
            self.objects(&view, "", DEPTH);
            let result = result.rsplit('/').next().unwrap_or_default();
            self.facts.retain(|key, _| key.as_str().split('.').next() != Some(result));
        }
        self.facts
    }

    fn result_of(&self, view: &View) -> Option<String> {
        let [object] = view.objects.as_slice() else { return None };
        let properties = &self.schemas.document.root.pointer(object)?["properties"];
        let is_envelope = !self.is_request && properties.get("status").is_some() && properties.get("result").is_some();
        is_envelope.then(|| format!("{object}/properties/result"))
    }

    fn objects(&mut self, view: &View, prefix: &str, depth: usize) {
        let names = view
            .objects
            .iter()
            .flat_map(|at| members(self.schemas.document.root.pointer(at).unwrap_or(&Value::Null), "properties"));
        let mut names: Vec<&String> = names.map(|(name, _)| name).collect();
        names.dedup();
        for name in names {
            self.member(view, name, prefix, depth);
        }
    }

    fn member(&mut self, parent: &View, name: &str, prefix: &str, depth: usize) {
        let at = |object: &String| format!("{object}/properties/{}", escape(name));
        let root = &self.schemas.document.root;
        let having: Vec<&String> = parent.objects.iter().filter(|object| root.pointer(&at(object)).is_some()).collect();
        let Some(first) = having.first() else { return };
        let mut view = View::default();
        for object in &having {
            view.join(self.schemas.view(&at(object), self.operation));
        }
        let path = format!("{prefix}{name}");
        let inner = format!("{path}{}.", if view.is_list { "[]" } else { "" });
        let mut statement = view.statement();
        if let Some(required) = self.required(parent, name, having.len()) {
            statement.say(Attribute::Required, Said::Required(required));
        }
        let ours = Ours { path, statement, pointer: at(first), set: view.set.clone() };
        self.facts.entry(Key::new(&Part::Request, &ours.path)).or_insert(ours);
        if depth > 0 {
            self.objects(&view, &inner, depth - 1);
        }
    }

    /// Required of all forms of the object, of some, or of none. Answers only say what they promise.
    fn required(&self, parent: &View, name: &str, having: usize) -> Option<Need> {
        let asks = |object: &&String| {
            let required = self.schemas.document.root.pointer(object).map(|object| &object["required"]);
            required.and_then(Value::as_array).is_some_and(|required| required.iter().any(|it| it == name))
        };
        let asking = parent.objects.iter().filter(asks).count();
        let forms = parent.objects.len();
        match (asking, having) {
            (asking, _) if asking == forms => Some(Need::Required),
            _ if !self.is_request => None,
            (0, having) if having == forms => Some(Need::Optional),
            _ => Some(Need::Conditional),
        }
    }
}
