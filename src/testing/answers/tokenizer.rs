//! The tokens of a text: one rule for calculators, usage, limits and pieces of streams.
//!
//! A token is up to two syllables of Hangul, six letters of other alphabets, three digits, or one other character, with
//! the white space before it. White space at the end of a text is a token of its own. The tokens of a text, joined, are
//! the text.

use std::iter;

use super::language::is_hangul;

/// Tokens of an image, whatever its size: those of the example in the document.
pub const IMAGE: u64 = 1_478;

/// The tokens.
pub fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    iter::from_fn(move || {
        let (piece, after) = rest.split_at(first_length(rest)?);
        rest = after;
        Some(piece)
    })
}

/// Number of tokens.
pub fn count(text: &str) -> u64 {
    pieces(text).count() as u64
}

/// The first tokens.
pub fn cut(text: &str, most: u64) -> &str {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let length = pieces(text).take(most).map(str::len).sum();
    &text[..length]
}

fn first_length(text: &str) -> Option<usize> {
    if text.is_empty() {
        return None;
    }
    let Some(start) = text.find(|char: char| !char.is_whitespace()) else { return Some(text.len()) };
    let mut chars = text[start..].chars();
    let kind = chars.clone().next().map_or(Kind::Other, Kind::of);
    let same = chars.by_ref().take(kind.longest()).take_while(|char| Kind::of(*char) == kind);
    Some(start + same.map(char::len_utf8).sum::<usize>())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Space,
    Hangul,
    Letter,
    Digit,
    Other,
}

impl Kind {
    fn of(char: char) -> Self {
        match char {
            _ if char.is_whitespace() => Self::Space,
            _ if is_hangul(char) => Self::Hangul,
            _ if char.is_ascii_digit() => Self::Digit,
            // From here on come the scripts of East Asia, where a character is about a word.
            _ if char.is_alphabetic() && char < '\u{2e80}' => Self::Letter,
            _ => Self::Other,
        }
    }

    fn longest(self) -> usize {
        match self {
            Self::Hangul => 2,
            Self::Letter => 6,
            Self::Digit => 3,
            Self::Space | Self::Other => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assert_pieces(text: &str, expected: &[&str]) {
        assert_eq!(pieces(text).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn each_script_has_its_length() {
        assert_pieces("How many tokens?", &["How", " many", " tokens", "?"]);
        assert_pieces("오늘 날씨가 어때?", &["오늘", " 날씨", "가", " 어때", "?"]);
        assert_pieces("12345 apples", &["123", "45", " apples"]);
        assert_pieces("international", &["intern", "ationa", "l"]);
        assert_pieces("天気🙂", &["天", "気", "🙂"]);
        assert_pieces(" \n", &[" \n"]);
        assert_pieces("", &[]);
    }

    proptest! {
        #[test]
        fn the_tokens_are_the_text_and_a_cut_keeps_their_number(text in any::<String>(), most in 0..40_u64) {
            prop_assert_eq!(pieces(&text).collect::<String>(), text.as_str());
            let cut = cut(&text, most);
            prop_assert!(text.starts_with(cut));
            prop_assert_eq!(count(cut), most.min(count(&text)));
        }
    }
}
