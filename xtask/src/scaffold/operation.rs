//! Path items and bodies.

use std::collections::BTreeMap;

use heck::{ToSnakeCase, ToUpperCamelCase};
use serde_json::{Map, Value, json};

use super::field::Fields;
use crate::drift::attribute::Attribute;
use crate::drift::facts::{ANY_EVENT, Key, Part, Section};
use crate::drift::page::{ReadPage, Told};

/// The vendor's pages.
const PAGES: &str = "https://api.ncloud-docs.com/docs";

/// The name of an API in names of schemas: that of its page, and of its path where a page has several.
pub fn api_name(page: &ReadPage, scope: &str) -> String {
    let page = page.slug.strip_prefix("clovastudio-").unwrap_or(&page.slug).to_upper_camel_case();
    page + &scope.rsplit('/').next().unwrap_or_default().to_upper_camel_case()
}

/// The paths and schemas of a page.
pub fn fragment(page: &ReadPage) -> (Map<String, Value>, Map<String, Value>) {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for told in section(page, &Section::of(Part::Operations)).into_iter().flat_map(BTreeMap::values) {
        let Some((method, path)) = told.path.split_once(' ') else { continue };
        let is_split = page.facts.keys().any(|section| section.scope == path);
        let scope = if is_split { path } else { "" };
        let maker = Maker { page, path, scope, api: api_name(page, scope) };
        let operation = maker.operation(method, told, &mut schemas);
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[method.to_lowercase()] = operation;
    }
    (paths, schemas)
}

fn section<'a>(page: &'a ReadPage, section: &Section) -> Option<&'a BTreeMap<Key, Told>> {
    page.facts.get(section)
}

struct Maker<'a> {
    page: &'a ReadPage,
    path: &'a str,
    scope: &'a str,
    api: String,
}

impl<'a> Maker<'a> {
    fn section(&self, part: Part) -> Option<(Section, &'a BTreeMap<Key, Told>)> {
        let scope = if part.is_body() { self.scope.to_owned() } else { String::new() };
        let name = Section { scope, part };
        section(self.page, &name).map(|facts| (name, facts))
    }

    /// Whether it is of the OpenAI-compatible API, which has no envelope.
    fn is_openai(&self) -> bool {
        self.path.starts_with("/v1/openai/")
    }

    fn operation(&self, method: &str, told: &Told, schemas: &mut Map<String, Value>) -> Value {
        let mut operation = json!({
            "operationId": self.id(method),
            "tags": [self.words().first().copied().unwrap_or("tag")],
            "summary": "(write a summary of a few words)",
            "description": "(write what it does, in our own words)",
            "externalDocs": { "url": format!("{PAGES}/{}", self.page.slug) },
        });
        if told.statement.get(Attribute::Deprecated).is_some() {
            operation["deprecated"] = json!(true);
        }
        operation["parameters"] = self.parameters();
        if let Some((section, facts)) = self.section(Part::Request) {
            let name = format!("{}Request", self.api);
            let mut fields = Fields::new(&self.api, &section, facts);
            fields.object(&name, None);
            let mut examples = Map::new();
            examples.insert("full".to_owned(), example(&fields.sample(None, false)));
            examples.insert("minimal".to_owned(), example(&fields.sample(None, true)));
            schemas.extend(fields.schemas);
            operation["requestBody"] = json!({
                "required": true,
                "content": { "application/json": { "schema": reference(&name), "examples": examples } },
            });
        }
        operation["responses"] = self.responses(schemas);
        operation
    }

    /// The words of the path, without versions.
    fn words(&self) -> Vec<&'a str> {
        let is_word = |word: &&str| {
            let is_version = word.strip_prefix('v').is_some_and(|rest| rest.parse::<u32>().is_ok());
            !word.is_empty() && !word.starts_with('{') && !is_version && *word != "api-tools"
        };
        self.path.split('/').filter(is_word).collect()
    }

    fn id(&self, method: &str) -> String {
        let verb = match method {
            "GET" => "get",
            "DELETE" => "delete",
            "POST" => "create",
            _ => "update",
        };
        format!("{verb}_{}", self.words().join("_").to_snake_case())
    }

    fn parameters(&self) -> Value {
        let shared = |name: &str| json!({ "$ref": format!("#/components/parameters/{name}") });
        let mut parameters = vec![shared("RequestId")];
        for (part, place) in [(Part::PathParameters, "path"), (Part::QueryParameters, "query")] {
            let Some((section, facts)) = self.section(part) else { continue };
            let fields = Fields::new(&self.api, &section, facts);
            for (key, told) in facts {
                let name = told.path.as_str();
                match name {
                    _ if place == "path" && !self.path.contains(&format!("{{{name}}}")) => {}
                    "modelName" => parameters.push(shared("ModelName")),
                    "taskId" => parameters.push(shared("TaskId")),
                    _ => parameters.push(parameter(&fields, key, name, place)),
                }
            }
        }
        // A path may name what no table describes.
        let named = self.path.split('{').skip(1).filter_map(|piece| piece.split_once('}')).map(|(name, _)| name);
        for name in named {
            let known = self
                .section(Part::PathParameters)
                .is_some_and(|(_, facts)| facts.values().any(|told| told.path == name));
            match name {
                _ if known => {}
                "modelName" => parameters.push(shared("ModelName")),
                "taskId" => parameters.push(shared("TaskId")),
                _ => parameters.push(json!({
                    "name": name, "in": "path", "required": true,
                    "description": "(write what it is; no table of the page describes it)",
                    "schema": { "type": "string" }, "example": "text",
                })),
            }
        }
        parameters.into()
    }

    fn responses(&self, schemas: &mut Map<String, Value>) -> Value {
        let names = [
            "limit-requests",
            "remaining-requests",
            "reset-requests",
            "limit-tokens",
            "remaining-tokens",
            "reset-tokens",
        ];
        let headers = names.map(|name| {
            let component = format!("#/components/headers/RateLimit{}", name.to_upper_camel_case());
            (format!("x-ratelimit-{name}"), json!({ "$ref": component }))
        });
        let mut content = json!({ "application/json": self.answer(schemas) });
        if let Some(stream) = self.stream(schemas) {
            content["text/event-stream"] = stream;
        }
        let failures = if self.is_openai() { "OpenAi" } else { "" };
        json!({
            "200": {
                "description": "(write what comes back)",
                "headers": Map::from_iter(headers),
                "content": content,
            },
            "4XX": { "$ref": format!("#/components/responses/{failures}ClientError") },
            "5XX": { "$ref": format!("#/components/responses/{failures}ServerError") },
        })
    }

    /// The JSON answer, with its envelope.
    fn answer(&self, schemas: &mut Map<String, Value>) -> Value {
        let status = json!({ "code": "20000", "message": "OK" });
        let response = self.section(Part::Response);
        let result = Key::new(&Part::Response, "result");
        let Some((section, facts)) =
            response.filter(|(_, facts)| self.is_openai() || facts.keys().any(|key| key.is_inside(&result)))
        else {
            if self.is_openai() {
                let name = format!("{}Answer", self.api);
                let description = "(write what it is; the page does not describe it)";
                let schema = json!({ "type": "object", "description": description, "properties": {} });
                schemas.insert(name.clone(), schema);
                return media_type(&name, &json!({}));
            }
            return media_type("EmptyEnvelope", &json!({ "status": status }));
        };
        let mut fields = Fields::new(&self.api, &section, facts);
        if self.is_openai() {
            let name = format!("{}Answer", self.api);
            fields.object(&name, None);
            let sample = fields.sample(None, false);
            schemas.extend(fields.schemas);
            return media_type(&name, &sample);
        }
        let (name, inner) = (format!("{}Envelope", self.api), format!("{}Result", self.api));
        fields.object(&inner, Some(&result));
        let sample = json!({ "status": status, "result": fields.sample(Some(&result), false) });
        schemas.insert(
            name.clone(),
            json!({
                "type": "object",
                "description": "(write whose answer it is)",
                "required": ["status"],
                "properties": {
                    "status": reference("Status"),
                    "result": {
                        "oneOf": [reference(&inner), { "enum": [null], "description": "Nothing." }],
                        "description": "(write what it is); absent or null when `status` is a failure.",
                    },
                },
            }),
        );
        schemas.extend(fields.schemas);
        media_type(&name, &sample)
    }

    /// The events, if there are any.
    fn stream(&self, schemas: &mut Map<String, Value>) -> Option<Value> {
        let events = self.page.facts.iter().filter_map(|(section, facts)| match &section.part {
            Part::Event(event) if section.scope == self.scope => Some((event.as_str(), section, facts)),
            _ => None,
        });
        let events: Vec<_> = events.collect();
        if events.is_empty() || self.is_openai() {
            return None;
        }
        let union = format!("{}Event", self.api);
        let (mut variants, mut mapping, mut examples) = (Vec::new(), Map::new(), Map::new());
        for (index, (event, section, facts)) in events.iter().enumerate() {
            let event = if *event == ANY_EVENT { "result" } else { event };
            if mapping.contains_key(event) {
                continue;
            }
            let mut fields = Fields::new(&format!("{}{}", self.api, event.to_upper_camel_case()), section, facts);
            let wrapper = self.event(event, &mut fields);
            let sample = json!({ "event": event, "data": fields.sample(None, false) });
            schemas.extend(fields.schemas);
            variants.push(reference(&wrapper));
            mapping.insert(event.to_owned(), json!(format!("#/components/schemas/{wrapper}")));
            examples.insert(format!("sample-{}", index + 1), json!({ "value": sample }));
        }
        schemas.insert(
            union.clone(),
            json!({
                "description": "(write which events come in which order)",
                "oneOf": variants,
                "discriminator": { "propertyName": "event", "mapping": mapping },
                "x-extensible-union": true,
            }),
        );
        Some(json!({ "schema": reference(&union), "examples": examples }))
    }

    /// The schema of one event. Failures and ends are the same in all streams.
    fn event(&self, event: &str, fields: &mut Fields<'_>) -> String {
        let shared = match event {
            "error" => Some("StreamErrorEvent"),
            "signal" => Some("StreamSignalEvent"),
            _ => None,
        };
        if let Some(shared) = shared {
            return shared.to_owned();
        }
        let name = format!("{}{}", self.api, event.to_upper_camel_case());
        fields.object(&name, None);
        let wrapper = format!("{name}Event");
        fields.schemas.insert(wrapper.clone(), json!({
            "type": "object",
            "description": "(write what the event tells)",
            "required": ["event", "data"],
            "properties": {
                "id": { "type": "string", "description": "Id of this event." },
                "event": { "allOf": [reference("EventName")], "description": "Name of the event.", "enum": [event] },
                "data": reference(&name),
            },
        }));
        wrapper
    }
}

fn parameter(fields: &Fields<'_>, key: &Key, name: &str, place: &str) -> Value {
    let mut schema = fields.parameter(key);
    let description = schema.as_object_mut().and_then(|schema| schema.shift_remove("description"));
    let example = fields.sample(None, false)[key.name()].clone();
    json!({
        "name": name,
        "in": place,
        "required": place == "path" || fields.is_required(key),
        "description": description,
        "schema": schema,
        "example": example,
    })
}

fn media_type(schema: &str, sample: &Value) -> Value {
    json!({ "schema": reference(schema), "examples": { "sample": example(sample) } })
}

fn example(value: &Value) -> Value {
    json!({ "summary": "(write what it shows)", "value": value })
}

fn reference(component: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{component}") })
}
