//! Marks of citations: as documented, and malformed in every way.

use clovastudio::citations::{Segment, parse, parse_ids, plain_text};
use clovastudio::raw::types::{RerankDocument, RerankResult};
use proptest::prelude::*;

fn cited<'a>(mark: &'a str, text: &'a str) -> Segment<'a> {
    Segment { text, mark: Some(mark) }
}

fn plain(text: &str) -> Segment<'_> {
    Segment { text, mark: None }
}

fn document(id: &str) -> RerankDocument {
    RerankDocument::builder().id(id).doc("a text").try_into().expect("a document")
}

fn result(text: &str) -> RerankResult {
    RerankResult::builder().result(text.to_owned()).try_into().expect("a result")
}

/// The answer that segments come from.
fn written(segments: &[Segment]) -> String {
    let write = |segment: &Segment| match segment.mark {
        Some(mark) => format!("<{mark}>{}</{mark}>", segment.text),
        None => segment.text.to_owned(),
    };
    segments.iter().map(write).collect()
}

#[test]
fn marks_are_told_from_text() {
    let cases: [(&str, &[Segment]); 7] = [
        ("", &[]),
        ("no mark", &[plain("no mark")]),
        ("답변: <doc1>하나</doc1>.", &[plain("답변: "), cited("doc1", "하나"), plain(".")]),
        ("<doc1>a</doc1><doc12>b</doc12>", &[cited("doc1", "a"), cited("doc12", "b")]),
        ("<doc-179>a < b, c > d</doc-179>", &[cited("doc-179", "a < b, c > d")]),
        ("<doc-1><b>a</b></doc-1>", &[cited("doc-1", "<b>a</b>")]),
        ("<doc1></doc1>", &[cited("doc1", "")]),
    ];
    for (text, expected) in cases {
        let segments = parse(text);
        assert!(segments == expected, "{text}: {}", written(&segments));
    }
}

#[test]
fn malformed_marks_stay_text() {
    let cases: [(&str, &[Segment]); 10] = [
        ("<doc1>never closed", &[plain("<doc1>never closed")]),
        ("never opened</doc1>", &[plain("never opened</doc1>")]),
        ("</doc1>a<doc1>", &[plain("</doc1>a<doc1>")]),
        ("<doc1>a</doc2>", &[plain("<doc1>a</doc2>")]),
        ("<doc1", &[plain("<doc1")]),
        ("<doc>a</doc><docs>b</docs><doc->c</doc->", &[plain("<doc>a</doc><docs>b</docs><doc->c</doc->")]),
        ("<doc- a>b</doc- a>", &[plain("<doc- a>b</doc- a>")]),
        ("<doc1><doc2>a</doc2></doc1>", &[plain("<doc1>"), cited("doc2", "a"), plain("</doc1>")]),
        ("<doc1>a<doc2>b</doc2>", &[plain("<doc1>a"), cited("doc2", "b")]),
        ("<doc1>a<doc1>b</doc1>", &[plain("<doc1>a"), cited("doc1", "b")]),
    ];
    for (text, expected) in cases {
        let segments = parse(text);
        assert!(segments == expected, "{text}: {}", written(&segments));
    }
}

#[test]
fn ids_of_hits_can_be_anything() {
    let text = "<faq-7>a</faq-7> <문서>b</문서> <doc1>c</doc1>";
    let segments = parse_ids(text, &["faq-7", "문서"]);
    assert!(segments == [cited("faq-7", "a"), plain(" "), cited("문서", "b"), plain(" <doc1>c</doc1>")]);
    assert_eq!(plain_text(&segments), "a b <doc1>c</doc1>");
    assert!(parse_ids(text, &[""; 0]) == [plain(text)]);
}

#[test]
fn places_lead_to_documents_of_the_request() {
    let documents = [document("a"), document("b")];
    let ids = |text: &str| -> Vec<_> {
        let result = result(text);
        let segments = result.segments();
        segments.iter().map(|segment| segment.document(&documents).map(|document| document.id.clone())).collect()
    };
    assert_eq!(ids("<doc2>x</doc2><doc1>y</doc1>"), [Some("b".to_owned()), Some("a".to_owned())]);
    assert_eq!(ids("답변: <doc0>x</doc0><doc3>y</doc3><doc-1>z</doc-1>"), [None, None, None, None]);
    assert_eq!(ids("<doc99999999999999999999999>x</doc99999999999999999999999>"), [None]);
    assert!(RerankResult::default().segments().is_empty());
}

#[test]
fn debug_does_not_show_the_answer() {
    let shown = format!("{:?}", parse("<doc1>secret</doc1> secret"));
    assert!(shown.contains("doc1") && !shown.contains("secret"), "{shown}");
}

/// Pieces that marks are made of, whole and broken.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<doc1>"),
        Just("</doc1>"),
        Just("<doc2>"),
        Just("</doc2>"),
        Just("<doc-a>"),
        Just("</doc-a>"),
        Just("<"),
        Just(">"),
        Just("/"),
        Just("doc1"),
        Just("글"),
        Just(" "),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_of_an_answer_is_lost(text in prop_oneof![pieces(), any::<String>()]) {
        let segments = parse(&text);
        prop_assert_eq!(&written(&segments), &text);
        let twice = segments.windows(2).any(|pair| pair[0].mark.is_none() && pair[1].mark.is_none());
        prop_assert!(!twice, "two neighbours are not cited");
        prop_assert!(segments.iter().all(|segment| segment.mark.is_some() || !segment.text.is_empty()));
    }

    #[test]
    fn well_formed_answers_are_read_back(spans in prop::collection::vec((1..200_usize, "[^<>]{1,9}", "[^<>]{0,9}"), 0..9)) {
        let marks: Vec<_> = spans.iter().map(|(place, ..)| format!("doc{place}")).collect();
        let segments: Vec<_> = spans
            .iter()
            .zip(&marks)
            .flat_map(|((_, before, inside), mark)| [plain(before), cited(mark, inside)])
            .collect();
        let text = written(&segments);
        let read = parse(&text);
        prop_assert_eq!(&read, &segments);
        let places: Vec<_> = read.iter().filter_map(Segment::place).collect();
        prop_assert_eq!(places, spans.iter().map(|(place, ..)| *place).collect::<Vec<_>>());
    }
}
