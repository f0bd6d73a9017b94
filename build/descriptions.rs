//! Steps of the lowering that move to descriptions what a type must not have.

use serde_json::Value;

use super::schemas::{Schema, visit_all};

/// A lower end of 1 makes a type that takes no literal, the other limits make types that refuse what the service may
/// one day accept, and none of them is checked on a plain number. The service checks; a description tells the range.
pub fn tell_limits(root: &mut Value) -> usize {
    const LIMITS: [&str; 8] =
        ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern", "not"];
    let keys = |schema: &Schema| match schema.get("type").and_then(Value::as_str) {
        Some("number") => &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "anyOf"],
        Some("boolean") => &["enum"][..],
        _ => &LIMITS,
    };
    move_to_description(root, keys, range)
}

/// A field with a default is sent with every request, and some fields exclude others. A description tells what the service
/// takes instead.
pub fn tell_defaults(root: &mut Value) -> usize {
    move_to_description(root, |_| &["default", "x-clova-default-by"], default)
}

/// Which models take a field is the service's to check. A description tells them.
pub fn tell_models(root: &mut Value) -> usize {
    move_to_description(root, |_| &["x-clova-taken-by"], models)
}

/// Removes keys of schemas, after their descriptions told what they say.
fn move_to_description(
    root: &mut Value,
    keys: fn(&Schema) -> &'static [&'static str],
    tell: fn(&Schema) -> Option<String>,
) -> usize {
    let mut places = 0;
    visit_all(root, &mut |_, schema| {
        let (before, told) = (schema.len(), tell(schema));
        for key in keys(schema) {
            schema.shift_remove(*key);
        }
        if let (Some(Value::String(description)), Some(told)) = (schema.get_mut("description"), told) {
            *description = format!("{} {told}", description.trim_end());
        }
        places += usize::from(schema.len() < before);
    });
    places
}

/// The range of a number in words.
fn range(schema: &Schema) -> Option<String> {
    let end = |key: &str, open_key: &str, closed: &str, open: &str| {
        let word = if schema.get(open_key) == Some(&Value::Bool(true)) { open } else { closed };
        schema.get(key).map(|number| format!("{word} {number}"))
    };
    let least = end("minimum", "exclusiveMinimum", "at least", "over");
    let most = end("maximum", "exclusiveMaximum", "at most", "under");
    let words = least.into_iter().chain(most).collect::<Vec<_>>().join(", ");
    let unit = schema.get("x-clova-unit").and_then(Value::as_str).map_or(String::new(), |unit| format!(", in {unit}"));
    (!words.is_empty()).then(|| format!("Range: {words}{unit}."))
}

/// What the service takes for a field that is not sent.
fn default(schema: &Schema) -> Option<String> {
    if let Some(default) = schema.get("default") {
        return Some(format!("Default: `{default}`."));
    }
    let by = schema.get("x-clova-default-by")?;
    let values = by["values"].as_object()?.iter().map(|(other, value)| format!("`{value}` with `{other}`"));
    Some(format!("Default by `{}`: {}.", by["field"].as_str()?, values.collect::<Vec<_>>().join(", ")))
}

/// The models that take a field.
fn models(schema: &Schema) -> Option<String> {
    let models = schema.get("x-clova-taken-by")?.as_array()?.iter().filter_map(Value::as_str);
    let models = models.map(|model| if model == "tuned" { "tuned models" } else { model });
    Some(format!("Only for {}.", models.collect::<Vec<_>>().join(", ")))
}
