//! What the rules look at: the files, and the parts of the document.

use std::cell::OnceCell;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

use crate::build::document::{Document, Fault, Operation, escape};
use crate::build::schemas::visit_all;
use crate::build::{self, Output};
use crate::workspace;

/// A file as it was read.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// Its name as shown in front of a line.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl TextFile {
    fn read(path: &Path, name: String) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self { name, text })
    }

    /// A fault at a line, counted from 0, about something in it.
    pub fn fault(&self, line: usize, subject: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Fault {
        Fault {
            place: format!("{}:{}", self.name, line + 1),
            pointer: subject.to_owned(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }
}

/// The files.
#[derive(Clone, Debug)]
pub struct Files {
    /// The document.
    pub document: TextFile,
    /// Its conventions.
    pub conventions: TextFile,
    /// Recordings of traffic.
    pub recordings: Vec<TextFile>,
}

impl Files {
    /// Reads the files of this checkout, or others in their place.
    pub fn read(document: Option<&Path>, recordings: Option<&Path>) -> anyhow::Result<Self> {
        let root = workspace::root();
        let document = match document {
            Some(path) => TextFile::read(path, path.display().to_string())?,
            None => TextFile::read(&root.join(workspace::DOCUMENT), workspace::DOCUMENT.to_owned())?,
        };
        let conventions = TextFile::read(&root.join("spec/README.md"), "spec/README.md".to_owned())?;
        let recordings = match recordings {
            Some(directory) => read_directory(directory, &directory.display().to_string())?,
            None => match root.join("tests/recordings") {
                directory if directory.is_dir() => read_directory(&directory, "tests/recordings")?,
                _ => Vec::new(),
            },
        };
        Ok(Self { document, conventions, recordings })
    }
}

fn read_directory(directory: &Path, name: &str) -> anyhow::Result<Vec<TextFile>> {
    let entries = fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let files = paths.iter().map(|path| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        TextFile::read(path, format!("{name}/{file}"))
    });
    files.collect()
}

/// A part of the document.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// Its JSON pointer.
    pub pointer: String,
    /// What stands there.
    pub value: &'a Value,
}

impl<'a> Node<'a> {
    /// A member.
    pub fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key)?;
        Some(Self { pointer: format!("{}/{}", self.pointer, escape(key)), value })
    }

    /// The text of a member, empty when there is none.
    pub fn text(&self, key: &str) -> &'a str {
        self.value[key].as_str().unwrap_or_default()
    }

    /// The members of an object.
    pub fn members(&self) -> impl Iterator<Item = (&'a String, Self)> + use<'a> {
        let pointer = self.pointer.clone();
        let members = self.value.as_object().into_iter().flatten();
        members.map(move |(key, value)| (key, Node { pointer: format!("{pointer}/{}", escape(key)), value }))
    }

    /// The members of an object that is a member, or of nothing.
    pub fn members_of(&self, key: &str) -> Vec<(&'a String, Self)> {
        self.get(key).into_iter().flat_map(|member| member.members()).collect()
    }

    /// The items of a list that is a member, or of nothing.
    pub fn items_of(&self, key: &str) -> Vec<Self> {
        let items = self.value[key].as_array().into_iter().flatten().enumerate();
        let pointer = format!("{}/{}", self.pointer, escape(key));
        items.map(|(index, value)| Self { pointer: format!("{pointer}/{index}"), value }).collect()
    }

    /// Whether this is a part of a component schema, and of which.
    pub fn component(&self) -> Option<&str> {
        self.pointer.strip_prefix("/components/schemas/")?.split('/').next()
    }

    /// The last part of the pointer.
    pub fn name(&self) -> &str {
        self.pointer.rsplit('/').next().unwrap_or_default()
    }
}

/// What the rules look at.
#[derive(Debug)]
pub struct Input<'a> {
    /// The document.
    pub document: &'a Document,
    /// Its conventions.
    pub conventions: &'a TextFile,
    /// Recordings of traffic.
    pub recordings: &'a [TextFile],
    /// What is generated from it.
    outputs: OnceCell<Result<Vec<Output>, Fault>>,
    /// All schemas, inner ones first.
    schemas: Vec<Node<'a>>,
}

impl<'a> Input<'a> {
    /// A document, and the files around it.
    pub fn new(document: &'a Document, files: &'a Files) -> Self {
        let mut pointers = Vec::new();
        visit_all(&mut document.root.clone(), &mut |pointer, _| pointers.push(pointer.to_owned()));
        let schemas = pointers.into_iter().filter_map(|pointer| {
            let value = document.root.pointer(&pointer)?;
            Some(Node { pointer, value })
        });
        Self {
            document,
            conventions: &files.conventions,
            recordings: &files.recordings,
            outputs: OnceCell::new(),
            schemas: schemas.collect(),
        }
    }

    /// What is generated from the document, or why nothing is.
    pub fn outputs(&self) -> &Result<Vec<Output>, Fault> {
        self.outputs.get_or_init(|| build::generate(self.document))
    }

    /// A fault at a part of the document.
    pub fn fault(&self, node: &Node<'_>, problem: impl Into<String>, remedy: impl Into<String>) -> Fault {
        self.document.fault(&node.pointer, problem, remedy)
    }

    /// A part of the document.
    pub fn node(&self, pointer: &str) -> Option<Node<'a>> {
        let value = self.document.root.pointer(pointer)?;
        Some(Node { pointer: pointer.to_owned(), value })
    }

    /// The whole document.
    pub fn root(&self) -> Node<'a> {
        Node { pointer: String::new(), value: &self.document.root }
    }

    /// Every schema, inner ones first.
    pub fn schemas(&self) -> impl Iterator<Item = Node<'a>> {
        self.schemas.iter().cloned()
    }

    /// The components of a section, such as `parameters`.
    pub fn components(&self, section: &str) -> Vec<(&'a String, Node<'a>)> {
        self.node("/components").map(|components| components.members_of(section)).unwrap_or_default()
    }

    /// A component schema.
    pub fn schema(&self, name: &str) -> Option<Node<'a>> {
        self.node(&format!("/components/schemas/{}", escape(name)))
    }

    /// The part that a reference points to; the node itself when it is none.
    pub fn resolve(&self, node: Node<'a>) -> Node<'a> {
        let target = node.value["$ref"].as_str().and_then(|reference| self.node(reference.strip_prefix('#')?));
        target.unwrap_or(node)
    }

    /// The operations.
    pub fn operations(&self) -> Vec<(Operation<'a>, Node<'a>)> {
        let operations = self.document.operations().into_iter();
        operations.map(|it| (it, Node { pointer: it.pointer(), value: it.value })).collect()
    }

    /// The parameters of an operation, references resolved.
    pub fn parameters_of(&self, operation: &Node<'a>) -> Vec<Node<'a>> {
        operation.items_of("parameters").into_iter().map(|parameter| self.resolve(parameter)).collect()
    }

    /// Every parameter: the shared ones, and those that stand in an operation.
    pub fn parameters(&self) -> Vec<Node<'a>> {
        let shared = self.components("parameters").into_iter().map(|(_, parameter)| parameter);
        let own = self.operations().into_iter().flat_map(|(_, operation)| operation.items_of("parameters"));
        shared.chain(own.filter(|parameter| parameter.value.get("$ref").is_none())).collect()
    }

    /// The request bodies.
    pub fn bodies(&self) -> Vec<Node<'a>> {
        self.operations().into_iter().filter_map(|(_, operation)| operation.get("requestBody")).collect()
    }

    /// Every response: the shared ones, and those that stand in an operation.
    pub fn responses(&self) -> Vec<Node<'a>> {
        let shared = self.components("responses").into_iter().map(|(_, response)| response);
        let own = self.operations().into_iter().flat_map(|(_, operation)| operation.members_of("responses"));
        let own = own.map(|(_, response)| response).filter(|response| response.value.get("$ref").is_none());
        shared.chain(own).collect()
    }

    /// The media types of all request bodies and responses, by name.
    pub fn media_types(&self) -> Vec<(&'a String, Node<'a>)> {
        let holders = self.bodies().into_iter().chain(self.responses());
        holders.flat_map(|holder| holder.members_of("content")).collect()
    }
}
