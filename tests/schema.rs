//! Schemas are reduced to what the service takes, or refused with what stands where.

#[allow(dead_code, reason = "the checks are shared")]
mod checks;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Debug;
use std::net::{IpAddr, Ipv4Addr};
use std::num::{NonZeroI32, NonZeroU32};

use checks::schema::{assert_within_service, check_value};
use clovastudio::schema::{self, SchemaError, reduce};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

fn schema_of<T: JsonSchema>() -> Value {
    Value::Object(schema::of::<T>().expect("the type can be expressed"))
}

fn reduced(schema: &Value) -> Value {
    Value::Object(reduce(schema).unwrap_or_else(|error| panic!("{schema}: {error}")))
}

/// The reduced schema of a property.
fn property(schema: &Value) -> Value {
    reduced(&json!({ "type": "object", "properties": { "it": schema } }))["properties"]["it"].take()
}

fn refusal(schema: &Value) -> SchemaError {
    reduce(schema).map(|reduced| panic!("{schema} is reduced to {}", json!(reduced))).unwrap_err()
}

fn property_refusal(schema: &Value) -> SchemaError {
    refusal(&json!({ "type": "object", "properties": { "it": schema } }))
}

fn unsupported(keyword: &str, pointer: &str) -> SchemaError {
    SchemaError::Unsupported { keyword: keyword.to_owned(), pointer: pointer.to_owned() }
}

// A struct with one field, since a root is an object. No documentation: it would be in the schema.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Holder<T> {
    it: T,
}

fn field_schema<T: JsonSchema>() -> Value {
    schema_of::<Holder<T>>()["properties"]["it"].take()
}

fn field_refusal<T: JsonSchema>() -> SchemaError {
    schema::of::<Holder<T>>().map(|schema| panic!("{}", json!(schema))).unwrap_err()
}

/// A place
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Place {
    city_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    height: Option<f64>,
}

fn place() -> Place {
    Place { city_name: "Busan".to_owned(), height: None }
}

fn place_schema() -> Value {
    json!({
        "type": "object",
        "description": "A place",
        "properties": { "cityName": { "type": "string" }, "height": { "type": "number" } },
        "required": ["cityName"],
    })
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
enum Unit {
    Celsius,
    Fahrenheit,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
enum Weather {
    /// No clouds
    Clear,
    Overcast,
    Foggy,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
enum External {
    Nowhere,
    Name(String),
    Place(Place),
    Point { x: i8 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Internal {
    Nowhere,
    Place(Loose),
    Strict(Place),
    Point { x: i8 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "value")]
enum Adjacent {
    Nowhere,
    Place(Place),
    Point { x: i8 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Place(Place),
    Text(String),
    Number(f64),
    Nothing,
}

/// Not as strict as a place
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Loose {
    /// Its name
    name: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
enum Single {
    Only(i8),
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Flattened {
    id: u8,
    #[serde(flatten)]
    loose: Loose,
    #[serde(flatten)]
    kind: Adjacent,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Numbers {
    tiny: i8,
    small: u16,
    middle: i32,
    large: u64,
    size: usize,
    not_zero: NonZeroU32,
    #[schemars(range(min = -90, max = 90))]
    latitude: f32,
    exact: f64,
    three: [i32; 3],
}

#[derive(JsonSchema)]
struct Tree {
    #[allow(dead_code)]
    branches: Vec<Tree>,
}

#[derive(JsonSchema)]
struct Chain {
    #[allow(dead_code)]
    next: Option<Box<Chain>>,
}

#[derive(JsonSchema)]
enum Never {}

#[derive(JsonSchema)]
struct TwoFlattened {
    #[allow(dead_code)]
    #[serde(flatten)]
    one: Adjacent,
    #[allow(dead_code)]
    #[serde(flatten)]
    other: External,
}

#[derive(JsonSchema)]
struct OptionFlattened {
    #[allow(dead_code)]
    #[serde(flatten)]
    one: Option<Adjacent>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Everything {
    /// Of the field
    documented: Place,
    undocumented: Place,
    unit: Unit,
    weather: Vec<Weather>,
    external: Vec<External>,
    internal: Vec<Internal>,
    adjacent: Vec<Adjacent>,
    untagged: Vec<Untagged>,
    single: Single,
    numbers: Numbers,
    flag: bool,
    id: uuid::Uuid,
    address: Ipv4Addr,
    boxed: Box<Unit>,
    nested: Vec<Vec<Holder<Option<Unit>>>>,
    #[serde(default)]
    defaulted: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    maybe_unit: Option<Unit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maybe_place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maybe_list: Option<Vec<String>>,
    flattened: Flattened,
}

fn everything() -> Everything {
    Everything {
        documented: place(),
        undocumented: Place { height: Some(1.5), ..place() },
        unit: Unit::Celsius,
        weather: vec![Weather::Clear, Weather::Overcast],
        external: vec![
            External::Nowhere,
            External::Name("Seoul".to_owned()),
            External::Place(place()),
            External::Point { x: -1 },
        ],
        internal: vec![
            Internal::Nowhere,
            Internal::Place(Loose { name: "Jeju".to_owned() }),
            Internal::Strict(place()),
            Internal::Point { x: 127 },
        ],
        adjacent: vec![Adjacent::Nowhere, Adjacent::Place(place()), Adjacent::Point { x: 0 }],
        untagged: vec![Untagged::Place(place()), Untagged::Text(String::new()), Untagged::Number(-0.5)],
        single: Single::Only(1),
        numbers: Numbers {
            tiny: i8::MIN,
            small: u16::MAX,
            middle: i32::MIN,
            large: u64::MAX,
            size: 0,
            not_zero: NonZeroU32::MIN,
            latitude: 37.5,
            exact: 1e300,
            three: [1, 2, 3],
        },
        flag: true,
        id: uuid::Uuid::from_u128(1),
        address: Ipv4Addr::LOCALHOST,
        boxed: Box::new(Unit::Fahrenheit),
        nested: vec![vec![], vec![Holder { it: Some(Unit::Celsius) }]],
        defaulted: 255,
        maybe_unit: Some(Unit::Celsius),
        maybe_place: None,
        maybe_list: Some(vec![String::new()]),
        flattened: Flattened { id: 1, loose: Loose { name: "Daegu".to_owned() }, kind: Adjacent::Place(place()) },
    }
}

fn assert_reads_back<T: JsonSchema + Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let schema = schema_of::<T>();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a JSON Schema");
    let json = serde_json::to_value(value).expect("the value can be written");
    let problems: Vec<String> =
        validator.iter_errors(&json).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(problems.is_empty(), "{json} does not fit {schema}: {problems:?}");
    assert_eq!(serde_json::from_value::<T>(json).expect("the value can be read"), *value);
}

#[test]
fn values_fit_the_schema_of_their_type() {
    assert_reads_back(&place());
    assert_reads_back(&everything());
    assert_reads_back(&everything().flattened);
    assert_reads_back(&everything().numbers);
    assert_reads_back(&Holder { it: vec![Internal::Nowhere] });
    assert_reads_back(&Holder { it: Untagged::Text("a".to_owned()) });
}

#[test]
fn a_reduced_type_has_only_keywords_of_the_service() {
    let schema = schema_of::<Everything>();
    assert_within_service(&schema);
    assert_eq!(reduced(&schema), schema);
    assert_eq!(schema_of::<Everything>().to_string(), schema.to_string());
}

#[test]
fn a_reduced_schema_still_refuses_what_does_not_fit() {
    let validator = jsonschema::validator_for(&schema_of::<Everything>()).expect("a JSON Schema");
    let changes = [
        ("/unit", json!("Kelvin")),
        ("/internal/0/kind", json!("somewhere")),
        ("/external/3", json!({ "Point": {} })),
        ("/numbers/tiny", json!(128)),
        ("/numbers/not_zero", json!(0)),
        ("/numbers/three", json!([1, 2])),
        ("/numbers/latitude", json!(90.5)),
        ("/undocumented/cityName", json!(null)),
        ("/maybe_unit", json!(null)),
        ("/flattened/kind", json!("Point")),
    ];
    for (pointer, value) in changes {
        let mut json = serde_json::to_value(everything()).expect("the value can be written");
        *json.pointer_mut(pointer).expect(pointer) = value;
        assert!(!validator.is_valid(&json), "{pointer}");
    }
}

#[test]
fn references_are_inlined_and_annotations_dropped() {
    assert_eq!(schema_of::<Place>(), place_schema());
    assert_eq!(field_schema::<Place>(), place_schema());
    assert_eq!(field_schema::<Vec<Box<Place>>>(), json!({ "type": "array", "items": place_schema() }));
    assert_eq!(
        property(&json!({
            "$comment": "", "$id": "https://example.com", "title": "", "default": 1, "examples": [1], "readOnly": true,
            "writeOnly": true, "deprecated": true, "type": "integer", "format": "int32",
        })),
        json!({ "type": "integer" })
    );
}

#[test]
fn the_outermost_description_wins() {
    let schema = schema_of::<Everything>();
    assert_eq!(schema["properties"]["documented"]["description"], "Of the field");
    assert_eq!(schema["properties"]["undocumented"]["description"], "A place");
    let schema = json!({ "anyOf": [{ "type": "string", "description": "inner" }, { "type": "null" }] });
    assert_eq!(property(&schema), json!({ "type": "string", "description": "inner" }));
    let schema = json!({ "allOf": [{ "type": "string", "description": "inner" }], "description": "outer" });
    assert_eq!(property(&schema), json!({ "type": "string", "description": "outer" }));
}

#[test]
fn additional_properties_are_dropped_unless_they_have_a_schema() {
    for value in [true, false] {
        let schema = json!({ "type": "object", "additionalProperties": value, "unevaluatedProperties": value });
        assert_eq!(reduced(&schema), json!({ "type": "object" }));
    }
    let map = unsupported("additionalProperties", "/properties/it/additionalProperties");
    assert_eq!(field_refusal::<HashMap<String, i32>>(), map);
    assert_eq!(field_refusal::<BTreeMap<String, Place>>(), map);
    assert_eq!(
        refusal(&json!({ "type": "object", "additionalProperties": {} })),
        unsupported("additionalProperties", "/additionalProperties")
    );
}

#[test]
fn options_may_be_left_out_instead_of_null() {
    assert_eq!(
        schema_of::<Holder<Option<String>>>(),
        json!({ "type": "object", "properties": { "it": { "type": "string" } } })
    );
    assert_eq!(field_schema::<Option<Place>>(), place_schema());
    assert_eq!(field_schema::<Option<Option<u8>>>(), json!({ "type": "integer", "minimum": 0, "maximum": 255 }));
    assert_eq!(field_schema::<Option<Unit>>(), json!({ "type": "string", "enum": ["Celsius", "Fahrenheit"] }));
    assert_eq!(field_schema::<Vec<Option<bool>>>(), json!({ "type": "array", "items": { "type": "boolean" } }));

    let schema = json!({
        "type": "object",
        "properties": {
            "list": { "type": ["null", "integer"] },
            "values": { "enum": ["a", null, 1] },
            "typed": { "type": ["string", "null"], "enum": ["a", null] },
            "choice": { "oneOf": [{ "type": "null" }, { "type": "string" }, { "type": "boolean" }] },
            "deep": { "anyOf": [{ "anyOf": [{ "type": "string" }, { "const": null }] }, { "type": "boolean" }] },
            "referred": { "$ref": "#/$defs/maybe", "description": "maybe" },
            // The type says no, so null was never allowed.
            "never": { "type": "string", "enum": ["a", null] },
            "neither": { "anyOf": [{ "type": "string" }, { "type": "null" }], "type": "string" },
        },
        "required": ["list", "values", "typed", "choice", "deep", "referred", "never", "neither", "other", "other"],
        "$defs": { "maybe": { "type": ["string", "null"] } },
    });
    let expected = json!({
        "type": "object",
        "properties": {
            "list": { "type": "integer" },
            "values": { "enum": ["a", 1] },
            "typed": { "type": "string", "enum": ["a"] },
            "choice": { "anyOf": [{ "type": "string" }, { "type": "boolean" }] },
            "deep": { "anyOf": [{ "type": "string" }, { "type": "boolean" }] },
            "referred": { "type": "string", "description": "maybe" },
            "never": { "type": "string", "enum": ["a"] },
            "neither": { "type": "string" },
        },
        "required": ["never", "neither", "other"],
    });
    assert_eq!(reduced(&schema), expected);
}

#[test]
fn only_null_is_refused() {
    let only_null = |pointer: &str| SchemaError::OnlyNull { pointer: pointer.to_owned() };
    assert_eq!(field_refusal::<()>(), only_null("/properties/it"));
    assert_eq!(field_refusal::<Option<()>>(), only_null("/properties/it"));
    for schema in [json!({ "type": ["null"] }), json!({ "enum": [null] }), json!({ "const": null })] {
        assert_eq!(property_refusal(&schema), only_null("/properties/it"));
        assert_eq!(property_refusal(&json!({ "anyOf": [schema] })), only_null("/properties/it"));
    }
    assert_eq!(refusal(&json!({ "type": "null" })), only_null(""));
}

#[test]
fn enums_become_a_choice_of_values() {
    assert_eq!(field_schema::<Unit>(), json!({ "type": "string", "enum": ["Celsius", "Fahrenheit"] }));
    let weather = json!({ "anyOf": [
        { "type": "string", "enum": ["Overcast", "Foggy"] },
        { "type": "string", "description": "No clouds", "enum": ["Clear"] },
    ] });
    assert_eq!(field_schema::<Weather>(), weather);
    assert_eq!(field_schema::<Option<Weather>>(), weather);
}

#[test]
fn enums_with_data_become_a_choice_of_objects() {
    let tag = |name: &str| json!({ "type": "string", "enum": [name] });
    let x = json!({ "type": "integer", "minimum": -128, "maximum": 127 });
    let point = json!({ "type": "object", "properties": { "x": x }, "required": ["x"] });
    let variant =
        |name: &str, schema: &Value| json!({ "type": "object", "properties": { name: schema }, "required": [name] });
    assert_eq!(
        field_schema::<External>(),
        json!({ "anyOf": [
            tag("Nowhere"),
            variant("Name", &json!({ "type": "string" })),
            variant("Place", &place_schema()),
            variant("Point", &point),
        ] })
    );
    let tagged = |name: &str, schema: &Value| {
        json!({
            "type": "object",
            "properties": { "kind": tag(name), "value": schema },
            "required": ["kind", "value"],
        })
    };
    assert_eq!(
        field_schema::<Adjacent>(),
        json!({ "anyOf": [
            variant("kind", &tag("Nowhere")),
            tagged("Place", &place_schema()),
            tagged("Point", &point),
        ] })
    );
    assert_eq!(
        field_schema::<Untagged>(),
        json!({ "anyOf": [place_schema(), { "type": "string" }, { "type": "number" }] })
    );
    assert_eq!(field_schema::<Single>(), variant("Only", &x));
}

#[test]
fn a_tag_and_what_it_tags_become_one_object() {
    let schema = field_schema::<Internal>();
    let tag = |name: &str| json!({ "type": "string", "enum": [name] });
    assert_eq!(
        schema["anyOf"][1],
        json!({
            "type": "object",
            "description": "Not as strict as a place",
            "properties": { "kind": tag("place"), "name": { "type": "string", "description": "Its name" } },
            "required": ["kind", "name"],
        })
    );
    assert_eq!(
        schema["anyOf"][2],
        json!({
            "type": "object",
            "description": "A place",
            "properties": { "kind": tag("strict"), "cityName": { "type": "string" }, "height": { "type": "number" } },
            "required": ["kind", "cityName"],
        })
    );
}

#[test]
fn flattened_fields_join_their_object() {
    let schema = schema_of::<Flattened>();
    assert_eq!(schema["required"], json!(["id", "name"]));
    assert_eq!(schema["properties"]["name"]["description"], "Its name");
    assert_eq!(schema["anyOf"].as_array().map(Vec::len), Some(3));
    assert_eq!(schema::of::<TwoFlattened>().unwrap_err(), unsupported("allOf", "/allOf"));
    assert_eq!(schema::of::<OptionFlattened>().unwrap_err(), SchemaError::AnyValue { pointer: "/anyOf/1".to_owned() });
}

#[test]
fn limits_of_numbers_are_kept() {
    let schema = schema_of::<Numbers>();
    let properties = &schema["properties"];
    assert_eq!(properties["tiny"], json!({ "type": "integer", "minimum": -128, "maximum": 127 }));
    assert_eq!(properties["middle"], json!({ "type": "integer" }));
    assert_eq!(properties["large"], json!({ "type": "integer", "minimum": 0 }));
    assert_eq!(properties["not_zero"], json!({ "type": "integer", "minimum": 1 }));
    assert_eq!(properties["latitude"]["type"], "number");
    assert_eq!(properties["latitude"]["minimum"].as_f64(), Some(-90.0));
    assert_eq!(properties["exact"], json!({ "type": "number" }));
    assert_eq!(
        properties["three"],
        json!({ "type": "array", "items": { "type": "integer" }, "minItems": 3, "maxItems": 3 })
    );
}

#[test]
fn exclusive_limits_of_integers_become_inclusive() {
    let integer = |limits: Value| {
        let mut schema = json!({ "type": "integer" });
        schema.as_object_mut().expect("an object").extend(limits.as_object().expect("an object").clone());
        schema
    };
    let cases = [
        (json!({ "exclusiveMinimum": 0, "exclusiveMaximum": 10 }), json!({ "minimum": 1, "maximum": 9 })),
        (json!({ "exclusiveMinimum": 0, "minimum": 0 }), json!({ "minimum": 1 })),
        (json!({ "exclusiveMinimum": 0, "minimum": 5 }), json!({ "minimum": 5 })),
        (json!({ "exclusiveMaximum": 0, "maximum": -5 }), json!({ "maximum": -5 })),
        (json!({ "exclusiveMaximum": 0, "maximum": 5 }), json!({ "maximum": -1 })),
    ];
    for (given, expected) in cases {
        assert_eq!(property(&integer(given)), integer(expected));
    }
    for limit in [json!(i64::MAX), json!(0.5), json!(true)] {
        let error = property_refusal(&integer(json!({ "exclusiveMinimum": limit })));
        assert_eq!(error, unsupported("exclusiveMinimum", "/properties/it/exclusiveMinimum"));
    }
    let error = property_refusal(&integer(json!({ "exclusiveMaximum": 0, "maximum": 0.5 })));
    assert!(matches!(error, SchemaError::Conflict { .. }), "{error}");
    let error = property_refusal(&json!({ "type": "number", "exclusiveMaximum": 0 }));
    assert_eq!(error, unsupported("exclusiveMaximum", "/properties/it/exclusiveMaximum"));
    assert_eq!(
        error.to_string(),
        "the service does not take `exclusiveMaximum` at `/properties/it/exclusiveMaximum`; use `maximum`"
    );
}

#[test]
fn formats_of_strings_are_kept_or_refused() {
    assert_eq!(field_schema::<uuid::Uuid>(), json!({ "type": "string", "format": "uuid" }));
    assert_eq!(field_schema::<Option<Ipv4Addr>>(), json!({ "type": "string", "format": "ipv4" }));
    for format in ["date-time", "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"] {
        let schema = json!({ "type": "string", "format": format });
        assert_eq!(property(&schema), schema);
    }
    let refused = |format: &str| SchemaError::UnsupportedFormat {
        format: format.to_owned(),
        pointer: "/properties/it/format".to_owned(),
    };
    assert_eq!(field_refusal::<IpAddr>(), refused("ip"));
    assert_eq!(property_refusal(&json!({ "type": "string", "format": "uri" })), refused("uri"));
}

#[test]
fn types_that_cannot_be_expressed_are_refused() {
    let it = "/properties/it";
    assert_eq!(field_refusal::<char>(), unsupported("maxLength", "/properties/it/maxLength"));
    assert_eq!(field_refusal::<(i32, String)>(), unsupported("prefixItems", "/properties/it/prefixItems"));
    assert_eq!(field_refusal::<HashSet<String>>(), unsupported("uniqueItems", "/properties/it/uniqueItems"));
    assert_eq!(field_refusal::<NonZeroI32>(), unsupported("not", "/properties/it/not"));
    assert_eq!(field_refusal::<Value>(), SchemaError::AnyValue { pointer: it.to_owned() });
    assert_eq!(field_refusal::<Vec<Value>>(), SchemaError::AnyValue { pointer: "/properties/it/items".to_owned() });
    assert_eq!(schema::of::<Value>().unwrap_err(), SchemaError::AnyValue { pointer: String::new() });
    assert_eq!(field_refusal::<Never>(), SchemaError::NoValue { pointer: "/$defs/Never".to_owned() });
    assert_eq!(schema::of::<Never>().unwrap_err(), unsupported("not", "/not"));
}

#[test]
fn recursive_types_are_refused() {
    let recursive =
        |name: &str, pointer: &str| SchemaError::Recursive { name: name.to_owned(), pointer: pointer.to_owned() };
    assert_eq!(schema::of::<Tree>().unwrap_err(), recursive("Tree", "/properties/branches/items/$ref"));
    assert_eq!(field_refusal::<Option<Chain>>(), recursive("Chain", "/$defs/Chain/properties/next/anyOf/0/$ref"));
    assert_eq!(refusal(&json!({ "$ref": "#" })), recursive("", "/$ref"));
    let error =
        refusal(&json!({ "$ref": "#/$defs/a~1b", "$defs": { "a/b": { "allOf": [{ "$ref": "#/$defs/a~1b" }] } } }));
    assert_eq!(error, recursive("a/b", "/$defs/a~1b/allOf/0/$ref"));
    let error = refusal(
        &json!({ "type": "object", "properties": { "a": { "type": "array", "items": { "$ref": "#/properties/a" } } } }),
    );
    assert_eq!(error, recursive("a", "/properties/a/items/$ref"));
}

#[test]
fn a_type_may_be_used_twice() {
    let schema = schema_of::<Holder<Holder<Vec<Holder<Place>>>>>();
    assert_eq!(schema["properties"]["it"]["properties"]["it"]["items"]["properties"]["it"], place_schema());
}

#[test]
fn references_are_pointers_into_the_schema() {
    let schema = json!({
        "$ref": "#/definitions/Root",
        "definitions": {
            "Root": { "type": "object", "properties": { "it": { "$ref": "#/definitions/Of%3C~0%20~1%3E" } } },
            "Of<~ />": { "type": "string" },
        },
    });
    assert_eq!(reduced(&schema), json!({ "type": "object", "properties": { "it": { "type": "string" } } }));
    for reference in ["#/$defs/missing", "#missing", "https://example.com/schema.json", "other.json#/a", "#/%FF"] {
        assert_eq!(
            property_refusal(&json!({ "$ref": reference })),
            SchemaError::Unresolved { reference: reference.to_owned(), pointer: "/properties/it/$ref".to_owned() }
        );
    }
}

#[test]
fn generic_types_with_odd_names_are_found() {
    #[derive(JsonSchema)]
    #[schemars(rename = "a/b~<{T}> 한")]
    struct Odd<T> {
        #[allow(dead_code)]
        it: T,
    }
    assert_eq!(field_schema::<Odd<bool>>()["properties"]["it"], json!({ "type": "boolean" }));
}

#[test]
fn properties_named_like_keywords_are_properties() {
    let schema = json!({
        "type": "object",
        "properties": { "title": { "type": "string" }, "$ref": { "type": "string" }, "pattern": { "type": "boolean" } },
        "required": ["pattern"],
    });
    assert_eq!(reduced(&schema), schema);
}

#[test]
fn other_keywords_are_named_with_their_place() {
    for keyword in ["pattern", "minLength", "multipleOf", "if", "patternProperties", "x-unknown", "nullable"] {
        let list = json!({ "type": "array", "items": { "type": "string", keyword: 1 } });
        let error = refusal(&json!({ "type": "object", "properties": { "a/b~": list } }));
        assert_eq!(error, unsupported(keyword, &format!("/properties/a~1b~0/items/{keyword}")));
    }
    let error = property_refusal(&json!({ "type": "string", "pattern": "a" }));
    assert_eq!(
        error.to_string(),
        "the service does not take `pattern` at `/properties/it/pattern`; leave it out and say it in `description`"
    );
}

#[test]
fn keywords_need_their_type() {
    let misplaced = |keyword: &str| SchemaError::Misplaced {
        keyword: keyword.to_owned(),
        pointer: format!("/properties/it/{keyword}"),
    };
    assert_eq!(property_refusal(&json!({ "type": "string", "minimum": 1 })), misplaced("minimum"));
    assert_eq!(property_refusal(&json!({ "properties": {} })), misplaced("properties"));
    assert_eq!(property_refusal(&json!({ "type": "boolean", "format": "date" })), misplaced("format"));
}

#[test]
fn types_are_those_of_the_service() {
    for found in [json!(["string", "integer"]), json!("file"), json!([]), json!(5)] {
        assert_eq!(
            property_refusal(&json!({ "type": found })),
            SchemaError::UnsupportedType { found: found.to_string(), pointer: "/properties/it/type".to_owned() }
        );
    }
}

#[test]
fn the_root_is_an_object() {
    let other = |found: Option<&str>| SchemaError::NotAnObject { found: found.map(str::to_owned) };
    assert_eq!(schema::of::<Vec<Place>>().unwrap_err(), other(Some("array")));
    assert_eq!(schema::of::<Internal>().unwrap_err(), other(None));
    assert_eq!(refusal(&json!([])), SchemaError::NotASchema { pointer: String::new() });
    assert_eq!(schema_of::<Option<Place>>(), place_schema());
}

#[test]
fn what_is_stated_twice_must_agree() {
    let schema =
        json!({ "type": "string", "$ref": "#/$defs/a", "$defs": { "a": { "type": "string", "enum": ["a"] } } });
    assert_eq!(refusal(&schema), SchemaError::NotAnObject { found: Some("string".to_owned()) });

    let conflict = |keyword: &str, pointer: &str| SchemaError::Conflict {
        keyword: keyword.to_owned(),
        pointer: pointer.to_owned(),
    };
    let cases = [
        (
            json!({ "type": "integer", "allOf": [{ "type": "string" }] }),
            conflict("type", "/properties/it/allOf/0/type"),
        ),
        (json!({ "enum": ["a"], "const": "b" }), conflict("const", "/properties/it/const")),
        (json!({ "enum": ["a"], "allOf": [{ "enum": ["b"] }] }), conflict("enum", "/properties/it/allOf/0/enum")),
        (
            json!({ "type": "integer", "minimum": 1, "allOf": [{ "minimum": 2 }] }),
            conflict("minimum", "/properties/it/allOf/0/minimum"),
        ),
        (
            json!({ "anyOf": [{ "const": 1 }, { "const": 2 }], "oneOf": [{ "const": 1 }, { "const": 2 }] }),
            conflict("anyOf", "/properties/it"),
        ),
        (
            json!({
                "type": "object",
                "properties": { "a": { "const": 1 } },
                "allOf": [{ "properties": { "a": { "const": 2 } } }],
            }),
            conflict("a", "/properties/it/allOf/0/properties/a"),
        ),
    ];
    for (schema, error) in cases {
        assert_eq!(property_refusal(&schema), error);
    }
}

#[test]
fn what_takes_only_null_and_never_null_takes_nothing() {
    let no_value = SchemaError::NoValue { pointer: "/properties/it".to_owned() };
    assert_eq!(property_refusal(&json!({ "type": "array", "oneOf": [{ "type": "null" }] })), no_value);
    assert_eq!(property_refusal(&json!({ "type": "string", "const": null })), no_value);
    assert_eq!(property_refusal(&json!({ "type": "null", "enum": ["a", 1] })), no_value);
}

#[test]
fn malformed_schemas_are_refused() {
    let malformed = [
        ("enum", json!({ "enum": "a" })),
        ("description", json!({ "type": "string", "description": 1 })),
        ("format", json!({ "type": "string", "format": 1 })),
        ("minimum", json!({ "type": "number", "minimum": "1" })),
        ("properties", json!({ "type": "object", "properties": [] })),
        ("required", json!({ "type": "object", "required": "a" })),
        ("required", json!({ "type": "object", "required": [1] })),
        ("$ref", json!({ "$ref": 1 })),
        ("anyOf", json!({ "anyOf": [] })),
        ("allOf", json!({ "allOf": {} })),
    ];
    for (keyword, schema) in malformed {
        assert_eq!(
            property_refusal(&schema),
            SchemaError::Malformed { keyword: keyword.to_owned(), pointer: format!("/properties/it/{keyword}") }
        );
    }
    let no_schema = SchemaError::NotASchema { pointer: "/properties/it/items".to_owned() };
    assert_eq!(property_refusal(&json!({ "type": "array", "items": [{ "type": "string" }] })), no_schema);
    assert_eq!(
        property_refusal(&json!({ "enum": [] })),
        SchemaError::NoValue { pointer: "/properties/it/enum".to_owned() }
    );
}

#[test]
fn schemas_that_grow_out_of_hand_are_given_up() {
    let doubling: Value = (0..30)
        .map(|level| {
            let next = json!({ "$ref": format!("#/$defs/{}", level + 1) });
            (level.to_string(), json!({ "type": "object", "properties": { "a": next, "b": next } }))
        })
        .collect();
    let error = refusal(&json!({ "$ref": "#/$defs/0", "$defs": doubling }));
    assert!(matches!(error, SchemaError::TooLarge { .. } | SchemaError::Unresolved { .. }), "{error}");

    let mut wide = doubling;
    wide["30"] = json!({ "type": "string" });
    let error = refusal(&json!({ "$ref": "#/$defs/0", "$defs": wide }));
    assert!(matches!(error, SchemaError::TooLarge { .. }), "{error}");

    let chain: Value =
        (0..100_000).map(|level| (level.to_string(), json!({ "$ref": format!("#/$defs/{}", level + 1) }))).collect();
    let error = refusal(&json!({ "$ref": "#/$defs/0", "$defs": chain }));
    assert!(matches!(error, SchemaError::TooLarge { .. }), "{error}");

    let deep =
        (0..70).fold(json!({ "type": "string" }), |schema, _| json!({ "anyOf": [{ "type": "boolean" }, schema] }));
    let error = property_refusal(&deep);
    assert!(matches!(error, SchemaError::TooLarge { .. }), "{error}");
    let deep =
        (0..60).fold(json!({ "type": "string" }), |schema, _| json!({ "anyOf": [{ "type": "boolean" }, schema] }));
    property(&deep);
}

#[test]
fn a_schema_of_another_generator_is_reduced() {
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Booking",
        "type": "object",
        "additionalProperties": false,
        "required": ["when", "seat", "note"],
        "properties": {
            "when": { "title": "When", "type": "string", "format": "date-time" },
            "seat": { "allOf": [{ "$ref": "#/definitions/Seat" }], "default": "window", "description": "Which side" },
            "note": { "anyOf": [{ "type": "string" }, { "type": "null" }], "default": null, "title": "Note" },
            "count": { "type": "integer", "exclusiveMinimum": 0, "maximum": 9 },
        },
        "definitions": { "Seat": { "title": "Seat", "enum": ["window", "aisle"], "type": "string" } },
    });
    let expected = json!({
        "type": "object",
        "properties": {
            "when": { "type": "string", "format": "date-time" },
            "seat": { "type": "string", "description": "Which side", "enum": ["window", "aisle"] },
            "note": { "type": "string" },
            "count": { "type": "integer", "minimum": 1, "maximum": 9 },
        },
        "required": ["when", "seat"],
    });
    assert_eq!(reduced(&schema), expected);
}

#[test]
fn errors_take_one_line_and_say_what_to_do() {
    let errors = [
        schema::of::<Tree>().unwrap_err(),
        schema::of::<Vec<Place>>().unwrap_err(),
        schema::of::<Internal>().unwrap_err(),
        schema::of::<TwoFlattened>().unwrap_err(),
        schema::of::<Value>().unwrap_err(),
        field_refusal::<HashMap<String, i32>>(),
        field_refusal::<HashSet<String>>(),
        field_refusal::<(i32, i32)>(),
        field_refusal::<Value>(),
        field_refusal::<()>(),
        field_refusal::<Never>(),
        field_refusal::<IpAddr>(),
        property_refusal(&json!({ "type": ["string", "integer"] })),
        property_refusal(&json!({ "type": "string", "minimum": 1 })),
        property_refusal(&json!({ "$ref": "other.json" })),
        property_refusal(&json!({ "enum": 1 })),
        property_refusal(&json!({ "enum": ["a"], "const": "b" })),
        property_refusal(&json!(1)),
    ];
    for error in errors {
        let text = error.to_string();
        assert!(!text.contains('\n') && text.contains("; "), "{text}");
        let _: &dyn std::error::Error = &error;
    }
}

/// A schema of one level, and a value that fits it.
fn leaf() -> impl Strategy<Value = (Value, Value)> {
    prop_oneof![
        Just((json!({ "type": "string" }), json!("text"))),
        Just((json!({ "type": ["string", "null"] }), json!("text"))),
        Just((json!({ "type": "string", "format": "date" }), json!("2026-11-23"))),
        Just((json!({ "type": "integer", "format": "int32", "minimum": 0 }), json!(0))),
        Just((json!({ "type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 2 }), json!(1))),
        Just((json!({ "type": "number", "format": "double", "maximum": 1.5 }), json!(1.5))),
        Just((json!({ "type": "boolean", "default": true }), json!(false))),
        Just((json!({ "const": "tag" }), json!("tag"))),
        Just((json!({ "enum": ["a", 1, null] }), json!(1))),
        Just((json!({ "$ref": "#/$defs/Text" }), json!("referred"))),
        Just((json!({ "$ref": "#/$defs/Maybe", "description": "maybe" }), json!(7))),
    ]
}

fn object(members: &[(String, (Value, Value), bool)]) -> (Value, Value) {
    let required: Vec<&String> = members.iter().filter(|(_, _, required)| *required).map(|(name, _, _)| name).collect();
    let schema = json!({ "type": "object", "additionalProperties": false, "required": required });
    let (mut schema, mut value) = (schema, json!({}));
    schema["properties"] = members.iter().map(|(name, (schema, _), _)| (name.clone(), schema.clone())).collect();
    for (name, (_, member), _) in members {
        value[name] = member.clone();
    }
    (schema, value)
}

/// An object schema that can be expressed, and a value that fits it.
fn expressible() -> impl Strategy<Value = (Value, Value)> {
    let inner = leaf().prop_recursive(4, 24, 4, |inner| {
        let members = prop::collection::btree_map("[a-c~/]{1,2}", (inner.clone(), any::<bool>()), 0..4);
        prop_oneof![
            members.prop_map(|members| {
                let members = members.into_iter().map(|(name, (pair, required))| (name, pair, required));
                object(&members.collect::<Vec<_>>())
            }),
            (inner.clone(), 0..3_usize).prop_map(|((schema, value), count)| {
                (json!({ "type": "array", "items": schema, "maxItems": 3 }), Value::Array(vec![value; count]))
            }),
            inner
                .clone()
                .prop_map(|(schema, value)| (json!({ "title": "T", "anyOf": [schema, { "type": "null" }] }), value)),
            inner.clone().prop_map(|(schema, value)| (json!({ "description": "D", "allOf": [schema] }), value)),
            (inner.clone(), inner).prop_map(|((one, value), (other, _))| (json!({ "oneOf": [one, other] }), value)),
        ]
    });
    inner.prop_map(|pair| {
        let (mut schema, value) = object(&[("it".to_owned(), pair, true)]);
        schema["$defs"] =
            json!({ "Text": { "type": "string" }, "Maybe": { "type": ["integer", "null"], "title": "Maybe" } });
        (schema, value)
    })
}

/// One level of what can be expressed, alone or with others.
fn part(inner: impl Strategy<Value = Value> + Clone + 'static) -> impl Strategy<Value = Value> {
    let members = prop::collection::btree_map("[ab]", inner.clone(), 0..3);
    let choice = prop::collection::vec(inner.clone(), 1..4);
    prop_oneof![
        members.prop_map(|members| json!({ "type": "object", "properties": members, "required": ["a", "a", "c"] })),
        inner.clone().prop_map(|items| json!({ "type": "array", "items": items, "minItems": 1 })),
        choice.clone().prop_map(|members| json!({ "anyOf": members })),
        choice.prop_map(|members| json!({ "oneOf": members })),
        inner.prop_map(|member| json!({ "allOf": [member] })),
        prop::sample::select(vec![
            json!({ "description": "D" }),
            json!({ "type": "object", "additionalProperties": false }),
            json!({ "$ref": "#/$defs/Text" }),
            json!({ "$ref": "#/$defs/Maybe" }),
            json!({ "enum": [null, {}, "a"] }),
        ]),
    ]
}

/// What cannot be expressed.
fn trouble() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(true),
        json!(false),
        json!({}),
        json!(null),
        json!({ "type": "null" }),
        json!({ "type": ["string", "integer"] }),
        json!({ "type": "string", "pattern": "a" }),
        json!({ "type": "number", "exclusiveMinimum": 1 }),
        json!({ "type": "object", "additionalProperties": {} }),
        json!({ "minItems": 1 }),
        json!({ "anyOf": [] }),
        json!({ "$ref": "#" }),
        json!({ "$ref": "#/properties/it" }),
        json!({ "$ref": "#/$defs/Missing" }),
        json!({ "not": {} }),
    ])
}

/// Parts of schemas thrown together.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![9 => leaf().prop_map(|(schema, _)| schema), 1 => trouble()];
    let inner = leaf.prop_recursive(4, 24, 4, |inner| {
        prop::collection::vec(part(inner), 1..4).prop_map(|parts| {
            let keywords = parts.iter().filter_map(Value::as_object).flatten();
            keywords.map(|(keyword, value)| (keyword.clone(), value.clone())).collect()
        })
    });
    inner.prop_map(|schema| {
        json!({
            "type": "object",
            "properties": { "it": schema },
            "required": ["it"],
            "$defs": { "Text": { "type": "string" }, "Maybe": { "type": ["integer", "null"] } },
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_schema_is_refused_or_reduced_for_good(schema in anything()) {
        check_value(&schema);
    }

    #[test]
    fn an_expressible_schema_is_reduced_and_takes_the_same_values((schema, value) in expressible()) {
        check_value(&schema);
        let once = reduced(&schema);
        prop_assert!(jsonschema::is_valid(&once, &value), "{} does not fit {}", value, once);
    }
}
