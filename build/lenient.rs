//! Lets fields of answers be read from what clients met or expect on the wire beside the documented form.

use syn::{Field, File, GenericArgument, Item, PathArguments, Type};

use super::finish::module;

/// Name and type of fields, and the function of `crate::lenient` that reads them.
const READERS: [(&str, &str, &str); 4] = [
    ("content", "Option<String>", "text_or_parts"),
    ("arguments", "Option<Map<String,Value>>", "object_or_text"),
    ("arguments", "Option<String>", "text_or_object"),
    ("choices", "Vec<OpenAiChunkChoice>", "list_or_nothing"),
];

/// Sets the readers. Each must have a field, or nothing counts.
pub fn read_leniently(file: &mut File) -> usize {
    let Some(types) = module(file, "types") else { return 0 };
    let mut matched = [0; READERS.len()];
    for item in types {
        let Item::Struct(item) = item else { continue };
        for field in &mut item.fields {
            let Some(row) = READERS.iter().position(|(name, typ, _)| is_field(field, name, typ)) else { continue };
            let reader = format!("crate::lenient::{}", READERS[row].2);
            field.attrs.push(syn::parse_quote!(#[serde(default, deserialize_with = #reader)]));
            matched[row] += 1;
        }
    }
    if matched.contains(&0) { 0 } else { matched.iter().sum() }
}

fn is_field(field: &Field, name: &str, typ: &str) -> bool {
    field.ident.as_ref().is_some_and(|ident| ident == name) && shape(&field.ty) == typ
}

/// A type without the modules of its parts, such as `Option<String>`.
fn shape(typ: &Type) -> String {
    let Type::Path(path) = typ else { return String::new() };
    let Some(last) = path.path.segments.last() else { return String::new() };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return last.ident.to_string() };
    let arguments = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(typ) => Some(shape(typ)),
        _ => None,
    });
    format!("{}<{}>", last.ident, arguments.collect::<Vec<_>>().join(","))
}
