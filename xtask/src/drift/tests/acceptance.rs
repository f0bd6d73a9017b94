//! The file of accepted differences.

use std::collections::BTreeSet;

use crate::drift::accepted::{Accepted, Checked, about, with};
use crate::finding::{Class, Finding};

fn difference() -> Finding {
    Finding {
        theirs: Some("it's 1".to_owned()),
        ours: Some("2".to_owned()),
        class: Some(Class::Breaking),
        ..Finding::new("default", "clovastudio-router request query", "they differ", "do something")
    }
}

fn rules(accepted: &str, findings: Vec<Finding>, checked: &Checked) -> Vec<&'static str> {
    let accepted = Accepted::parse(accepted).expect("the file is well-formed");
    accepted.apply(findings, checked).iter().map(|finding| finding.rule).collect()
}

#[test]
fn what_is_added_is_accepted() {
    let text = with("# Why\n", &difference(), "It's a slip");
    assert_eq!(rules(&text, vec![difference()], &Checked::default()), [""; 0]);
    let other = Finding { ours: Some("3".to_owned()), ..difference() };
    assert_eq!(rules(&text, vec![difference(), other], &Checked::default()), ["default"]);
    let twice = with(&text, &Finding { ours: None, ..difference() }, "Another");
    assert_eq!(rules(&twice, vec![difference(), Finding { ours: None, ..difference() }], &Checked::default()), [""; 0]);
}

#[test]
fn what_is_no_more_is_a_finding() {
    let text = with("", &difference(), "A slip");
    let accepted = Accepted::parse(&text).expect("the file is well-formed");
    let left = accepted.apply(Vec::new(), &Checked::default());
    let [stale] = left.as_slice() else { panic!("{left:?}") };
    assert_eq!((stale.rule, stale.subject.as_str()), ("accepted-stale", difference().fingerprint().as_str()));
    assert!(stale.place.as_ref().is_some_and(|place| place.line == "spec/accepted.yaml:4"), "{stale:?}");
    assert!(stale.problem.contains(&about(&difference())));
}

#[test]
fn what_only_a_page_tells_is_stale_only_when_the_page_was_read() {
    let torn = Finding {
        theirs: Some("x".to_owned()),
        ..Finding::new("unreadable-table", "clovastudio-router 요청", "p", "r")
    };
    let text = with("", &torn, "An aside");
    assert_eq!(rules(&text, Vec::new(), &Checked::default()), [""; 0]);
    let pages = BTreeSet::from(["clovastudio-router".to_owned()]);
    assert_eq!(rules(&text, Vec::new(), &Checked { pages, index: false }), ["accepted-stale"]);
    let gone = Finding::new("vanished-page", "clovastudio-router", "p", "r");
    let text = with("", &gone, "It moved");
    assert_eq!(rules(&text, Vec::new(), &Checked::default()), [""; 0]);
    assert_eq!(rules(&text, Vec::new(), &Checked { index: true, ..Checked::default() }), ["accepted-stale"]);
}

#[test]
fn a_line_that_describes_another_difference_is_a_finding() {
    let text = with("", &difference(), "A slip").replace("we say 2", "we say 4");
    assert_eq!(rules(&text, vec![difference()], &Checked::default()), ["accepted-text"]);
}

#[test]
fn a_file_that_is_not_well_formed_says_where() {
    let fine = with("", &difference(), "A slip");
    let cases = [
        (fine.replace("reason:", "because:"), "`reason`"),
        (fine.replace("'A slip'", "' '"), "`reason`"),
        (fine.replace("date:", "day:"), "`date`"),
        (fine.replace("differences:", "others:"), "`differences`"),
        (fine.replace("they say", "").replace(": 'default", ": 1 # 'default"), "line on what it is about"),
        (format!("{fine}{fine}"), "accepted twice"),
        ("- [".to_owned(), "Correct the YAML"),
    ];
    for (text, problem) in cases {
        let error = Accepted::parse(&text).expect_err("it is not well-formed");
        let message = format!("{error:#}");
        assert!(message.contains(problem) && message.contains("spec/accepted.yaml:"), "{message}");
    }
    assert_eq!(rules("# Nothing is accepted\n", Vec::new(), &Checked::default()), [""; 0]);
}
