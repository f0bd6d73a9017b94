//! Schemas: in the words that the generator turns into good types.

use serde_json::{Value, json};

use super::Rule;
use super::input::{Input, Node};
use crate::build::document::Fault;

pub const RULES: [Rule; 14] = [
    Rule { name: "schema-type", asks: "a schema has one type of JSON, or none", check: kind },
    Rule { name: "number-format", asks: "numbers have a format that Rust has a type for", check: number_format },
    Rule {
        name: "text-format",
        asks: "texts have no format that refuses what the service may send",
        check: text_format,
    },
    Rule { name: "list-items", asks: "lists say what is in them", check: list_items },
    Rule { name: "list-length", asks: "lists have no fixed length", check: list_length },
    Rule { name: "additional-properties", asks: "objects with members are open, maps say so", check: additional },
    Rule { name: "required-member", asks: "what is required is described", check: required_member },
    Rule { name: "inline-object", asks: "objects with members are components", check: inline_object },
    Rule { name: "title", asks: "no schema has a `title`, which would name its type", check: title },
    Rule { name: "all-of", asks: "`allOf` holds one reference, to say more about it", check: all_of },
    Rule { name: "not", asks: "`not` stands on texts and integers only", check: not },
    Rule { name: "open-end", asks: "open ends of ranges stand beside their limit", check: open_end },
    Rule { name: "nullable", asks: "what may be null is written in one of two ways", check: nullable },
    Rule { name: "nullable-required", asks: "a reference that may be null may be left out", check: nullable_required },
];

/// Faults at a member of the schemas that have it and are not good.
fn at_member(
    input: &Input,
    member: &str,
    is_bad: impl Fn(&Value) -> bool,
    problem: impl Fn(&Value) -> String,
    remedy: &str,
) -> Vec<Fault> {
    let bad = input.schemas().filter(|schema| is_bad(schema.value));
    let faults =
        bad.map(|schema| input.document.fault(&format!("{}/{member}", schema.pointer), problem(schema.value), remedy));
    faults.collect()
}

fn kind(input: &Input) -> Vec<Fault> {
    const TYPES: [&str; 6] = ["object", "array", "string", "integer", "number", "boolean"];
    let is_bad =
        |schema: &Value| schema.get("type").is_some_and(|kind| !kind.as_str().is_some_and(|it| TYPES.contains(&it)));
    let problem = |schema: &Value| format!("OpenAPI 3.0 has no type {}", schema["type"]);
    let remedy = "Write one of object, array, string, integer, number and boolean; `nullable: true` for null; `oneOf` for a choice";
    at_member(input, "type", is_bad, problem, remedy)
}

fn number_format(input: &Input) -> Vec<Fault> {
    let is_bad = |schema: &Value| match schema["type"].as_str() {
        // What a field is not makes no type.
        _ if schema.get("enum").is_some() => false,
        Some("integer") => !["int32", "int64", "uint32", "uint64"].iter().any(|format| schema["format"] == *format),
        Some("number") => schema["format"] != "double",
        _ => false,
    };
    let problem = |schema: &Value| {
        format!("`{}` without a format that Rust has a type for", schema["type"].as_str().unwrap_or_default())
    };
    let remedy = "Write int32 for settings, int64 for counts and times, uint32 for seeds, double for numbers";
    at_member(input, "format", is_bad, problem, remedy)
}

fn text_format(input: &Input) -> Vec<Fault> {
    const STRICT: [&str; 6] = ["uuid", "date", "date-time", "ip", "ipv4", "ipv6"];
    let is_bad = |schema: &Value| schema["type"] == "string" && STRICT.iter().any(|format| schema["format"] == *format);
    let problem = |schema: &Value| {
        format!(
            "{} becomes a type that refuses an answer in any other form, and needs one more crate",
            schema["format"]
        )
    };
    at_member(input, "format", is_bad, problem, "Leave `format` out and say the form in the description")
}

fn list_items(input: &Input) -> Vec<Fault> {
    let is_bad = |schema: &Value| schema["type"] == "array" && schema.get("items").is_none();
    let problem = |_: &Value| "the list does not say what is in it".to_owned();
    at_member(input, "items", is_bad, problem, "Add `items`; `items: {description: …}` where anything may be")
}

fn list_length(input: &Input) -> Vec<Fault> {
    let is_bad = |schema: &Value| {
        schema["minItems"].as_u64().is_some_and(|items| items > 0) && schema["minItems"] == schema["maxItems"]
    };
    let problem =
        |schema: &Value| format!("this becomes an array of {} that refuses any other length", schema["minItems"]);
    at_member(input, "minItems", is_bad, problem, "Leave one of `minItems` and `maxItems` out")
}

/// `deny_unknown_fields` refuses an answer with a new member; `true` beside members would lose it.
fn additional(input: &Input) -> Vec<Fault> {
    let is_bad = |schema: &Value| match schema.get("additionalProperties") {
        None => false,
        Some(open) => schema.get("properties").is_some() || *open == false,
    };
    let problem = |schema: &Value| match schema["additionalProperties"] {
        Value::Bool(false) => "a new member of the vendor would break every answer with this object".to_owned(),
        _ => "beside `properties` this loses the members that the document does not know".to_owned(),
    };
    at_member(
        input,
        "additionalProperties",
        is_bad,
        problem,
        "Leave it out: `keep_unknown_members` of build/lowering.rs keeps what is new",
    )
}

fn required_member(input: &Input) -> Vec<Fault> {
    let mut faults = Vec::new();
    for schema in input.schemas().filter(|schema| schema.value.get("properties").is_some()) {
        let names = schema.items_of("required").into_iter();
        let unknown =
            names.filter(|name| name.value.as_str().is_none_or(|key| schema.value["properties"].get(key).is_none()));
        faults.extend(unknown.map(|name| {
            let problem = format!("{} is required and not among the `properties`", name.value);
            input.fault(&name, problem, "Correct the name, or describe the member")
        }));
    }
    faults
}

/// The generator names the type of an object that stands inside another after its place, and numbers what it cannot name.
fn inline_object(input: &Input) -> Vec<Fault> {
    let is_component = |pointer: &str| pointer.matches('/').count() == 3 && pointer.starts_with("/components/schemas/");
    let inline =
        input.schemas().filter(|schema| schema.value.get("properties").is_some() && !is_component(&schema.pointer));
    let faults = inline.map(|schema| {
        let problem = "an object with members that is no component gets a made-up name";
        input.fault(&schema, problem, "Move it to `components/schemas` under a name of its own, and refer to it")
    });
    faults.collect()
}

fn title(input: &Input) -> Vec<Fault> {
    let problem = |schema: &Value| format!("the title {} would become the name of the type", schema["title"]);
    let is_bad = |schema: &Value| schema.get("title").is_some();
    at_member(input, "title", is_bad, problem, "Leave it out: the name of the component is the name of the type")
}

fn all_of(input: &Input) -> Vec<Fault> {
    let is_bad = |schema: &Value| {
        let parts = schema.get("allOf").map(|parts| parts.as_array().map(Vec::as_slice).unwrap_or_default());
        parts.is_some_and(|parts| !matches!(parts, [only] if only.get("$ref").is_some()))
    };
    let problem = |_: &Value| "the generator merges the parts of `allOf` into a type that is none of them".to_owned();
    at_member(
        input,
        "allOf",
        is_bad,
        problem,
        "Write the members out in one component, repeating fields with YAML anchors",
    )
}

fn not(input: &Input) -> Vec<Fault> {
    let is_bad = |schema: &Value| {
        schema.get("not").is_some() && ["number", "boolean"].iter().any(|kind| schema["type"] == *kind)
    };
    let problem =
        |_: &Value| "`tell_limits` of build/lowering.rs leaves this `not`, and the generator panics on it".to_owned();
    at_member(input, "not", is_bad, problem, "Say it with limits or `anyOf`, as `SegmentationRequest.alpha` does")
}

fn open_end(input: &Input) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (open, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let is_bad = |schema: &Value| match schema.get(open) {
            None => false,
            Some(flag) => !flag.is_boolean() || schema.get(limit).is_none(),
        };
        let problem = |_: &Value| format!("`{open}` is a mark beside `{limit}`, not a limit of its own");
        faults.extend(at_member(
            input,
            open,
            is_bad,
            problem,
            "Write the limit as `minimum` or `maximum`, and `true` here",
        ));
    }
    faults
}

/// Whether this is the only value null.
pub fn is_null(schema: &Value) -> bool {
    schema["enum"] == json!([null])
}

/// Whether this is a reference that may be null, in the way of the conventions.
pub fn is_nullable_reference(schema: &Value) -> bool {
    let choices = schema["oneOf"].as_array().map(Vec::as_slice).unwrap_or_default();
    matches!(choices, [reference, null] if reference.get("$ref").is_some() && is_null(null))
}

fn nullable(input: &Input) -> Vec<Fault> {
    let has_null = |schema: &Value| {
        let choices = ["oneOf", "anyOf", "allOf"].iter().filter_map(|key| schema[*key].as_array()).flatten();
        choices.into_iter().any(|choice| is_null(choice) || choice["type"] == "null")
    };
    let is_bad = |schema: &Node<'_>| {
        let marked = schema.value.get("nullable").is_some() && schema.value.get("type").is_none();
        marked || has_null(schema.value) && !is_nullable_reference(schema.value)
    };
    let bad = input.schemas().filter(is_bad);
    let faults = bad.map(|schema| {
        let remedy = "Write `type: …` with `nullable: true`, or `oneOf: [{$ref: …}, *null]` for a reference";
        input.fault(&schema, "this null is not written in the way that `plain_nullable_references` knows", remedy)
    });
    faults.collect()
}

/// The lowering takes null out of the choice, because a member that may be left out may be null as well.
fn nullable_required(input: &Input) -> Vec<Fault> {
    let mut faults = Vec::new();
    for schema in input.schemas() {
        let required: Vec<&Value> = schema.value["required"].as_array().into_iter().flatten().collect();
        let members = schema.members_of("properties").into_iter();
        let bad = members
            .filter(|(name, member)| is_nullable_reference(member.value) && required.iter().any(|it| *it == *name));
        faults.extend(bad.map(|(name, member)| {
            let problem = format!("`{name}` is required and may be null, which `plain_nullable_references` takes away");
            input.fault(&member, problem, "Take it out of `required`: it may then be left out or null")
        }));
    }
    faults
}
