//! What fills a schema fits it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::texts::SAMPLES;
use super::{Clues, merged, of};
use crate::limits::KEYWORDS;

fn filled(schema: &Value, prompt: &str) -> Value {
    let value = of(schema, Clues::new(prompt, &[])).unwrap_or_else(|| panic!("nothing fits {schema}"));
    assert_fits(schema, &value);
    value
}

fn assert_fits(schema: &Value, value: &Value) {
    let validator = merged::validator(schema).expect("a schema");
    assert!(validator.is_valid(value), "{value} does not fit {schema}");
}

fn object(properties: &Value) -> Value {
    json!({ "type": "object", "properties": properties })
}

#[test]
fn numbers_go_where_their_names_are() {
    let schema = object(&json!({
        "low": { "type": "number" },
        "rain": { "type": "integer", "minimum": 0, "maximum": 100 },
        "high": { "type": "number", "description": "Highest temperature" },
        "wind": { "type": "number" },
    }));
    let value = filled(&schema, "High 32, low -15.5, rain 30 percent.");
    assert_eq!(value, json!({ "low": -15.5, "rain": 30, "high": 32, "wind": 0 }));
    let korean = object(&json!({
        "low": { "type": "number", "description": "최저 기온" },
        "high": { "type": "number", "description": "최고 기온" },
    }));
    assert_eq!(filled(&korean, "최고 기온은 32도, 최저 기온은 15도입니다."), json!({ "low": 15, "high": 32 }));
    let count = object(&json!({ "count": { "type": "integer" }, "price": { "type": "integer", "minimum": 1000 } }));
    assert_eq!(filled(&count, "3 apples for 1,200 won"), json!({ "count": 3, "price": 1200 }));
}

#[test]
fn texts_are_taken_from_the_prompt() {
    let schema = object(&json!({ "from": { "type": "string" }, "to": { "type": "string" } }));
    assert_eq!(
        filled(&schema, "A flight from Seoul to New York, please"),
        json!({ "from": "Seoul", "to": "New York" })
    );
    let schema = object(&json!({
        "name": { "type": "string" },
        "email": { "type": "string", "format": "email" },
        "day": { "type": "string", "format": "date" },
        "kind": { "enum": ["work", "private"] },
        "urgent": { "type": "boolean" },
        "title": { "type": "string" },
    }));
    let prompt = "Note “Call back” for Kim (kim@example.org) on 2026-12-01: a private, urgent matter. Name: Lee Sun.";
    let expected = json!({
        "name": "Lee Sun", "email": "kim@example.org", "day": "2026-12-01", "kind": "private", "urgent": true,
        "title": "Call back",
    });
    assert_eq!(filled(&schema, prompt), expected);
    assert_eq!(filled(&schema, "It is not urgent")["urgent"], false);
}

#[test]
fn lists_take_all_there_is_within_their_limits() {
    let numbers = |limits: Value| {
        let mut list = limits;
        list["type"] = json!("array");
        list["items"] = json!({ "type": "integer" });
        filled(&object(&json!({ "list": list })), "Add 3, 5 and 8")["list"].clone()
    };
    assert_eq!(numbers(json!({})), json!([3, 5, 8]));
    assert_eq!(numbers(json!({ "maxItems": 2 })), json!([3, 5]));
    assert_eq!(numbers(json!({ "minItems": 4 })), json!([3, 5, 8, 0]));
    assert_eq!(numbers(json!({ "maxItems": 0 })), json!([]));
    let names = object(&json!({ "people": { "type": "array", "items": { "type": "string" } } }));
    assert_eq!(filled(&names, "Meet Kim, Lee and Park"), json!({ "people": ["Kim", "Lee", "Park"] }));
}

#[test]
fn a_choice_is_made_that_can_be_met() {
    let impossible = json!({ "type": "integer", "minimum": 0.2, "maximum": 0.8 });
    let schema = json!({ "anyOf": [impossible, { "enum": ["a", 7] }], "type": "integer" });
    assert_eq!(filled(&schema, ""), json!(7));
    let optional = object(&json!({ "it": impossible }));
    assert_eq!(filled(&optional, ""), json!({}));
    let required = json!({ "properties": { "it": impossible }, "required": ["it"] });
    assert_eq!(of(&required, Clues::new("", &[])), None);
}

#[test]
fn keywords_of_functions_beyond_structured_outputs_are_kept() {
    let schema = json!({
        "$defs": { "Node": {
            "type": "object",
            "properties": { "next": { "anyOf": [{ "$ref": "#/$defs/Node" }, { "type": "null" }] } },
            "required": ["next"],
        } },
        "type": "object",
        "properties": {
            "node": { "$ref": "#/$defs/Node" },
            "kind": { "const": "x" },
            "size": { "type": ["null", "integer"], "exclusiveMinimum": 3, "multipleOf": 5 },
            "code": { "type": "string", "minLength": 40, "maxLength": 40 },
            "both": { "allOf": [{ "type": "number" }, { "minimum": 2.5 }] },
        },
        "required": ["node", "kind", "size", "code", "both"],
    });
    let value = filled(&schema, "");
    assert_eq!(value["size"], 5);
}

#[test]
fn a_list_without_end_and_a_type_without_end_end() {
    let endless = object(&json!({ "list": { "type": "array", "items": {}, "minItems": 1_000_000_000 }, "x": {} }));
    let value = of(&endless, Clues::new("", &[])).expect("a value");
    assert!(value["list"].as_array().is_some_and(|list| list.len() > 16_384) && value["x"].is_string());
    let circle = json!({ "$defs": { "A": { "properties": { "a": { "$ref": "#/$defs/A" } }, "required": ["a"] } }, "$ref": "#/$defs/A" });
    assert_eq!(of(&circle, Clues::new("", &[])), None);
    assert_eq!(of(&json!({ "$ref": "#" }), Clues::new("", &[])), None);
}

#[test]
fn there_is_a_sample_of_every_format_of_the_document() {
    let known: Vec<_> = SAMPLES.iter().map(|(format, _)| *format).collect();
    assert_eq!(known, KEYWORDS.string_formats);
    for (format, sample) in SAMPLES {
        assert_fits(&json!({ "type": "string", "format": format }), &json!(sample));
        let wrong = merged::validator(&json!({ "format": format })).is_some_and(|it| it.is_valid(&json!("no !")));
        assert!(!wrong, "{format} is checked");
    }
}

/// A schema with the keywords of structured outputs, and a value that fits it.
fn possible() -> impl Strategy<Value = (Value, Value)> {
    let number = |whole: bool| {
        (any::<i32>(), 0..9_u8, 0..9_u8, any::<bool>(), any::<bool>()).prop_map(move |(at, below, above, low, high)| {
            let half = if whole { 0.0 } else { 0.5 };
            let mut schema = json!({ "type": if whole { "integer" } else { "number" } });
            if low {
                schema["minimum"] = json!(f64::from(at) - f64::from(below));
            }
            if high {
                schema["maximum"] = json!(f64::from(at) + f64::from(above) + half);
            }
            (schema, json!(at))
        })
    };
    let text = prop::option::of(prop::sample::select(SAMPLES.to_vec())).prop_map(|format| match format {
        Some((format, sample)) => (json!({ "type": "string", "format": format }), json!(sample)),
        None => (json!({ "type": "string", "description": "A text" }), json!("a")),
    });
    let values = prop::sample::subsequence(vec![json!("a b"), json!(7), json!(true), json!({ "a": [] })], 1..=4)
        .prop_map(|values| (json!({ "enum": values }), values[0].clone()));
    let leaf =
        prop_oneof![number(true), number(false), text, values, Just((json!({ "type": "boolean" }), json!(true)))];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let list =
            (prop::collection::vec(inner.clone(), 1..4), 0..3_usize, 0..3_usize).prop_map(|(items, least, more)| {
                let (schema, value) = items[0].clone();
                (
                    json!({ "type": "array", "items": schema, "minItems": least, "maxItems": least + more }),
                    json!(vec![value; least]),
                )
            });
        let members = prop::collection::btree_map("[a-z]{1,6}", (inner.clone(), any::<bool>()), 0..4);
        let object = members.prop_map(|members| {
            let schema = |(name, ((schema, _), _)): (&String, &((Value, Value), bool))| (name.clone(), schema.clone());
            let value = |(name, ((_, value), _)): (&String, &((Value, Value), bool))| (name.clone(), value.clone());
            let required: Vec<_> =
                members.iter().filter(|(_, (_, required))| *required).map(|(name, _)| name).collect();
            let properties: serde_json::Map<_, _> = members.iter().map(schema).collect();
            let whole: serde_json::Map<_, _> = members.iter().map(value).collect();
            (json!({ "type": "object", "properties": properties, "required": required }), Value::Object(whole))
        });
        // A choice whose first member cannot be met together with what stands beside it.
        let choice = (inner.clone(), any::<bool>()).prop_map(|((schema, value), beside)| {
            let never = json!({ "enum": ["never"], "type": "integer" });
            let mut choice = if beside { schema.clone() } else { json!({}) };
            choice["anyOf"] = json!([never, schema]);
            (choice, value)
        });
        prop_oneof![list, object, choice]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_can_be_met_is_met((schema, value) in possible(), prompt in "[a-z]{1,6}( [a-zA-Z가-힣0-9:,.-]{1,9}){0,12}") {
        let schema = json!({ "type": "object", "properties": { "it": schema }, "required": ["it"] });
        assert_fits(&schema, &json!({ "it": value }));
        let known = [prompt.clone()];
        for clues in [Clues::new(&prompt, &[]), Clues::new(&prompt, &known)] {
            let found = of(&schema, clues);
            prop_assert!(found.is_some(), "nothing fits {}", schema);
            assert_fits(&schema, &found.unwrap_or_default());
        }
    }
}
