//! The facts of the document, by the vendor's page that they come from.

mod catalogues;
mod schema;
mod shared;

use std::collections::BTreeMap;

use serde_json::Value;

use super::attribute::{Attribute, Said};
use super::facts::{Facts, Key, Part, Section};
use super::statement::Statement;
use super::types::Need;
use crate::build::document::{Document, Operation};
use crate::finding::Place;
pub use catalogues::MODELS;
use schema::{Schemas, Walk};

/// What the document says about a fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Ours {
    /// Its name, with `[]` after arrays.
    pub path: String,
    /// What it is.
    pub statement: Statement,
    /// Where it stands.
    pub pointer: String,
    /// The set that its values come from, where several fields share one.
    pub set: Option<String>,
}

/// The facts of the operations that the document links to one page.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Slug of the page.
    pub page: String,
    /// The facts.
    pub facts: Facts<Ours>,
}

/// All facts of the document.
#[derive(Debug)]
pub struct DocumentFacts<'a> {
    /// The document.
    pub document: &'a Document,
    /// Operations by the page they link to.
    pub groups: Vec<Group>,
    /// What all operations share.
    pub shared: Facts<Ours>,
    /// Status codes and models.
    pub catalogues: Facts<Ours>,
}

impl<'a> DocumentFacts<'a> {
    /// Reads the document.
    pub fn read(document: &'a Document) -> Self {
        let mut pages: Vec<(String, Vec<Operation<'a>>)> = Vec::new();
        for operation in document.operations() {
            let page = page_of(&operation);
            match pages.iter_mut().find(|(known, _)| *known == page) {
                Some((_, operations)) => operations.push(operation),
                None => pages.push((page, vec![operation])),
            }
        }
        let groups = pages.into_iter().map(|(page, operations)| Group { page, facts: group(document, &operations) });
        Self {
            document,
            groups: groups.collect(),
            shared: shared::read(document),
            catalogues: catalogues::read(document),
        }
    }

    /// The line and pointer of a fact.
    pub fn place(&self, ours: &Ours) -> Place {
        let fault = self.document.fault(&ours.pointer, "", "");
        Place { line: fault.place, pointer: fault.pointer }
    }
}

/// Slug of the page that an operation links to.
fn page_of(operation: &Operation<'_>) -> String {
    let url = operation.value["externalDocs"]["url"].as_str().unwrap_or_default();
    url.rsplit('/').next().unwrap_or_default().to_owned()
}

fn group(document: &Document, operations: &[Operation<'_>]) -> Facts<Ours> {
    let schemas = Schemas::new(document);
    let bodies = |operation: &Operation<'_>| {
        let request = &operation.value["requestBody"]["content"]["application/json"]["schema"];
        (request.clone(), operation.value["responses"]["200"]["content"]["application/json"]["schema"].clone())
    };
    let differ = operations.windows(2).any(|pair| bodies(&pair[0]) != bodies(&pair[1]));
    let mut facts = Facts::new();
    for operation in operations {
        let scope = if differ { operation.path } else { "" };
        let add = |part: Part, found: BTreeMap<Key, Ours>| {
            let scope = if part == Part::Operations { "" } else { scope };
            let section = facts.entry(Section { scope: scope.to_owned(), part }).or_insert_with(BTreeMap::new);
            for (key, ours) in found {
                section.entry(key).or_insert(ours);
            }
        };
        read_operation(schemas, operation, add);
    }
    facts.retain(|_, facts| !facts.is_empty());
    facts
}

fn read_operation(schemas: Schemas<'_>, operation: &Operation<'_>, mut add: impl FnMut(Part, BTreeMap<Key, Ours>)) {
    let pointer = operation.pointer();
    add(Part::Operations, one(&Part::Operations, route(operation)));
    add(Part::Unsupported, unsupported(operation));
    for (index, _) in operation.value["parameters"].as_array().into_iter().flatten().enumerate() {
        if let Some((part, ours)) = parameter(schemas, operation, &format!("{pointer}/parameters/{index}")) {
            add(part.clone(), one(&part, ours));
        }
    }
    let walk = |at: &str, is_request: bool| Walk::new(schemas, operation.id(), is_request).body(at);
    add(Part::Request, walk(&format!("{pointer}/requestBody/content/application~1json/schema"), true));
    add(Part::Response, walk(&format!("{pointer}/responses/200/content/application~1json/schema"), false));
    for (event, at) in schemas.events(&format!("{pointer}/responses/200/content/text~1event-stream/schema")) {
        add(Part::Event(event), walk(&at, false));
    }
}

fn one(part: &Part, ours: Ours) -> BTreeMap<Key, Ours> {
    BTreeMap::from([(Key::new(part, &ours.path), ours)])
}

fn route(operation: &Operation<'_>) -> Ours {
    let mut statement = Statement::default();
    if operation.value["deprecated"] == true {
        statement.say(Attribute::Deprecated, Said::Yes);
    }
    let path = format!("{} {}", operation.method.to_uppercase(), operation.path);
    Ours { path, statement, pointer: operation.pointer(), set: None }
}

fn unsupported(operation: &Operation<'_>) -> BTreeMap<Key, Ours> {
    let names = operation.value["x-clova-unsupported"].as_array().into_iter().flatten().enumerate();
    let names = names.filter_map(|(index, name)| {
        let path = name.as_str()?.to_owned();
        let pointer = format!("{}/x-clova-unsupported/{index}", operation.pointer());
        Some((Key::new(&Part::Unsupported, &path), Ours { path, statement: Statement::default(), pointer, set: None }))
    });
    names.collect()
}

/// A parameter of one operation; the headers that all have are shared.
fn parameter(schemas: Schemas<'_>, operation: &Operation<'_>, pointer: &str) -> Option<(Part, Ours)> {
    let (value, pointer) = schemas.follow(pointer)?;
    let part = match value["in"].as_str()? {
        "path" => Part::PathParameters,
        "query" => Part::QueryParameters,
        "header" if !shared::has_every_operation(schemas.document(), value) => Part::RequestHeaders,
        _ => return None,
    };
    let view = schemas.view(&format!("{pointer}/schema"), operation.id());
    let required = if value["required"] == true { Need::Required } else { Need::Optional };
    let mut statement = view.statement().with(Attribute::Required, Said::Required(required));
    if value["deprecated"] == true {
        statement.say(Attribute::Deprecated, Said::Yes);
    }
    let path = value["name"].as_str()?.to_owned();
    Some((part, Ours { path, statement, pointer, set: view.set().map(str::to_owned) }))
}

/// The members of an object of the document.
fn members<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value[key].as_object().into_iter().flatten()
}
