//! The table of operations: what there is of each, found by looking and asking.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::anyhow;
use clovastudio::raw::Operation;
use clovastudio::testing::{request_examples, response_examples, stream_examples};
use heck::ToUpperCamelCase;

use super::client::{self, Way};
use super::simulator;
use super::source::{Depth, Source};
use super::usage::{self, Named, Usage};
use crate::build::document::{Document, escape};
use crate::build::{self, Output};
use crate::finding::Place;
use crate::workspace;

/// One method of the raw client: an operation, or its streaming twin.
#[derive(Debug)]
pub struct Row {
    /// HTTP method and path.
    pub route: String,
    /// The `operationId`.
    pub operation: String,
    /// Whether it is a streaming twin.
    pub stream: bool,
    /// Where it is in the document.
    pub place: Place,
    /// What there is of it, in the order of [`Column::ALL`].
    pub cells: Vec<Cell>,
}

/// What there is in a column, or what is wrong.
#[derive(Debug)]
pub enum Cell {
    /// It is there.
    There(String),
    /// It is not.
    Hole(String),
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// A method of the generated client.
    Raw,
    /// A method of the client.
    Client,
    /// Examples of the document.
    Example,
    /// A route of the simulator.
    Simulator,
    /// A typed mock.
    Mock,
    /// Tests.
    Tests,
    /// The vendor's page, in the document and at the method of the client.
    Page,
}

impl Column {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Raw, Self::Client, Self::Example, Self::Simulator, Self::Mock, Self::Tests, Self::Page];

    /// Its heading.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Client => "client",
            Self::Example => "examples",
            Self::Simulator => "simulator",
            Self::Mock => "mock",
            Self::Tests => "tests",
            Self::Page => "page",
        }
    }

    /// What to do about a hole.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Raw => "Look at build/client.rs; the generator may have changed",
            Self::Client => "Add a method to `Client` in src/api that calls it",
            Self::Example => "Add `examples` to the request and the answers in the document",
            Self::Simulator => "Teach src/testing/answers the operation",
            Self::Mock => "Look at build/mocks/teach.rs; the generator may have changed",
            Self::Tests => "Add a test that sends it",
            Self::Page => "Link to the page, as the other methods of the client do",
        }
    }
}

impl Row {
    /// What there is in a column.
    pub fn cell(&self, column: Column) -> &Cell {
        let index = Column::ALL.iter().position(|other| *other == column).unwrap_or_default();
        &self.cells[index]
    }
}

impl Cell {
    fn of(found: Option<String>, lack: impl Into<String>) -> Self {
        found.map_or_else(|| Self::Hole(lack.into()), Self::There)
    }

    /// What stands in the table.
    pub fn text(&self) -> &str {
        match self {
            Self::There(text) => text,
            Self::Hole(_) => "HOLE",
        }
    }
}

/// Looks and asks.
pub fn rows() -> anyhow::Result<Vec<Row>> {
    let facts = Facts::collect()?;
    Ok(Operation::all().map(|operation| facts.row(operation)).collect())
}

struct Facts {
    document: Document,
    raw: BTreeSet<String>,
    mocks: BTreeSet<String>,
    ways: BTreeMap<String, Way>,
    usage: Usage,
    answers: BTreeMap<&'static str, Result<(), String>>,
}

impl Facts {
    fn collect() -> anyhow::Result<Self> {
        let document = workspace::document()?;
        let outputs = build::generate(&document).map_err(|fault| anyhow!("{fault}"))?;
        let names: BTreeSet<&str> = Operation::all().map(Operation::name).collect();
        let ways = client::ways(&Source::read_all(&workspace::root().join("src"), Depth::Whole)?, &names);
        let operations = Operation::all().map(|operation| Named {
            name: operation.name(),
            variant: operation.name().to_upper_camel_case(),
            way: ways.get(operation.name()),
        });
        let operations: Vec<Named<'_>> = operations.collect();
        let usage = usage::usage(&Source::read_all(&workspace::root().join("tests"), Depth::Flat)?, &operations);
        Ok(Self {
            document,
            raw: raw_methods(&outputs)?,
            mocks: mocks(&outputs)?,
            usage,
            ways,
            answers: simulator::ask_all()?,
        })
    }

    fn row(&self, operation: Operation) -> Row {
        let name = operation.name();
        let cells = Column::ALL.map(|column| match column {
            Column::Raw => {
                Cell::of(self.raw.contains(name).then(|| name.to_owned()), "the generated client has no such method")
            }
            Column::Client => Cell::of(self.ways.get(name).map(way), "no method of `Client` comes to the raw method"),
            Column::Example => example(operation),
            Column::Simulator => match self.answers.get(name) {
                Some(Ok(())) => Cell::There("answers".to_owned()),
                Some(Err(problem)) => Cell::Hole(format!("the simulator does not answer: {problem}")),
                None => Cell::Hole("it was not asked".to_owned()),
            },
            Column::Mock => {
                Cell::of(self.mocks.contains(name).then(|| "typed".to_owned()), "`MockServerExt` has no such method")
            }
            Column::Tests => self.tests(name),
            Column::Page => self.page(operation),
        });
        Row {
            route: format!("{} {}", operation.method(), operation.path()),
            operation: operation.id().to_owned(),
            stream: operation.is_stream(),
            place: self.place(operation),
            cells: cells.into(),
        }
    }

    fn place(&self, operation: Operation) -> Place {
        let pointer = format!("/paths/{}/{}", escape(operation.path()), operation.method().to_ascii_lowercase());
        let fault = self.document.fault(&pointer, "", "");
        Place { line: fault.place, pointer: fault.pointer }
    }

    fn tests(&self, name: &str) -> Cell {
        let named = self.usage.named.get(name).map_or(0, BTreeSet::len);
        match named + self.usage.all.len() {
            0 => Cell::Hole("no test sends it".to_owned()),
            _ => Cell::There(format!("{named} + {}", self.usage.all.len())),
        }
    }

    fn page(&self, operation: Operation) -> Cell {
        let linked = self.ways.get(operation.name()).is_some_and(|way| way.docs.contains(operation.page()));
        let slug = operation.page().rsplit('/').next().filter(|slug| !slug.is_empty()).map(str::to_owned);
        Cell::of(
            slug.filter(|_| linked),
            format!("the documentation of the client does not link to `{}`", operation.page()),
        )
    }
}

/// How a call is written.
fn way(way: &Way) -> String {
    format!("{}(…).{}()", way.method, way.sends)
}

fn example(operation: Operation) -> Cell {
    let requests = request_examples(operation).len();
    let answers =
        if operation.is_stream() { stream_examples(operation).len() } else { response_examples(operation).len() };
    let good = answers > 0 && (requests > 0) == (operation.method() == "POST");
    Cell::of(
        good.then(|| format!("{requests} / {answers}")),
        "the document has no example of the request or of the answer",
    )
}

/// Methods of the generated client.
fn raw_methods(outputs: &[Output]) -> anyhow::Result<BTreeSet<String>> {
    let client = parsed(outputs, "client.rs")?;
    let blocks = client.items.iter().filter_map(|item| match item {
        syn::Item::Impl(block) if block.trait_.is_none() && is_client(&block.self_ty) => Some(&block.items),
        _ => None,
    });
    let names = blocks.flatten().filter_map(|member| match member {
        syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
        _ => None,
    });
    Ok(names.collect())
}

fn is_client(typ: &syn::Type) -> bool {
    matches!(typ, syn::Type::Path(path) if path.path.is_ident("Client"))
}

/// Methods of the extension of the mock server.
fn mocks(outputs: &[Output]) -> anyhow::Result<BTreeSet<String>> {
    let mocks = parsed(outputs, "mocks.rs")?;
    let traits = mocks.items.iter().filter_map(|item| match item {
        syn::Item::Trait(item) if item.ident == "MockServerExt" => Some(&item.items),
        _ => None,
    });
    let names = traits.flatten().filter_map(|member| match member {
        syn::TraitItem::Fn(function) => Some(function.sig.ident.to_string()),
        _ => None,
    });
    Ok(names.collect())
}

fn parsed(outputs: &[Output], name: &str) -> anyhow::Result<syn::File> {
    let output = outputs.iter().find(|output| output.name == name).ok_or_else(|| anyhow!("{name} is not generated"))?;
    Ok(syn::parse_file(&output.text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holes(facts: &Facts) -> Vec<(&'static str, Column)> {
        let rows = Operation::all().map(|operation| (operation.name(), facts.row(operation)));
        let holes = rows.flat_map(|(name, row)| {
            let holes = Column::ALL.into_iter().filter(move |column| matches!(row.cell(*column), Cell::Hole(_)));
            holes.map(move |column| (name, column))
        });
        holes.collect()
    }

    #[test]
    fn what_is_missing_is_a_hole_there_and_nowhere_else() {
        let mut facts = Facts::collect().expect("facts");
        assert_eq!(holes(&facts), []);
        facts.raw.remove("rerank");
        assert_eq!(holes(&facts), [("rerank", Column::Raw)]);
        facts.mocks.remove("summarize");
        facts.answers.insert("segment_text", Err("refused".to_owned()));
        facts.answers.remove("route_query");
        let expected = [
            ("rerank", Column::Raw),
            ("summarize", Column::Mock),
            ("segment_text", Column::Simulator),
            ("route_query", Column::Simulator),
        ];
        assert_eq!(holes(&facts), expected);
        facts.ways.remove("create_embedding");
        facts.ways.get_mut("rag_reasoning").expect("a way").docs.clear();
        facts.usage.all.clear();
        let holes = holes(&facts);
        for hole in [
            ("create_embedding", Column::Client),
            ("create_embedding", Column::Page),
            ("rag_reasoning", Column::Page),
            ("slide_chat_messages", Column::Tests),
        ] {
            assert!(holes.contains(&hole), "{hole:?} is no hole: {holes:?}");
        }
        assert!(!holes.contains(&("create_chat_completion_v3", Column::Tests)), "tests name it: {holes:?}");
    }
}
