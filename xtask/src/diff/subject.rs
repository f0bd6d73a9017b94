//! What a JSON pointer into the document is about, in the words of those who read a changelog.

use serde_json::Value;

use crate::build::document::Document;

/// The name of what stands at a pointer, such as `ChatV3Request.messages[].role` or ``model `HCX-005` ``.
pub fn name(document: &Document, pointer: &str) -> String {
    let keys: Vec<String> = pointer.split('/').skip(1).map(unescape).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    match keys.as_slice() {
        ["components", "schemas", schema, within @ ..] => format!("{schema}{}", path(within)),
        ["components", "parameters", name, ..] => format!("parameter {name}"),
        ["components", "responses", name, ..] => format!("response {name}"),
        ["components", "headers", name, ..] => format!("header {name}"),
        ["components", "securitySchemes", name, ..] => format!("authentication {name}"),
        ["paths", _, method, within @ ..] if operation(document, &keys).is_some() => {
            let operation = operation(document, &keys).unwrap_or(method);
            format!("{operation}{}", within_operation(document, &keys, within))
        }
        ["paths", path, ..] => (*path).to_owned(),
        ["x-clova-models", model, ..] => format!("model {model}"),
        ["x-clova-status-codes", code, ..] => format!("code {code}"),
        ["servers", index, ..] => server(document, index),
        ["tags", ..] => "tags".to_owned(),
        ["security", ..] => "authentication".to_owned(),
        _ => "the document".to_owned(),
    }
}

fn unescape(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

/// The members on the way to a schema; ends before the keywords of that schema.
fn path(mut keys: &[&str]) -> String {
    let mut path = String::new();
    loop {
        keys = match keys {
            ["properties", name, rest @ ..] => {
                path.push('.');
                path.push_str(name);
                rest
            }
            ["items", rest @ ..] => {
                path.push_str("[]");
                rest
            }
            ["additionalProperties", rest @ ..] if !rest.is_empty() => {
                path.push_str(".*");
                rest
            }
            ["allOf" | "oneOf" | "anyOf", _, rest @ ..] => rest,
            _ => return path,
        };
    }
}

fn operation<'a>(document: &'a Document, keys: &[&str]) -> Option<&'a str> {
    document.root["paths"].get(*keys.get(1)?)?.get(*keys.get(2)?)?["operationId"].as_str()
}

fn within_operation(document: &Document, keys: &[&str], within: &[&str]) -> String {
    match within {
        ["parameters", index, ..] => {
            let parameter =
                index.parse().ok().map(|index: usize| &document.root["paths"][keys[1]][keys[2]]["parameters"][index]);
            format!(", parameter {}", parameter.and_then(|parameter| parameter["name"].as_str()).unwrap_or(index))
        }
        ["requestBody", "content", media_type, ..] => format!(", request as {media_type}"),
        ["requestBody", ..] => ", request".to_owned(),
        ["responses", status, "content", media_type, ..] => format!(", response {status} as {media_type}"),
        ["responses", status, "headers", header, ..] => format!(", response {status}, header {header}"),
        ["responses", status, ..] => format!(", response {status}"),
        _ => String::new(),
    }
}

fn server(document: &Document, index: &str) -> String {
    let server = index.parse().ok().map_or(&Value::Null, |index: usize| &document.root["servers"][index]);
    format!("host {}", server["x-clova-name"].as_str().or_else(|| server["url"].as_str()).unwrap_or(index))
}
