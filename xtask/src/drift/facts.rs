//! What the vendor's pages, the lock and the document say, in one form.

use std::collections::BTreeMap;
use std::fmt;

/// Facts by the section they stand in.
pub type Facts<T> = BTreeMap<Section, BTreeMap<Key, T>>;

/// A part of a page that states facts of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Section {
    /// Path of the operation it is about, where a page has several with bodies of their own; else empty.
    pub scope: String,
    /// What it is about.
    pub part: Part,
}

/// What a section is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Methods and paths.
    Operations,
    /// Headers of the request.
    RequestHeaders,
    /// Parameters in the path.
    PathParameters,
    /// Parameters in the query.
    QueryParameters,
    /// Members of the request body.
    #[default]
    Request,
    /// Members that OpenAI's API has and this one refuses.
    Unsupported,
    /// Headers of the answer.
    ResponseHeaders,
    /// Members of the answer.
    Response,
    /// Members of a failure of the OpenAI-compatible API.
    Failure,
    /// Data of the events with a name, or of any event.
    Event(String),
    /// Status codes.
    Codes,
    /// Models and their limits.
    Models,
    /// Days with release notes.
    Releases,
}

/// The name of events that a page describes together.
pub const ANY_EVENT: &str = "any";

/// Who a change of a part concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Those who write requests.
    Request,
    /// Those who read answers.
    Response,
    /// Nobody: it is only a note.
    Note,
}

const PARTS: [(Part, &str); 12] = [
    (Part::Operations, "operations"),
    (Part::RequestHeaders, "request headers"),
    (Part::PathParameters, "path parameters"),
    (Part::QueryParameters, "query parameters"),
    (Part::Request, "request"),
    (Part::Unsupported, "unsupported members"),
    (Part::ResponseHeaders, "response headers"),
    (Part::Response, "response"),
    (Part::Failure, "failure"),
    (Part::Codes, "codes"),
    (Part::Models, "models"),
    (Part::Releases, "releases"),
];

impl Part {
    /// Who a change concerns.
    pub fn side(&self) -> Side {
        match self {
            Self::ResponseHeaders | Self::Response | Self::Failure | Self::Event(_) | Self::Codes => Side::Response,
            Self::Releases => Side::Note,
            _ => Side::Request,
        }
    }

    /// Whether its facts are members that lie inside each other.
    pub fn is_body(&self) -> bool {
        matches!(self, Self::Request | Self::Response | Self::Failure | Self::Event(_))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match PARTS.iter().find(|(part, _)| part == self) {
            Some((_, name)) => f.write_str(name),
            None => match self {
                Self::Event(event) => write!(f, "event {event}"),
                _ => Ok(()),
            },
        }
    }
}

impl Section {
    /// A section about all operations of a page.
    pub fn of(part: Part) -> Self {
        Self { scope: String::new(), part }
    }

    /// Reads the name that `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (part, scope) = text.split_once(" of ").unwrap_or((text, ""));
        let part = match part.strip_prefix("event ") {
            Some(event) => Part::Event(event.to_owned()),
            None => PARTS.iter().find(|(_, name)| *name == part)?.0.clone(),
        };
        Some(Self { scope: scope.to_owned(), part })
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scope, part } = self;
        if scope.is_empty() { write!(f, "{part}") } else { write!(f, "{part} of {scope}") }
    }
}

/// What two names have in common when they mean the same: `[]` follows from the type of a field, capitals do not count
/// in headers, nor names of path parameters in paths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// The key of a name in a part.
    pub fn new(part: &Part, name: &str) -> Self {
        Self(match part {
            Part::Operations => without_parameter_names(name),
            Part::RequestHeaders | Part::ResponseHeaders => name.to_lowercase(),
            _ => name.replace("[]", ""),
        })
    }

    /// The text of the key.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of the object that a member lies in.
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('.').map(|(parent, _)| Self(parent.to_owned()))
    }

    /// The name of a member in its object.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('.').map_or(&self.0, |(_, name)| name)
    }

    /// Whether it lies inside another.
    pub fn is_inside(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.starts_with('.'))
    }

    /// The key with the beginning exchanged.
    pub fn moved(&self, from: &Self, to: &Self) -> Self {
        Self(format!("{}{}", to.0, self.0.strip_prefix(&from.0).unwrap_or_default()))
    }
}

fn without_parameter_names(path: &str) -> String {
    let mut pieces = path.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |path, piece| path + "{}" + piece.split_once('}').map_or("", |(_, rest)| rest))
}
