//! What a schema says in one place, with everything it refers to brought in.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::SchemaError;

/// Segments that a pointer may have from the root, references followed: `serde_json` reads no deeper JSON either.
const MAX_DEPTH: usize = 128;

/// Schemas that may come out of one. References can double a schema with every level, and one of an MCP server is not
/// in the hands of the program.
const MAX_SCHEMAS: usize = 10_000;

/// What a schema says about null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Null {
    /// Null and maybe other values.
    Allowed,
    /// Null and nothing else.
    Only,
    /// Not null.
    Refused,
    /// Nothing else and not null either.
    Contradicted,
}

impl Null {
    /// What holds when both must.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Allowed, both) | (both, Self::Allowed) => both,
            (one, other) if one == other => one,
            _ => Self::Contradicted,
        }
    }

    fn in_keyword(keyword: &str, value: &Value) -> Self {
        match (keyword, value) {
            ("type", Value::Array(types)) => Self::in_list(types, |it| it == "null"),
            ("enum", Value::Array(values)) => Self::in_list(values, Value::is_null),
            ("type", kind) if kind == "null" => Self::Only,
            ("const", Value::Null) => Self::Only,
            ("type" | "const", _) => Self::Refused,
            _ => Self::Allowed,
        }
    }

    fn in_list(list: &[Value], is_null: fn(&Value) -> bool) -> Self {
        match list.iter().filter(|it| is_null(it)).count() {
            0 => Self::Refused,
            nulls if nulls == list.len() => Self::Only,
            _ => Self::Allowed,
        }
    }

    fn in_choice(members: &[Node]) -> Self {
        if members.iter().all(|it| it.null == Self::Refused) {
            return Self::Refused;
        }
        if members.iter().all(|it| it.null == Self::Only) { Self::Only } else { Self::Allowed }
    }
}

/// Where in the document something stands, and how one came there.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    root: &'a Value,
    /// JSON pointer from the root.
    pub pointer: String,
    /// Pointers of the schemas that this one is in, as far as they were referred to.
    open: Vec<String>,
    depth: usize,
    /// Schemas read so far, of the whole document.
    schemas: Rc<Cell<usize>>,
}

impl<'a> Place<'a> {
    pub fn root(root: &'a Value) -> Self {
        Self { root, pointer: String::new(), open: vec![String::new()], depth: 0, schemas: Rc::default() }
    }

    pub fn child(&self, segment: &str) -> Result<Self, SchemaError> {
        let segment = segment.replace('~', "~0").replace('/', "~1");
        let pointer = format!("{}/{segment}", self.pointer);
        if self.depth == MAX_DEPTH {
            return Err(SchemaError::TooLarge { pointer });
        }
        Ok(Self { pointer, depth: self.depth + 1, ..self.clone() })
    }

    fn follow(&self, reference: &str) -> Result<(&'a Value, Self), SchemaError> {
        let unresolved = || SchemaError::Unresolved { reference: reference.to_owned(), pointer: self.pointer.clone() };
        let fragment = reference.strip_prefix('#').ok_or_else(unresolved)?;
        let pointer = percent_decode_str(fragment).decode_utf8().map_err(|_| unresolved())?.into_owned();
        let target = self.root.pointer(&pointer).ok_or_else(unresolved)?;
        if self.open.contains(&pointer) {
            return Err(SchemaError::Recursive { name: name(target, &pointer), pointer: self.pointer.clone() });
        }
        let mut place = self.clone();
        place.open.push(pointer.clone());
        place.pointer = pointer;
        Ok((target, place))
    }

    fn count(&self) -> Result<(), SchemaError> {
        self.schemas.set(self.schemas.get() + 1);
        if self.schemas.get() > MAX_SCHEMAS {
            return Err(SchemaError::TooLarge { pointer: self.pointer.clone() });
        }
        Ok(())
    }
}

/// `schemars` names the root in its title only, other types in their pointer only.
fn name(target: &Value, pointer: &str) -> String {
    let last = pointer.rsplit('/').next().unwrap_or_default();
    target["title"].as_str().unwrap_or(last).replace("~1", "/").replace("~0", "~")
}

/// A keyword's value and its place.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    pub value: &'a Value,
    pub place: Place<'a>,
}

impl Entry<'_> {
    /// The keyword holds two values that do not go together.
    pub fn conflict(&self, keyword: &str) -> SchemaError {
        SchemaError::Conflict { keyword: keyword.to_owned(), pointer: self.place.pointer.clone() }
    }

    /// The keyword's value is not what JSON Schema wants.
    pub fn malformed(&self, keyword: &str) -> SchemaError {
        SchemaError::Malformed { keyword: keyword.to_owned(), pointer: self.place.pointer.clone() }
    }

    /// The keyword is not taken here, or nowhere.
    pub fn refused(&self, keyword: &str, elsewhere: bool) -> SchemaError {
        let (keyword, pointer) = (keyword.to_owned(), self.place.pointer.clone());
        if elsewhere {
            SchemaError::Misplaced { keyword, pointer }
        } else {
            SchemaError::Unsupported { keyword, pointer }
        }
    }
}

/// The keywords that must hold in one place: its own, those it refers to, and those of a choice that is none.
#[derive(Debug)]
pub struct Node<'a> {
    /// JSON pointer of the place.
    pub pointer: String,
    /// Sorted by keyword, so that of several errors always the same is found. The outermost entry comes first.
    keywords: BTreeMap<&'a str, Vec<Entry<'a>>>,
    /// The members of each `anyOf` and `oneOf`, without those that are only null.
    pub choices: Vec<Vec<Node<'a>>>,
    pub null: Null,
}

impl<'a> Node<'a> {
    pub fn read(schema: &'a Value, place: Place<'a>) -> Result<Self, SchemaError> {
        let mut node = Self {
            pointer: place.pointer.clone(),
            keywords: BTreeMap::new(),
            choices: Vec::new(),
            null: Null::Allowed,
        };
        node.add(schema, place)?;
        if node.null == Null::Contradicted {
            return Err(SchemaError::NoValue { pointer: node.pointer });
        }
        Ok(node)
    }

    /// What was said with a keyword.
    pub fn entries(&self, keyword: &str) -> &[Entry<'a>] {
        self.keywords.get(keyword).map_or(&[], Vec::as_slice)
    }

    /// What was said with a keyword, when it can be said once only.
    pub fn one(&self, keyword: &str) -> Result<Option<&Entry<'a>>, SchemaError> {
        let Some((first, others)) = self.entries(keyword).split_first() else { return Ok(None) };
        match others.iter().find(|other| other.value != first.value) {
            Some(other) => Err(other.conflict(keyword)),
            None => Ok(Some(first)),
        }
    }

    /// All that was said, but for what this type resolves itself.
    pub fn all(&self) -> impl Iterator<Item = (&'a str, &Entry<'a>)> {
        self.keywords.iter().flat_map(|(keyword, entries)| entries.iter().map(|entry| (*keyword, entry)))
    }

    fn add(&mut self, schema: &'a Value, place: Place<'a>) -> Result<(), SchemaError> {
        place.count()?;
        let keywords = match schema {
            Value::Object(keywords) => keywords,
            Value::Bool(true) => return Ok(()),
            Value::Bool(false) => return Err(SchemaError::NoValue { pointer: place.pointer }),
            _ => return Err(SchemaError::NotASchema { pointer: place.pointer }),
        };
        let mut inlined = Vec::new();
        for (keyword, value) in keywords {
            let entry = Entry { value, place: place.child(keyword)? };
            match keyword.as_str() {
                "$ref" | "allOf" | "anyOf" | "oneOf" => inlined.push((keyword, entry)),
                _ => self.keep(keyword, entry),
            }
        }
        // After the schema's own keywords, which are further out.
        inlined.iter().try_for_each(|(keyword, entry)| self.inline(keyword, entry))
    }

    fn keep(&mut self, keyword: &'a str, entry: Entry<'a>) {
        self.null = self.null.and(Null::in_keyword(keyword, entry.value));
        self.keywords.entry(keyword).or_default().push(entry);
    }

    fn inline(&mut self, keyword: &str, entry: &Entry<'a>) -> Result<(), SchemaError> {
        if keyword == "$ref" {
            let reference = entry.value.as_str().ok_or_else(|| entry.malformed(keyword))?;
            let (target, place) = entry.place.follow(reference)?;
            return self.add(target, place);
        }
        let members = entry.value.as_array().filter(|members| !members.is_empty());
        let members = members.ok_or_else(|| entry.malformed(keyword))?;
        match (keyword, members.as_slice()) {
            ("allOf", [member]) => self.add(member, entry.place.child("0")?),
            ("allOf", _) => Err(entry.refused(keyword, false)),
            _ => self.choose(members, &entry.place),
        }
    }

    fn choose(&mut self, members: &'a [Value], place: &Place<'a>) -> Result<(), SchemaError> {
        let mut nodes = Vec::new();
        for (index, member) in members.iter().enumerate() {
            nodes.push(Self::read(member, place.child(&index.to_string())?)?);
        }
        self.null = self.null.and(Null::in_choice(&nodes));
        nodes.retain(|node| node.null != Null::Only);
        match nodes.pop() {
            Some(only) if nodes.is_empty() => self.absorb(only),
            Some(last) => {
                nodes.push(last);
                self.choices.push(nodes);
            }
            None => {}
        }
        Ok(())
    }

    /// The only member of a choice. What it says about null was said by the choice.
    fn absorb(&mut self, member: Self) {
        for (keyword, entries) in member.keywords {
            self.keywords.entry(keyword).or_default().extend(entries);
        }
        self.choices.extend(member.choices);
    }
}
