//! Reads ranges: of numbers, and of the lengths of texts.

use std::sync::LazyLock;

use regex::{Captures, Match, Regex};

use crate::drift::range::{Range, number};
use crate::drift::types::Type;

const NUMBER: &str = r"-?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?";

const UNITS: &str = "글자|문자|자|characters?|文字|토큰|tokens?|トークン";

/// An expression with `NUMBER` and `UNIT` in it.
pub fn regex(pattern: &str) -> Regex {
    let pattern = pattern.replace("NUMBER", NUMBER).replace("UNIT", UNITS);
    Regex::new(&pattern).expect("the expression is written down here")
}

/// `0.00 < topP ≤ 1.00`, `maxTokens < 4096`, `1 ≤ version`.
static CHAIN: LazyLock<Regex> = LazyLock::new(|| {
    let low = r"(NUMBER)\s*([<≤])\s*";
    let name = r"`?([A-Za-z_][A-Za-z0-9_.\[\]-]*)`?";
    let high = r"\s*([<≤>≥])\s*(?:(`?NUMBER`?)|([^()|:,<>≤≥]+?)\s*(?:$|[(|:,]))";
    regex(&format!("(?:{low})?{name}(?:{high})?"))
});

/// From one end to another: `0~0.1`, `1자~10,000자`, `1,024 이상 4,096 미만`, `0 to 1`, `최소 1, 최대 100`. An end is open
/// where `over` or `under` is found.
static SPANS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let patterns = [
        r"LOW\s*(?:UNIT)?\s*(?:이상|以上|(?<over>초과|超))?\s*~\s*HIGH\s*(?<unit>UNIT)?\s*(?<under>미만|未満)?",
        r"LOW\s*(?:UNIT)?\s*(?:이상|以上|(?<over>초과|超))[,、]?\s*HIGH\s*(?:설정값|값|の値)?\s*(?<unit>UNIT)?\s*(?:이하|以下|(?<under>미만|未満))",
        r"(?:at least|greater than or equal to|(?<over>greater than|more than)) LOW (?:and|but) (?:at most|up to|less than or equal to|(?<under>less than)) HIGH(?: (?<unit>UNIT))?",
        r"^(?:최소|minimum|最小)\s*LOW\s*(?:UNIT)?[,、]?\s*(?:and )?(?:최대|maximum|最大)\s*HIGH\s*(?<unit>UNIT)?",
        r"^between LOW and (?:the )?HIGH(?: (?<unit>UNIT))?",
        r"(?:^|[:(]\s*)(?:from )?LOW to HIGH(?: (?<unit>UNIT))?",
        r"^LOW[-–](?<high>NUMBER)\s*(?<unit>UNIT)?\s*(?:$|[(:])",
    ];
    let (low, high) = ("`?(?<low>NUMBER)`?", "(?<high>`?NUMBER`?|`?[A-Za-z][A-Za-z0-9_]*`?)");
    patterns.map(|pattern| regex(&format!("(?i){}", pattern.replace("LOW", low).replace("HIGH", high)))).to_vec()
});

/// `1 이상: …`, `10 or less`, at the beginning of an item.
static BOUND: LazyLock<Regex> = LazyLock::new(|| {
    let low = r"이상|以上|or (?:more|greater|higher)";
    let high = r"이하|以下|or (?:less|fewer|lower)";
    regex(&format!(r"(?i)^`?(NUMBER)`?\s*(UNIT)?\s*(?:({low})|({high}))"))
});

/// `최대 8,192 토큰`, `up to 8,192 tokens`.
static UP_TO: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)(?:최대|up to|最大)\s*(NUMBER)\s*(UNIT)"));

/// A number at the beginning of an item, with its meaning, with when it holds, or with nothing behind it.
static POINT: LazyLock<Regex> = LazyLock::new(|| {
    let meaning = r"$|[(:]";
    let condition = r"(?:으?로\s*)?(?:설정|입력|지정)(?:하면|\s*시)|인\s*경우|を入力|に設定|の場合";
    regex(&format!(r"(?i)^(?:(?:if|when) set to `?(NUMBER)|`?(NUMBER)`?\s*(?:{meaning}|{condition}))"))
});

/// The number that an item begins with, if it is about that alone.
pub fn point(item: &str) -> Option<String> {
    let captures = POINT.captures(item)?;
    captures.get(1).or(captures.get(2)).map(|number| number.as_str().to_owned())
}

/// The range in an item, with what stands beside it as an alternative.
pub fn ranges(item: &str, kind: &Type) -> Vec<Range> {
    if kind.is_boolean() {
        return Vec::new();
    }
    let is_text = !kind.is_empty() && !kind.is_numeric();
    let has_sign = item.contains(['<', '≤', '>', '≥']);
    if let Some(captures) = has_sign.then(|| CHAIN.captures_iter(item).find(|found| is_range(found, item))).flatten() {
        let start = captures.get(0).map_or(0, |whole| whole.start());
        let before = alternatives(&item[..start]);
        return before.into_iter().chain(chain(&captures)).collect();
    }
    if let Some(captures) = SPANS.iter().find_map(|span| span.captures(item)) {
        let start = captures.get(0).map_or(0, |whole| whole.start());
        return alternatives(&item[..start]).into_iter().chain(span(&captures)).collect();
    }
    if let Some(captures) = BOUND.captures(item).filter(|captures| !is_text || captures.get(2).is_some()) {
        let unit = unit(captures.get(2));
        let at = captures[1].replace(',', "");
        let text = if captures.get(3).is_some() { format!("{at} ≤ x{unit}") } else { format!("x ≤ {at}{unit}") };
        return Range::parse(&text).into_iter().collect();
    }
    let has_number = is_text && item.contains(|letter: char| letter.is_ascii_digit());
    if let Some(captures) = has_number.then(|| UP_TO.captures(item)).flatten() {
        let text = format!("x ≤ {}{}", &captures[1], unit(captures.get(2)));
        return Range::parse(&text.replace(',', "")).into_iter().collect();
    }
    Vec::new()
}

fn span(captures: &Captures<'_>) -> Option<Range> {
    let sign = |name: &str| if captures.name(name).is_some() { "<" } else { "≤" };
    let (low, high) = (bound(&captures["low"]), bound(&captures["high"]));
    Range::parse(&format!("{low} {} x {} {high}{}", sign("over"), sign("under"), unit(captures.name("unit"))))
}

/// Not `Bearer <key>`, nor a mere name, nor the end of a sum.
fn is_range(captures: &Captures<'_>, item: &str) -> bool {
    let is_sum = captures.get(0).is_some_and(|whole| item[..whole.start()].trim_end().ends_with('+'));
    let is_open_word = captures.get(6).is_some() && captures.get(4).is_some_and(|sign| "<>".contains(sign.as_str()));
    !is_sum && (captures.get(1).is_some() || captures.get(4).is_some() && !is_open_word)
}

fn chain(captures: &Captures<'_>) -> Option<Range> {
    let part = |index: usize| captures.get(index).map(|part| part.as_str());
    let low = part(1).zip(part(2)).map_or(String::new(), |(at, sign)| format!("{} {sign} ", at.replace(',', "")));
    let (sign, at) = (part(4).unwrap_or_default(), part(5).or(part(6)).map(bound).unwrap_or_default());
    Range::parse(&match sign {
        "" => format!("{low}x"),
        ">" => format!("{at} < x"),
        "≥" => format!("{at} ≤ x"),
        sign => format!("{low}x {sign} {at}"),
    })
}

/// Numbers that stand as alternatives in front of a range: `0 또는 1 ≤ …`, `-100 (automatic) | -1.5 ≤ …`.
fn alternatives(before: &str) -> Option<Range> {
    let before = before.trim_end();
    let ends = ["또는", "혹은", "or", "または", "|", ","];
    let before = ends.iter().find_map(|end| before.strip_suffix(end))?;
    let points: Vec<String> = before.split(['|', ',']).filter_map(|piece| point(piece.trim())).collect();
    Range::of_points(&points)
}

/// An end of a range: a number, the name of a field, or a limit of the model in whatever words.
fn bound(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_prefix("value of ").unwrap_or(text);
    let words = ["설정값", "의 값", "값", "の値", " value"];
    let text = words.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text).trim().trim_matches('`').trim();
    if let Some(number) = number(text) {
        return number.to_string();
    }
    let lower = text.to_lowercase();
    let is_of_model = ["모델", "model", "モデル"].iter().any(|word| lower.contains(word));
    if is_of_model { "model maximum".to_owned() } else { text.to_owned() }
}

fn unit(word: Option<Match<'_>>) -> &'static str {
    match word.map(|word| word.as_str()) {
        None => "",
        Some("토큰" | "token" | "tokens" | "トークン") => " tokens",
        Some(_) => " characters",
    }
}
