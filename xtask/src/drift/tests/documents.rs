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
use crate::finding::Class::{self, Breaking};
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

/// Pointer and value, rule, subject and class. `V1` is the request of Chat Completions (v1), `chat` its page.
const CHANGES: &str = r#"
V1/properties/maxTokens/maximum = 8192 | range | chat request maxTokens | breaking
V1/properties/maxTokens/maximum = 2048 | range | chat request maxTokens | additive
V1/properties/topP/exclusiveMinimum = false | range | chat request topP | breaking
V1/properties/topK/default = 1 | default | chat request topK | breaking
V1/properties/topK/default = null | default | chat request topK | cosmetic
V1/properties/topK/type = "string" | type | chat request topK | breaking
V1/properties/topK/deprecated = true | deprecated | chat request topK | cosmetic
V1/properties/topK = null | added | chat request topK | additive
V1/properties/messages = null | added | chat request messages | breaking
V1/properties/novelty = {"type": "string"} | removed | chat request novelty | breaking
V1/required = [] | required | chat request messages | breaking
V1/required = ["messages", "topK"] | required | chat request topK | additive
/components/schemas/ChatV1Token/properties/inputLength = null | added | chat event token inputLength | additive
/components/schemas/RerankResult/properties/result/type = "integer" | type | clovastudio-reranker response result.result | breaking
/components/schemas/ContentPartType/x-extensible-enum = ["text", "image_url", "audio"] | values | clovastudio-tokenizerhcxv3 response result.messages[].content.type | cosmetic
/components/schemas/ContentPartType/x-extensible-enum = ["text"] | values | clovastudio-tokenizerhcxv3 response result.messages[].content.type | additive
/components/schemas/EncodingFormat/x-extensible-enum = ["float", "base64"] | values | clovastudio-openaicompatibility request of /v1/openai/embeddings encoding_format | breaking
/paths/~1v1~1api-tools~1reranker/post/deprecated = true | deprecated | clovastudio-reranker operations POST /v1/api-tools/reranker | cosmetic
/paths/~1tuning~1v2~1tasks/get/parameters/2/schema/maximum = 50 | range | clovastudio-gettasks query parameters size | additive
/components/parameters/RequestId/required = true | required | ai-naver-clovastudio-summary request headers X-NCP-CLOVASTUDIO-REQUEST-ID | additive
/paths/~1v1~1openai~1embeddings/post/x-clova-unsupported = null | added | clovastudio-openaicompatibility unsupported members of /v1/openai/embeddings user | breaking
/x-clova-status-codes/40004/status = 422 | status | clovastudio-troubleshoot-c4xx codes 40004 | breaking
/x-clova-status-codes/40004 = null | added | clovastudio-troubleshoot-c4xx codes 40004 | additive
/x-clova-status-codes/40099 = {"status": 400} | removed | clovastudio-troubleshoot codes 40099 | cosmetic
/x-clova-models/HCX-005/maxOutputTokens = 9000 | limit | clovastudio-model models HCX-005 | breaking
/x-clova-models/HCX-005/rateLimits/test/tokensPerMinute = 1 | rate-limit | clovastudio-ratelimiting models HCX-005 | additive
/x-clova-models/HCX-005/features = ["vision", "tuning"] | features | clovastudio-model models HCX-005 | additive
"#;

#[test]
fn a_change_of_the_document_is_found_against_the_lock() {
    let lock = lock();
    for line in CHANGES.trim().lines() {
        let parts: Vec<&str> = line.split(" | ").collect();
        let (pointer, value) = parts[0].split_once(" = ").expect("a pointer and a value");
        let value = serde_json::from_str(value).expect("a value");
        let left = left(&lock, &with(&pointer.replace("V1/", &format!("{V1}/")), value));
        let [(rule, subject, Some(class))] = left.as_slice() else { panic!("{line}: {left:?}") };
        let expected = [parts[1], &parts[2].replace("chat ", "clovastudio-chatcompletions "), parts[3]];
        assert_eq!([*rule, subject, class.name()], expected, "{line}");
    }
}

#[test]
fn an_operation_with_another_method_is_found() {
    let post = document().root.pointer(&format!("{RERANK}/post")).cloned().expect("the operation");
    let subject = "clovastudio-reranker operations PUT /v1/api-tools/reranker".to_owned();
    assert_eq!(left(&lock(), &with(RERANK, json!({ "put": post }))), [("method", subject, Some(Breaking))]);
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
    assert!(updated(&renewed, &document) == (renewed.clone(), 0));
    assert!(updated(&renewed, &self::document()) == (lock, 1));
    // A page that says the same takes it over, one that says otherwise is a finding.
    let section = Section::of(Part::Request);
    let entry = &renewed.pages["clovastudio-chatcompletions"].facts[&section][&Key::new(&Part::Request, "novelty")];
    assert!(entry.page.is_none() && entry.hand.contains_key(&Basis::Document));
}

#[test]
fn a_field_of_an_event_that_a_page_describes_with_others_stays_with_them() {
    let field = json!({"type": "string", "description": "New."});
    let document = with("/components/schemas/SkillsetCot/properties/novelty", field);
    let (renewed, count) = updated(&lock(), &document);
    assert_eq!((count, left(&renewed, &document)), (1, vec![]));
    assert!(updated(&renewed, &document) == (renewed, 0));
}

#[test]
fn an_update_does_not_overwrite_what_a_page_says() {
    for (key, value) in [("default", json!(7)), ("maximum", json!(7)), ("type", json!("string"))] {
        let document = with(&format!("{V1}/properties/topK/{key}"), value);
        let before = left(&lock(), &document);
        let (renewed, count) = updated(&lock(), &document);
        assert!(count == 0 && renewed == lock(), "{key}: {count} facts renewed");
        assert_eq!(left(&renewed, &document), before, "{key}");
    }
}

#[test]
fn what_is_accepted_is_not_taken_into_the_lock() {
    let (renewed, count) = updated(&lock(), &document());
    assert!(count == 0 && renewed == lock(), "{count} facts renewed");
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
