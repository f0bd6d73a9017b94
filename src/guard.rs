//! The rules between fields that the vendor is known to enforce, checked before a request is sent.
//!
//! The rules stand in the document, each as a JSON Schema of the bodies that are refused, some with numbers that are
//! not to be above others; this is an evaluator for the few keywords they use (the build fails on others).

use std::io;

use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};
use crate::limits::CHAT;

/// A rule of the document.
struct Rule {
    schema: &'static str,
    id: &'static str,
    text: &'static str,
    page: &'static str,
    code: &'static str,
    models: &'static [&'static str],
    refuses: &'static str,
    above: &'static [Above],
}

/// A number that is refused above another, which JSON Schema cannot say.
#[derive(Debug)]
pub(crate) struct Above {
    /// The member with the number; the default of one that is not sent counts for nothing.
    pub(crate) name: &'static str,
    other: &'static str,
    default: f64,
}

mod generated {
    use super::{Above, Rule};

    include!(concat!(env!("OUT_DIR"), "/rules.rs"));
}

/// Name that rules use for a tuned model.
pub(crate) const TUNED: &str = "tuned";

/// The schema that the limits of chats are about.
const CHAT_SCHEMA: &str = "ChatV3Request";

/// The page that tells the limits of chats.
const CHAT_PAGE: &str = "https://api.ncloud-docs.com/docs/clovastudio-chatcompletionsv3";

/// Whether there is anything to check of the bodies of a schema.
pub(crate) fn knows(schema: &str) -> bool {
    schema == CHAT_SCHEMA || generated::RULES.iter().any(|rule| rule.schema == schema)
}

/// The numbers that are refused above others by a rule.
#[cfg(feature = "testing")]
pub(crate) fn above(rule: &str) -> &'static [Above] {
    generated::RULES.iter().find(|known| known.id == rule).map_or(&[], |rule| rule.above)
}

/// Checks a body against the limits and rules of its schema. `model` is the model that is called, if it is known.
pub(crate) fn check(schema: &str, model: Option<&str>, body: &Value) -> Result<()> {
    if schema == CHAT_SCHEMA {
        check_limits(body)?;
    }
    let rules = generated::RULES.iter().filter(|rule| rule.schema == schema);
    let mut applying =
        rules.filter(|rule| rule.models.is_empty() || model.is_some_and(|model| rule.models.contains(&model)));
    match applying.find(|rule| rule.is_broken_by(body)) {
        Some(rule) => Err(rule.error()),
        None => Ok(()),
    }
}

/// The limits of a chat that no schema can say.
fn check_limits(body: &Value) -> Result<()> {
    let messages = || body["messages"].as_array().into_iter().flatten();
    let images: Vec<usize> = messages().map(images_in).collect();
    let systems = messages().filter(|message| message["role"] == "system").count();
    let bytes = if images.iter().any(|images| *images > 0) { bytes_of(body) } else { 0 };
    let counts = [
        (images.iter().copied().max().unwrap_or_default(), CHAT.images_per_message, "images in a message"),
        (images.iter().sum(), CHAT.images_per_request, "images in a request"),
        (systems, CHAT.system_messages, "system messages in a request"),
        (bytes, CHAT.body_bytes, "bytes in a request"),
    ];
    match counts.into_iter().find(|(count, limit, _)| count > limit) {
        Some((count, limit, what)) => Err(Error::new(ErrorKind::Request).with_message(format!(
            "{count} {what}, where the service takes at most {limit} ({CHAT_PAGE}; guards can be switched off)"
        ))),
        None => Ok(()),
    }
}

/// Bytes of a body on the wire, which is not built for it: with images it may be large.
fn bytes_of(body: &Value) -> usize {
    struct Counter(usize);
    impl io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    // Neither the counter nor a value can fail.
    let _ = serde_json::to_writer(&mut counter, body);
    counter.0
}

fn images_in(message: &Value) -> usize {
    message["content"].as_array().into_iter().flatten().filter(|part| part["type"] == "image_url").count()
}

impl Rule {
    fn is_broken_by(&self, body: &Value) -> bool {
        let is_refused = serde_json::from_str(self.refuses).is_ok_and(|schema| fits(&schema, body));
        is_refused && self.above.iter().all(|pair| pair.holds(body))
    }

    fn error(&self) -> Error {
        let Self { id, text, page, code, .. } = self;
        Error::new(ErrorKind::Request).with_message(format!(
            "{text} The service would answer {code} (rule {id}, https://api.ncloud-docs.com/docs/{page}; guards can be \
             switched off)"
        ))
    }
}

impl Above {
    /// Whether the number was sent and is above the other one.
    pub(crate) fn holds(&self, body: &Value) -> bool {
        let other = body[self.other].as_f64().unwrap_or(self.default);
        body[self.name].as_f64().is_some_and(|number| number > other)
    }
}

/// Whether a value fits a schema.
fn fits(schema: &Value, value: &Value) -> bool {
    let Some(keywords) = schema.as_object() else { return true };
    keywords.iter().all(|(keyword, argument)| keyword_fits(keyword, argument, value))
}

fn keyword_fits(keyword: &str, argument: &Value, value: &Value) -> bool {
    let schemas = || argument.as_array().into_iter().flatten();
    match keyword {
        "required" => {
            schemas().filter_map(Value::as_str).all(|name| value.as_object().is_none_or(|it| it.contains_key(name)))
        }
        "properties" => argument
            .as_object()
            .into_iter()
            .flatten()
            .all(|(name, schema)| value.get(name).is_none_or(|member| fits(schema, member))),
        "enum" => schemas().any(|known| known == value),
        "minimum" => compare(value, argument).is_none_or(std::cmp::Ordering::is_ge),
        "maximum" => compare(value, argument).is_none_or(std::cmp::Ordering::is_le),
        "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= argument.as_u64().unwrap_or_default()),
        "anyOf" => schemas().any(|schema| fits(schema, value)),
        "allOf" => schemas().all(|schema| fits(schema, value)),
        "not" => !fits(argument, value),
        "contains" => value.as_array().is_none_or(|items| items.iter().any(|item| fits(argument, item))),
        "items" => value.as_array().is_none_or(|items| items.iter().all(|item| fits(argument, item))),
        "type" => argument.as_str() == Some(type_of(value)),
        _ => true,
    }
}

fn compare(value: &Value, limit: &Value) -> Option<std::cmp::Ordering> {
    value.as_f64()?.partial_cmp(&limit.as_f64()?)
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
