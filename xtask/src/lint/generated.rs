//! The generator itself, for what no rule foresaw. It is asked last, when no other rule finds anything.

use syn::visit::{self, Visit};

use super::Rule;
use super::input::Input;
use crate::build::document::{Fault, escape};

pub const RULES: [Rule; 2] = [
    Rule { name: "generator", asks: "the client can be generated", check: generator },
    Rule { name: "numbered-name", asks: "no generated name is a number", check: numbered_name },
];

fn generator(input: &Input) -> Vec<Fault> {
    input.outputs().as_ref().err().cloned().into_iter().collect()
}

fn numbered_name(input: &Input) -> Vec<Fault> {
    let Ok(outputs) = input.outputs() else { return Vec::new() };
    let mut numbered = Numbered::default();
    for client in outputs.iter().filter(|output| output.name == "client.rs") {
        if let Ok(file) = syn::parse_file(&client.text) {
            numbered.visit_file(&file);
        }
    }
    let faults = numbered.names.into_iter().map(|(owner, name)| {
        let problem = format!("the generator found no name for a part of `{owner}` and calls it `{name}`");
        let remedy = "Make the parts components whose names go on differently after what they have in common";
        input.document.fault(&format!("/components/schemas/{}", escape(&owner)), problem, remedy)
    });
    faults.collect()
}

/// Collects variants and fields whose names the generator made up, with the type that they are in.
#[derive(Default)]
struct Numbered {
    names: Vec<(String, String)>,
}

impl Numbered {
    fn add(&mut self, owner: &syn::Ident, name: &syn::Ident) {
        let text = name.to_string();
        let number = ["Variant", "subtype_"].iter().find_map(|prefix| text.strip_prefix(prefix));
        if number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())) {
            self.names.push((owner.to_string(), text));
        }
    }
}

impl<'ast> Visit<'ast> for Numbered {
    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        item.variants.iter().for_each(|variant| self.add(&item.ident, &variant.ident));
        visit::visit_item_enum(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        item.fields.iter().filter_map(|field| field.ident.as_ref()).for_each(|name| self.add(&item.ident, name));
        visit::visit_item_struct(self, item);
    }
}
