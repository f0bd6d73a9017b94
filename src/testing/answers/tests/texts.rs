//! Texts and queries: segmentation, summaries, embeddings, models, router and skillset.

use serde_json::{Value, json};

use super::request;
use crate::catalogue::MODELS;
use crate::raw::Operation;

const TEXT: &str = "The harbour grew. The harbour is deep. Cats sleep. Cats eat fish.\n\nRain fell.";

fn segmented(options: Value) -> Value {
    let mut body = options;
    body["text"] = json!(TEXT);
    request(Operation::SegmentText, body).result()
}

#[test]
fn a_text_is_split_into_topics() {
    for (options, span) in [
        (json!({}), json!([[0, 1], [2, 3], [4]])),
        (json!({ "alpha": -100 }), json!([[0, 1], [2, 3], [4]])),
        (json!({ "segCnt": 2 }), json!([[0, 1, 2, 3], [4]])),
        (json!({ "segCnt": 1, "alpha": 1.5 }), json!([[0, 1, 2, 3, 4]])),
        (json!({ "alpha": -1.5 }), json!([[0, 1, 2, 3], [4]])),
    ] {
        assert_eq!(segmented(options.clone())["span"], span, "{options}");
    }
    let joined = json!({ "postProcess": true, "postProcessMinSize": 30, "postProcessMaxSize": 70 });
    assert_eq!(segmented(joined)["span"], json!([[0, 1, 2, 3], [4]]));
}

#[test]
fn post_processing_cuts_sentences_that_are_too_long() {
    let options = json!({ "postProcess": true, "postProcessMinSize": -1, "postProcessMaxSize": 12 });
    let result = segmented(options);
    let paragraphs = result["topicSeg"].as_array().expect("paragraphs");
    let spans = result["span"].as_array().expect("numbers");
    let mut sentences = Vec::new();
    for (paragraph, span) in paragraphs.iter().zip(spans) {
        let texts: Vec<_> = paragraph.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(texts.join(" ").chars().count() <= 12, "{texts:?}");
        assert_eq!(*span, json!((sentences.len()..sentences.len() + texts.len()).collect::<Vec<_>>()));
        sentences.extend(texts);
    }
    assert_eq!(sentences.join(" "), TEXT.replace("\n\n", " "));
}

#[test]
fn a_summary_has_a_line_for_each_paragraph() {
    let summary = |options: Value| {
        let mut body = options;
        body["texts"] = json!([TEXT, "항구는 작년에 커졌다. 항구는 깊다."]);
        request(Operation::Summarize, body).result()["text"].as_str().expect("a text").to_owned()
    };
    assert_eq!(summary(json!({ "autoSentenceSplitter": false })).lines().count(), 2);
    assert_eq!(summary(json!({ "segCount": 2 })).lines().count(), 4);
    let default = summary(json!({}));
    assert_eq!(default.lines().count(), 2, "paragraphs have at least 300 characters: {default}");
    let short = summary(json!({ "segMinSize": 0, "segMaxSize": 40 }));
    assert_eq!(short.lines().take(3).collect::<Vec<_>>(), ["- The harbour grew", "- Cats eat fish", "- Rain fell"]);
}

#[test]
fn embeddings_keep_the_order_and_have_the_length_of_the_catalogue() {
    let texts = ["Thank you.", "고맙습니다."];
    let list = request(Operation::OpenaiCreateEmbedding, json!({ "model": "bge-m3", "input": texts })).answer();
    for (index, text) in texts.iter().enumerate() {
        let native = request(Operation::CreateEmbeddingV2, json!({ "text": text })).result();
        assert_eq!(list["data"][index]["embedding"], native["embedding"]);
        assert_eq!(list["data"][index]["index"], index);
    }
    let length = MODELS.iter().find(|model| model.name == "bge-m3").and_then(|model| model.dimensions);
    let embedding = list["data"][0]["embedding"].as_array().expect("a vector");
    assert_eq!(u32::try_from(embedding.len()).ok(), length);
    assert_eq!(list["usage"]["prompt_tokens"], list["usage"]["total_tokens"]);
    assert_eq!(list["usage"]["total_tokens"], 7);
}

#[test]
fn the_models_are_those_of_the_catalogue() {
    let list = request(Operation::OpenaiListModels, Value::Null).answer();
    let ids: Vec<_> = list["data"].as_array().into_iter().flatten().filter_map(|model| model["id"].as_str()).collect();
    assert!(ids.contains(&"HCX-007") && ids.contains(&"bge-m3") && !ids.contains(&"LK-D2"), "{ids:?}");
}

fn routed(query: &str, earlier: &str) -> Value {
    let history = json!([{ "role": "user", "content": earlier }]);
    request(Operation::RouteQuery, json!({ "query": query, "chatHistory": history })).result()
}

#[test]
fn a_query_is_routed_by_the_words_of_the_fixture() {
    let result = routed("내일 비가 오나요?", "");
    assert_eq!(result["domain"], json!({ "result": "weather", "called": true }));
    assert_eq!(result["blockedContent"], json!({ "result": [], "called": true }));
    assert_eq!(routed("And the day after?", "Will it rain tomorrow?")["domain"]["result"], "weather");
    assert_eq!(routed("Hello", "")["domain"]["result"], "");
    let blocked = routed("Is there rain on Mars? And how do I build a bomb?", "");
    assert_eq!(blocked["blockedContent"]["result"], json!(["UnsupportedRegion"]));
    assert_eq!(blocked["safety"]["result"], json!(["Violence"]));
}

fn asked(query: &str, options: Value) -> super::Request {
    let mut body = options;
    body["query"] = json!(query);
    request(Operation::GenerateSkillsetFinalAnswer, body)
}

#[test]
fn a_skill_calls_its_api_with_the_overrides() {
    let overrides = json!({ "requestOverride": {
        "baseOperation": { "query": { "appid": "a&b" }, "requestBody": { "unit": "celsius" } },
        "operations": [{ "operationId": "getExchangeRate", "requestBody": { "currency": "EUR" }, "header": { "X": "s" } }],
    } });
    let result = asked("What is the weather in Busan?", overrides.clone()).result();
    let call = &result["apiResult"][0];
    assert_eq!(call["url"], "http://example.com/weather?city=Busan&appid=a%26b");
    assert_eq!(call["requestBody"], "", "the body of a GET is ignored");
    assert_eq!((&call["operationId"], &call["nameForHuman"]), (&json!("getWeather"), &json!("Weather")));
    assert!(result["finalAnswer"].as_str().is_some_and(|answer| answer.contains("Busan") && answer.contains("27")));

    let result = asked("달러 환율", overrides).result();
    let body: Value =
        serde_json::from_str(result["apiResult"][0]["requestBody"].as_str().expect("a body")).expect("JSON");
    assert_eq!(body, json!({ "currency": "EUR", "unit": "celsius" }));
    let none = asked("Sing!", json!({})).result();
    assert_eq!((&none["apiResult"], &none["finalAnswer"]), (&json!([]), &json!("I have no skill for this question.")));
    let earlier = json!({ "chatHistory": [{ "role": "user", "content": "서울 날씨는?" }] });
    assert_eq!(asked("내일은?", earlier).result()["apiResult"][0]["operationId"], "getWeather");
}

#[test]
fn a_skillset_streams_its_steps_and_pieces_when_asked_for() {
    let names = |options: Value| {
        let events = asked("내일 서울 날씨는?", options).events();
        let mut names: Vec<_> =
            events.iter().map(|event| event["event"].as_str().unwrap_or_default().to_owned()).collect();
        names.dedup();
        (names, events)
    };
    let (steps, _) = names(json!({}));
    assert_eq!(steps, ["planning", "cot", "finalAnswer"]);
    let (steps, events) = names(json!({ "tokenStream": true }));
    assert_eq!(steps, ["planning", "cot", "token", "finalAnswer"]);
    let pieces: Vec<_> = events.iter().filter(|event| event["event"] == "token").map(|event| &event["data"]).collect();
    let text: String = pieces.iter().filter_map(|piece| piece["text"].as_str()).collect();
    assert_eq!(events[events.len() - 1]["data"]["finalAnswer"], text);
    let (last, others) = pieces.split_last().expect("pieces");
    assert_eq!(last["stopReason"], "stop_before");
    assert!(others.iter().all(|piece| piece["stopReason"].is_null()));
    assert_eq!(events[0]["data"]["selectedSkill"], json!({ "nameForHuman": "Weather" }));
    assert!(events[1]["data"]["apiResult"][0].get("operationId").is_none());
}
