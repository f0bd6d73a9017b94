//! The sentences of a text, and how much they have in common.

use super::words;

/// A sentence without the white space around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence<'a> {
    pub text: &'a str,
    /// Whether an empty line stands before it.
    pub begins_paragraph: bool,
}

/// Characters that end a sentence, and that may follow them.
const ENDS: [char; 5] = ['.', '?', '!', '。', '…'];
const CLOSING: [char; 6] = ['"', '”', '’', ')', '」', '\''];

/// The sentences. One ends with a mark before white space, or with its line.
pub fn split(text: &str) -> Vec<Sentence<'_>> {
    let mut sentences: Vec<Sentence<'_>> = Vec::new();
    let mut begins_paragraph = false;
    for line in text.lines() {
        let texts = in_line(line);
        if texts.is_empty() {
            begins_paragraph = !sentences.is_empty();
        }
        for text in texts {
            sentences.push(Sentence { text, begins_paragraph });
            begins_paragraph = false;
        }
    }
    sentences
}

/// A sentence without the mark at its end, and the mark.
pub fn without_end(sentence: &str) -> (&str, &str) {
    let text = sentence.trim_end_matches(ENDS);
    (text, &sentence[text.len()..])
}

/// How much two sentences have in common, from 0 to 1: the share of the words of the one with fewer.
pub fn similarity(one: &[String], other: &[String]) -> f64 {
    let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if few.is_empty() { 0.0 } else { float(words::overlap(few, many)) / float(few.len()) }
}

/// A count as floating point.
pub fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn in_line(line: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (space, _) in line.match_indices(char::is_whitespace) {
        let sentence = &line[start..space];
        if sentence.trim_end_matches(CLOSING).ends_with(ENDS) {
            sentences.push(sentence);
            start = space;
        }
    }
    sentences.push(&line[start..]);
    sentences.into_iter().map(str::trim).filter(|sentence| !sentence.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_with_a_mark_or_their_line() {
        let text = "Pi is 3.14. \"Really?\" Yes!\n첫 줄\n\n\n두 번째 문단이다. 끝";
        let sentences = split(text);
        let texts: Vec<_> = sentences.iter().map(|sentence| sentence.text).collect();
        assert_eq!(texts, ["Pi is 3.14.", "\"Really?\"", "Yes!", "첫 줄", "두 번째 문단이다.", "끝"]);
        let begins: Vec<_> = sentences.iter().filter(|it| it.begins_paragraph).map(|it| it.text).collect();
        assert_eq!(begins, ["두 번째 문단이다."]);
        assert_eq!(split(" \n \n"), []);
        assert_eq!(without_end("Really?!"), ("Really", "?!"));
    }

    #[test]
    fn sentences_share_words() {
        let similarity = |one: &str, other: &str| similarity(&words::content(one), &words::content(other));
        assert!(similarity("The harbour grew.", "Harbours grew fast.") > 0.9);
        assert!(similarity("항구가 커졌다.", "날씨는 맑다.") < 0.1);
        assert!(similarity("", "날씨는 맑다.") < 0.1);
    }
}
