//! Ranges: what is the same, and what allows more.

use crate::drift::attribute::Attribute;
use crate::drift::range::Range;
use crate::drift::tests::sides::lock;

fn range(text: &str) -> Range {
    Range::parse(text).unwrap_or_else(|| panic!("`{text}` is a range"))
}

#[test]
fn what_is_written_is_read_again() {
    let lock = lock();
    let entries = lock.pages.values().flat_map(|page| page.facts.values()).flatten();
    let ranges: Vec<String> =
        entries.filter_map(|(_, entry)| entry.statement().get(Attribute::Range).map(ToString::to_string)).collect();
    assert!(ranges.len() > 50);
    for text in &ranges {
        assert_eq!(range(text).to_string(), *text);
    }
    for text in ["", "x", "y < 1", "1 < 2", "1 ≤ x ≤", "one", "1 | x"] {
        assert_eq!(Range::parse(text), None, "{text}");
    }
}

#[test]
fn open_ends_of_integers_are_the_next_closed_ones() {
    for (one, other, integers, numbers) in [
        ("0 < x ≤ 4096", "1 ≤ x ≤ 4096", true, false),
        ("0 < x < 10", "1 ≤ x ≤ 9", true, false),
        ("0 | 1 ≤ x ≤ 9", "0 ≤ x ≤ 9", true, false),
        ("-1 | 1 ≤ x", "1 ≤ x | -1", true, true),
        ("0 ≤ x ≤ 1 | 1 ≤ x ≤ 2", "0 ≤ x ≤ 2", true, true),
        ("0 ≤ x < 1 | 1 < x ≤ 2", "0 ≤ x ≤ 2", false, false),
        ("0 < x", "0 ≤ x", false, false),
        ("0 ≤ x ≤ model maximum", "0 ≤ x", false, false),
        ("0 ≤ x ≤ 9 tokens", "0 ≤ x ≤ 9 characters", false, false),
        ("1 ≤ x ≤ 0.5", "0.5 ≤ x ≤ 1", false, false),
    ] {
        let (one, other) = (range(one), range(other));
        assert_eq!(one.agrees(&other, true), integers, "{one} and {other}, integers");
        assert_eq!(one.agrees(&other, false), numbers, "{one} and {other}");
    }
}

#[test]
fn a_range_covers_what_lies_in_it() {
    for (wide, narrow, covers) in [
        ("0 ≤ x ≤ 1", "0 < x < 1", true),
        ("0 < x ≤ 1", "0 ≤ x ≤ 1", false),
        ("0 ≤ x", "5", true),
        ("-1 | 1 ≤ x", "-1 | 3 ≤ x ≤ 4", true),
        ("-1 | 1 ≤ x", "0", false),
        ("0 ≤ x ≤ model maximum", "0 ≤ x ≤ 9", true),
        ("0 ≤ x ≤ 9", "0 ≤ x ≤ model maximum", false),
    ] {
        assert_eq!(range(wide).covers(&range(narrow), false), covers, "{wide} and {narrow}");
    }
}

#[test]
fn a_schema_cannot_say_what_depends_on_something_else() {
    for (page, schema, fits) in [
        ("1 ≤ x ≤ model maximum", "1 ≤ x", true),
        ("1 ≤ x ≤ model maximum", "1 ≤ x ≤ 32768", true),
        ("-1 | 0 ≤ x ≤ segMaxSize", "-1 ≤ x", true),
        ("2 ≤ x ≤ model maximum", "1 ≤ x", false),
        ("1 ≤ x ≤ 9", "1 ≤ x", false),
    ] {
        assert_eq!(range(page).fits_schema(&range(schema), true), fits, "{page} and {schema}");
    }
    assert!(range("x ≤ N").is_beyond_schema() && !range("0 ≤ x ≤ N").is_beyond_schema());
}
