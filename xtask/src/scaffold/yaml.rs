//! Writes YAML as the document is written: blocks, short lists and references in a line.

use std::fmt::Write as _;

use serde_json::Value;

/// The text of a value.
pub fn to_yaml(value: &Value) -> String {
    let mut text = String::new();
    block(&mut text, value, 0);
    text
}

fn block(text: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let _ = write!(text, "{indent}{}:", scalar(key));
                inner(text, member, depth + 1);
            }
        }
        Value::Array(items) => {
            for item in items {
                let _ = write!(text, "{indent}-");
                let mut inside = String::new();
                inner(&mut inside, item, depth + 1);
                // The first line of a block stands beside its dash.
                match inside.strip_prefix('\n') {
                    Some(lines) => drop(write!(text, " {}", lines.trim_start())),
                    None => text.push_str(&inside),
                }
            }
        }
        scalar => drop(writeln!(text, "{indent}{}", flow(scalar))),
    }
}

fn inner(text: &mut String, value: &Value, depth: usize) {
    if is_short(value) {
        let _ = writeln!(text, " {}", flow(value));
    } else {
        text.push('\n');
        block(text, value, depth);
    }
}

fn is_short(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.is_empty() || members.len() == 1 && members.contains_key("$ref"),
        Value::Array(items) => items.iter().all(|item| !item.is_object() && !item.is_array()),
        _ => true,
    }
}

fn flow(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(key, member)| format!("{}: {}", scalar(key), flow(member))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(text) => scalar(text),
        other => other.to_string(),
    }
}

/// A text, in quotes where it could be taken for something else.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || "/$".contains(first))
        && text.chars().all(|letter| letter.is_alphanumeric() || " _-./$:{}".contains(letter))
        && !text.contains(": ")
        && !text.ends_with([':', ' ']);
    let is_word = ["true", "false", "null", "yes", "no", "on", "off"].contains(&text.to_lowercase().as_str());
    if is_plain && !is_word { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}
