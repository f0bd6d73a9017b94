//! Values that fit a reduced schema, and values that nearly do.

use serde_json::{Map, Value, json};

/// Most values for one schema.
const MOST: usize = 400;

/// Values that fit, and each of them with one part changed or left out. None has a null.
pub fn instances(schema: &Value) -> Vec<Value> {
    let mut instances = Vec::new();
    for fitting in fitting(schema) {
        for pointer in pointers(&fitting) {
            for changed in changes(&fitting, &pointer) {
                instances.push(changed);
            }
        }
        instances.push(fitting);
        if instances.len() > MOST {
            break;
        }
    }
    instances.truncate(MOST);
    instances
}

/// Values that fit, one for each branch of a choice as long as there are few.
fn fitting(schema: &Value) -> Vec<Value> {
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().filter(|value| !has_null(value)).take(3).cloned().collect();
    }
    if let Some(members) = schema["anyOf"].as_array() {
        return members.iter().flat_map(fitting).take(6).collect();
    }
    match schema["type"].as_str() {
        Some("string") => vec![json!("text")],
        Some("boolean") => vec![json!(true)],
        Some("integer" | "number") => {
            let ends = [schema.get("minimum"), schema.get("maximum")];
            let ends: Vec<Value> = ends.into_iter().flatten().cloned().collect();
            if ends.is_empty() { vec![json!(3)] } else { ends }
        }
        Some("array") => lists(schema),
        Some("object") => objects(schema),
        _ => Vec::new(),
    }
}

fn lists(schema: &Value) -> Vec<Value> {
    let items = schema.get("items").map_or_else(|| vec![json!("any")], fitting);
    let count = |keyword: &str| schema[keyword].as_u64().and_then(|count| usize::try_from(count).ok());
    let counts = [count("minItems").unwrap_or(0), count("maxItems").unwrap_or(2)];
    let lists = counts.into_iter().filter(|count| *count < 20);
    lists.map(|count| items.iter().cycle().take(if items.is_empty() { 0 } else { count }).cloned().collect()).collect()
}

/// Objects with every property, as many as the property with most values has.
fn objects(schema: &Value) -> Vec<Value> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let properties: Vec<(&String, Vec<Value>)> = properties.map(|(name, schema)| (name, fitting(schema))).collect();
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let required: Map<String, Value> = required.map(|name| (name.to_owned(), json!("any"))).collect();
    let count = properties.iter().map(|(_, values)| values.len()).max().unwrap_or(1).max(1);
    let object = |number: usize| {
        let mut object = required.clone();
        for (name, values) in &properties {
            if let Some(value) = values.get(number % values.len().max(1)) {
                object.insert((*name).clone(), value.clone());
            }
        }
        Value::Object(object)
    };
    (0..count).map(object).collect()
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(members) => members.values().any(has_null),
        _ => false,
    }
}

/// Pointers to every part of a value.
fn pointers(value: &Value) -> Vec<String> {
    let segments: Vec<String> = match value {
        Value::Object(members) => members.keys().map(|key| key.replace('~', "~0").replace('/', "~1")).collect(),
        Value::Array(items) => (0..items.len()).map(|index| index.to_string()).collect(),
        _ => Vec::new(),
    };
    let inner = segments.iter().flat_map(|segment| {
        let at = format!("/{segment}");
        let inner = value.pointer(&at).map(pointers).unwrap_or_default();
        inner.into_iter().map(move |pointer| format!("{at}{pointer}"))
    });
    std::iter::once(String::new()).chain(inner).collect()
}

/// A value with one part replaced, moved by one, or left out.
fn changes(value: &Value, pointer: &str) -> Vec<Value> {
    let part = value.pointer(pointer).expect("a part of the value");
    let others = [json!("other"), json!(7), json!(-1), json!(0.5), json!(false), json!([]), json!({})];
    let moved = part.as_i64().and_then(|part| Some([json!(part.checked_add(1)?), json!(part.checked_sub(1)?)]));
    let longer = part.as_array().map(|items| items.iter().chain(items.first()).cloned().collect());
    let replaced = others.into_iter().chain(moved.into_iter().flatten()).chain(longer).map(|other| {
        let mut changed = value.clone();
        if let Some(part) = changed.pointer_mut(pointer) {
            *part = other;
        }
        changed
    });
    replaced.chain(without(value, pointer)).collect()
}

fn without(value: &Value, pointer: &str) -> Option<Value> {
    let (parent, segment) = pointer.rsplit_once('/')?;
    let mut changed = value.clone();
    match changed.pointer_mut(parent)? {
        Value::Object(members) => members.remove(&segment.replace("~1", "/").replace("~0", "~"))?,
        Value::Array(items) => items.remove(segment.parse().ok()?),
        _ => return None,
    };
    Some(changed)
}
