//! Names of schemas and members: good in Rust, and apart from one another there.

use std::collections::HashMap;

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::Rule;
use super::input::Input;
use crate::build::document::Fault;

pub const RULES: [Rule; 4] = [
    Rule { name: "schema-name", asks: "components have names of Rust types", check: schema_name },
    Rule { name: "schema-collision", asks: "components stay apart in other letters", check: schema_collision },
    Rule { name: "member-collision", asks: "members of an object stay apart as Rust names", check: member_collision },
    Rule { name: "member-name", asks: "no member takes the place of those that nobody knows", check: member_name },
];

fn schema_name(input: &Input) -> Vec<Fault> {
    let schemas = input.components("schemas").into_iter();
    let odd =
        schemas.filter(|(name, _)| **name != name.to_upper_camel_case() || syn::parse_str::<syn::Ident>(name).is_err());
    let faults = odd.map(|(name, schema)| {
        let remedy = format!("Write `{}`", name.to_upper_camel_case());
        input.fault(&schema, format!("`{name}` is no name of a Rust type"), remedy)
    });
    faults.collect()
}

/// Types are modules of the documentation, whose files must differ where a file system knows no capitals.
fn schema_collision(input: &Input) -> Vec<Fault> {
    let mut seen: HashMap<String, &String> = HashMap::new();
    let faults = input.components("schemas").into_iter().filter_map(|(name, schema)| {
        let other = seen.insert(name.to_lowercase(), name)?;
        let problem = format!("`{name}` and `{other}` differ in capitals only");
        Some(input.fault(&schema, problem, "Choose another name"))
    });
    faults.collect()
}

fn member_collision(input: &Input) -> Vec<Fault> {
    let mut faults = Vec::new();
    for schema in input.schemas() {
        let mut seen: HashMap<String, &String> = HashMap::new();
        for (name, member) in schema.members_of("properties") {
            if let Some(other) = seen.insert(name.to_snake_case(), name) {
                let problem = format!("`{name}` and `{other}` are the same name in Rust");
                let remedy = "The generator cannot rename one: add a step to build/lowering.rs";
                faults.push(input.fault(&member, problem, remedy));
            }
        }
    }
    faults
}

fn member_name(input: &Input) -> Vec<Fault> {
    let members = input.schemas().flat_map(|schema| schema.members_of("properties"));
    let taken = members.filter(|(name, _)| name.to_snake_case() == "extra");
    let faults = taken.map(|(name, member)| {
        let problem = format!("`{name}` has the Rust name of the map with the members that nobody knows");
        input.fault(&member, problem, "The generator cannot rename it: add a step to build/lowering.rs")
    });
    faults.collect()
}
