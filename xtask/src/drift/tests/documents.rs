//! Changes of the document: each is found against the lock, and `--update` takes over what contradicts nothing.

use serde_json::{Value, json};

use super::render::{Damage, Style, render};
use super::seeds::seeds;
use super::sides::{accepted, lock};
use crate::build::document::Document;
use crate::drift::accepted::Checked;
use crate::drift::compare::Sides;
use crate::drift::document::DocumentFacts;
use crate::drift::facts::{Key, Part, Section};
use crate::drift::lock::{Basis, Lock};
use crate::drift::{page, update};
use crate::finding::Class::{self, Additive, Breaking, Cosmetic};
use crate::workspace;

fn document() -> Document {
    workspace::document().expect("the document parses")
}

/// Rule, subject and class of what is left when what is accepted is taken away.
fn left(lock: &Lock, document: &Document) -> Vec<(&'static str, String, Option<Class>)> {
    let facts = DocumentFacts::read(document);
    let found = Sides::new(lock, &facts).document();
    let mut left: Vec<_> = accepted().apply(found, &Checked::default()).into_iter().collect();
    left.retain(|finding| finding.rule != "accepted-stale");
    left.into_iter().map(|finding| (finding.rule, finding.subject, finding.class)).collect()
}

/// The document with a value at a pointer, or without what was there.
fn with(pointer: &str, value: Value) -> Document {
    let mut document = document();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.root.pointer_mut(parent).expect("the place is in the document");
    let key = key.replace("~1", "/");
    match value {
        Value::Null => drop(parent.as_object_mut().expect("an object").shift_remove(&key)),
        value => parent[key] = value,
    }
    document
}

const V1: &str = "/components/schemas/ChatV1Request";
const RERANK: &str = "/paths/~1v1~1api-tools~1reranker";

#[test]
fn a_change_of_the_document_is_found_against_the_lock() {
    let v1 = |path: &str| format!("{V1}{path}");
    let reranker = document().root.pointer(RERANK).cloned().expect("the operation");
    let cases = [
        (
            v1("/properties/maxTokens/maximum"),
            json!(8192),
            "range",
            "clovastudio-chatcompletions request maxTokens",
            Breaking,
        ),
        (
            v1("/properties/maxTokens/maximum"),
            json!(2048),
            "range",
            "clovastudio-chatcompletions request maxTokens",
            Additive,
        ),
        (
            v1("/properties/topP/exclusiveMinimum"),
            json!(false),
            "range",
            "clovastudio-chatcompletions request topP",
            Breaking,
        ),
        (v1("/properties/topK/default"), json!(1), "default", "clovastudio-chatcompletions request topK", Breaking),
        (v1("/properties/topK/default"), json!(null), "default", "clovastudio-chatcompletions request topK", Cosmetic),
        (v1("/properties/topK/type"), json!("string"), "type", "clovastudio-chatcompletions request topK", Breaking),
        (
            v1("/properties/topK/deprecated"),
            json!(true),
            "deprecated",
            "clovastudio-chatcompletions request topK",
            Cosmetic,
        ),
        (v1("/required"), json!([]), "required", "clovastudio-chatcompletions request messages", Breaking),
        (
            v1("/required"),
            json!(["messages", "topK"]),
            "required",
            "clovastudio-chatcompletions request topK",
            Additive,
        ),
        (v1("/properties/topK"), json!(null), "added", "clovastudio-chatcompletions request topK", Additive),
        (v1("/properties/messages"), json!(null), "added", "clovastudio-chatcompletions request messages", Breaking),
        (
            v1("/properties/novelty"),
            json!({"type": "string"}),
            "removed",
            "clovastudio-chatcompletions request novelty",
            Breaking,
        ),
        (
            "/components/schemas/ChatV1Token/properties/inputLength".to_owned(),
            json!(null),
            "added",
            "clovastudio-chatcompletions event token inputLength",
            Additive,
        ),
        (
            "/components/schemas/RerankResult/properties/result/type".to_owned(),
            json!("integer"),
            "type",
            "clovastudio-reranker response result.result",
            Breaking,
        ),
        (
            "/components/schemas/ContentPartType/x-extensible-enum".to_owned(),
            json!(["text", "image_url", "audio"]),
            "values",
            "clovastudio-tokenizerhcxv3 response result.messages[].content.type",
            Cosmetic,
        ),
        (
            "/components/schemas/ContentPartType/x-extensible-enum".to_owned(),
            json!(["text"]),
            "values",
            "clovastudio-tokenizerhcxv3 response result.messages[].content.type",
            Additive,
        ),
        (
            "/components/schemas/EncodingFormat/x-extensible-enum".to_owned(),
            json!(["float", "base64"]),
            "values",
            "clovastudio-openaicompatibility request of /v1/openai/embeddings encoding_format",
            Breaking,
        ),
        (
            format!("{RERANK}/post/deprecated"),
            json!(true),
            "deprecated",
            "clovastudio-reranker operations POST /v1/api-tools/reranker",
            Cosmetic,
        ),
        (
            RERANK.to_owned(),
            json!({"put": reranker["post"]}),
            "method",
            "clovastudio-reranker operations PUT /v1/api-tools/reranker",
            Breaking,
        ),
        (
            "/paths/~1tuning~1v2~1tasks/get/parameters/2/schema/maximum".to_owned(),
            json!(50),
            "range",
            "clovastudio-gettasks query parameters size",
            Additive,
        ),
        (
            "/components/parameters/RequestId/required".to_owned(),
            json!(true),
            "required",
            "ai-naver-clovastudio-summary request headers X-NCP-CLOVASTUDIO-REQUEST-ID",
            Additive,
        ),
        (
            "/paths/~1v1~1openai~1embeddings/post/x-clova-unsupported".to_owned(),
            json!(null),
            "added",
            "clovastudio-openaicompatibility unsupported members of /v1/openai/embeddings user",
            Breaking,
        ),
        (
            "/x-clova-status-codes/40004/status".to_owned(),
            json!(422),
            "status",
            "clovastudio-troubleshoot-c4xx codes 40004",
            Breaking,
        ),
        (
            "/x-clova-status-codes/40004".to_owned(),
            json!(null),
            "added",
            "clovastudio-troubleshoot-c4xx codes 40004",
            Additive,
        ),
        (
            "/x-clova-status-codes/40099".to_owned(),
            json!({"status": 400}),
            "removed",
            "clovastudio-troubleshoot codes 40099",
            Cosmetic,
        ),
        (
            "/x-clova-models/HCX-005/maxOutputTokens".to_owned(),
            json!(9000),
            "limit",
            "clovastudio-model models HCX-005",
            Breaking,
        ),
        (
            "/x-clova-models/HCX-005/rateLimits/test/tokensPerMinute".to_owned(),
            json!(1),
            "rate-limit",
            "clovastudio-ratelimiting models HCX-005",
            Additive,
        ),
        (
            "/x-clova-models/HCX-005/features".to_owned(),
            json!(["vision", "tuning"]),
            "features",
            "clovastudio-model models HCX-005",
            Additive,
        ),
    ];
    let lock = lock();
    for (pointer, value, rule, subject, class) in cases {
        let left = left(&lock, &with(&pointer, value.clone()));
        assert_eq!(left, [(rule, subject.to_owned(), Some(class))], "{pointer} {value}");
    }
}

#[test]
fn an_operation_with_another_path_has_moved() {
    let mut document = document();
    let paths = document.root["paths"].as_object_mut().expect("paths");
    let item = paths.shift_remove("/v1/api-tools/reranker").expect("the operation");
    paths.insert("/v2/api-tools/reranker".to_owned(), item);
    let subject = "clovastudio-reranker operations POST /v2/api-tools/reranker".to_owned();
    assert_eq!(left(&lock(), &document), [("moved-path", subject, Some(Breaking))]);
}

/// The lock after `--update` without pages, and how many facts it renewed.
fn updated(lock: &Lock, document: &Document) -> (Lock, usize) {
    let mut lock = lock.clone();
    let count = update::from_document(&mut lock, &DocumentFacts::read(document), &accepted());
    (lock, count)
}

#[test]
fn a_field_is_one_edit_of_the_document_and_an_update() {
    let field = json!({"type": "integer", "format": "int32", "minimum": 1, "default": 3, "description": "New."});
    let document = with(&format!("{V1}/properties/novelty"), field);
    let (lock, new) = (
        lock(),
        "\"novelty\": {\"basis\": \"document\", \"type\": \"integer\", \"required\": \"optional\", \
                                \"range\": \"1 ≤ x\", \"default\": 3}",
    );
    let (renewed, count) = updated(&lock, &document);
    assert_eq!((count, left(&renewed, &document)), (1, vec![]));
    let (old, text) = (lock.to_text(), renewed.to_text());
    let added: Vec<&str> = text.lines().filter(|line| !old.contains(line.trim())).collect();
    assert_eq!(added.len(), 1, "the diff is one line: {added:?}");
    assert!(added[0].contains(new), "{added:?}");
    // A second time there is nothing to do, and when the document forgets it, so does the lock.
    assert_eq!(updated(&renewed, &document), (renewed.clone(), 0));
    assert_eq!(updated(&renewed, &self::document()), (lock.clone(), 1));
    // A page that says the same takes it over, one that says otherwise is a finding.
    let section = Section::of(Part::Request);
    let entry = &renewed.pages["clovastudio-chatcompletions"].facts[&section][&Key::new(&Part::Request, "novelty")];
    assert!(entry.page.is_none() && entry.hand.contains_key(&Basis::Document));
}

#[test]
fn an_update_does_not_overwrite_what_a_page_says() {
    for (key, value) in [("default", json!(7)), ("maximum", json!(7)), ("type", json!("string"))] {
        let document = with(&format!("{V1}/properties/topK/{key}"), value);
        let before = left(&lock(), &document);
        let (renewed, count) = updated(&lock(), &document);
        assert_eq!((count, &renewed), (0, &lock()), "{key}");
        assert_eq!(left(&renewed, &document), before, "{key}");
    }
}

#[test]
fn what_is_accepted_is_not_taken_into_the_lock() {
    assert_eq!(updated(&lock(), &document()), (lock(), 0));
}

#[test]
fn a_new_operation_brings_its_page() {
    let mut document = document();
    let mut operation = document.root.pointer(&format!("{RERANK}/post")).cloned().expect("the operation");
    operation["operationId"] = json!("novelty");
    operation["externalDocs"]["url"] = json!("https://api.ncloud-docs.com/docs/clovastudio-novelty");
    document.root["paths"]["/v1/novelty"] = json!({ "post": operation });
    let (renewed, count) = updated(&lock(), &document);
    assert!(count > 5 && renewed.pages.contains_key("clovastudio-novelty"));
    assert_eq!(left(&renewed, &document), []);
    let others = |lock: &Lock| lock.pages.iter().filter(|(slug, _)| *slug != "clovastudio-novelty").count();
    assert_eq!(others(&renewed), lock().pages.len());
}

#[test]
fn after_an_update_from_pages_these_give_nothing_and_nothing_else_changed() {
    let (lock, document) = (lock(), document());
    let facts = DocumentFacts::read(&document);
    let mut count = 0;
    for (slug, locked) in lock.pages.iter().filter(|(_, page)| !page.withdrawn) {
        for (index, seed) in seeds(slug, locked).iter().filter(|seed| seed.class.is_some()).step_by(25).enumerate() {
            let (mut changed, mut damage) = (locked.clone(), Damage::default());
            seed.apply(&mut changed, &mut damage);
            let style = Style::all().nth(index % 12).expect("there are twelve");
            let read = page::read(slug, &render(slug, &changed, style, &damage));
            let mut renewed = lock.clone();
            update::from_pages(&mut renewed, &facts, &[&read]);
            let mut left = Sides::new(&renewed, &facts).page(&read);
            left.retain(|finding| finding.rule != "stale-page");
            assert!(left.is_empty(), "{seed:#?}\n{left:#?}");
            for (other, page) in lock.pages.iter().filter(|(other, _)| *other != slug) {
                assert_eq!(page, &renewed.pages[other]);
            }
            let hand = |lock: &Lock| {
                let entries = lock.pages[slug].facts.values().flatten().map(|(_, entry)| entry);
                entries.filter(|entry| entry.page.is_none()).count()
            };
            assert!(hand(&renewed) >= hand(&lock), "what was added by hand is kept: {seed:#?}");
            count += 1;
        }
    }
    println!("{count} changed pages");
}
