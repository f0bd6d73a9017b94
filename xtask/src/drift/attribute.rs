//! What can be said about a fact.

use std::fmt;

use serde_json::Value;

use super::range::Range;
use super::types::{Default, Need, Type};

/// One thing that can be said about a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// Type of the value.
    Type,
    /// Whether it has to be there.
    Required,
    /// Range of the value, or of its length.
    Range,
    /// Default.
    Default,
    /// Known values.
    Values,
    /// Going away.
    Deprecated,
    /// HTTP status of a code.
    Status,
    /// Texts of a code.
    Messages,
    /// Kinds of input of a model.
    Input,
    /// What a model can do.
    Features,
    /// Tokens of input and output together.
    ContextTokens,
    /// Tokens of input.
    MaxInputTokens,
    /// Tokens of output.
    MaxOutputTokens,
    /// Length of a vector.
    Dimensions,
    /// Measure of the distance of vectors.
    Distance,
    /// Requests per minute with a test key.
    TestRequests,
    /// Tokens per minute with a test key.
    TestTokens,
    /// Requests per minute with a service key.
    ServiceRequests,
    /// Tokens per minute with a service key.
    ServiceTokens,
}

impl Attribute {
    /// All of them, in the order of the lock.
    pub const ALL: [Self; 19] = [
        Self::Type,
        Self::Required,
        Self::Range,
        Self::Default,
        Self::Values,
        Self::Deprecated,
        Self::Status,
        Self::Messages,
        Self::Input,
        Self::Features,
        Self::ContextTokens,
        Self::MaxInputTokens,
        Self::MaxOutputTokens,
        Self::Dimensions,
        Self::Distance,
        Self::TestRequests,
        Self::TestTokens,
        Self::ServiceRequests,
        Self::ServiceTokens,
    ];

    /// Its name in the lock.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Required => "required",
            Self::Range => "range",
            Self::Default => "default",
            Self::Values => "values",
            Self::Deprecated => "deprecated",
            Self::Status => "status",
            Self::Messages => "messages",
            Self::Input => "input",
            Self::Features => "features",
            Self::ContextTokens => "contextTokens",
            Self::MaxInputTokens => "maxInputTokens",
            Self::MaxOutputTokens => "maxOutputTokens",
            Self::Dimensions => "dimensions",
            Self::Distance => "distance",
            Self::TestRequests => "testRequestsPerMinute",
            Self::TestTokens => "testTokensPerMinute",
            Self::ServiceRequests => "serviceRequestsPerMinute",
            Self::ServiceTokens => "serviceTokensPerMinute",
        }
    }

    /// The rule that a difference breaks.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::ContextTokens | Self::MaxInputTokens | Self::MaxOutputTokens | Self::Dimensions | Self::Distance => {
                "limit"
            }
            Self::TestRequests | Self::TestTokens | Self::ServiceRequests | Self::ServiceTokens => "rate-limit",
            other => other.name(),
        }
    }

    /// Reads what is said about it from the lock.
    pub fn read(self, value: &Value) -> Result<Said, String> {
        let bad = || format!("`{}` cannot be {value}", self.name());
        let text = || value.as_str().ok_or_else(bad);
        Ok(match self {
            Self::Type => Said::Type(Type::parse(text()?).ok_or_else(bad)?),
            Self::Required => Said::Required(Need::parse(text()?).ok_or_else(bad)?),
            Self::Range => Said::Range(Range::parse(text()?).ok_or_else(bad)?),
            Self::Default => Said::Default(Default::parse(value).ok_or_else(bad)?),
            Self::Deprecated => value.as_bool().filter(|yes| *yes).map(|_| Said::Yes).ok_or_else(bad)?,
            Self::Values | Self::Messages | Self::Input | Self::Features => {
                let words = value.as_array().ok_or_else(bad)?.iter();
                Said::Words(
                    words.map(|word| word.as_str().map(str::to_owned).ok_or_else(bad)).collect::<Result<_, _>>()?,
                )
            }
            Self::Distance => Said::Words(vec![text()?.to_owned()]),
            _ => Said::Number(value.as_u64().ok_or_else(bad)?),
        })
    }
}

/// What is said about an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// A type.
    Type(Type),
    /// Whether it has to be there.
    Required(Need),
    /// A range.
    Range(Range),
    /// A default.
    Default(Default),
    /// Words, in no order that matters.
    Words(Vec<String>),
    /// A number.
    Number(u64),
    /// That it is so.
    Yes,
}

impl Said {
    /// The words, if these are words.
    pub fn words(&self) -> &[String] {
        if let Self::Words(words) = self { words } else { &[] }
    }

    /// Whether all words of another are among these.
    pub fn has_words_of(&self, other: &Self) -> bool {
        other.words().iter().all(|word| self.words().contains(word))
    }

    /// Its form in the lock.
    pub fn to_json(&self, attribute: Attribute) -> Value {
        match self {
            Self::Type(said) => said.to_string().into(),
            Self::Required(said) => said.name().into(),
            Self::Range(said) => said.to_string().into(),
            Self::Default(said) => said.to_json(),
            Self::Words(words) if attribute == Attribute::Distance => words.concat().into(),
            Self::Words(words) => words.clone().into(),
            Self::Number(number) => (*number).into(),
            Self::Yes => true.into(),
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type(said) => write!(f, "{said}"),
            Self::Required(said) => f.write_str(said.name()),
            Self::Range(said) => write!(f, "{said}"),
            Self::Default(said) => write!(f, "{said}"),
            Self::Words(words) => f.write_str(&words.join(" | ")),
            Self::Number(number) => write!(f, "{number}"),
            Self::Yes => f.write_str("yes"),
        }
    }
}
