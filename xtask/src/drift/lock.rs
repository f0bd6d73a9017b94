//! The lock: the facts of the vendor's pages as last reviewed, in `spec/upstream.lock.json`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, anyhow, bail};
use serde_json::{Map, Value};

use super::facts::{ANY_EVENT, Facts, Key, Part, Section};
use super::statement::Statement;
use crate::finding::Site;

/// The file, relative to the root.
pub const LOCK: &str = "spec/upstream.lock.json";

/// What all APIs share stands on this page.
pub const OVERVIEW: &str = "ai-naver-clovastudio-summary";

/// All pages as last reviewed, by slug.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// The pages.
    pub pages: BTreeMap<String, LockedPage>,
}

/// A page as last reviewed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LockedPage {
    /// Where it is published.
    pub site: Site,
    /// Whether the vendor has taken it away.
    pub withdrawn: bool,
    /// Its date in each edition.
    pub dates: BTreeMap<Edition, String>,
    /// Its facts.
    pub facts: Facts<Entry>,
}

/// An edition of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// Korean, the newest.
    #[default]
    Korean,
    /// English.
    English,
    /// Japanese.
    Japanese,
    /// The government cloud's own pages.
    Government,
}

impl Edition {
    const ALL: [Self; 4] = [Self::Korean, Self::English, Self::Japanese, Self::Government];

    /// Its name in the lock.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Korean => "ko",
            Self::English => "en",
            Self::Japanese => "ja",
            Self::Government => "gov",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|edition| edition.name() == name)
    }
}

/// A fact as last reviewed. The page may say one part and a person another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// Its name, with `[]` after arrays.
    pub path: String,
    /// What the tables of the page say, if they have it.
    pub page: Option<Statement>,
    /// What was added by hand, by where it comes from.
    pub hand: BTreeMap<Basis, Statement>,
}

/// Where a fact comes from that the tables of the page do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Examples and notes of the page.
    Notes,
    /// Older versions of the page.
    Older,
    /// The page of the government cloud.
    Government,
    /// Code of others, and recordings.
    Clients,
    /// The shape of OpenAI's API, which the page promises.
    OpenAi,
    /// The document, which said it first.
    Document,
}

impl Basis {
    const ALL: [Self; 6] = [Self::Notes, Self::Older, Self::Government, Self::Clients, Self::OpenAi, Self::Document];

    const fn name(self) -> &'static str {
        match self {
            Self::Notes => "notes",
            Self::Older => "older",
            Self::Government => "government",
            Self::Clients => "clients",
            Self::OpenAi => "openai",
            Self::Document => "document",
        }
    }
}

impl Entry {
    /// What page and hand say together.
    pub fn statement(&self) -> Statement {
        let page = self.page.clone().unwrap_or_default();
        self.hand.values().fold(page, |said, hand| said.or(hand))
    }

    /// Whether nobody says that there is such a fact.
    pub fn is_empty(&self) -> bool {
        self.page.is_none() && self.hand.is_empty()
    }

    fn read(path: &str, value: &Value) -> Result<Self, String> {
        let mut members = value.as_object().ok_or("it is not an object")?.clone();
        let more = members.shift_remove("hand").unwrap_or_default();
        let more = more.as_array().cloned().unwrap_or_else(|| if more.is_null() { Vec::new() } else { vec![more] });
        let mut hand = more.iter().map(read_hand).collect::<Result<BTreeMap<_, _>, _>>()?;
        let page = if members.contains_key("basis") {
            hand.extend([read_hand(&Value::Object(members))?]);
            None
        } else {
            Some(Statement::read(&members)?)
        };
        Ok(Self { path: path.to_owned(), page, hand })
    }

    /// What the page says, and under `hand` what others say. A fact that the page does not have begins with `basis`.
    fn to_json(&self) -> Value {
        let mut hand = self.hand.iter().map(|(basis, statement)| hand_to_json(*basis, statement));
        let own = match &self.page {
            Some(page) => page.to_json(),
            None => hand.next().unwrap_or_default(),
        };
        let more: Vec<Value> = hand.map(Value::Object).collect();
        let more = match more.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            _ => Some(Value::Array(more)),
        };
        own.into_iter().chain(more.map(|more| ("hand".to_owned(), more))).collect::<Map<_, _>>().into()
    }
}

fn read_hand(value: &Value) -> Result<(Basis, Statement), String> {
    let mut members = value.as_object().ok_or("what was added by hand is not an object")?.clone();
    let basis = members.shift_remove("basis").unwrap_or_default();
    let basis = Basis::ALL.into_iter().find(|known| basis == known.name());
    Ok((basis.ok_or("its `basis` is not known")?, Statement::read(&members)?))
}

fn hand_to_json(basis: Basis, statement: &Statement) -> Map<String, Value> {
    let basis = ("basis".to_owned(), Value::from(basis.name()));
    std::iter::once(basis).chain(statement.to_json()).collect()
}

impl LockedPage {
    /// Whether the index of the API guide should list it.
    pub fn is_expected(&self) -> bool {
        self.site == Site::Api && !self.withdrawn
    }

    /// The section that describes what belongs to a section: that of all events for those that have none of their own.
    pub fn describing(&self, section: &Section) -> Section {
        let any = Section { scope: section.scope.clone(), part: Part::Event(ANY_EVENT.to_owned()) };
        let is_event = matches!(section.part, Part::Event(_));
        let is_with_others = is_event && !self.facts.contains_key(section) && self.facts.contains_key(&any);
        if is_with_others { any } else { section.clone() }
    }

    /// The entry of a fact.
    pub fn entry(&self, section: &Section, key: &Key) -> Option<&Entry> {
        self.facts.get(section)?.get(key)
    }

    fn read(value: &Value) -> anyhow::Result<Self> {
        let site = match value["site"].as_str() {
            None => Site::Api,
            Some("guide") => Site::Guide,
            Some(other) => bail!("no site is called `{other}`"),
        };
        let dates = members(value, "dates").map(|(name, date)| {
            let edition = Edition::parse(name).with_context(|| format!("no edition is called `{name}`"))?;
            Ok((edition, date.as_str().context("a date is not a string")?.to_owned()))
        });
        Ok(Self {
            site,
            withdrawn: value["withdrawn"] == true,
            dates: dates.collect::<anyhow::Result<_>>()?,
            facts: members(value, "facts").map(read_section).collect::<anyhow::Result<_>>()?,
        })
    }
}

fn read_section((name, facts): (&String, &Value)) -> anyhow::Result<(Section, BTreeMap<Key, Entry>)> {
    let section = Section::parse(name).with_context(|| format!("no section is called `{name}`"))?;
    let facts = facts.as_object().with_context(|| format!("section `{name}` is not an object"))?;
    let entries = facts.iter().map(|(path, value)| {
        let entry = Entry::read(path, value).map_err(|problem| anyhow!("{name} `{path}`: {problem}"))?;
        Ok((Key::new(&section.part, path), entry))
    });
    Ok((section.clone(), entries.collect::<anyhow::Result<_>>()?))
}

fn members<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value[key].as_object().into_iter().flatten()
}

impl Lock {
    /// Reads the text of the file.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let root: Value = serde_json::from_str(text).context("it is not JSON")?;
        let pages = members(&root, "pages").map(|(slug, page)| {
            let page = LockedPage::read(page).with_context(|| format!("page `{slug}`"))?;
            Ok((slug.clone(), page))
        });
        Ok(Self { pages: pages.collect::<anyhow::Result<_>>()? })
    }

    /// The text of the file: sorted, one fact a line, so that its diff in git reads well.
    pub fn to_text(&self) -> String {
        let pages = self.pages.iter().map(|(slug, page)| format!("    {}: {}", quoted(slug), page.to_text()));
        format!("{{\n  \"pages\": {{\n{}\n  }}\n}}\n", pages.collect::<Vec<_>>().join(",\n"))
    }

    /// What the overview says about a fact that other pages may repeat.
    pub fn shared(&self, section: &Section, key: &Key) -> Option<&Entry> {
        self.pages.get(OVERVIEW)?.entry(&Section::of(section.part.clone()), key)
    }
}

impl LockedPage {
    fn to_text(&self) -> String {
        let mut text = String::from("{\n");
        if self.site == Site::Guide {
            text.push_str("      \"site\": \"guide\",\n");
        }
        if self.withdrawn {
            text.push_str("      \"withdrawn\": true,\n");
        }
        let dates = self.dates.iter().map(|(edition, date)| (edition.name().to_owned(), Value::from(date.as_str())));
        let _ = writeln!(text, "      \"dates\": {},", line(&dates.collect::<Map<_, _>>().into()));
        let sections = self.facts.iter().filter(|(_, facts)| !facts.is_empty());
        let sections: Vec<_> = sections.map(|(section, facts)| section_text(section, facts)).collect();
        if sections.is_empty() {
            text + "      \"facts\": {}\n    }"
        } else {
            text + "      \"facts\": {\n" + &sections.join(",\n") + "\n      }\n    }"
        }
    }
}

fn section_text(section: &Section, facts: &BTreeMap<Key, Entry>) -> String {
    let facts = facts.values().map(|entry| format!("          {}: {}", quoted(&entry.path), line(&entry.to_json())));
    let facts: Vec<_> = facts.collect();
    format!("        {}: {{\n{}\n        }}", quoted(&section.to_string()), facts.join(",\n"))
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A value on one line, with spaces as a person would set them.
fn line(value: &Value) -> String {
    match value {
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(key, value)| format!("{}: {}", quoted(key), line(value))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(line).collect::<Vec<_>>().join(", ")),
        scalar => scalar.to_string(),
    }
}
