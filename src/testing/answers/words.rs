//! The words of a text that carry its meaning, and which of them are the same.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::language::is_hangul;

/// Words that say nothing about the topic.
static STOP_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let english = "a about an and are as at be been by can could did do does for from get had has have he her his how i \
        if in is it its let like many me much my need no not of on or our please s set she should so some t tell tells \
        that the their them there these they this to us want was we were what when where which who why will with would \
        you your";
    let korean = "그 그리고 누구 뭐 뭐야 무슨 무엇 무엇인가요 및 수 알려 알려주세요 알려줘 어디 어때 어떤가요 어떻게 언제 왜 이 인가요 저 좀 \
        주세요 줘 하나요 해 해줘";
    english.split_whitespace().chain(korean.split_whitespace()).collect()
});

/// Particles and endings that Korean nouns carry, longest first.
static PARTICLES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    "이라는 에게서 에서는 으로는 이란 라는 에서 에게 까지 부터 으로 처럼 보다 마다 하고 이나 란 은 는 이 가 을 를 의 에 와 과 도 로 만 랑"
        .split(' ')
        .collect()
});

/// Syllables or letters that two forms of a word share at least, and letters that may follow.
const SHARED_HANGUL: usize = 2;
const SHARED_LETTERS: usize = 4;
const LONGEST_ENDING: usize = 3;

/// All words, as they stand in the text.
pub fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The words that carry the meaning, in lower case, without particles, each once, in the order of the text.
pub fn content(text: &str) -> Vec<String> {
    let mut known = HashSet::new();
    let words = split(text).map(stem).filter(|word| !is_stop_word(word));
    words.filter(|word| known.insert(word.clone())).collect()
}

/// The words of a name such as `get_weather` or `postalCode`, in lower case.
pub fn of_name(name: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(name.len());
    let mut previous = ' ';
    for char in name.chars() {
        if char.is_uppercase() && previous.is_lowercase() {
            spaced.push(' ');
        }
        spaced.push(char);
        previous = char;
    }
    split(&spaced).map(str::to_lowercase).collect()
}

/// A word in lower case without its particle.
pub fn stem(word: &str) -> String {
    let word = word.to_lowercase();
    without_particle(&word).map(str::to_owned).unwrap_or(word)
}

/// A word without its particle, if it has one and a noun of two syllables or more is left.
pub fn without_particle(word: &str) -> Option<&str> {
    let stems = PARTICLES.iter().filter_map(|particle| word.strip_suffix(particle));
    stems.into_iter().find(|stem| stem.chars().count() >= 2)
}

/// The beginning that all forms of a word share.
pub fn root(word: &str) -> &str {
    let shared = if word.starts_with(is_hangul) { SHARED_HANGUL } else { SHARED_LETTERS };
    word.char_indices().nth(shared).map_or(word, |(end, _)| &word[..end])
}

/// Whether a word, in lower case, says nothing about the topic.
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(word)
}

/// Whether two words, in lower case, are forms of one.
pub fn same(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let shared = short.chars().zip(long.chars()).take_while(|(one, other)| one == other).count();
    let endings = [short, long].map(|word| word.chars().count() - shared);
    match short.chars().next() {
        _ if one == other => true,
        Some(first) if is_hangul(first) => {
            let is_noun_with_particle = long.strip_prefix(short).is_some_and(|ending| PARTICLES.contains(&ending));
            is_noun_with_particle || shared >= SHARED_HANGUL && endings.iter().all(|it| *it < LONGEST_ENDING)
        }
        Some(first) if first.is_alphabetic() => {
            shared >= SHARED_LETTERS && endings.iter().all(|ending| *ending <= LONGEST_ENDING)
        }
        _ => false,
    }
}

/// How many of the wanted words a text has.
pub fn overlap(wanted: &[String], words: &[String]) -> usize {
    wanted.iter().filter(|wanted| has(words, wanted)).count()
}

/// Whether a form of a word is among these.
pub fn has(words: &[String], wanted: &str) -> bool {
    words.iter().any(|word| same(word, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_topic_stay() {
        assert_eq!(content("How do I rent a GPU?"), ["rent", "gpu"]);
        assert_eq!(content("서울의 날씨는 어때? 날씨!"), ["서울", "날씨"]);
        assert_eq!(of_name("getWeather_byCity"), ["get", "weather", "by", "city"]);
        assert_eq!(content("?!"), [""; 0]);
    }

    #[test]
    fn forms_of_a_word_are_the_same() {
        for (one, other) in [("delete", "deleting"), ("network", "networks"), ("고양이는", "고양이란"), ("비", "비가")]
        {
            assert!(same(one, other) && same(other, one), "{one} {other}");
        }
        for (one, other) in [("weather", "wealth"), ("비", "비용"), ("날씨", "날개"), ("12", "123"), ("a", "b")]
        {
            assert!(!same(one, other), "{one} {other}");
        }
    }
}
