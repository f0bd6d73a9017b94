//! The language to answer in.

/// A language that the simulator writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Korean,
    English,
}

impl Language {
    /// Korean when at least as many words have Hangul as have none, else English.
    pub fn of(text: &str) -> Self {
        let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
        let (korean, other): (Vec<_>, Vec<_>) = words.partition(|word| word.chars().any(is_hangul));
        if !korean.is_empty() && korean.len() >= other.len() { Self::Korean } else { Self::English }
    }
}

/// Whether a character is a Korean syllable or letter.
pub fn is_hangul(char: char) -> bool {
    matches!(char, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_words_decide() {
        for text in ["텐서가 무엇인가요?", "Rust의 tokio란?", "tokio spawn 함수 설명", "GPU 3대를 빌려 줘"]
        {
            assert_eq!(Language::of(text), Language::Korean, "{text}");
        }
        for text in ["What is a tensor?", "How do you say 안녕 in English?", "", "32 + 15", "你好"] {
            assert_eq!(Language::of(text), Language::English, "{text}");
        }
    }
}
