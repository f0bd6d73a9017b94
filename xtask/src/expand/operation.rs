//! One operation, with everything that belongs to it.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use heck::ToUpperCamelCase;
use serde_json::{Map, Value, json};
use syn::{ImplItem, Item, TraitItem, Type};

use crate::build::Output;
use crate::build::document::{Operation, operations_of};
use crate::build::lowering::components_of;
use crate::surface;

/// An operation, expanded.
pub struct Expanded {
    /// The operation of the lowered document and the components it refers to.
    pub lowered: Value,
    /// What callers see of it, one line an item.
    pub surface: String,
    /// What is generated for it, in sections.
    pub code: String,
}

/// Expands the method of the raw client with this name.
pub fn expand(lowered: &Value, outputs: &[Output], name: &str) -> anyhow::Result<Expanded> {
    let items = lowered["paths"].as_object().into_iter().flatten();
    let operations: Vec<_> = items.flat_map(|(path, item)| operations_of(path, item)).collect();
    let Some(operation) = operations.iter().find(|operation| operation.id() == name) else {
        let names: Vec<&str> = operations.iter().map(Operation::id).collect();
        bail!("there is no operation `{name}`; choose one of {}", names.join(", "));
    };
    let parameters = parameters(operation.value, &lowered["components"]["parameters"]);
    let nodes = [operation.value.clone(), Value::Object(parameters.clone())];
    let names = components_of(nodes.into(), &lowered["components"]["schemas"]);
    let schemas: Map<String, Value> =
        names.iter().map(|name| (name.clone(), lowered["components"]["schemas"][name].clone())).collect();
    Ok(Expanded {
        lowered: json!({
            "paths": { operation.path: { operation.method: operation.value } },
            "components": { "parameters": parameters, "schemas": schemas },
        }),
        surface: surface(outputs, name, &names)?,
        code: code(outputs, name, &names)?,
    })
}

fn surface(outputs: &[Output], name: &str, types: &BTreeSet<String>) -> anyhow::Result<String> {
    let owners: BTreeSet<String> = types.iter().map(|name| format!("raw::types::{name}")).collect();
    let (method, builder) = (format!("raw::Client::{name}"), format!("raw::builder::{}", name.to_upper_camel_case()));
    let is_own = |path: &str| {
        let owner = path.rsplit_once("::").map_or(path, |(owner, _)| owner);
        path == method || [owner, path].iter().any(|it| *it == builder || owners.contains(*it))
    };
    let items = surface::of(outputs)?.into_iter().filter(|item| is_own(&item.path));
    Ok(items.map(|item| item.line + "\n").collect())
}

/// The shared parameters of an operation.
fn parameters(operation: &Value, shared: &Value) -> Map<String, Value> {
    let references = operation["parameters"].as_array().into_iter().flatten().filter_map(|it| it["$ref"].as_str());
    let names = references.filter_map(|reference| reference.strip_prefix("#/components/parameters/"));
    names.map(|name| (name.to_owned(), shared[name].clone())).collect()
}

fn code(outputs: &[Output], name: &str, types: &BTreeSet<String>) -> anyhow::Result<String> {
    let pascal = name.to_upper_camel_case();
    let client = parsed(outputs, "client.rs")?;
    let (values, mocks) = (parsed(outputs, "values.rs")?, parsed(outputs, "mocks.rs")?);
    let is_type = |item: &Item| own_name(item).is_some_and(|name| types.contains(&name));
    let sections = [
        ("method", client.iter().filter_map(|item| with_method(item, name)).collect()),
        ("builder", within(&client, "builder").into_iter().filter(|item| is_about(item, &[&pascal])).collect()),
        ("types", within(&client, "types").into_iter().chain(values).filter(is_type).collect()),
        ("mock", mock(&mocks, name, &pascal)),
    ];
    let sections = sections.map(|(title, items): (&str, Vec<Item>)| {
        let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items };
        format!("// ---- {title}\n\n{}", prettyplease::unparse(&file))
    });
    Ok(sections.join("\n"))
}

fn mock(mocks: &[Item], name: &str, pascal: &str) -> Vec<Item> {
    let method = mocks.iter().filter_map(|item| with_method(item, name));
    let (when, then) = (format!("{pascal}When"), format!("{pascal}Then"));
    let conditions = within(mocks, "operations").into_iter().filter(|item| is_about(item, &[&when, &then]));
    method.chain(conditions).collect()
}

fn parsed(outputs: &[Output], name: &str) -> anyhow::Result<Vec<Item>> {
    let output = outputs.iter().find(|output| output.name == name);
    let output =
        output.with_context(|| format!("{name} is not generated any more; correct xtask/src/expand/operation.rs"))?;
    Ok(syn::parse_file(&output.text).with_context(|| format!("{name} does not parse"))?.items)
}

/// The items of a module.
fn within(items: &[Item], module: &str) -> Vec<Item> {
    let modules = items.iter().filter_map(|item| match item {
        Item::Mod(inner) if inner.ident == module => inner.content.as_ref(),
        _ => None,
    });
    modules.flat_map(|(_, items)| items.clone()).collect()
}

/// The block or trait, with only the method of this name, if it has one.
fn with_method(item: &Item, name: &str) -> Option<Item> {
    match item {
        Item::Impl(block) => {
            let mut block = block.clone();
            block.items.retain(|member| matches!(member, ImplItem::Fn(function) if function.sig.ident == name));
            (!block.items.is_empty()).then_some(Item::Impl(block))
        }
        Item::Trait(item) => {
            let mut item = item.clone();
            item.items.retain(|member| matches!(member, TraitItem::Fn(function) if function.sig.ident == name));
            (!item.items.is_empty()).then_some(Item::Trait(item))
        }
        _ => None,
    }
}

/// Whether an item is one of these types, or says what it does.
fn is_about(item: &Item, names: &[&str]) -> bool {
    let name = match item {
        Item::Impl(block) => match &*block.self_ty {
            Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        },
        item => own_name(item),
    };
    name.is_some_and(|name| names.contains(&name.as_str()))
}

fn own_name(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    }
}
