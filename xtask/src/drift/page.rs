//! Reads a page of the vendor.

mod description;
mod markdown;
mod nesting;
mod table;
mod types;
mod words;

use super::attribute::{Attribute, Said};
use super::facts::{Facts, Key, Part, Section};
use super::lock::Edition;
use super::statement::Statement;
use super::types::{Default as FieldDefault, plain_number};
use crate::build::document::Document;
use crate::finding::{Finding, Source};
use markdown::{Block, Cell};
use nesting::Outline;
use table::{DefaultsBy, Field, Named, Route, Support, Table};

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
        let source = Some(Source { page: slug.to_owned(), section: self.heading.clone() });
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
        page: front_matter(name, front, &blocks),
        routes: Vec::new(),
        base: base(&blocks),
    };
    page.read(blocks);
    page.finish()
}

fn front_matter(name: &str, front: &str, blocks: &[Block]) -> ReadPage {
    let root = Document::parse(name, front).map(|document| document.root).unwrap_or_default();
    let text = |key: &str| root[key].as_str().map(str::to_owned);
    let date = text("updated").or_else(|| text("published"));
    let is_government = text("canonical").is_some_and(|canonical| canonical.contains("-gov."));
    ReadPage {
        slug: text("slug").unwrap_or_else(|| name.to_owned()),
        edition: if is_government { Edition::Government } else { edition(blocks) },
        date: date.map(|date| date.chars().take("2026-01-31".len()).collect()),
        is_stale: root["stale"] == true,
        ..ReadPage::default()
    }
}

/// The language of the headings.
fn edition(blocks: &[Block]) -> Edition {
    let headings =
        blocks.iter().filter_map(|block| if let Block::Heading { text, .. } = block { Some(text) } else { None });
    let letters: String = headings.map(String::as_str).collect();
    if letters.contains(|letter| matches!(letter, '\u{ac00}'..='\u{d7a3}')) {
        Edition::Korean
    } else if letters.contains(|letter| matches!(letter, '\u{3040}'..='\u{30ff}')) {
        Edition::Japanese
    } else {
        Edition::English
    }
}

/// The path that the paths of a page are to be added to: that of the base URL it gives.
fn base(blocks: &[Block]) -> String {
    let paragraphs =
        blocks.iter().filter_map(|block| if let Block::Paragraph(text) = block { Some(text) } else { None });
    let urls = paragraphs.flat_map(|text| text.split([' ', '`', '"', '(', ')', '<', '>']));
    let paths = urls.filter_map(|url| url.strip_prefix("https://clovastudio.")?.split_once('/')).map(|(_, path)| path);
    paths
        .map(|path| path.trim_end_matches('/'))
        .find(|path| !path.is_empty())
        .map_or(String::new(), |path| format!("/{path}"))
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
            let is_named =
                |text: &str| names.iter().any(|name| !name.is_empty() && plain(text).contains(name.as_str()));
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
        match fields.next() {
            Some((_, told)) => told.statement.say(attribute, said),
            None => {
                let what = format!("a table about `{field}`, which the page does not have");
                self.page.problems.push(Problem { section: None, heading, what });
            }
        }
    }

    fn finish(mut self) -> ReadPage {
        nesting::finish(&mut self.page.facts);
        self.page
    }
}

/// A table about a field that is known when all others are read.
enum Later {
    Failures(Vec<String>),
    Defaults(DefaultsBy),
}

/// The day in a text such as `2025년 7월 29일` or `July 29, 2025`.
pub fn day(heading: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let heading = words::plain(heading).to_lowercase();
    let numbers =
        heading.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse::<u32>().ok());
    let numbers: Vec<u32> = numbers.collect();
    let month = MONTHS.iter().position(|name| {
        heading.split(|letter: char| !letter.is_ascii_alphabetic()).any(|word| word.starts_with(name))
    });
    let month = month.and_then(|month| u32::try_from(month + 1).ok());
    let (year, month, day) = match (numbers.as_slice(), month) {
        ([year, month, day, ..], None) => (*year, *month, *day),
        ([day, year, ..], Some(month)) => (*year, month, *day),
        _ => return None,
    };
    (year > 2000 && (1..=12).contains(&month) && (1..=31).contains(&day))
        .then(|| format!("{year:04}-{month:02}-{day:02}"))
}
