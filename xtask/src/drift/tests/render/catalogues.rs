//! Writes codes, models and release notes.

use std::fmt::Write as _;

use super::{Writer, field};
use crate::drift::attribute::{Attribute, Said};
use crate::drift::facts::{Part, Section};
use crate::drift::statement::Statement;

impl Writer<'_> {
    /// Status codes.
    pub fn codes(&self, text: &mut String) {
        let section = Section::of(Part::Codes);
        let mut rows = Vec::new();
        for (_, entry, statement) in self.facts(&section) {
            let status = statement.get(Attribute::Status).map(Said::to_string).unwrap_or_default();
            let messages = statement.get(Attribute::Messages).map(Said::words).unwrap_or_default();
            for (index, message) in messages.iter().enumerate() {
                let again = index > 0 && self.style.old;
                let (status, code) = if again { ("", "") } else { (status.as_str(), entry.path.as_str()) };
                rows.push([status, code, message, self.words.prose, self.words.prose].map(str::to_owned).to_vec());
            }
        }
        if !rows.is_empty() {
            let _ = writeln!(text, "## {}\n", self.words.codes_title);
            self.table(text, &section, &self.words.codes, &rows);
        }
    }

    /// Models, and their limits per minute.
    pub fn models(&self, text: &mut String) {
        let section = Section::of(Part::Models);
        let facts = self.facts(&section);
        let number = |statement: &Statement, attribute| {
            statement.get(attribute).map_or_else(|| "-".to_owned(), |said| field::thousands(&said.to_string()))
        };
        let has = |attribute| facts.iter().any(|(_, _, statement)| statement.get(attribute).is_some());
        if has(Attribute::ContextTokens) {
            let features = ["functionCalling", "structuredOutputs", "thinking", "tuning"];
            let rows = facts.iter().map(|(_, entry, statement)| {
                let input = statement.get(Attribute::Input).map(Said::words).unwrap_or_default();
                let input: Vec<&str> = input.iter().map(|kind| self.words.input(kind)).collect();
                let having = statement.get(Attribute::Features).map(Said::words).unwrap_or_default();
                let marks =
                    features.map(|feature| if having.iter().any(|own| own == feature) { "O" } else { "-" }.to_owned());
                let figures = [Attribute::ContextTokens, Attribute::MaxInputTokens, Attribute::MaxOutputTokens];
                let first = [entry.path.clone(), input.join(", ")];
                first.into_iter().chain(figures.map(|attribute| number(statement, attribute))).chain(marks).collect()
            });
            self.table(text, &section, &self.words.models, &rows.collect::<Vec<Vec<_>>>());
        }
        for (requests, tokens, heading) in [
            (Attribute::TestRequests, Attribute::TestTokens, self.words.test_key),
            (Attribute::ServiceRequests, Attribute::ServiceTokens, self.words.service_key),
        ] {
            if has(requests) {
                let _ = writeln!(text, "### {heading}\n");
                let rows = facts.iter().map(|(_, entry, statement)| {
                    vec![entry.path.clone(), number(statement, requests), number(statement, tokens)]
                });
                self.table(text, &section, &[self.words.model, "QPM", "TPM"], &rows.collect::<Vec<_>>());
            }
        }
    }

    /// Days with release notes.
    pub fn releases(&self, text: &mut String) {
        for (_, entry, _) in self.of(Part::Releases).into_iter().rev() {
            let _ = writeln!(text, "#### {}\n", self.words.day(&entry.path));
            let row = vec![self.words.prose.to_owned(); 3];
            self.table(text, &Section::of(Part::Releases), &self.words.releases, &[row.clone(), row]);
        }
    }
}
