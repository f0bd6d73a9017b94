//! Types, requirements and defaults of fields.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

/// The JSON types that a field may have.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq)]
pub struct Type {
    kinds: BTreeSet<Kind>,
    /// What is in the array, where that is said.
    items: BTreeSet<Kind>,
}

/// A JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A text.
    String,
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// An object.
    Object,
    /// An array.
    Array,
    /// Anything.
    Any,
}

impl Kind {
    const ALL: [Self; 7] =
        [Self::String, Self::Integer, Self::Number, Self::Boolean, Self::Object, Self::Array, Self::Any];

    /// Its name in JSON Schema; `any` has none there.
    pub const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array => "array",
            Self::Any => "any",
        }
    }

    /// The kind with a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Type {
    /// A type of these kinds.
    pub fn of(kinds: impl IntoIterator<Item = Kind>) -> Self {
        Self { kinds: kinds.into_iter().collect(), items: BTreeSet::new() }
    }

    /// An array of one kind.
    pub fn array_of(item: Kind) -> Self {
        Self { kinds: BTreeSet::from([Kind::Array]), items: BTreeSet::from([item]) }
    }

    /// Reads the text that `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parsed = Self::default();
        for name in text.split(" | ") {
            let item = name.strip_prefix("array<").and_then(|rest| rest.strip_suffix('>'));
            parsed.items.extend(item.map(Kind::parse).map_or(Some(None), |kind| kind.map(Some))?);
            parsed.kinds.insert(if item.is_some() { Kind::Array } else { Kind::parse(name)? });
        }
        Some(parsed)
    }

    /// Takes in the kinds of another.
    pub fn extend(&mut self, other: &Self) {
        self.kinds.extend(&other.kinds);
        self.items.extend(&other.items);
    }

    /// Adds what is in the array.
    pub fn say_items(&mut self, items: &Self) {
        self.items.extend(&items.kinds);
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Whether a kind is one of them.
    pub fn has(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// The kinds.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.kinds.iter().copied()
    }

    /// The kinds of the items.
    pub fn items(&self) -> impl Iterator<Item = Kind> {
        self.items.iter().copied()
    }

    /// Whether all kinds of another are among these, as far as both speak of items.
    pub fn covers(&self, other: &Self) -> bool {
        let items = self.items.is_empty() || other.items.is_empty() || self.items.is_superset(&other.items);
        self.kinds.is_superset(&other.kinds) && items
    }

    /// Whether both mean the same, as far as both speak of items.
    pub fn agrees(&self, other: &Self) -> bool {
        self.covers(other) && other.covers(self)
    }

    /// Whether it is of booleans only.
    pub fn is_boolean(&self) -> bool {
        self.kinds.iter().eq([&Kind::Boolean])
    }

    /// Whether it is of integers only.
    pub fn is_integer(&self) -> bool {
        self.kinds.iter().eq([&Kind::Integer])
    }

    /// Whether it is of numbers only.
    pub fn is_numeric(&self) -> bool {
        !self.is_empty() && self.kinds.iter().all(|kind| matches!(kind, Kind::Integer | Kind::Number))
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.kinds.iter().flat_map(|kind| {
            let items = self.items.iter().filter(|_| *kind == Kind::Array);
            let items: Vec<_> = items.map(|item| format!("array<{}>", item.name())).collect();
            if items.is_empty() { vec![kind.name().to_owned()] } else { items }
        });
        f.write_str(&names.collect::<Vec<_>>().join(" | "))
    }
}

/// Whether a field has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Required,
    /// Under a condition.
    Conditional,
    /// Never.
    Optional,
}

impl Need {
    const ALL: [Self; 3] = [Self::Required, Self::Conditional, Self::Optional];

    /// Its name in the lock.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Conditional => "conditional",
            Self::Optional => "optional",
        }
    }

    /// The requirement with a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|required| required.name() == text)
    }
}

/// A default.
#[derive(Clone, Debug, PartialEq)]
pub enum Default {
    /// A value.
    Value(Value),
    /// A value that depends on another field.
    By {
        /// The other field.
        field: String,
        /// The default for each of its values.
        values: BTreeMap<String, Value>,
    },
}

impl Default {
    /// A value, whichever way its number is written.
    pub fn value(value: Value) -> Self {
        Self::Value(plain_number(value))
    }

    /// Reads it from the lock.
    pub fn parse(value: &Value) -> Option<Self> {
        let Value::Object(members) = value else { return Some(Self::value(value.clone())) };
        let field = members.get("by")?.as_str()?.to_owned();
        let values = members.iter().filter(|(key, _)| *key != "by");
        Some(Self::By {
            field,
            values: values.map(|(key, value)| (key.clone(), plain_number(value.clone()))).collect(),
        })
    }

    /// Its form in the lock.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::By { field, values } => {
                let by = std::iter::once(("by".to_owned(), Value::from(field.as_str())));
                by.chain(values.clone()).collect::<Map<_, _>>().into()
            }
        }
    }
}

impl fmt::Display for Default {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => write!(f, "{value}"),
            Self::By { field, values } => {
                let values: Vec<_> = values.iter().map(|(key, value)| format!("{key}: {value}")).collect();
                write!(f, "by {field} ({})", values.join(", "))
            }
        }
    }
}

/// A number without a fraction as an integer, so that `0` and `0.0` are equal.
pub fn plain_number(value: Value) -> Value {
    #[allow(clippy::cast_possible_truncation, reason = "numbers that do not fit are left as they are")]
    let whole =
        value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 1e15).map(|number| number as i64);
    match (&value, whole) {
        (Value::Number(number), Some(whole)) if number.is_f64() => whole.into(),
        _ => value,
    }
}
