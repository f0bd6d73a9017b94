//! Reads a page of the vendor.

use super::facts::{Facts, Section};
use super::lock::Edition;
use super::statement::Statement;
use crate::finding::{Finding, Source};

/// A page as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadPage {
    /// Its slug.
    pub slug: String,
    /// Which edition it is of.
    pub edition: Edition,
    /// Day of its last change.
    pub date: Option<String>,
    /// Its facts.
    pub facts: Facts<Told>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// What a page says about a fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Its name, with `[]` after arrays.
    pub path: String,
    /// What is said.
    pub statement: Statement,
    /// The heading it stands under.
    pub heading: String,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The section it belongs to, as far as that is known.
    pub section: Option<Section>,
    /// The heading it stands under.
    pub heading: String,
    /// What it is.
    pub what: String,
}

impl Problem {
    /// The finding about it.
    pub fn finding(&self, slug: &str) -> Finding {
        let source = Some(Source { page: slug.to_owned(), section: self.heading.clone() });
        let remedy = "teach xtask/src/drift/page to read it, or accept it in spec/accepted.yaml with a reason";
        let problem = "a part of the page cannot be read, so nothing is known about its facts";
        let subject = format!("{slug} {}", self.heading);
        Finding {
            source,
            theirs: Some(self.what.clone()),
            ..Finding::new("unreadable-table", subject, problem, remedy)
        }
    }
}
