//! Tells the tables of a page apart, and reads their rows.

use std::sync::LazyLock;

use super::markdown::Cell;
use super::support::{self, Support};
use super::types::{self, WrittenType};
use super::words::{self, Column, column};
use super::{description, models};
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

/// A row of a table.
pub struct Row<'a> {
    /// The columns of the table.
    pub columns: &'a [Option<Column>],
    /// Its cells.
    pub cells: &'a [Cell],
}

static EMPTY: LazyLock<Cell> = LazyLock::new(Cell::default);

impl<'a> Row<'a> {
    /// The cell of a column, empty when there is none.
    pub fn get(&self, column: Column) -> &'a Cell {
        let at = self.columns.iter().position(|known| *known == Some(column));
        at.and_then(|at| self.cells.get(at)).unwrap_or(&EMPTY)
    }

    /// Whether only the first cell says something: a note in the table, or nothing.
    pub fn is_only_first(&self) -> bool {
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
    } else if has(Column::Supported) && (has(Column::Unsupported) || has(Column::Own)) {
        Ok(Table::Support(rows.iter().map(support::read).collect()))
    } else if has(Column::Code) && has(Column::Message) {
        read_codes(&rows)
    } else if has(Column::Failure) {
        Ok(Table::Failures(first_column(&rows)))
    } else if has(Column::Setting) && has(Column::Default) {
        defaults(head, &columns, &rows)
    } else if has(Column::Kind) && has(Column::Change) {
        Ok(Table::Releases)
    } else if has(Column::Model) {
        Ok(Table::Models(models::read(&rows)?))
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
            if let Some(path) = path(&item) {
                let deprecated = words::is_deprecated(&item);
                routes.push(Route { api: row.get(Column::Api).bare(), method: method.clone(), path, deprecated });
            } else if let Some(route) = routes.iter_mut().skip(before).last() {
                route.deprecated |= words::is_deprecated(&item);
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
pub fn is_name(text: &str) -> bool {
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
    let need = types::need(&row.get(Column::Required).bare()).map_err(|problem| format!("{problem} of `{name}`"))?;
    let description = row.get(Column::Description);
    let mut statement = description::describe(&description.text, &kind);
    if !kind.is_empty() {
        statement.say(Attribute::Type, Said::Type(kind));
    }
    if let Some(need) = need {
        statement.say(Attribute::Required, Said::Required(need));
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
