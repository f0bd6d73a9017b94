//! What a prompt holds that may fill a schema.

use std::cmp::Reverse;

use serde_json::Value;

use crate::testing::answers::words;

/// Names of properties that want the prompt itself, and that want its topic.
const WHOLE: [&str; 12] =
    ["text", "summary", "message", "prompt", "question", "input", "content", "body", "요약", "질문", "내용", "메시지"];
const TOPIC: [&str; 9] = ["query", "search", "keyword", "keywords", "topic", "subject", "검색어", "검색", "주제"];

/// Words about time, which no property wants unless it has a format.
const TIMES: [&str; 10] = ["today", "tomorrow", "yesterday", "now", "오늘", "내일", "어제", "지금", "현재", "모레"];

/// Words that deny what follows.
const DENIALS: [&str; 8] = ["no", "not", "without", "never", "don't", "안", "없이", "없는"];

/// Words between a name and its value.
const LINKS: [&str; 5] = ["is", "are", "was", "named", "called"];

/// Words between a name and a number that belongs to it.
const REACH: usize = 3;

/// Most words of a value after a name.
const LONGEST_VALUE: usize = 6;

/// Words of a prompt that are looked at.
const LOOKED_AT: usize = 2_000;

/// The words of a prompt, and which of them are used up.
pub struct Clues<'a> {
    prompt: &'a str,
    words: Vec<Word<'a>>,
    /// Names of somebody or something.
    names: Vec<String>,
    /// Words that may be values, without particles.
    topic: Vec<String>,
    quoted: Vec<String>,
    /// Names of all properties of the schema.
    reserved: Vec<String>,
    used: Vec<String>,
}

/// A word between white space.
struct Word<'a> {
    /// Without the punctuation around it.
    text: &'a str,
    lower: String,
    /// What comes after it.
    after: &'a str,
    starts_sentence: bool,
    number: Option<f64>,
    is_used: bool,
}

impl<'a> Clues<'a> {
    /// The words of a prompt. The known ones are about what is wanted, and no values.
    pub fn new(prompt: &'a str, known: &[String]) -> Self {
        let mut words: Vec<Word<'_>> = Vec::new();
        let raw = prompt.lines().flat_map(|line| line.split_whitespace().enumerate()).take(LOOKED_AT);
        for (at, raw) in raw {
            let ends_sentence = |word: &Word<'_>| word.after.contains(['.', '?', '!', ':']);
            let starts_sentence = at == 0 || words.last().is_none_or(ends_sentence);
            words.push(Word::of(raw, starts_sentence));
        }
        let (names, topic, quoted) = (proper_names(&words), topic(&words, known), quoted(prompt));
        Self { prompt, words, names, topic, quoted, reserved: Vec::new(), used: Vec::new() }
    }

    /// Keeps numbers that stand at the name of a property of the schema for that property.
    pub fn reserve(&mut self, schema: &Value) {
        match schema {
            Value::Object(members) => {
                let names = members.get("properties").and_then(Value::as_object).into_iter().flatten();
                self.reserved.extend(names.flat_map(|(name, _)| words::of_name(name)));
                members.values().for_each(|value| self.reserve(value));
            }
            Value::Array(items) => items.iter().for_each(|item| self.reserve(item)),
            _ => {}
        }
    }

    /// An unused number: the nearest to a word of the name, or of the description, else the first that stands at no
    /// other name.
    pub fn number(&mut self, name: &str, description: &str, fits: impl Fn(f64) -> bool) -> Option<f64> {
        let [by_name, by_text] = [words::of_name(name), words::content(description)];
        let numbers = self.words.iter().enumerate().filter(|(_, word)| !word.is_used);
        let numbers: Vec<_> = numbers.filter(|(_, word)| word.number.is_some_and(&fits)).map(|(at, _)| at).collect();
        let near = |names: &[String]| {
            let distances = numbers.iter().filter_map(|at| Some((self.distance(*at, names)?, *at)));
            distances.min().map(|(_, at)| at)
        };
        let free = || numbers.iter().copied().find(|at| self.distance(*at, &self.reserved).is_none());
        let at = near(&by_name).or_else(|| near(&by_text)).or_else(free)?;
        let word = self.words.get_mut(at)?;
        word.is_used = true;
        word.number
    }

    /// How well the words around a number name it; the least is best. The more words of the name there are, the better,
    /// then the nearer. A value rather follows its name than the other way round, and both stand in one clause.
    fn distance(&self, at: usize, names: &[String]) -> Option<(Reverse<usize>, usize)> {
        let before = self.words[..at].iter().rev().take_while(|word| !word.ends_clause()).zip(1..);
        let rest = if self.words[at].ends_clause() { &[] } else { &self.words[at + 1..] };
        let clause_end = rest.iter().position(Word::ends_clause).map_or(rest.len(), |end| end + 1);
        let after = rest[..clause_end].iter().zip(1..);
        let around = before.take(REACH).map(|(word, distance)| (word, 2 * distance));
        let around = around.chain(after.take(REACH).map(|(word, distance)| (word, 2 * distance + 1)));
        let near: Vec<_> = around.filter(|(word, _)| word.is_one_of(names)).collect();
        let nearest = near.iter().map(|(_, distance)| *distance).min()?;
        let found = names.iter().filter(|name| near.iter().any(|(word, _)| word.is_form_of(name))).count();
        Some((Reverse(found), nearest))
    }

    /// An unused text: what follows the name, the prompt or its topic where the name asks for it, something in quotes, a
    /// name of somebody or something, a word of the topic.
    pub fn text(&mut self, name: &str, description: &str, fits: impl Fn(&str) -> bool) -> Option<String> {
        let names = words::of_name(name);
        let asks_for = |known: &[&str]| names.iter().any(|name| known.contains(&name.as_str()));
        let about = words::content(description);
        let prompt = self.prompt.trim();
        let whole = asks_for(&WHOLE).then(|| prompt.to_owned());
        let topic = asks_for(&TOPIC).then(|| self.topic.join(" "));
        let values = self.after_name(&names).into_iter().chain(whole).chain(topic);
        let others = self.quoted.iter().chain(&self.names).chain(&self.topic);
        let others = others.filter(|text| !words::content(text).iter().any(|word| words::has(&about, word)));
        let mut candidates = values.chain(others.cloned());
        let found = candidates.find(|text| !text.is_empty() && !self.used.contains(text) && fits(text))?;
        self.used.push(found.clone());
        Some(found)
    }

    /// A word of any kind.
    pub fn word(&self, fits: impl Fn(&str) -> bool) -> Option<String> {
        self.words.iter().map(|word| word.text).find(|text| fits(text)).map(str::to_owned)
    }

    /// Whether the prompt speaks of a value.
    pub fn mention(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => {
                let wanted = words::of_name(text);
                let is_there = |wanted: &String| self.words.iter().any(|word| word.is_form_of(wanted));
                !wanted.is_empty() && wanted.iter().all(is_there)
            }
            Value::Number(number) => {
                self.words.iter().any(|word| word.number.is_some() && word.number == number.as_f64())
            }
            _ => false,
        }
    }

    /// Whether the prompt speaks of a property and does not deny it.
    pub fn affirm(&self, name: &str, description: &str) -> bool {
        let names = [words::of_name(name), words::content(description)].concat();
        let mut places = self.words.iter().enumerate().filter(|(_, word)| word.is_one_of(&names));
        let is_denied = |at: usize| {
            let before = &self.words[at.saturating_sub(REACH)..at];
            before.iter().any(|word| DENIALS.contains(&word.lower.as_str()))
        };
        places.any(|(at, _)| !is_denied(at))
    }

    /// How many unused words or numbers may become items of these schemas.
    pub fn left_for(&self, items: &[&Value]) -> usize {
        let kind = items.iter().find_map(|schema| schema["type"].as_str());
        match kind {
            Some("number" | "integer") => {
                self.words.iter().filter(|word| word.number.is_some() && !word.is_used).count()
            }
            Some("string") => self.names.iter().filter(|name| !self.used.contains(name)).count(),
            _ => 0,
        }
    }

    /// What the prompt says right after a name: `city: New York`, `the city is Busan`, `from Seoul`.
    fn after_name(&self, names: &[String]) -> Option<String> {
        let at = self.words.iter().position(|word| word.is_one_of(names))?;
        let is_linked = |at: usize| self.words.get(at).is_some_and(|word| LINKS.contains(&word.lower.as_str()));
        let first = if is_linked(at + 1) { at + 2 } else { at + 1 };
        let is_named = first > at + 1 || self.words[at].after.starts_with([':', '=']);
        let rest = self.words.get(first..)?;
        let value: Vec<_> = match rest.first()? {
            _ if is_named => up_to_mark(rest),
            word if word.is_capitalized() => rest.iter().take_while(|word| word.is_capitalized()).collect(),
            _ => Vec::new(),
        };
        Some(value.iter().map(|word| word.text).collect::<Vec<_>>().join(" "))
    }
}

/// A text when the prompt has nothing to say: the name itself.
pub fn from_name(name: &str) -> String {
    if name.is_empty() { "text".to_owned() } else { words::of_name(name).join(" ") }
}

/// What stands between quotation marks.
fn quoted(prompt: &str) -> Vec<String> {
    let parts: Vec<_> = prompt.split(['"', '“', '”', '「', '」']).collect();
    // The last part is outside, or its mark is never closed.
    let inside = parts[..parts.len() - 1].iter().skip(1).step_by(2);
    inside.map(|part| part.trim().to_owned()).collect()
}

/// Words in a row that begin with a capital inside a sentence.
fn proper_names(words: &[Word<'_>]) -> Vec<String> {
    let mut names: Vec<Vec<&str>> = Vec::new();
    let mut goes_on = false;
    for word in words {
        let is_name = word.is_capitalized() && !word.starts_sentence && !words::is_stop_word(&word.lower);
        match names.last_mut().filter(|_| goes_on) {
            Some(name) if is_name => name.push(word.text),
            _ if is_name => names.push(vec![word.text]),
            _ => {}
        }
        goes_on = is_name && word.after.is_empty();
    }
    names.into_iter().map(|name| name.join(" ")).collect()
}

fn topic(words: &[Word<'_>], known: &[String]) -> Vec<String> {
    let is_value = |word: &&Word<'_>| {
        let is_empty_word = words::is_stop_word(&word.lower) || TIMES.contains(&word.lower.as_str());
        let stem = words::stem(word.text);
        let is_word = word.text.contains(char::is_alphabetic) && word.number.is_none();
        is_word && !is_empty_word && !words::is_stop_word(&stem) && !words::has(known, &stem)
    };
    let without_particle = |text| words::without_particle(text).unwrap_or(text).to_owned();
    words.iter().filter(is_value).map(|word| without_particle(word.text)).collect()
}

impl<'a> Word<'a> {
    fn of(raw: &'a str, starts_sentence: bool) -> Self {
        let is_outer = |char: char| !char.is_alphanumeric();
        let start = raw.find(|char| !is_outer(char)).unwrap_or(0);
        let text = raw[start..].trim_end_matches(is_outer);
        let after = &raw[start + text.len()..];
        let sign = if raw[..start].ends_with(['-', '−']) { -1.0 } else { 1.0 };
        let number = number(text).map(|number| sign * number);
        Self { text, lower: text.to_lowercase(), after, starts_sentence, number, is_used: false }
    }

    fn is_capitalized(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    fn ends_clause(&self) -> bool {
        self.after.contains([',', ';', '.', '?', '!'])
    }

    fn is_one_of(&self, names: &[String]) -> bool {
        names.iter().any(|name| self.is_form_of(name))
    }

    fn is_form_of(&self, name: &str) -> bool {
        !self.text.is_empty() && (words::same(&self.lower, name) || words::same(&words::stem(self.text), name))
    }
}

/// The number that a word begins with: `1,200`, `32.5`, `17도`, `30%`. Words such as dates and addresses hold none.
fn number(text: &str) -> Option<f64> {
    let length = text.find(|char: char| !char.is_ascii_digit() && char != ',' && char != '.').unwrap_or(text.len());
    let (digits, unit) = text.split_at(length);
    let is_unit = unit.chars().all(char::is_alphabetic) || unit == "%";
    digits.replace(',', "").parse().ok().filter(|number: &f64| is_unit && number.is_finite())
}

/// The words up to a mark of punctuation.
fn up_to_mark<'w, 'a>(words: &'w [Word<'a>]) -> Vec<&'w Word<'a>> {
    let end = words.iter().position(|word| !word.after.is_empty()).map_or(words.len(), |at| at + 1);
    words[..end.min(LONGEST_VALUE)].iter().collect()
}
