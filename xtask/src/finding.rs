//! What a command found.

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::build::document::Fault;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Stable name of the rule, such as `description-missing`.
    pub rule: &'static str,
    /// Stable name of what it is about, such as an operation or a field.
    pub subject: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
    /// Where in the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Where on the vendor's pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What the other side says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theirs: Option<String>,
    /// What the document says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours: Option<String>,
    /// What it means for those who call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
}

/// A place in the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// File and line, such as `spec/openapi.yaml:12`.
    pub line: String,
    /// JSON pointer.
    pub pointer: String,
}

/// A site of the vendor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Site {
    /// The API guide.
    #[default]
    Api,
    /// The guide of the product.
    Guide,
}

impl Site {
    /// Where it is.
    pub const fn url(self) -> &'static str {
        match self {
            Self::Api => "https://api.ncloud-docs.com",
            Self::Guide => "https://guide.ncloud-docs.com",
        }
    }
}

/// A place on the vendor's pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The site of the page.
    #[serde(skip)]
    pub site: Site,
    /// Slug of the page.
    pub page: String,
    /// Heading of the section.
    pub section: String,
}

/// What a change means for those who call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Changes no call.
    Cosmetic,
    /// Existing calls go on as they are.
    Additive,
    /// Existing calls can fail, or mean something else.
    Breaking,
}

impl Class {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cosmetic => "cosmetic",
            Self::Additive => "additive",
            Self::Breaking => "breaking",
        }
    }
}

impl Finding {
    /// A finding that nothing more is known of.
    pub fn new(
        rule: &'static str,
        subject: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            subject: subject.into(),
            problem: problem.into(),
            remedy: remedy.into(),
            place: None,
            source: None,
            theirs: None,
            ours: None,
            class: None,
        }
    }

    /// A finding at a place in the document.
    pub fn at(rule: &'static str, fault: Fault) -> Self {
        let place = Place { line: fault.place, pointer: fault.pointer.clone() };
        let subject = if place.pointer.is_empty() { "the document".to_owned() } else { fault.pointer };
        Self { place: Some(place), ..Self::new(rule, subject, fault.problem, fault.remedy) }
    }

    /// Twelve hexadecimal digits that stay the same while the finding says the same, wherever it stands in the file.
    pub fn fingerprint(&self) -> String {
        let source = self.source.as_ref();
        let parts = [
            self.rule,
            &self.subject,
            source.map_or("", |source| &source.page),
            self.theirs.as_deref().unwrap_or_default(),
            self.ours.as_deref().unwrap_or_default(),
        ];
        let digest = Sha256::digest(parts.join("\u{1f}"));
        let number = digest.iter().take(6).fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
        format!("{number:012x}")
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{}: ", place.line)?;
        }
        write!(f, "{} [{} {}", self.problem, self.rule, self.fingerprint())?;
        if let Some(class) = self.class {
            write!(f, ", {}", class.name())?;
        }
        writeln!(f, "]")?;
        let pointer = self.place.as_ref().map(|place| &place.pointer).filter(|pointer| !pointer.is_empty());
        writeln!(f, "    at: {}", pointer.unwrap_or(&self.subject))?;
        if let Some(source) = &self.source {
            writeln!(f, "    page: {}, {}", source.page, source.section)?;
        }
        if let Some(theirs) = &self.theirs {
            writeln!(f, "    they say: {theirs}")?;
        }
        if let Some(ours) = &self.ours {
            writeln!(f, "    we say: {ours}")?;
        }
        write!(f, "    do: {}", self.remedy)
    }
}
