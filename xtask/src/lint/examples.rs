//! Examples: enough of them, and valid against their schemas.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Registry, RegistryBuilder, ValidationError, Validator};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::Rule;
use super::input::{Input, Node};
use crate::build::dialect;
use crate::build::document::{Document, Fault};
use crate::build::schemas::visit_all;
use crate::build::values;

pub const RULES: [Rule; 4] = [
    Rule { name: "example-missing", asks: "every request, answer and stream has an example", check: missing },
    Rule { name: "example", asks: "examples and defaults are valid against their schemas", check: invalid },
    Rule {
        name: "example-value",
        asks: "examples use values, codes and models that the document knows",
        check: unknown_value,
    },
    Rule {
        name: "stream-example",
        asks: "the events of a stream are `<stream>-1`, `<stream>-2` and so on",
        check: stream,
    },
];

fn missing(input: &Input) -> Vec<Fault> {
    let without = input.media_types().into_iter().filter(|(_, node)| node.members_of("examples").is_empty());
    let faults = without.map(|(kind, node)| {
        input.fault(
            &node,
            format!("`{kind}` has no example"),
            "Add `examples`: simulator, mocks and tests are made of them",
        )
    });
    faults.collect()
}

/// A value, and the pointer of the schema that it is of.
struct Example<'a> {
    value: Node<'a>,
    schema: String,
}

fn examples<'a>(input: &Input<'a>) -> Vec<Example<'a>> {
    let of_bodies = input.media_types().into_iter().flat_map(|(_, media_type)| {
        let values = media_type.members_of("examples").into_iter().filter_map(|(_, example)| example.get("value"));
        values.map(move |value| Example { value, schema: format!("{}/schema", media_type.pointer) })
    });
    let headers = input.components("headers").into_iter().map(|(_, header)| header);
    let of_parameters = input.parameters().into_iter().chain(headers).filter_map(|holder| {
        Some(Example { value: holder.get("example")?, schema: format!("{}/schema", holder.pointer) })
    });
    let of_schemas = input.schemas().flat_map(|schema| {
        let values = ["example", "default"].map(|key| schema.get(key)).into_iter().flatten();
        values.map(move |value| Example { value, schema: schema.pointer.clone() })
    });
    let examples = of_bodies.chain(of_parameters).chain(of_schemas);
    // Another rule says where a schema is missing.
    examples.filter(|example| input.node(&example.schema).is_some()).collect()
}

/// The name of the document among the validators.
const DOCUMENT: &str = "urn:document";

/// What a JSON pointer may not hold as it is in a reference.
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'~');

/// Validators of the schemas of a document.
struct Validators<'a> {
    registry: Registry<'a>,
    made: HashMap<String, Result<Validator, String>>,
}

impl<'a> Validators<'a> {
    fn new(document: &'a Value) -> Result<Self, String> {
        let registry = Registry::new().add(DOCUMENT, document).and_then(RegistryBuilder::prepare);
        Ok(Self { registry: registry.map_err(|error| error.to_string())?, made: HashMap::new() })
    }

    /// What is wrong with an example.
    fn problem(&mut self, Example { value, schema }: &Example<'_>) -> Option<String> {
        let validator = self.made.entry(schema.clone()).or_insert_with(|| {
            let reference = format!("{DOCUMENT}#{}", utf8_percent_encode(schema, FRAGMENT));
            let options = jsonschema::options().with_draft(Draft::Draft202012).with_registry(&self.registry);
            options.build(&json!({ "$ref": reference })).map_err(|error| format!("it cannot be read: {error}"))
        });
        let error = match validator {
            Ok(validator) => validator.iter_errors(value.value).next()?,
            Err(problem) => return Some(problem.clone()),
        };
        let error = deepest(&error);
        let place = error.instance_path().to_string();
        Some(if place.is_empty() { error.to_string() } else { format!("{error} (at `{place}`)") })
    }
}

/// A choice only says that no variant fits. The error that lies deepest is of the variant that was meant.
fn deepest<'e>(error: &'e ValidationError<'_>) -> &'e ValidationError<'e> {
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) = error.kind() else {
        return error;
    };
    let inner = context.iter().flatten().map(deepest).rev();
    inner.max_by_key(|inner| inner.instance_path().as_str().matches('/').count()).unwrap_or(error)
}

/// The document with all schemas in the dialect of validators.
fn converted(document: &Document) -> Value {
    let mut root = document.root.clone();
    visit_all(&mut root, &mut |_, schema| dialect::convert(schema));
    root
}

/// What is wrong with the examples, by a document with converted schemas.
fn problems<'a>(input: &Input<'a>, document: &Value) -> Result<Vec<(Node<'a>, String)>, String> {
    let mut validators = Validators::new(document)?;
    let problems = examples(input).into_iter().filter_map(|example| {
        let problem = validators.problem(&example)?;
        Some((example.value, problem))
    });
    Ok(problems.collect())
}

fn invalid(input: &Input) -> Vec<Fault> {
    match problems(input, &converted(input.document)) {
        Ok(problems) => {
            let remedy = "Correct the example; or the schema, when the service really sends this";
            let faults = problems.into_iter().map(|(example, problem)| {
                input.fault(&example, format!("not valid against its schema: {problem}"), remedy)
            });
            faults.collect()
        }
        Err(problem) => {
            let problem = format!("no example can be checked: {problem}");
            vec![input.document.fault("/components/schemas", problem, "Correct the schemas first")]
        }
    }
}

/// What is valid, and no longer when the open values are closed, has a value that nobody explains.
fn unknown_value(input: &Input) -> Vec<Fault> {
    let open = converted(input.document);
    let mut closed = open.clone();
    for (name, schema) in input.document.schemas() {
        if let Ok(values) = values::open_value(input.document, name, schema) {
            closed["components"]["schemas"][name]["enum"] =
                values.known.iter().map(|known| json!(known.value)).collect();
        }
    }
    let problems = problems(input, &closed).unwrap_or_default();
    if problems.is_empty() {
        return Vec::new();
    }
    let known: BTreeSet<String> =
        self::problems(input, &open).unwrap_or_default().into_iter().map(|(example, _)| example.pointer).collect();
    let new = problems.into_iter().filter(|(example, _)| !known.contains(&example.pointer));
    let faults = new.map(|(example, problem)| {
        let problem = format!("it has a value that the document does not know: {problem}");
        input.fault(&example, problem, "Correct the example, or add the value to the enumeration or catalogue")
    });
    faults.collect()
}

fn stream(input: &Input) -> Vec<Fault> {
    let streams = input.media_types().into_iter().filter(|(kind, _)| *kind == "text/event-stream");
    streams.filter_map(|(_, stream)| misnamed(input, &stream)).collect()
}

fn misnamed(input: &Input, stream: &Node<'_>) -> Option<Fault> {
    let mut last: BTreeMap<&str, u32> = BTreeMap::new();
    stream.members_of("examples").into_iter().find_map(|(name, node)| {
        let parts = name.rsplit_once('-').and_then(|(stream, position)| Some((stream, position.parse::<u32>().ok()?)));
        let follows = parts.is_some_and(|(stream, position)| {
            let before = last.insert(stream, position).unwrap_or_default();
            position == before + 1
        });
        let problem = format!("`{name}` does not follow the event before it");
        (!follows).then(|| {
            input.fault(&node, problem, "Name the events of a stream `<stream>-1`, `<stream>-2` and so on, in order")
        })
    })
}
