//! The catalogue of status codes: complete, and in agreement with the rule of its digits and with what uses it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Rule;
use super::input::{Input, Node};
use crate::build::catalogue;
use crate::build::document::Fault;

pub const RULES: [Rule; 5] = [
    Rule { name: "code-entry", asks: "every code has status, messages, meanings and whether to retry", check: entry },
    Rule { name: "code-member", asks: "codes and messages are described in known words", check: member },
    Rule { name: "code-digits", asks: "a code has five digits that agree with its status", check: digits },
    Rule { name: "code-scope", asks: "the scope of a code is of tags and operations", check: scope },
    Rule { name: "code-known", asks: "codes in texts and rules are in the catalogue", check: known },
];

const CODES: &str = "x-clova-status-codes";

fn codes<'a>(input: &Input<'a>) -> Vec<(&'a String, Node<'a>)> {
    input.root().members_of(CODES)
}

/// What the generator of the catalogue asks for.
fn entry(input: &Input) -> Vec<Fault> {
    codes(input).into_iter().filter_map(|(code, _)| catalogue::check_code(input.document, code).err()).collect()
}

const ENTRY: [&str; 8] = ["name", "status", "retry", "retryBy", "messages", "scope", "basis", "x-clova-decision"];
const MESSAGE: [&str; 4] = ["text", "meaning", "retry", "retryBy"];

fn member(input: &Input) -> Vec<Fault> {
    let unknown = codes(input).into_iter().flat_map(|(_, code)| {
        let own = code.members().filter(|(key, _)| !ENTRY.contains(&key.as_str()));
        let messages = code.items_of("messages").into_iter().flat_map(|message| message.members());
        own.chain(messages.filter(|(key, _)| !MESSAGE.contains(&key.as_str()))).collect::<Vec<_>>()
    });
    let faults = unknown.map(|(key, node)| {
        input.fault(
            &node,
            format!("nothing reads `{key}` of a code"),
            "See the comment above the catalogue for its members",
        )
    });
    faults.collect()
}

fn digits(input: &Input) -> Vec<Fault> {
    let odd = codes(input).into_iter().filter(|(code, node)| {
        let status = node.value["status"].as_u64().unwrap_or_default();
        let five = code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit());
        // The codes of skillsets and routers begin with 6.
        let agrees =
            if code.starts_with('6') { (400..600).contains(&status) } else { code.starts_with(&status.to_string()) };
        !five || !agrees
    });
    let faults = odd.map(|(code, node)| {
        let problem = format!("`{code}` has not five digits, or does not agree with status {}", node.value["status"]);
        input.fault(
            &node,
            problem,
            "Write the HTTP status and two digits, or five digits from 6 for skillsets and routers",
        )
    });
    faults.collect()
}

fn scope(input: &Input) -> Vec<Fault> {
    let tags = input.root().items_of("tags").into_iter().map(|tag| tag.text("name"));
    let operations = input.operations().into_iter().map(|(_, operation)| operation.text("operationId"));
    let known: BTreeSet<&str> = tags.chain(operations).collect();
    let scopes = codes(input).into_iter().flat_map(|(_, code)| code.items_of("scope"));
    let unknown = scopes.filter(|node| node.value.as_str().is_none_or(|name| !known.contains(name)));
    let faults = unknown.map(|node| {
        input.fault(&node, format!("{} is no tag and no operation", node.value), "Write a tag or an `operationId`")
    });
    faults.collect()
}

/// Codes of rules, and codes that a text names as such.
fn known(input: &Input) -> Vec<Fault> {
    let mut faults = Vec::new();
    collect(input, &input.root(), &mut faults);
    faults
}

fn collect(input: &Input, node: &Node<'_>, faults: &mut Vec<Fault>) {
    if let Value::String(text) = node.value {
        let code = node.pointer.contains("/x-clova-rules/") && node.name() == "code";
        let named = if code { vec![text.as_str()] } else { codes_in(text) };
        let unknown = named.into_iter().filter(|code| input.document.root[CODES].get(code).is_none());
        faults.extend(unknown.map(|code| {
            input.fault(
                node,
                format!("the catalogue has no code `{code}`"),
                format!("Correct it, or add it to `{CODES}`"),
            )
        }));
    }
    for (index, value) in node.value.as_array().into_iter().flatten().enumerate() {
        collect(input, &Node { pointer: format!("{}/{index}", node.pointer), value }, faults);
    }
    node.members().for_each(|(_, member)| collect(input, &member, faults));
}

/// The five digits after the word code.
fn codes_in(text: &str) -> Vec<&str> {
    let mentions = text.split("code ").skip(1).map(|rest| rest.trim_start_matches('`'));
    let codes = mentions.filter_map(|rest| {
        let end = rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len());
        (end == 5).then(|| &rest[..end])
    });
    codes.collect()
}
