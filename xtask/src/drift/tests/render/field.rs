//! Writes what is said about a field.

use serde_json::Value;

use super::{Language, Writer};
use crate::drift::attribute::{Attribute, Said};
use crate::drift::range::Range;
use crate::drift::statement::Statement;
use crate::drift::types::{Default, Kind, Need, Type};

impl Writer<'_> {
    /// The cell of the type.
    pub fn kind(&self, statement: &Statement) -> String {
        let Some(kind) = statement.kind() else { return "-".to_owned() };
        let names: Vec<String> = kind.kinds().map(|one| self.kind_name(one, kind, statement)).collect();
        names.join(" \\| ")
    }

    fn kind_name(&self, one: Kind, kind: &Type, statement: &Statement) -> String {
        let (old, government) = (self.style.old, self.style.government);
        let name = match one {
            Kind::String if !statement.values().is_empty() && old => "Enum",
            Kind::String => "String",
            Kind::Integer if old => "Int",
            Kind::Integer => "Integer",
            Kind::Number if old => "Float",
            Kind::Number => "Double",
            Kind::Boolean => "Boolean",
            Kind::Object => "Object",
            Kind::Any => "Any",
            Kind::Array => match kind.items().next() {
                Some(Kind::Object) if government => "object array",
                Some(Kind::Object) => "List[Object]",
                Some(Kind::String) => "Array[String]",
                Some(Kind::Number) => "Array[Number]",
                _ => "Array",
            },
        };
        if government { name.to_lowercase() } else { name.to_owned() }
    }

    /// The cell of the requirement.
    pub fn need(&self, statement: &Statement) -> String {
        match statement.required() {
            None => "-",
            Some(Need::Required) if self.style.government => "Y",
            Some(Need::Optional) if self.style.government => "N",
            Some(Need::Required) => "Required",
            Some(Need::Optional) => "Optional",
            Some(Need::Conditional) => "Conditional",
        }
        .to_owned()
    }

    /// The items of the description.
    pub fn details(&self, path: &str, statement: &Statement) -> String {
        let name = path.rsplit('.').next().unwrap_or(path).trim_end_matches("[]");
        let mut default = match statement.get(Attribute::Default) {
            Some(Said::Default(Default::Value(value))) => Some(value.clone()),
            _ => None,
        };
        let mut items = Vec::new();
        if let Some(range) = statement.range() {
            let mark = self.default_mark(default.take().as_ref());
            items.push(format!("{}{mark}", self.range(name, range)));
        }
        let values = statement.values();
        if !values.is_empty() && name != "failureReason" {
            items.push(self.values(values, &mut default));
        }
        if let Some(default) = &default {
            items.push(self.default_mark(Some(default)).trim().to_owned());
        }
        if statement.get(Attribute::Deprecated).is_some() {
            items.push(self.words.deprecated.to_owned());
        }
        // What stands in an example is no fact.
        items.push(format!("{} {} \\| 17", self.words.sample, self.style.code("sample")));
        items.iter().flat_map(|item| [" - ", item]).collect()
    }

    fn values(&self, values: &[String], default: &mut Option<Value>) -> String {
        let is_default = |value: &String| default.as_ref().is_some_and(|default| default == value.as_str());
        let has_default = values.iter().any(is_default);
        let marked = values.iter().map(|value| {
            let code = self.style.code(value);
            if is_default(value) { format!("{code} ({})", self.words.default) } else { code }
        });
        let list = marked.collect::<Vec<_>>().join(" \\| ");
        if has_default {
            *default = None;
        }
        let meanings = values.iter().filter(|_| !self.style.government && values.len() > 1);
        let meanings = meanings.map(|value| format!(" - `{value}`: {}", self.words.prose));
        let valid = if values.len() == 1 && !has_default { format!(" ({})", self.words.valid) } else { String::new() };
        format!("{list}{valid}{}", meanings.collect::<String>())
    }

    fn default_mark(&self, default: Option<&Value>) -> String {
        let Some(default) = default else { return String::new() };
        let text = match default {
            Value::String(text) if text.is_empty() => "`\"\"`".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if self.style.language == Language::Japanese {
            format!(" （{}： {text}）", self.words.default)
        } else {
            format!(" ({}: {text})", self.words.default)
        }
    }

    /// A range in the words of a page: signs of full width in Korean, `~` on old pages.
    fn range(&self, name: &str, range: &Range) -> String {
        let text = range.to_string();
        let (text, unit) = match (text.strip_suffix(" tokens"), text.strip_suffix(" characters")) {
            (Some(text), _) => (text, self.words.tokens),
            (_, Some(text)) => (text, self.words.characters),
            _ => (text.as_str(), ""),
        };
        let pieces: Vec<String> = text.split(" | ").map(|piece| self.piece(name, piece, unit)).collect();
        let is_point = pieces.len() == 1 && !text.contains('x');
        let text = pieces.join(&format!(" {} ", if self.style.old { "\\|" } else { self.words.or }));
        let text = if is_point { format!("{text} ({})", self.words.valid) } else { text };
        if self.style.language == Language::Korean { text.replace('<', "＜").replace('~', "～") } else { text }
    }

    fn piece(&self, name: &str, piece: &str, unit: &str) -> String {
        if !piece.contains('x') {
            return self.style.code(piece);
        }
        if let Some(high) = piece.strip_prefix("x ≤ ").filter(|_| !unit.is_empty()) {
            return format!("{} {} {unit}", self.words.up_to, thousands(high));
        }
        let ends = piece.split_once(" ≤ x ≤ ").filter(|(_, high)| high.parse::<f64>().is_ok());
        if let Some((low, high)) = ends.filter(|_| self.style.old || !unit.is_empty()) {
            let space = if unit.is_empty() { "" } else { " " };
            return format!("{low}~{}{space}{unit}", thousands(high));
        }
        piece
            .replace(" x", &format!(" {}", self.style.code(name)))
            .replace("x ", &format!("{} ", self.style.code(name)))
            .replace("model maximum", self.words.model_maximum)
    }
}

/// `10,000`.
pub fn thousands(digits: &str) -> String {
    if digits.len() < 5 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.to_owned();
    }
    let groups: Vec<String> =
        digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join(",")
}
