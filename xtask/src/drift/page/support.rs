//! Tables that only name the fields that are supported.

use super::description;
use super::table::{Field, Row, is_name};
use super::words::{self, Column};
use crate::drift::types::Type;

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

/// Reads a row.
pub fn read(row: &Row<'_>) -> Support {
    let fields = |column| listed(&description::items(&row.get(column).text));
    let supported = [Column::Supported, Column::Own].into_iter().flat_map(fields).collect();
    let unsupported = fields(Column::Unsupported).into_iter().map(|field| field.name).collect();
    Support { api: row.get(Column::Api).bare(), fields: supported, unsupported }
}

/// The fields of a flattened list. An item that names none says something about those before it.
fn listed(items: &[String]) -> Vec<Field> {
    let mut fields: Vec<(Vec<String>, String)> = Vec::new();
    for item in items {
        let is_value = |said: &str, name: &str| {
            description::is_marked(item) || description::lists(said, name) || words::is_deprecated(item)
        };
        match (fields.last_mut(), named(item)) {
            (Some((_, said)), None) => said.extend([" - ", item]),
            (Some((_, said)), Some((names, _))) if is_value(said, &names[0]) => said.extend([" - ", item]),
            (_, Some((names, rest))) => fields.push((names, rest.to_owned())),
            (None, None) => {}
        }
    }
    let fields = fields.into_iter().flat_map(|(names, said)| {
        let statement = description::describe(&said, &Type::default()).settled();
        names.into_iter().map(move |name| Field { name, statement: statement.clone(), ..Field::default() })
    });
    fields.collect()
}

/// The field that an item begins with, or two where either will do, and what the item says about it.
fn named(item: &str) -> Option<(Vec<String>, &str)> {
    let either = [" 또는 ", " or ", " または "].iter().find_map(|word| item.split_once(word));
    let names = either.map(|(one, other)| [one, other].map(|name| name.trim().replace('`', "")));
    if let Some(names) = names.filter(|names| names.iter().all(|name| is_name(name))) {
        return Some((names.to_vec(), ""));
    }
    let end = item.find([' ', ':', '(']).unwrap_or(item.len());
    let (name, rest) = (item[..end].replace('`', ""), item[end..].trim_start());
    let is_field = is_name(&name) && (rest.is_empty() || rest.starts_with(['(', ':']));
    is_field.then(|| (vec![name], rest.trim_start_matches(':')))
}
