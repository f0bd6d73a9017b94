//! Sends a planned call and records the answer. Not through the client: what it cannot read is what is looked for.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context, bail};
use clovastudio::raw::Operation;
use clovastudio::sse::{Decoder, Frame};
use clovastudio::testing::document;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Method, Url};
use serde_json::{Map, Value, json};

use super::plan::Planned;
use super::recording::{Answer, Recording};

/// Longest time of one call.
const TIMEOUT: Duration = Duration::from_secs(300);

/// What stands in place of the caller's keys and ids.
const MASKED: &str = "[masked]";

/// Sends calls with a key.
pub struct Asker {
    client: Client,
    base_url: Url,
    key: String,
}

impl Asker {
    pub fn new(base_url: &str, key: &str) -> anyhow::Result<Self> {
        let base_url = Url::parse(base_url).with_context(|| format!("`{base_url}` is no URL"))?;
        if base_url.cannot_be_a_base() {
            bail!("`{base_url}` is no base URL");
        }
        Ok(Self { client: clovastudio::http_client()?, base_url, key: key.to_owned() })
    }

    /// Sends a call and waits for the whole answer.
    pub async fn ask(&self, call: &Planned) -> anyhow::Result<Recording> {
        let operation = call.operation;
        let method = Method::from_bytes(operation.method().as_bytes())?;
        let accept = if operation.is_stream() { "text/event-stream" } else { "application/json" };
        let mut request = self.client.request(method, self.url(call)).timeout(TIMEOUT);
        request = request.bearer_auth(&self.key).header(ACCEPT, accept);
        if let Some(body) = body(operation, call.body) {
            request = request.json(&body);
        }
        // Neither the URL, which may hold an id, nor the key is part of an error.
        let response = request.send().await.map_err(reqwest::Error::without_url)?;
        let (status, headers) = (response.status().as_u16(), known_headers(response.headers()));
        let is_stream = response.headers().get(CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"text/event"));
        let bytes = response.bytes().await.map_err(reqwest::Error::without_url)?;
        let answer = if is_stream { events(&bytes)? } else { document_of(&bytes) };
        Ok(Recording {
            operation: operation.name().to_owned(),
            example: call.example.to_owned(),
            source: "cargo xtask probe".to_owned(),
            parameters: call.shown_parameters.clone(),
            request: call.body.clone(),
            status,
            headers,
            answer: self.masked(answer, call),
        })
    }

    fn url(&self, call: &Planned) -> Url {
        let mut url = self.base_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            for segment in call.operation.path().split('/').skip(1) {
                let name = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}'));
                segments.push(&name.map_or_else(|| segment.to_owned(), |name| text(&call.parameters[name])));
            }
        }
        let in_path = |name: &str| call.operation.path().contains(&format!("{{{name}}}"));
        for (name, value) in call.parameters.iter().filter(|(name, _)| !in_path(name)) {
            url.query_pairs_mut().append_pair(name, &text(value));
        }
        url
    }

    /// The answer without the key and without ids that the caller gave.
    fn masked(&self, answer: Answer, call: &Planned) -> Answer {
        let given = call.parameters.iter().filter(|(name, value)| call.shown_parameters.get(*name) != Some(value));
        let mut secrets: Vec<(String, String)> =
            given.map(|(name, value)| (text(value), text(&call.shown_parameters[name]))).collect();
        secrets.push((self.key.clone(), MASKED.to_owned()));
        let mask =
            |text: &str| secrets.iter().fold(text.to_owned(), |text, (secret, shown)| text.replace(secret, shown));
        match answer {
            Answer::Json(value) => Answer::Json(mask_value(value, &mask)),
            Answer::Events(events) => {
                Answer::Events(events.into_iter().map(|event| mask_value(event, &mask)).collect())
            }
            Answer::Text(text) => Answer::Text(mask(&text)),
        }
    }
}

fn mask_value(value: Value, mask: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(mask(&text)),
        Value::Array(items) => items.into_iter().map(|item| mask_value(item, mask)).collect(),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(key, value)| (key, mask_value(value, mask))).collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// The body as it is sent: the OpenAI-compatible API is told of a stream by a member.
fn body(operation: Operation, example: &Value) -> Option<Value> {
    let mut body = Some(example).filter(|body| !body.is_null())?.clone();
    if operation.tag() == "openai" && operation.is_stream() {
        body["stream"] = json!(true);
    }
    Some(body)
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The headers that the document knows; others may tell of the caller.
fn known_headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let items = document()["paths"].as_object().into_iter().flatten().filter_map(|(_, item)| item.as_object());
    let operations = items.flatten().filter_map(|(_, operation)| operation["responses"].as_object());
    let shared = document()["components"]["responses"].as_object();
    let known: BTreeSet<&String> = operations
        .chain(shared)
        .flatten()
        .flat_map(|(_, response)| response["headers"].as_object().into_iter().flatten())
        .map(|(name, _)| name)
        .collect();
    let known = known.into_iter().map(|name| name.to_ascii_lowercase()).chain([CONTENT_TYPE.to_string()]);
    known.filter_map(|name| Some((name.clone(), headers.get(&name)?.to_str().ok()?.to_owned()))).collect()
}

fn document_of(bytes: &[u8]) -> Answer {
    serde_json::from_slice(bytes)
        .map_or_else(|_| Answer::Text(String::from_utf8_lossy(bytes).into_owned()), Answer::Json)
}

fn events(bytes: &[u8]) -> anyhow::Result<Answer> {
    let mut decoder = Decoder::new();
    decoder.push(bytes);
    let mut events = Vec::new();
    while let Some(frame) = decoder.next_frame()? {
        events.push(event(&frame));
    }
    events.extend(decoder.finish()?.as_ref().map(event));
    Ok(Answer::Events(events))
}

fn event(frame: &Frame) -> Value {
    let mut event = Map::new();
    event.extend(frame.id.clone().map(|id| ("id".to_owned(), json!(id))));
    event.extend(frame.event.clone().map(|name| ("event".to_owned(), json!(name))));
    let data = serde_json::from_str(&frame.data).unwrap_or_else(|_| json!(frame.data));
    event.insert("data".to_owned(), data);
    Value::Object(event)
}
