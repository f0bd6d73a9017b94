//! Tells the tables of a page apart, and reads their rows.

use std::sync::LazyLock;

use regex::Regex;

use super::description;
use super::markdown::Cell;
use super::types::{self, WrittenType};
use super::words::{self, Column, column};
use crate::drift::attribute::{Attribute, Said};
use crate::drift::range::number;
use crate::drift::statement::Statement;

/// A table of a page.
#[derive(Clone, Debug)]
pub enum Table {
    /// Methods and paths.
    Routes(Vec<Route>),
    /// Fields, headers or parameters.
    Fields(Vec<Field>),
    /// Status codes.
    Codes(Vec<Named>),
    /// Models.
    Models(Vec<Named>),
    /// Names of fields that are supported, and that are not.
    Support(Vec<Support>),
    /// Values of the field that says why a training failed.
    Failures(Vec<String>),
    /// Defaults of a field by the values of another.
    Defaults(DefaultsBy),
    /// Release notes.
    Releases,
    /// Names of APIs, whose pages tell the rest.
    Apis,
}

/// A row of a table of methods.
#[derive(Clone, Debug, Default)]
pub struct Route {
    /// Name of the API, where there is such a column.
    pub api: String,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// Whether it is going away.
    pub deprecated: bool,
}

/// A row of a table of fields.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Its name, which may be dotted.
    pub name: String,
    /// Names of types that are described in sections of their own.
    pub types: Vec<String>,
    /// Targets of the links in its description.
    pub links: Vec<String>,
    /// What is said about it.
    pub statement: Statement,
}

/// A row with a name.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// The name.
    pub name: String,
    /// What is said.
    pub statement: Statement,
}

/// Which fields of OpenAI's API are supported by one API.
#[derive(Clone, Debug, Default)]
pub struct Support {
    /// Name of the API, where there is such a column.
    pub api: String,
    /// Fields that are, OpenAI's and the vendor's own.
    pub fields: Vec<Field>,
    /// Fields that are not.
    pub unsupported: Vec<String>,
}

/// Defaults of a field by the values of another.
#[derive(Clone, Debug, Default)]
pub struct DefaultsBy {
    /// The field with the default.
    pub field: String,
    /// The other field.
    pub by: String,
    /// Its values and the defaults.
    pub values: Vec<(String, f64)>,
}

/// The columns of a table and one row.
struct Row<'a> {
    columns: &'a [Option<Column>],
    cells: &'a [Cell],
}

static EMPTY: LazyLock<Cell> = LazyLock::new(Cell::default);

impl<'a> Row<'a> {
    fn get(&self, column: Column) -> &'a Cell {
        let at = self.columns.iter().position(|known| *known == Some(column));
        at.and_then(|at| self.cells.get(at)).unwrap_or(&EMPTY)
    }

    fn is_only_first(&self) -> bool {
        self.cells.iter().skip(1).all(|cell| cell.bare().is_empty())
    }
}

/// Reads a table, or says why it cannot be read.
pub fn read(head: &[Cell], rows: &[Vec<Cell>]) -> Result<Table, String> {
    let is_empty = head.iter().all(|cell| cell.bare().is_empty());
    // A table without a head has it in its first row.
    let (head, rows) = match rows.split_first() {
        Some((first, rest)) if is_empty => (first.as_slice(), rest),
        _ => (head, rows),
    };
    let columns: Vec<Option<Column>> = head.iter().map(|cell| column(&cell.text)).collect();
    let has = |column: Column| columns.contains(&Some(column));
    let rows: Vec<Row<'_>> = rows.iter().map(|cells| Row { columns: &columns, cells }).collect();
    if has(Column::Method) && has(Column::Uri) {
        read_routes(&rows)
    } else if has(Column::Supported) {
        Ok(Table::Support(rows.iter().map(support).collect()))
    } else if has(Column::Code) && has(Column::Message) {
        read_codes(&rows)
    } else if has(Column::Failure) {
        Ok(Table::Failures(first_column(&rows)))
    } else if has(Column::Setting) && has(Column::Default) {
        defaults(head, &columns, &rows)
    } else if has(Column::Kind) && has(Column::Change) {
        Ok(Table::Releases)
    } else if has(Column::Model) {
        models(&rows)
    } else if has(Column::Field) && (has(Column::Type) || has(Column::Required) || has(Column::Description)) {
        read_fields(&rows)
    } else if has(Column::Api) && columns.iter().all(Option::is_some) {
        Ok(Table::Apis)
    } else {
        let head: Vec<String> = head.iter().map(Cell::bare).collect();
        Err(format!("a table headed {}", head.join(" | ")))
    }
}

fn first_column(rows: &[Row<'_>]) -> Vec<String> {
    let mut names: Vec<String> = rows.iter().filter_map(|row| row.cells.first().map(Cell::bare)).collect();
    names.retain(|name| !name.is_empty());
    names.dedup();
    names
}

/// One row may hold several paths, flattened, each with what it is for.
fn read_routes(rows: &[Row<'_>]) -> Result<Table, String> {
    let mut routes: Vec<Route> = Vec::new();
    for row in rows.iter().filter(|row| !row.is_only_first()) {
        let method = row.get(Column::Method).bare().to_uppercase();
        if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()) {
            return Err(format!("a method `{method}`"));
        }
        let before = routes.len();
        for item in description::items(&row.get(Column::Uri).text) {
            match path(&item) {
                Some(path) => routes.push(Route {
                    api: row.get(Column::Api).bare(),
                    method: method.clone(),
                    path,
                    deprecated: false,
                }),
                None => {
                    let deprecated = words::is_deprecated(&item);
                    routes.iter_mut().skip(before).last().into_iter().for_each(|route| route.deprecated |= deprecated);
                }
            }
        }
        if routes.len() == before {
            return Err(format!("no path in `{}`", row.get(Column::Uri).bare()));
        }
    }
    Ok(Table::Routes(routes))
}

/// The path of an item, without host and without the prefixes that say which key is used.
fn path(item: &str) -> Option<String> {
    let item = item.trim().replace('`', "");
    let word = item.split_whitespace().next()?;
    let word = match word.split_once("://") {
        Some((_, rest)) => &rest[rest.find('/')?..],
        None => word,
    };
    let path = ["/testapp", "/serviceapp"].iter().fold(word, |path, prefix| path.strip_prefix(prefix).unwrap_or(path));
    path.starts_with('/').then(|| path.trim_end_matches('/').to_owned())
}

/// Whether a text is the name of a field, which may be dotted and have `[]`.
fn is_name(text: &str) -> bool {
    text.split('.').all(|part| {
        let name = part.strip_suffix("[]").unwrap_or(part);
        let is_letter = |letter: char| letter.is_ascii_alphabetic() || "_$".contains(letter);
        name.starts_with(is_letter)
            && name.chars().all(|letter| is_letter(letter) || letter.is_ascii_digit() || letter == '-')
    })
}

fn read_fields(rows: &[Row<'_>]) -> Result<Table, String> {
    let mut fields = Vec::new();
    for row in rows {
        let name = row.get(Column::Field).bare();
        if is_name(&name) {
            fields.push(field(row, name)?);
        } else if !row.is_only_first() {
            return Err(format!("a row `{name}`"));
        }
    }
    Ok(Table::Fields(fields))
}

fn field(row: &Row<'_>, name: String) -> Result<Field, String> {
    let written = row.get(Column::Type).bare();
    let WrittenType { kind, names } =
        types::read(&written).ok_or_else(|| format!("the type `{written}` of `{name}`"))?;
    let need = row.get(Column::Required).bare();
    let required = types::required(&need).ok_or_else(|| format!("the requirement `{need}` of `{name}`"))?;
    let description = row.get(Column::Description);
    let mut statement = description::describe(&description.text, &kind);
    if !kind.is_empty() {
        statement.say(Attribute::Type, Said::Type(kind));
    }
    if let Some(required) = required {
        statement.say(Attribute::Required, Said::Required(required));
    }
    Ok(Field { name, types: names, links: description.links.clone(), statement: statement.settled() })
}

/// A cell that is empty continues the one above.
fn read_codes(rows: &[Row<'_>]) -> Result<Table, String> {
    let mut codes: Vec<Named> = Vec::new();
    let (mut status, mut code) = (String::new(), String::new());
    for row in rows.iter().filter(|row| !row.is_only_first()) {
        for (column, last) in [(Column::Status, &mut status), (Column::Code, &mut code)] {
            let text = row.get(column).bare();
            if !text.is_empty() {
                *last = text;
            }
        }
        if code.len() != 5 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("a code `{code}`"));
        }
        let mut statement = Statement::default();
        if let Ok(status) = status.parse() {
            statement.say(Attribute::Status, Said::Number(status));
        }
        let message = row.get(Column::Message).bare();
        if !message.is_empty() {
            statement.say(Attribute::Messages, Said::Words(vec![message]));
        }
        match codes.iter_mut().find(|known| known.name == code) {
            Some(known) => known.statement = known.statement.or(&statement),
            None => codes.push(Named { name: code.clone(), statement }),
        }
    }
    Ok(Table::Codes(codes))
}

fn support(row: &Row<'_>) -> Support {
    let fields = |column| listed(&description::items(&row.get(column).text));
    let supported = [Column::Supported, Column::Own].into_iter().flat_map(fields).collect();
    let unsupported = fields(Column::Unsupported).into_iter().map(|field| field.name).collect();
    Support { api: row.get(Column::Api).bare(), fields: supported, unsupported }
}

/// The fields of a flattened list. An item that is no name says something about the field before it.
fn listed(items: &[String]) -> Vec<Field> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for item in items {
        let end = item.find([' ', ':', '(']).unwrap_or(item.len());
        let (name, rest) = (item[..end].replace('`', ""), item[end..].trim_start());
        let is_field = is_name(&name) && (rest.is_empty() || rest.starts_with(['(', ':']));
        let is_value = |said: &str| {
            description::is_marked_value(item) || description::lists(said, &name) || words::is_deprecated(item)
        };
        match fields.last_mut() {
            Some((_, said)) if !is_field || is_value(said) => *said += &format!(" - {item}"),
            _ if is_field => fields.push((name, rest.trim_start_matches(':').to_owned())),
            _ => {}
        }
    }
    let fields = fields.into_iter().map(|(name, said)| {
        let statement = description::describe(&said, &crate::drift::types::Type::default()).settled();
        Field { name, statement, ..Field::default() }
    });
    fields.collect()
}

fn defaults(head: &[Cell], columns: &[Option<Column>], rows: &[Row<'_>]) -> Result<Table, String> {
    let name = |column: Column| {
        let at = columns.iter().position(|known| *known == Some(column));
        let words = at.and_then(|at| head.get(at)).map(Cell::bare).unwrap_or_default();
        words.split_whitespace().next().unwrap_or_default().to_owned()
    };
    let values = rows.iter().filter(|row| !row.is_only_first()).map(|row| {
        let default = row.get(Column::Default).bare();
        let default = number(&default).ok_or_else(|| format!("the default `{default}`"))?;
        Ok((row.get(Column::Setting).bare(), default))
    });
    let values = values.collect::<Result<_, String>>()?;
    Ok(Table::Defaults(DefaultsBy { field: name(Column::Default), by: name(Column::Setting), values }))
}

static FIGURE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d[\d,]*").expect("the expression is written down here"));

fn models(rows: &[Row<'_>]) -> Result<Table, String> {
    let mut models = Vec::new();
    for row in rows.iter().filter(|row| !row.is_only_first()) {
        let name = row.get(Column::Model).bare();
        let is_name =
            !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
        if !is_name {
            return Err(format!("a model `{name}`"));
        }
        models.push(Named { name, statement: model(row) });
    }
    Ok(Table::Models(models))
}

fn model(row: &Row<'_>) -> Statement {
    let mut statement = Statement::default();
    let figure = |column| {
        let text = row.get(column).bare();
        FIGURE.find(&text).and_then(|figure| figure.as_str().replace(',', "").parse::<u64>().ok())
    };
    let figures = [
        (Attribute::ContextTokens, Column::Context),
        (Attribute::MaxInputTokens, Column::MaxInput),
        (Attribute::MaxInputTokens, Column::Input),
        (Attribute::MaxOutputTokens, Column::MaxOutput),
        (Attribute::TestRequests, Column::Requests),
        (Attribute::TestTokens, Column::Tokens),
    ];
    for (attribute, column) in figures {
        if let Some(figure) = figure(column) {
            statement.say(attribute, Said::Number(figure));
        }
    }
    let input = row.get(Column::Input).bare().to_lowercase();
    let kinds = [("text", ["텍스트", "text", "テキスト"]), ("image", ["이미지", "image", "画像"])];
    let kinds = kinds.iter().filter(|(_, words)| words.iter().any(|word| input.contains(word)));
    say_words(&mut statement, Attribute::Input, kinds.map(|(kind, _)| (*kind).to_owned()).collect());
    let features = row.columns.iter().zip(row.cells).filter_map(|(column, cell)| match column {
        Some(Column::Feature(feature)) if is_yes(&cell.bare()) => Some((*feature).to_owned()),
        _ => None,
    });
    say_words(&mut statement, Attribute::Features, features.collect());
    statement
}

fn is_yes(text: &str) -> bool {
    let text = text.to_lowercase();
    !text.is_empty() && !["-", "x", "no", "n", "미지원", "불가", "不可", "非対応"].contains(&text.as_str())
}

fn say_words(statement: &mut Statement, attribute: Attribute, words: Vec<String>) {
    if !words.is_empty() {
        statement.say(attribute, Said::Words(words));
    }
}
