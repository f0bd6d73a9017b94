//! The OpenAPI document as a JSON value that knows its lines.

use std::collections::BTreeMap;
use std::fmt;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Value};

/// A document, parsed, with the line of every node.
#[derive(Clone, Debug)]
pub struct Document {
    /// Name shown in front of the line in messages.
    name: String,
    /// Line of each node, by JSON pointer.
    lines: BTreeMap<String, usize>,
    /// The content.
    pub root: Value,
}

/// A mistake in the document: where it is, what it is and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Name and line of the document.
    pub place: String,
    /// JSON pointer of the node.
    pub pointer: String,
    /// What is wrong.
    pub problem: String,
    /// What to write instead.
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, pointer, problem, remedy } = self;
        write!(f, "{place} (#{pointer}): {problem}. {remedy}.")
    }
}

impl Document {
    /// Parses YAML. `name` stands in front of the line in messages.
    pub fn parse(name: &str, text: &str) -> Result<Self, Fault> {
        let syntax_fault = |line: usize, problem: String| {
            let written = text.lines().nth(line.saturating_sub(1)).map(str::trim).filter(|written| !written.is_empty());
            Fault {
                place: format!("{name}:{line}"),
                pointer: String::new(),
                problem: written.map_or_else(|| problem.clone(), |written| format!("{problem}: `{written}`")),
                remedy: "Correct the YAML".to_owned(),
            }
        };
        let documents = MarkedYaml::load_from_str(text)
            .map_err(|error| syntax_fault(error.marker().line(), error.info().to_owned()))?;
        let [yaml] = documents.as_slice() else {
            return Err(syntax_fault(1, format!("{} YAML documents instead of one", documents.len())));
        };
        let mut lines = BTreeMap::new();
        let root = to_json(yaml, String::new(), &mut lines).map_err(|(line, problem)| syntax_fault(line, problem))?;
        Ok(Self { name: name.to_owned(), lines, root })
    }

    /// A fault at a node.
    pub fn fault(&self, pointer: &str, problem: impl Into<String>, remedy: impl Into<String>) -> Fault {
        Fault {
            place: self.place(pointer),
            pointer: pointer.to_owned(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// Name and line of a node, or of the nearest node above it that the file has.
    pub fn place(&self, pointer: &str) -> String {
        format!("{}:{}", self.name, self.line(pointer))
    }

    fn line(&self, pointer: &str) -> usize {
        let mut at = pointer;
        loop {
            if let Some(line) = self.lines.get(at) {
                return *line;
            }
            at = at.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }

    /// The node that a local reference such as `#/components/schemas/Status` names.
    pub fn resolve(&self, reference: &str) -> Option<&Value> {
        self.root.pointer(reference.strip_prefix('#')?)
    }

    /// Every operation of the document.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.root["paths"].as_object().into_iter().flatten();
        paths.flat_map(|(path, item)| operations_of(path, item)).collect()
    }

    /// The component schemas.
    pub fn schemas(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.root["components"]["schemas"].as_object().into_iter().flatten()
    }
}

/// One operation of the document.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// Path template.
    pub path: &'a str,
    /// HTTP method, lower case.
    pub method: &'a str,
    /// The operation object.
    pub value: &'a Value,
}

impl<'a> Operation<'a> {
    /// JSON pointer of the operation.
    pub fn pointer(&self) -> String {
        format!("/paths/{}/{}", escape(self.path), self.method)
    }

    /// The `operationId`, empty when it is missing.
    pub fn id(&self) -> &'a str {
        self.value["operationId"].as_str().unwrap_or_default()
    }
}

/// The members of a path item that are operations.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The operations of a path item.
pub fn operations_of<'a>(path: &'a str, item: &'a Value) -> impl Iterator<Item = Operation<'a>> {
    let members = item.as_object().into_iter().flatten();
    members.filter(|(method, _)| METHODS.contains(&method.as_str())).map(move |(method, value)| Operation {
        path,
        method,
        value,
    })
}

/// A key as it stands in a JSON pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

type Lines = BTreeMap<String, usize>;

fn to_json(node: &MarkedYaml<'_>, pointer: String, lines: &mut Lines) -> Result<Value, (usize, String)> {
    let line = node.span.start.line();
    let value = match &node.data {
        YamlData::Value(scalar) => scalar_to_json(scalar, line)?,
        YamlData::Sequence(items) => {
            let items = items.iter().enumerate();
            let items = items.map(|(index, item)| to_json(item, format!("{pointer}/{index}"), lines));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        YamlData::Mapping(members) => {
            let mut object = Map::new();
            for (key, member) in members {
                let (key, line) = (key_of(key)?, key.span.start.line());
                let pointer = format!("{pointer}/{}", escape(&key));
                let member = to_json(member, pointer.clone(), lines)?;
                lines.insert(pointer, line);
                object.insert(key, member);
            }
            Value::Object(object)
        }
        _ => return Err((line, "a YAML tag or an unresolved alias, which JSON has no form for".to_owned())),
    };
    lines.insert(pointer, line);
    Ok(value)
}

fn key_of(key: &MarkedYaml<'_>) -> Result<String, (usize, String)> {
    match &key.data {
        YamlData::Value(Scalar::String(text)) => Ok(text.to_string()),
        _ => Err((key.span.start.line(), "a key that is not a string; quote it".to_owned())),
    }
}

fn scalar_to_json(scalar: &Scalar<'_>, line: usize) -> Result<Value, (usize, String)> {
    Ok(match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => Value::Bool(*value),
        Scalar::Integer(value) => Value::from(*value),
        Scalar::String(value) => Value::from(value.as_ref()),
        Scalar::FloatingPoint(value) => serde_json::Number::from_f64(value.into_inner())
            .map(Value::Number)
            .ok_or_else(|| (line, format!("{value} has no form in JSON")))?,
    })
}
