//! Paths: in a form that the generator takes, and with the parameters that they name.

use super::Rule;
use super::input::{Input, Node};
use crate::build::document::{Fault, escape};

pub const RULES: [Rule; 4] = [
    Rule { name: "path-form", asks: "paths begin with a slash and have whole segments and braces", check: path_form },
    Rule { name: "path-item", asks: "a path holds operations and hosts, nothing else", check: path_item },
    Rule { name: "path-parameter", asks: "path and parameters name each other", check: path_parameter },
    Rule { name: "stream-method", asks: "only POST streams", check: stream_method },
];

fn path_form(input: &Input) -> Vec<Fault> {
    let paths = input.root().members_of("paths");
    let malformed = paths.into_iter().filter_map(|(path, node)| Some((node, malformation(path)?)));
    let faults = malformed.map(|(node, problem)| {
        input.fault(
            &node,
            format!("the path {problem}"),
            "Write it as the vendor's page does, such as `/v1/tasks/{taskId}`",
        )
    });
    faults.collect()
}

fn malformation(path: &str) -> Option<&'static str> {
    let is_whole = |segment: &str| match segment.strip_prefix('{') {
        Some(name) => name.strip_suffix('}').is_some_and(|name| !name.is_empty() && !name.contains(['{', '}'])),
        None => !segment.contains(['{', '}']),
    };
    match path.strip_prefix('/') {
        None => Some("does not begin with a slash"),
        Some(rest) if rest.is_empty() || rest.split('/').any(str::is_empty) => {
            Some("has an empty segment, which is the mark of a streaming twin")
        }
        Some(rest) if !rest.split('/').all(is_whole) => Some("has a brace that does not enclose a whole segment"),
        Some(_) => None,
    }
}

const PATH_ITEM: [&str; 9] = ["servers", "get", "put", "post", "delete", "options", "head", "patch", "trace"];

fn path_item(input: &Input) -> Vec<Fault> {
    let members = input.root().members_of("paths").into_iter().flat_map(|(_, item)| item.members());
    let strange = members.filter(|(key, _)| !PATH_ITEM.contains(&key.as_str()) && !key.starts_with("x-"));
    let faults = strange.map(|(key, node)| {
        let problem = format!("`{key}` of a path is not read by the generator and by build/operations.rs");
        input.fault(&node, problem, "Say it in each operation")
    });
    faults.collect()
}

fn path_parameter(input: &Input) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (operation, node) in input.operations() {
        let parameters = input.parameters_of(&node);
        let parameters: Vec<&Node<'_>> = parameters.iter().filter(|parameter| parameter.text("in") == "path").collect();
        let segments = operation.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
        let segments: Vec<&str> = segments.collect();
        let missing =
            segments.iter().filter(|name| !parameters.iter().any(|parameter| parameter.text("name") == **name));
        faults.extend(missing.map(|name| {
            let problem = format!("the path names `{name}`, which is no parameter of the operation");
            input.fault(&node, problem, "Add the parameter, with `in: path`")
        }));
        let superfluous = parameters.iter().filter(|parameter| !segments.contains(&parameter.text("name")));
        faults.extend(superfluous.map(|parameter| {
            let problem = format!("`{}` is not in the path `{}`", parameter.text("name"), operation.path);
            input.document.fault(
                &format!("{}/parameters", node.pointer),
                problem,
                "Put it into the path, or take it out here",
            )
        }));
    }
    faults
}

fn stream_method(input: &Input) -> Vec<Fault> {
    let operations = input.operations().into_iter().filter(|(operation, _)| operation.method != "post");
    let streams = operations.filter_map(|(_, node)| {
        let responses = node.get("responses")?;
        let mut streaming = responses.members().filter_map(|(status, response)| {
            let pointer =
                format!("{}/responses/{}/content/{}", node.pointer, escape(status), escape("text/event-stream"));
            response.value["content"].get("text/event-stream").map(|_| pointer)
        });
        streaming.next()
    });
    let faults = streams.map(|pointer| {
        let problem = "a stream that is not the answer to a POST gets no method of its own";
        input.document.fault(&pointer, problem, "Teach `split_streams` of build/lowering.rs the method first")
    });
    faults.collect()
}
