//! Sentences put together into paragraphs: by their similarity, and by length.

use std::ops::{Range, RangeInclusive};

use super::sentences::{Sentence, float, similarity};
use super::words;

/// How much an empty line takes from the similarity of the sentences around it: all there can be.
const EMPTY_LINE: f64 = 1.0;

/// Where sentences part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Parting {
    /// At as many places as make this number of paragraphs, those with the least similarity.
    Count(usize),
    /// At empty lines, and where the similarity is below its mean and this many standard deviations: the larger, the
    /// more paragraphs.
    Threshold(f64),
}

/// Paragraphs as ranges of sentences, without a gap.
pub fn part(sentences: &[Sentence<'_>], parting: Parting) -> Vec<Range<usize>> {
    let similarities = similarities(sentences);
    let bonds = bonds(sentences, &similarities);
    let mut starts = match parting {
        Parting::Count(count) => weakest(&bonds, count.saturating_sub(1)),
        Parting::Threshold(alpha) => below(&bonds, threshold(&similarities, alpha)),
    };
    starts.sort_unstable();
    let starts = [0].into_iter().chain(starts).filter(|start| *start < sentences.len());
    let starts: Vec<_> = starts.chain([sentences.len()]).collect();
    starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

/// Paragraphs of a length in characters. Long ones are cut between sentences, short ones join the next or the one before,
/// as long as that does not make them too long.
pub fn resize(
    sentences: &[Sentence<'_>],
    paragraphs: &[Range<usize>],
    sizes: &RangeInclusive<usize>,
) -> Vec<Range<usize>> {
    let mut resized: Vec<Range<usize>> = Vec::new();
    for paragraph in paragraphs.iter().flat_map(|paragraph| shorten(sentences, paragraph.clone(), *sizes.end())) {
        let last = resized.last().map(|last| last.start..paragraph.end);
        let fits = |joined: &Range<usize>| length(&sentences[joined.clone()]) <= *sizes.end();
        let is_short = |range: &Range<usize>| length(&sentences[range.clone()]) < *sizes.start();
        match (last.filter(fits), resized.last_mut()) {
            (Some(joined), Some(last)) if is_short(last) || is_short(&paragraph) => *last = joined,
            _ => resized.push(paragraph),
        }
    }
    resized
}

/// Pieces of a text of at most so many characters, cut at white space where there is some.
pub fn pieces(text: &str, most: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((end, next)) = rest.char_indices().nth(most.max(1)) {
        let space = rest[..end].rfind(char::is_whitespace).filter(|at| *at > 0 && !next.is_whitespace());
        let (piece, after) = rest.split_at(space.unwrap_or(end));
        pieces.push(piece.trim_end());
        rest = after.trim_start();
    }
    pieces.push(rest);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// How similar each sentence is to the next.
fn similarities(sentences: &[Sentence<'_>]) -> Vec<f64> {
    let contents: Vec<_> = sentences.iter().map(|sentence| words::content(sentence.text)).collect();
    contents.windows(2).map(|pair| similarity(&pair[0], &pair[1])).collect()
}

/// How well each sentence goes with the next.
fn bonds(sentences: &[Sentence<'_>], similarities: &[f64]) -> Vec<f64> {
    let gap = |sentence: &Sentence<'_>| if sentence.begins_paragraph { EMPTY_LINE } else { 0.0 };
    similarities.iter().zip(sentences.iter().skip(1)).map(|(similarity, next)| similarity - gap(next)).collect()
}

/// The sentences before the weakest bonds.
fn weakest(bonds: &[f64], most: usize) -> Vec<usize> {
    let mut gaps: Vec<_> = (0..bonds.len()).collect();
    gaps.sort_by(|one, other| bonds[*one].total_cmp(&bonds[*other]));
    gaps.into_iter().take(most).map(|gap| gap + 1).collect()
}

/// The sentences before bonds weaker than this.
fn below(bonds: &[f64], threshold: f64) -> Vec<usize> {
    let gaps = bonds.iter().enumerate().filter(|(_, bond)| **bond < threshold);
    gaps.map(|(gap, _)| gap + 1).collect()
}

/// So many standard deviations above the mean.
fn threshold(similarities: &[f64], alpha: f64) -> f64 {
    let count = float(similarities.len().max(1));
    let mean = similarities.iter().sum::<f64>() / count;
    let variance = similarities.iter().map(|similarity| (similarity - mean).powi(2)).sum::<f64>() / count;
    mean + alpha * variance.sqrt()
}

/// A paragraph cut between sentences into ones of at most so many characters. A longer sentence stays whole.
fn shorten(sentences: &[Sentence<'_>], paragraph: Range<usize>, most: usize) -> Vec<Range<usize>> {
    let mut short: Vec<Range<usize>> = Vec::new();
    for sentence in paragraph {
        match short.last_mut() {
            Some(last) if length(&sentences[last.start..=sentence]) <= most => last.end = sentence + 1,
            _ => short.push(sentence..sentence + 1),
        }
    }
    short
}

/// Characters of sentences with a space between them.
fn length(sentences: &[Sentence<'_>]) -> usize {
    let texts: usize = sentences.iter().map(|sentence| sentence.text.chars().count()).sum();
    texts + sentences.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::answers::sentences;

    const TEXT: &str = "The harbour grew. The harbour is deep. Cats sleep. Cats eat fish.\n\nRain fell.";

    fn parted(parting: Parting) -> Vec<Range<usize>> {
        part(&sentences::split(TEXT), parting)
    }

    #[test]
    fn topics_part_where_they_share_no_words() {
        assert_eq!(parted(Parting::Threshold(0.0)), [0..2, 2..4, 4..5]);
        assert_eq!(parted(Parting::Count(2)), [0..4, 4..5]);
        assert_eq!(parted(Parting::Count(1)).len(), 1);
        assert_eq!(parted(Parting::Count(9)).len(), 5);
        assert!(part(&[], Parting::Threshold(0.0)).is_empty());
    }

    #[test]
    fn a_larger_threshold_gives_no_fewer_paragraphs() {
        let counts = [-1.5, -0.5, 0.0, 0.5, 1.5].map(|alpha| parted(Parting::Threshold(alpha)).len());
        assert!(counts.is_sorted() && counts[0] < counts[4], "{counts:?}");
    }

    proptest! {
        #[test]
        fn resized_paragraphs_cover_the_text_and_are_not_too_long(
            words in prop::collection::vec("[a-z]{1,9}[.]?", 1..60), most in 1..80_usize, least in 0..40_usize,
        ) {
            let text = words.join(" ");
            let sentences = sentences::split(&text);
            let sentences: Vec<_> = sentences.iter().flat_map(|it| pieces(it.text, most)).collect();
            let sentences: Vec<_> =
                sentences.into_iter().map(|text| Sentence { text, begins_paragraph: false }).collect();
            let paragraphs = part(&sentences, Parting::Threshold(0.0));
            let resized = resize(&sentences, &paragraphs, &(least.min(most)..=most));
            prop_assert_eq!(resized.iter().flat_map(Clone::clone).collect::<Vec<_>>(), (0..sentences.len()).collect::<Vec<_>>());
            for (index, range) in resized.iter().enumerate() {
                let own = length(&sentences[range.clone()]);
                prop_assert!(own <= most);
                let next = resized.get(index + 1).map(|next| length(&sentences[range.start..next.end]));
                prop_assert!(own >= least.min(most) || next.is_none_or(|joined| joined > most));
            }
        }
    }
}
