//! Writes the facts of the lock as pages in the vendor's form: three languages, public and government, old and new.

mod body;
mod catalogues;
mod field;
mod words;

use std::fmt::Write as _;

use crate::drift::attribute::Attribute;
use crate::drift::facts::{Key, Part, Section};
use crate::drift::lock::{Edition, Entry, LockedPage};
use crate::drift::statement::Statement;
use words::Words;

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub language: Language,
    /// Bare names, lower-case types, Y and N.
    pub government: bool,
    /// Old heads, dotted rows, no envelope.
    pub old: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Korean,
    English,
    Japanese,
}

impl Style {
    /// All twelve.
    pub fn all() -> impl Iterator<Item = Self> {
        let languages = [Language::Korean, Language::English, Language::Japanese];
        languages.into_iter().flat_map(|language| {
            [(false, false), (false, true), (true, false), (true, true)].map(|(government, old)| Self {
                language,
                government,
                old,
            })
        })
    }

    pub fn edition(self) -> Edition {
        match self.language {
            _ if self.government => Edition::Government,
            Language::Korean => Edition::Korean,
            Language::English => Edition::English,
            Language::Japanese => Edition::Japanese,
        }
    }

    fn code(self, text: &str) -> String {
        if self.government { text.to_owned() } else { format!("`{text}`") }
    }
}

/// What is wrong with a page besides its facts.
#[derive(Clone, Debug, Default)]
pub struct Damage {
    /// A section whose first table has a head that nobody knows.
    pub torn: Option<Section>,
    /// Whether the page calls itself stale.
    pub stale: bool,
}

/// Writes a page.
pub fn render(slug: &str, page: &LockedPage, style: Style, damage: &Damage) -> String {
    let words = Words::of(style.language);
    let date = page.dates.get(&style.edition()).map_or("2026-01-31", String::as_str);
    let site = if style.government { "api-gov.ncloud-docs.com" } else { "api.ncloud-docs.com" };
    let mark = if damage.stale { "stale: true\n" } else { "" };
    let mut text = format!(
        "---\ntitle: \"{slug}\"\nslug: \"{slug}\"\nupdated: {date}T08:55:43Z\npublished: {date}T09:02:20Z\n{mark}\
         canonical: \"{site}/{slug}\"\n---\n\n> ## Documentation Index\n> Fetch the complete documentation index at: \
         https://{site}/llms.txt\n\n# {}\n\n{}\n\n",
        words.title, words.prose,
    );
    let writer = Writer { slug, page, style, words, damage };
    writer.write(&mut text);
    text
}

pub struct Writer<'a> {
    slug: &'a str,
    page: &'a LockedPage,
    style: Style,
    words: Words,
    damage: &'a Damage,
}

impl<'a> Writer<'a> {
    /// The facts of a section that the page itself states.
    fn facts(&self, section: &Section) -> Vec<(&'a Key, &'a Entry, &'a Statement)> {
        let facts = self.page.facts.get(section).into_iter().flatten();
        facts.filter_map(|(key, entry)| Some((key, entry, entry.page.as_ref()?))).collect()
    }

    fn of(&self, part: Part) -> Vec<(&'a Key, &'a Entry, &'a Statement)> {
        self.facts(&Section::of(part))
    }

    /// A table; its head is destroyed where the section is torn.
    fn table(&self, text: &mut String, section: &Section, head: &[&str], rows: &[Vec<String>]) {
        let is_torn = self.damage.torn.as_ref() == Some(section);
        let head: Vec<&str> = if is_torn { head.iter().map(|_| "???").collect() } else { head.to_vec() };
        let line = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
        text.push_str(&line(&head));
        text.push_str(&line(&vec!["---"; head.len()]));
        for row in rows {
            text.push_str(&line(&row.iter().map(String::as_str).collect::<Vec<_>>()));
        }
        text.push('\n');
    }

    fn write(&self, text: &mut String) {
        let is_scoped = self.page.facts.keys().any(|section| !section.scope.is_empty());
        let _ = writeln!(text, "## {}\n", self.words.request);
        if is_scoped {
            self.apis(text);
        } else {
            self.routes(text);
        }
        for (part, heading) in [
            (Part::RequestHeaders, self.words.request_headers),
            (Part::PathParameters, self.words.path_parameters),
            (Part::QueryParameters, self.words.query_parameters),
        ] {
            self.flat(text, &Section::of(part), heading);
        }
        self.body(text, &Section::of(Part::Request), self.words.request_body, 3);
        let _ = writeln!(text, "### {}\n\n```\n{{\"text\": \"| a | b |\"}}\n```\n", self.words.example);
        let _ = writeln!(text, "## {}\n\n{}\n", self.words.response, self.words.prose);
        self.flat(text, &Section::of(Part::ResponseHeaders), self.words.response_headers);
        self.body(text, &Section::of(Part::Response), self.words.response_body, 3);
        self.failures(text);
        self.events(text);
        self.codes(text);
        self.models(text);
        self.releases(text);
    }

    fn routes(&self, text: &mut String) {
        let section = Section::of(Part::Operations);
        let facts = self.facts(&section);
        if facts.is_empty() {
            return;
        }
        let prefix = if self.style.government { "/testapp" } else { "" };
        let routes = facts.iter().map(|(_, entry, statement)| {
            let (method, path) = entry.path.split_once(' ').expect("an operation is a method and a path");
            let mark =
                if statement.get(Attribute::Deprecated).is_some() { self.words.deprecated } else { self.words.purpose };
            (method.to_owned(), format!("{} - {mark}", self.style.code(&format!("{prefix}{path}"))))
        });
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (method, uri) in routes {
            match rows.iter_mut().find(|row| row[0] == method && !self.style.old) {
                Some(row) => row[1].extend([" - ", &uri]),
                None => rows.push(vec![method, format!("- {uri}")]),
            }
        }
        self.table(text, &section, &[self.words.method, "URI"], &rows);
    }

    /// The page about several APIs, which names fields and little more.
    fn apis(&self, text: &mut String) {
        let section = Section::of(Part::Operations);
        let _ = writeln!(text, "Base URL: `https://clovastudio.stream.ntruss.com/v1/openai/`\n");
        let rows = self.facts(&section).into_iter().map(|(_, entry, statement)| {
            let (method, path) = entry.path.split_once(' ').expect("an operation is a method and a path");
            let path = if self.style.old { path.strip_prefix("/v1/openai").unwrap_or(path) } else { path };
            let mark = if statement.get(Attribute::Deprecated).is_some() {
                format!(" - {}", self.words.deprecated)
            } else {
                String::new()
            };
            vec![api_name(&entry.path), method.to_owned(), format!("- {path}{mark}")]
        });
        self.table(text, &section, &["API", self.words.method, "URI"], &rows.collect::<Vec<_>>());
        for (_, entry, _) in self.facts(&section) {
            let (_, path) = entry.path.split_once(' ').expect("an operation is a method and a path");
            let request = Section { scope: path.to_owned(), part: Part::Request };
            let unsupported = Section { scope: path.to_owned(), part: Part::Unsupported };
            let fields = self.facts(&request).into_iter().map(|(_, entry, statement)| {
                format!("- {}{}", self.style.code(&entry.path), self.details(&entry.path, statement))
            });
            let fields: Vec<_> = fields.collect();
            let refused: Vec<_> = self
                .facts(&unsupported)
                .iter()
                .map(|(_, entry, _)| format!("- {}", self.style.code(&entry.path)))
                .collect();
            if fields.is_empty() && refused.is_empty() {
                continue;
            }
            let _ = writeln!(text, "### {}\n", api_name(&entry.path));
            let split = fields.len().saturating_sub(2);
            let row = vec![fields[..split].join(" "), refused.join(" "), fields[split..].join(" ")];
            self.table(text, &request, &self.words.support, &[row]);
        }
    }

    /// Headers and parameters. Headers have no types.
    fn flat(&self, text: &mut String, section: &Section, heading: &str) {
        let facts = self.facts(section);
        if facts.is_empty() {
            return;
        }
        let _ = writeln!(text, "### {heading}\n");
        let has_types = !matches!(section.part, Part::RequestHeaders | Part::ResponseHeaders);
        let rows = facts.iter().map(|(_, entry, statement)| {
            let details = format!("{}{}", self.words.prose, self.details(&entry.path, statement));
            let mut row = vec![self.style.code(&entry.path)];
            row.extend(has_types.then(|| self.kind(statement)));
            row.extend([self.need(statement), details]);
            row
        });
        let rows: Vec<_> = rows.collect();
        let [field, kind, required, description] = self.words.field_heads(self.style.old);
        let head =
            if has_types { vec![field, kind, required, description] } else { vec![field, required, description] };
        self.table(text, section, &head, &rows);
    }

    /// Reasons of failed trainings stand in a table of their own.
    fn failures(&self, text: &mut String) {
        let reasons = self.of(Part::Response).into_iter().find(|(key, ..)| key.name() == "failureReason");
        let Some((_, _, statement)) = reasons.filter(|(_, _, statement)| !statement.values().is_empty()) else {
            return;
        };
        let rows = statement
            .values()
            .iter()
            .map(|reason| vec![self.style.code(reason), "{reason}".to_owned(), self.words.prose.to_owned()]);
        self.table(text, &aside(), &self.words.failures, &rows.collect::<Vec<_>>());
    }

    fn events(&self, text: &mut String) {
        let events = self.page.facts.keys().filter_map(|section| match &section.part {
            Part::Event(event) if section.scope.is_empty() && !self.facts(section).is_empty() => Some((section, event)),
            _ => None,
        });
        let mut is_first = true;
        for (section, event) in events {
            if std::mem::take(&mut is_first) {
                let _ = writeln!(text, "## {}\n\n:::(Info)\n{}\n:::\n", self.words.stream, self.words.prose);
            }
            if event == "any" {
                self.body(text, section, "", 2);
            } else {
                let mut letters = event.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                let name: String = first.chain(letters).collect();
                let heading = if self.style.old {
                    format!("{name} event")
                } else {
                    format!("StreamingChatCompletions{name}Event")
                };
                self.body(text, section, &heading, 3);
            }
        }
    }
}

/// The section of tables that are never torn.
fn aside() -> Section {
    Section { scope: "aside".to_owned(), part: Part::Request }
}

fn api_name(operation: &str) -> String {
    let last = operation.rsplit('/').next().unwrap_or_default();
    match last {
        "completions" => "Chat Completions".to_owned(),
        "embeddings" => "Embeddings".to_owned(),
        other => other.to_owned(),
    }
}
