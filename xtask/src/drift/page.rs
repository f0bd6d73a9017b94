//! Reads a page of the vendor.

mod day;
mod description;
mod front;
mod markdown;
mod models;
mod naming;
mod nesting;
mod support;
mod table;
mod types;
mod words;

use super::attribute::{Attribute, Said};
use super::facts::{Facts, Key, Part, Section};
use super::lock::Edition;
use super::statement::Statement;
use super::types::{Default as FieldDefault, plain_number};
use crate::finding::{Finding, Site, Source};
pub use day::day;
#[cfg(test)]
pub use description::describe;
use markdown::{Block, Cell};
use nesting::Outline;
use support::Support;
use table::{DefaultsBy, Field, Named, Route, Table};

/// A page as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadPage {
    /// Its slug.
    pub slug: String,
    /// Which edition it is of.
    pub edition: Edition,
    /// Day of its last change.
    pub date: Option<String>,
    /// Whether it says of itself that it is stale.
    pub is_stale: bool,
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
        let source = Some(Source { site: Site::default(), page: slug.to_owned(), section: self.heading.clone() });
        let remedy = "teach xtask/src/drift/page to read it, or accept it in spec/accepted.yaml with a reason";
        let problem = format!("a part of the page cannot be read, so nothing is known about its facts: {}", self.what);
        let subject = format!("{slug} {}", self.heading);
        Finding {
            source,
            theirs: Some(self.what.clone()),
            ..Finding::new("unreadable-table", subject, problem, remedy)
        }
    }
}

/// Reads the Markdown of a page. `name` is that of its file, for a page that does not tell its slug.
pub fn read(name: &str, text: &str) -> ReadPage {
    let Some((front, body)) = markdown::split_front_matter(text) else {
        let what = "no front matter between `---` lines; is it a page of the vendor?".to_owned();
        let problem = Problem { section: None, heading: "the whole page".to_owned(), what };
        return ReadPage { slug: name.to_owned(), problems: vec![problem], ..ReadPage::default() };
    };
    let blocks = markdown::blocks(body);
    let mut page = Reader {
        outline: Outline::default(),
        page: front::read(name, front, &blocks),
        routes: Vec::new(),
        base: front::base(&blocks),
    };
    page.read(blocks);
    page.finish()
}

struct Reader {
    outline: Outline,
    page: ReadPage,
    routes: Vec<Route>,
    base: String,
}

impl Reader {
    fn read(&mut self, blocks: Vec<Block>) {
        let mut later = Vec::new();
        for block in blocks {
            match block {
                Block::Heading { level, text } => self.outline.enter(level, &text),
                Block::Paragraph(_) => {}
                Block::Table { head, rows } => match table::read(&head, &rows) {
                    Ok(Table::Fields(fields)) => self.fields(fields, &head),
                    Ok(Table::Failures(reasons)) => later.push((self.outline.heading(), Later::Failures(reasons))),
                    Ok(Table::Defaults(defaults)) => later.push((self.outline.heading(), Later::Defaults(defaults))),
                    Ok(table) => self.other(table),
                    Err(what) => self.problem(what),
                },
            }
        }
        let (found, problems) = std::mem::take(&mut self.outline).join();
        self.page.problems.extend(problems);
        for (section, fields) in found {
            self.page.facts.entry(section).or_default().extend(fields);
        }
        for (heading, later) in later {
            self.attach(heading, later);
        }
    }

    fn problem(&mut self, what: String) {
        let section = self.outline.section(&self.scope("")).filter(|_| self.outline.is_exact());
        self.page.problems.push(Problem { section, heading: self.outline.heading(), what });
    }

    fn fields(&mut self, fields: Vec<Field>, head: &[Cell]) {
        let scope = self.scope("");
        if self.outline.section(&scope).is_none() {
            let head: Vec<String> = head.iter().map(Cell::bare).collect();
            return self.problem(format!("a table headed {} in a section that is not known", head.join(" | ")));
        }
        self.outline.add(&scope, fields);
    }

    fn other(&mut self, table: Table) {
        match table {
            Table::Routes(routes) => self.routes(routes),
            Table::Codes(codes) => self.named(&Section::of(Part::Codes), codes),
            Table::Models(models) => self.models(models),
            Table::Support(rows) => rows.into_iter().for_each(|row| self.support(row)),
            Table::Releases => self.release(),
            Table::Apis | Table::Fields(_) | Table::Failures(_) | Table::Defaults(_) => {}
        }
    }

    fn tell(&mut self, section: &Section, path: String, statement: Statement) {
        let key = Key::new(&section.part, &path);
        let told = Told { path, statement, heading: self.outline.heading() };
        self.page.facts.entry(section.clone()).or_default().insert(key, told);
    }

    fn named(&mut self, section: &Section, rows: Vec<Named>) {
        for Named { name, statement } in rows {
            let known = self.page.facts.get(section).and_then(|facts| facts.get(&Key::new(&section.part, &name)));
            let statement = known.map_or_else(|| statement.clone(), |known| known.statement.or(&statement));
            self.tell(section, name, statement);
        }
    }

    fn routes(&mut self, routes: Vec<Route>) {
        for mut route in routes {
            let has_version = route
                .path
                .strip_prefix("/v")
                .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
            if !route.api.is_empty() && !has_version {
                route.path = format!("{}{}", self.base, route.path);
            }
            let mut statement = Statement::default();
            if route.deprecated {
                statement.say(Attribute::Deprecated, Said::Yes);
            }
            self.tell(&Section::of(Part::Operations), format!("{} {}", route.method, route.path), statement);
            self.routes.push(route);
        }
    }

    /// Limits per minute are those of test keys, unless a heading speaks of services.
    fn models(&mut self, mut models: Vec<Named>) {
        let is_service = self.outline.mentions(&["서비스", "service", "サービス"]);
        for model in models.iter_mut().filter(|_| is_service) {
            for (test, service) in [
                (Attribute::TestRequests, Attribute::ServiceRequests),
                (Attribute::TestTokens, Attribute::ServiceTokens),
            ] {
                if let Some(said) = model.statement.unsay(test) {
                    model.statement.say(service, said);
                }
            }
        }
        self.named(&Section::of(Part::Models), models);
    }

    /// Path of the API that a heading, or a cell, names; empty on pages with one API.
    fn scope(&self, api: &str) -> String {
        if self.routes.iter().all(|route| route.api.is_empty()) {
            return String::new();
        }
        let plain =
            |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
        let named = self.routes.iter().filter(|route| {
            let last = route.path.rsplit('/').next().unwrap_or_default();
            let names = [plain(&route.api), plain(last)];
            let is_named = |text: &str| {
                let text = plain(text);
                // A heading may have the first of the names that a cell gives.
                names.iter().any(|name| !name.is_empty() && text.contains(name.as_str()))
                    || !text.is_empty() && names[0].starts_with(text.as_str())
            };
            if api.is_empty() { self.outline.headings().any(is_named) } else { is_named(api) }
        });
        named.map(|route| route.path.clone()).next_back().unwrap_or_default()
    }

    fn support(&mut self, row: Support) {
        let scope = self.scope(&row.api);
        for field in row.fields {
            self.tell(&Section { scope: scope.clone(), part: Part::Request }, field.name, field.statement);
        }
        for name in row.unsupported {
            self.tell(&Section { scope: scope.clone(), part: Part::Unsupported }, name, Statement::default());
        }
    }

    fn release(&mut self) {
        match day(&self.outline.heading()) {
            Some(day) => self.tell(&Section::of(Part::Releases), day, Statement::default()),
            None => self.problem("release notes under a heading without a date".to_owned()),
        }
    }

    fn attach(&mut self, heading: String, later: Later) {
        let (field, attribute, said) = match later {
            Later::Failures(reasons) => ("failureReason".to_owned(), Attribute::Values, Said::Words(reasons)),
            Later::Defaults(DefaultsBy { field, by, values }) => {
                let values = values.into_iter().map(|(value, default)| (value, plain_number(default.into())));
                (field, Attribute::Default, Said::Default(FieldDefault::By { field: by, values: values.collect() }))
            }
        };
        let bodies = self.page.facts.iter_mut().filter(|(section, _)| section.part.is_body());
        let mut fields = bodies.flat_map(|(_, facts)| facts.iter_mut()).filter(|(key, _)| key.name() == field);
        if let Some((_, told)) = fields.next() {
            told.statement.say(attribute, said);
        } else {
            let what = format!("a table about `{field}`, which the page does not have");
            self.page.problems.push(Problem { section: None, heading, what });
        }
    }

    fn finish(mut self) -> ReadPage {
        naming::finish(&mut self.page.facts);
        self.page
    }
}

/// A table about a field that is known when all others are read.
enum Later {
    Failures(Vec<String>),
    Defaults(DefaultsBy),
}
