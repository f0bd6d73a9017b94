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
            Some((_, said)) if !is_field || is_value(said) => said.extend([" - ", item]),
            _ if is_field => fields.push((name, rest.trim_start_matches(':').to_owned())),
            _ => {}
        }
    }
    let fields = fields.into_iter().map(|(name, said)| {
        let statement = description::describe(&said, &Type::default()).settled();
        Field { name, statement, ..Field::default() }
    });
    fields.collect()
}
