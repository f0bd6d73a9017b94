//! Generates the rules between fields and the limits that requests are checked against before they are sent.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::document::{Document, Fault, escape};

/// Keywords that `src/guard.rs` knows.
const KEYWORDS: [&str; 12] = [
    "required",
    "properties",
    "enum",
    "minimum",
    "maximum",
    "minItems",
    "anyOf",
    "allOf",
    "not",
    "contains",
    "type",
    "items",
];

/// The table of rules.
pub fn generate(document: &Document) -> Result<TokenStream, Fault> {
    let rules = rules(document).collect::<Result<Vec<_>, _>>()?;
    Ok(quote! {
        pub(super) static RULES: &[Rule] = &[#(#rules),*];
    })
}

/// What is wrong with the rules.
pub fn check(document: &Document) -> Vec<Fault> {
    rules(document).filter_map(Result::err).collect()
}

fn rules(document: &Document) -> impl Iterator<Item = Result<TokenStream, Fault>> {
    document.schemas().flat_map(move |(name, schema)| {
        let rules = schema["x-clova-rules"].as_array().into_iter().flatten().enumerate();
        rules.map(move |(index, value)| rule(document, name, index, value))
    })
}

fn rule(document: &Document, schema: &str, index: usize, value: &Value) -> Result<TokenStream, Fault> {
    let pointer = format!("/components/schemas/{}/x-clova-rules/{index}", escape(schema));
    let fault = |problem: String| document.fault(&pointer, problem, "See `x-clova-rules` in spec/README.md");
    let [id, text, page, code] = ["id", "rule", "page", "code"].map(|key| value[key].as_str());
    let (Some(id), Some(text), Some(page), Some(code)) = (id, text, page, code) else {
        return Err(fault("a rule needs `id`, `rule`, `page` and `code`".to_owned()));
    };
    check_keywords(&value["refuses"]).map_err(fault)?;
    let above = above(document, schema, &value["above"]).map_err(fault)?;
    let models = value["models"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let refuses = value["refuses"].to_string();
    Ok(quote! {
        Rule { schema: #schema, id: #id, text: #text, page: #page, code: #code, models: &[#(#models),*], refuses: #refuses, above: &[#(#above),*] }
    })
}

/// Pairs of numbers, the first of which is refused above the second, with the default of the second.
fn above(document: &Document, schema: &str, pairs: &Value) -> Result<Vec<TokenStream>, String> {
    let members = &document.root["components"]["schemas"][schema]["properties"];
    let pair = |(name, other): (&String, &Value)| {
        let default = other.as_str().and_then(|other| members[other]["default"].as_f64());
        match (other.as_str(), default) {
            (Some(other), Some(default)) if members.get(name).is_some() => {
                Ok(quote!(Above { name: #name, other: #other, default: #default }))
            }
            _ => Err(format!("`above` has {name}: {other}, where members belong, the second with a default")),
        }
    };
    pairs.as_object().into_iter().flatten().map(pair).collect()
}

fn check_keywords(schema: &Value) -> Result<(), String> {
    let Some(members) = schema.as_object() else { return Err("`refuses` and what is in it are schemas".to_owned()) };
    for (key, value) in members {
        if !KEYWORDS.contains(&key.as_str()) {
            return Err(format!("the keyword `{key}` is not known to src/guard.rs"));
        }
        match key.as_str() {
            "properties" => {
                value.as_object().into_iter().flatten().try_for_each(|(_, schema)| check_keywords(schema))?;
            }
            "anyOf" | "allOf" => value.as_array().into_iter().flatten().try_for_each(check_keywords)?,
            "not" | "contains" | "items" => check_keywords(value)?,
            _ => {}
        }
    }
    Ok(())
}
