//! The visit, against a server on loopback.

use std::sync::Mutex;
use std::time::Duration;

use httpmock::{Method::GET, Mock, MockServer};
use tempfile::TempDir;

use super::{Language, Source, Visit, visit_with};
use crate::drift::compare::Sides;
use crate::drift::document::DocumentFacts;
use crate::drift::live::cache::Cache;
use crate::drift::live::fetch::{Fetcher, Pace};
use crate::drift::lock::{Edition, Lock, LockedPage, OVERVIEW};
use crate::drift::tests::render::{Damage, Language as Written, Style, render};
use crate::drift::tests::sides::lock;
use crate::drift::{find, workspace};
use crate::finding::Site;

const KOREAN: Style = Style { language: Written::Korean, government: false, old: false };

/// The waits of the tests that look at them, which run one at a time.
static WAITS: Mutex<Vec<Duration>> = Mutex::new(Vec::new());

fn note(wait: Duration) {
    WAITS.lock().expect("no test panics while it notes a wait").push(wait);
}

fn pace() -> Pace {
    Pace { sleep: |_| {}, ..Pace::polite() }
}

/// A server with an index and pages of the lock, a few of them to be quick.
struct Vendor {
    server: MockServer,
    cache: TempDir,
    lock: Lock,
}

/// Also the overview, which tells what all pages may repeat.
const SLUGS: [&str; 4] = ["clovastudio-router", "clovastudio-sliding", "clovastudio-model", OVERVIEW];

impl Vendor {
    fn new() -> Self {
        let mut lock = lock();
        lock.pages.retain(|slug, _| SLUGS.contains(&slug.as_str()));
        Self { server: MockServer::start(), cache: TempDir::new().expect("a directory"), lock }
    }

    fn index(&self, slugs: &[&str]) -> Mock<'_> {
        let links: Vec<String> =
            slugs.iter().chain([&OVERVIEW]).map(|slug| format!("- [x](https://elsewhere/docs/{slug}.md)")).collect();
        self.server.mock(|when, then| {
            when.method(GET).path("/llms.txt");
            then.status(200).body(links.join("\n"));
        })
    }

    fn page(&self, slug: &str, page: &LockedPage) -> Mock<'_> {
        let body = render(slug, page, KOREAN, &Damage::default());
        self.server.mock(|when, then| {
            when.method(GET).path(format!("/docs/{slug}.md"));
            then.status(200).header("content-type", "text/markdown").body(body);
        })
    }

    fn status(&self, slug: &str, status: u16) -> Mock<'_> {
        self.server.mock(|when, then| {
            when.method(GET).path(format!("/docs/{slug}.md"));
            then.status(status);
        })
    }

    fn pages(&self, slugs: &[&str]) {
        for slug in slugs.iter().chain([&OVERVIEW]) {
            self.page(slug, &self.lock.pages[*slug]);
        }
    }

    fn try_visit(&self, pace: Pace) -> anyhow::Result<Visit> {
        let url = self.server.base_url();
        let source = Source { api: url.clone(), guide: url, language: Language::Ko };
        let client = crate::http::client().expect("a client");
        let mut fetcher = Fetcher::new(client, Cache::new(self.cache.path().to_owned()), pace).expect("a fetcher");
        visit_with(&mut fetcher, &source, &self.lock)
    }

    fn visit(&self) -> Visit {
        self.try_visit(pace()).expect("the index is there")
    }

    /// Rule and page of what is found on pages, without what the small lock lacks of the document.
    fn found(&self, visit: &Visit) -> Vec<(&'static str, String)> {
        let document = workspace::document().expect("the document parses");
        let facts = DocumentFacts::read(&document);
        let sides = Sides::new(&self.lock, &facts);
        let of_document: Vec<String> = sides.document().iter().map(crate::finding::Finding::fingerprint).collect();
        let found = find(&sides, visit).into_iter().filter(|finding| !of_document.contains(&finding.fingerprint()));
        found.map(|finding| (finding.rule, finding.subject)).collect()
    }
}

#[test]
fn unchanged_pages_give_nothing() {
    let vendor = Vendor::new();
    vendor.index(&["clovastudio-router", "clovastudio-sliding"]);
    vendor.pages(&["clovastudio-router", "clovastudio-sliding", "clovastudio-model"]);
    let visit = vendor.visit();
    assert_eq!(visit.unchecked, [""; 0]);
    assert_eq!(visit.pages.len(), 4, "the three of the index, and the one of the product's guide");
    assert_eq!(vendor.found(&visit), []);
}

#[test]
fn new_gone_and_changed_pages_are_found() {
    let vendor = Vendor::new();
    // `sliding` is in no index, `model` is in the guide and does not exist, `novelty` is new, `router` is changed.
    vendor.index(&["clovastudio-router", "clovastudio-novelty"]);
    vendor.status("clovastudio-model", 404);
    vendor.page("clovastudio-novelty", &vendor.lock.pages["clovastudio-sliding"]);
    let mut router = vendor.lock.pages["clovastudio-router"].clone();
    router.dates.insert(Edition::Korean, "2027-01-05".to_owned());
    vendor.page("clovastudio-router", &router);
    vendor.pages(&[]);
    let visit = vendor.visit();
    let found = vendor.found(&visit);
    let expected = [
        ("vanished-page", "clovastudio-sliding"),
        ("vanished-page", "clovastudio-model"),
        ("new-page", "clovastudio-novelty"),
        ("page-date", "clovastudio-router"),
    ];
    assert_eq!(found, expected.map(|(rule, subject)| (rule, subject.to_owned())));
}

#[test]
fn a_page_that_did_not_change_is_not_sent_again() {
    let vendor = Vendor::new();
    vendor.index(&["clovastudio-router"]);
    vendor.pages(&["clovastudio-model"]);
    let body = render("clovastudio-router", &vendor.lock.pages["clovastudio-router"], KOREAN, &Damage::default());
    let again = vendor.server.mock(|when, then| {
        when.method(GET)
            .path("/docs/clovastudio-router.md")
            .header("if-none-match", "\"v1\"")
            .header("if-modified-since", "Tue, 20 Oct 2026 10:00:00 GMT");
        then.status(304);
    });
    let first = vendor.server.mock(|when, then| {
        when.method(GET).path("/docs/clovastudio-router.md").header_missing("if-none-match");
        then.status(200).header("etag", "\"v1\"").header("last-modified", "Tue, 20 Oct 2026 10:00:00 GMT").body(body);
    });
    let one = vendor.visit();
    let other = vendor.visit();
    assert_eq!((first.calls(), again.calls()), (1, 1));
    assert_eq!(one.pages, other.pages);
    assert!(one.pages.iter().any(|page| page.slug == "clovastudio-router" && !page.facts.is_empty()));
}

#[test]
fn failures_of_the_server_are_tried_again_with_growing_waits() {
    WAITS.lock().expect("no test panics while it notes a wait").clear();
    let vendor = Vendor::new();
    vendor.index(&["clovastudio-router", "clovastudio-sliding"]);
    vendor.pages(&["clovastudio-router", "clovastudio-model"]);
    let broken = vendor.status("clovastudio-sliding", 503);
    let visit = vendor.try_visit(Pace { sleep: note, ..Pace::polite() }).expect("the index is there");
    assert_eq!(broken.calls(), 3);
    assert_eq!(visit.pages.len(), 3, "the others are read nevertheless");
    let [unchecked] = visit.unchecked.as_slice() else { panic!("{:?}", visit.unchecked) };
    assert!(unchecked.contains("clovastudio-sliding.md") && unchecked.contains("503"), "{unchecked}");
    let waits = WAITS.lock().expect("no test panics while it notes a wait").clone();
    let pause = Pace::polite().pause;
    assert_eq!(waits, [pause, pause, pause, Duration::from_secs(2), Duration::from_secs(6), pause]);
}

#[test]
fn a_refusal_is_not_tried_again_and_is_no_vanished_page() {
    let vendor = Vendor::new();
    vendor.index(&["clovastudio-router", "clovastudio-sliding"]);
    vendor.pages(&["clovastudio-router", "clovastudio-model"]);
    let refused = vendor.status("clovastudio-sliding", 403);
    let visit = vendor.visit();
    assert_eq!(refused.calls(), 1);
    assert!(visit.unchecked[0].contains("403"), "{:?}", visit.unchecked);
    assert_eq!(vendor.found(&visit), []);
}

#[test]
fn a_page_for_browsers_is_no_page() {
    let vendor = Vendor::new();
    vendor.index(&["clovastudio-router"]);
    vendor.pages(&["clovastudio-model"]);
    vendor.server.mock(|when, then| {
        when.method(GET).path("/docs/clovastudio-router.md");
        then.status(200).body("<!DOCTYPE html><title>Sign in</title>");
    });
    let visit = vendor.visit();
    assert!(visit.unchecked[0].contains("HTML"), "{:?}", visit.unchecked);
}

#[test]
fn another_place_is_followed() {
    let vendor = Vendor::new();
    vendor.index(&["clovastudio-router", "clovastudio-sliding"]);
    vendor.pages(&["clovastudio-router", "clovastudio-sliding"]);
    vendor.server.mock(|when, then| {
        when.method(GET).path("/docs/clovastudio-model.md");
        then.status(302).header("location", "/elsewhere");
    });
    let body = render("clovastudio-model", &vendor.lock.pages["clovastudio-model"], KOREAN, &Damage::default());
    vendor.server.mock(|when, then| {
        when.method(GET).path("/elsewhere");
        then.status(200).body(body);
    });
    assert_eq!(vendor.found(&vendor.visit()), []);
    vendor.server.mock(|when, then| {
        when.method(GET).path("/round");
        then.status(302).header("location", "/round");
    });
    let client = crate::http::client().expect("a client");
    let mut fetcher = Fetcher::new(client, Cache::new(vendor.cache.path().to_owned()), pace()).expect("a fetcher");
    let error = fetcher.get(&vendor.server.url("/round")).expect_err("it leads nowhere");
    assert!(format!("{error:#}").contains("again and again"), "{error:#}");
}

#[test]
fn without_an_index_nothing_is_known() {
    for (status, body) in [(404, ""), (403, ""), (500, ""), (200, "# No links")] {
        let vendor = Vendor::new();
        vendor.server.mock(|when, then| {
            when.method(GET).path("/llms.txt");
            then.status(status).body(body);
        });
        let error = vendor.try_visit(pace()).expect_err("there is no index");
        assert!(format!("{error:#}").contains("llms.txt"), "{error:#}");
    }
}

#[test]
fn the_guide_can_be_left_out() {
    let vendor = Vendor::new();
    vendor.index(&["clovastudio-router"]);
    vendor.pages(&["clovastudio-router"]);
    let guide = vendor.status("clovastudio-model", 403);
    let source = Source { api: vendor.server.base_url(), guide: String::new(), language: Language::Ko };
    let client = crate::http::client().expect("a client");
    let mut fetcher = Fetcher::new(client, Cache::new(vendor.cache.path().to_owned()), pace()).expect("a fetcher");
    let visit = visit_with(&mut fetcher, &source, &vendor.lock).expect("the index is there");
    assert_eq!((guide.calls(), visit.unchecked.len(), visit.gone.len()), (0, 0, 0));
}

#[test]
fn languages_have_folders_of_their_own() {
    let vendor = Vendor::new();
    vendor.index(&["clovastudio-router"]);
    let folders = ["router", "model"].map(|name| format!("/docs/ja/clovastudio-{name}.md"));
    let mocks = folders.map(|path| {
        vendor.server.mock(|when, then| {
            when.method(GET).path(path);
            then.status(200).body("---\nslug: x\n---\n");
        })
    });
    let url = vendor.server.base_url();
    let source = Source { api: format!("{url}/"), guide: url, language: Language::Ja };
    let client = crate::http::client().expect("a client");
    let mut fetcher = Fetcher::new(client, Cache::new(vendor.cache.path().to_owned()), pace()).expect("a fetcher");
    visit_with(&mut fetcher, &source, &vendor.lock).expect("the index is there");
    assert_eq!(mocks.map(|mock| mock.calls()), [1, 1]);
    assert!(vendor.lock.pages["clovastudio-model"].site == Site::Guide);
}
