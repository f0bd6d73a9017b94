//! Tables of models.

use std::sync::LazyLock;

use regex::Regex;

use super::table::{Named, Row};
use super::words::Column;
use crate::drift::attribute::{Attribute, Said};
use crate::drift::statement::Statement;

static FIGURE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d[\d,]*").expect("the expression is written down here"));

/// Reads the rows.
pub fn read(rows: &[Row<'_>]) -> Result<Vec<Named>, String> {
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
    Ok(models)
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
