//! The lock and the document of this checkout, and what unchanged pages give.

use crate::drift::accepted::{ACCEPTED, Accepted, Checked};
use crate::drift::compare::Sides;
use crate::drift::document::DocumentFacts;
use crate::drift::lock::{LOCK, Lock};
use crate::drift::page;
use crate::drift::tests::render::{Damage, Language, Style, render};
use crate::workspace;

pub fn lock() -> Lock {
    Lock::parse(&text(LOCK)).expect("the lock of this checkout is well-formed")
}

pub fn accepted() -> Accepted {
    Accepted::parse(&text(ACCEPTED)).expect("the file is well-formed")
}

fn text(path: &str) -> String {
    std::fs::read_to_string(workspace::root().join(path)).expect("the file is part of the repository")
}

#[test]
fn the_lock_is_written_as_it_is_read() {
    let (written, text) = (lock().to_text(), text(LOCK));
    let differing = written.lines().zip(text.lines()).find(|(written, line)| written != line);
    assert!(written == text, "{LOCK} is not in the order that `drift --update` writes: {differing:?}");
}

#[test]
fn every_difference_between_document_and_lock_is_accepted_with_a_reason() {
    let (lock, document) = (lock(), workspace::document().expect("the document parses"));
    let facts = DocumentFacts::read(&document);
    let left = accepted().apply(Sides::new(&lock, &facts).document(), &Checked::default());
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn unchanged_pages_give_nothing() {
    let (lock, document) = (lock(), workspace::document().expect("the document parses"));
    let facts = DocumentFacts::read(&document);
    let sides = Sides::new(&lock, &facts);
    let mut count = 0;
    for (slug, locked) in lock.pages.iter().filter(|(_, page)| !page.withdrawn) {
        for style in Style::all() {
            let text = render(slug, locked, style, &Damage::default());
            let findings = sides.page(&page::read(slug, &text));
            assert!(findings.is_empty(), "{slug} {style:?}\n{findings:#?}\n{text}");
            count += 1;
        }
    }
    println!("{count} pages");
}

#[test]
fn an_object_is_named_by_its_members_as_well() {
    let (lock, document) = (lock(), workspace::document().expect("the document parses"));
    let facts = DocumentFacts::read(&document);
    let sides = Sides::new(&lock, &facts);
    let slug = "clovastudio-openaicompatibility";
    let style = Style { language: Language::Korean, government: false, old: false };
    let text = render(slug, &lock.pages[slug], style, &Damage::default());
    let removed = |names: &[&str]| {
        let rest = names.iter().fold(text.clone(), |text, name| {
            let item = format!("- `{name}`");
            assert!(text.contains(&item), "{item}");
            text.replacen(&item, "", 1)
        });
        let findings = sides.page(&page::read(slug, &rest));
        findings.into_iter().map(|finding| (finding.rule, finding.subject)).collect::<Vec<_>>()
    };
    assert_eq!(removed(&["reasoning"]), []);
    let scope = format!("{slug} request of /v1/openai/chat/completions");
    assert_eq!(removed(&["stop"]), [("removed", format!("{scope} stop"))]);
}
