//! Why a schema cannot be reduced.

use std::fmt;

use crate::one_line::OneLine;

/// Why a schema cannot be reduced to what the service takes. Places are JSON pointers into the schema given, which for
/// a Rust type is that of `schemars`: types of fields stand under `/$defs`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaError {
    /// The root is no object.
    NotAnObject {
        /// The type it has, if it has one.
        found: Option<String>,
    },
    /// A keyword that the service does not take.
    Unsupported {
        /// The keyword.
        keyword: String,
        /// Where it stands.
        pointer: String,
    },
    /// A keyword that the service takes with another type than is stated beside it.
    Misplaced {
        /// The keyword.
        keyword: String,
        /// Where it stands.
        pointer: String,
    },
    /// A `type` other than one of the service's, null left aside.
    UnsupportedType {
        /// The value of `type`, as JSON.
        found: String,
        /// Where it stands.
        pointer: String,
    },
    /// A `format` of a string that the service does not take.
    UnsupportedFormat {
        /// The format.
        format: String,
        /// Where it stands.
        pointer: String,
    },
    /// Any value fits, as for `serde_json::Value`.
    AnyValue {
        /// The schema.
        pointer: String,
    },
    /// No value fits, as for an enum without variants.
    NoValue {
        /// The schema.
        pointer: String,
    },
    /// Nothing but null fits, as for `()`.
    OnlyNull {
        /// The schema.
        pointer: String,
    },
    /// A type contains itself.
    Recursive {
        /// Name of the type.
        name: String,
        /// Where it refers to itself.
        pointer: String,
    },
    /// A reference to something that is not in the schema.
    Unresolved {
        /// The reference.
        reference: String,
        /// Where it stands.
        pointer: String,
    },
    /// A keyword or property is stated twice for one value, in two ways that cannot be made one.
    Conflict {
        /// The keyword or property.
        keyword: String,
        /// Where it is stated again.
        pointer: String,
    },
    /// A keyword has a value that JSON Schema does not allow.
    Malformed {
        /// The keyword.
        keyword: String,
        /// Where it stands.
        pointer: String,
    },
    /// Neither an object nor a boolean stands where a schema must.
    NotASchema {
        /// Where it stands.
        pointer: String,
    },
    /// With references inlined, the schema has too many levels or parts.
    TooLarge {
        /// Where it was given up.
        pointer: String,
    },
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe(&mut OneLine(f))
    }
}

impl SchemaError {
    fn describe(&self, f: &mut dyn fmt::Write) -> fmt::Result {
        match self {
            Self::NotAnObject { found: Some(found) } => {
                write!(f, "the root of the schema is of type `{found}`; make it a field of a struct")
            }
            Self::NotAnObject { found: None } => {
                f.write_str("the root of the schema does not have the type `object`; make it a field of a struct")
            }
            Self::Unsupported { keyword, pointer } => {
                write!(f, "the service does not take `{keyword}` at `{pointer}`; {}", advice(keyword))
            }
            Self::Misplaced { keyword, pointer } => {
                write!(f, "`{keyword}` at `{pointer}` does not fit the `type` beside it; correct either")
            }
            Self::UnsupportedType { found, pointer } => {
                write!(f, "the service does not take the type {found} at `{pointer}`; state one type, or use `anyOf`")
            }
            Self::UnsupportedFormat { format, pointer } => write!(
                f,
                "the service does not take the format `{format}` at `{pointer}`; say it in `description` instead"
            ),
            Self::AnyValue { pointer } => write!(f, "{} takes any value; state a type", Schema(pointer)),
            Self::NoValue { pointer } => write!(f, "{} takes no value; leave it out", Schema(pointer)),
            Self::OnlyNull { pointer } => {
                write!(f, "{} takes only null, which the service cannot express; leave it out", Schema(pointer))
            }
            Self::Recursive { name, pointer } => {
                write!(f, "the type `{name}` contains itself at `{pointer}`; limit how deep it goes with further types")
            }
            Self::Unresolved { reference, pointer } => {
                write!(f, "`{reference}` at `{pointer}` does not refer to a part of the schema; put it in `$defs`")
            }
            Self::Conflict { keyword, pointer } => {
                write!(f, "`{keyword}` at `{pointer}` differs from what is stated elsewhere for it; state it once")
            }
            Self::Malformed { keyword, pointer } => {
                write!(f, "`{keyword}` at `{pointer}` has a value that JSON Schema does not allow; correct it")
            }
            Self::NotASchema { pointer } => write!(f, "{} is not an object; correct it", Schema(pointer)),
            Self::TooLarge { pointer } => {
                write!(f, "the schema is too large or too deep at `{pointer}`, references inlined; make it smaller")
            }
        }
    }
}

impl std::error::Error for SchemaError {}

/// How to do without a keyword.
fn advice(keyword: &str) -> &'static str {
    match keyword {
        "additionalProperties" | "unevaluatedProperties" | "patternProperties" | "propertyNames" => {
            "instead of a map, use a list of structs with a key and a value"
        }
        "prefixItems" => "instead of a tuple, use a struct",
        "uniqueItems" => "instead of a set, use a list",
        "allOf" => "merge its members into one schema; of `#[serde(flatten)]`ed enums, keep one",
        "exclusiveMinimum" => "use `minimum`",
        "exclusiveMaximum" => "use `maximum`",
        _ => "leave it out and say it in `description`",
    }
}

/// A pointer to a schema, in words.
struct Schema<'a>(&'a str);

impl fmt::Display for Schema<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => f.write_str("the root of the schema"),
            pointer => write!(f, "the schema at `{pointer}`"),
        }
    }
}
