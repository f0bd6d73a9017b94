//! Writes a JSON value as YAML.

use std::borrow::Cow;

use anyhow::anyhow;
use saphyr::{Scalar, Yaml, YamlEmitter};
use serde_json::Value;

/// The text, with long texts as blocks.
pub fn write(value: &Value) -> anyhow::Result<String> {
    let mut text = String::new();
    let mut emitter = YamlEmitter::new(&mut text);
    emitter.multiline(true);
    emitter.dump(&yaml(value)).map_err(|error| anyhow!("cannot write YAML: {error:?}"))?;
    Ok(text.trim_start_matches("---\n").trim_end().to_owned() + "\n")
}

fn yaml(value: &Value) -> Yaml<'_> {
    match value {
        Value::Null => Yaml::Value(Scalar::Null),
        Value::Bool(flag) => Yaml::Value(Scalar::Boolean(*flag)),
        Value::Number(number) => Yaml::Value(match number.as_i64() {
            Some(integer) => Scalar::Integer(integer),
            None => Scalar::FloatingPoint(number.as_f64().unwrap_or_default().into()),
        }),
        Value::String(text) => Yaml::Value(Scalar::String(Cow::Borrowed(text))),
        Value::Array(items) => Yaml::Sequence(items.iter().map(yaml).collect()),
        Value::Object(members) => {
            let members =
                members.iter().map(|(key, value)| (Yaml::Value(Scalar::String(Cow::Borrowed(key))), yaml(value)));
            Yaml::Mapping(members.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::build::document::Document;
    use crate::build::lowering;
    use crate::workspace;

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let odd = json!({ "code": "20000", "yes": "no", "empty": "", "null": null, "text": "a: b\n\n  c\n", "e": 1.0e-4, "n": 4_294_967_295_u32, "l": [[], {}, ["#"]] });
        let document = workspace::document().expect("the document");
        for value in [odd, document.root.clone(), lowering::lower(&document).expect("it can be lowered").root] {
            let text = write(&value).expect("YAML");
            assert_eq!(Document::parse("written.yaml", &text).expect("YAML").root, value);
        }
    }
}
