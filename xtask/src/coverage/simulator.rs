//! Whether the simulator answers an operation: it is asked.

use std::collections::BTreeMap;

use anyhow::Context;
use clovastudio::catalogue::MODELS;
use clovastudio::raw::{Client, Operation};
use clovastudio::testing::{Answer, Simulator, call, example_parameters, request_examples, response_examples};
use clovastudio::{Credentials, Transport, http_client};
use futures_util::TryStreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value};

/// What came of a call of each operation, by its name.
pub fn ask_all() -> anyhow::Result<BTreeMap<&'static str, Result<(), String>>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?;
        let progress = ProgressBar::new(Operation::all().count() as u64).with_style(style);
        let mut outcomes = BTreeMap::new();
        for operation in Operation::all() {
            progress.set_message(operation.name());
            outcomes.insert(operation.name(), ask(operation).await?);
            progress.inc(1);
        }
        progress.finish_and_clear();
        Ok(outcomes)
    })
}

/// Sends the first example of the document, for a training of any base model where it needs one.
async fn ask(operation: Operation) -> anyhow::Result<Result<(), String>> {
    let body = request_examples(operation).first().map_or(&Value::Null, |(_, body)| *body);
    let parameters = example_parameters(operation, body);
    let task = parameters.get("taskId").and_then(Value::as_str).unwrap_or("unused");
    let mut problem = String::new();
    for base in MODELS {
        let builder = Simulator::builder().retired_models().tuned_model(task, base.name.clone());
        let simulator = builder.start().await.context("cannot start the simulator")?;
        let transport = Transport::new(&Credentials::api_key("nv-coverage"))?;
        let client = Client::new_with_client(&simulator.base_url(), http_client()?, transport);
        match send(&client, operation, &parameters, body).await {
            Ok(()) => return Ok(Ok(())),
            Err(error) => problem = error,
        }
    }
    Ok(Err(problem))
}

/// Sends a request and reads the answer to its end.
async fn send(
    client: &Client,
    operation: Operation,
    parameters: &Map<String, Value>,
    body: &Value,
) -> Result<(), String> {
    match call(client, operation, parameters, body).await.map_err(|error| error.to_string())? {
        Answer::Json(answer) => has_result(operation, &answer.into_inner()),
        Answer::Stream(answer) => {
            let pieces: Vec<_> = answer.into_inner_stream().try_collect().await.map_err(|error| error.to_string())?;
            if pieces.is_empty() { Err("the stream is empty".to_owned()) } else { Ok(()) }
        }
    }
}

/// Holds an answer to have a result where the examples of the document have one.
fn has_result(operation: Operation, answer: &Value) -> Result<(), String> {
    let is_wanted = response_examples(operation).iter().any(|(_, example)| !example["result"].is_null());
    if is_wanted && answer["result"].is_null() { Err("the answer has no result".to_owned()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_has_a_result_where_the_document_has_one() {
        let empty = json!({ "status": { "code": "20000", "message": "OK" }, "result": null });
        assert!(has_result(Operation::Rerank, &empty).is_err());
        assert_eq!(has_result(Operation::DeleteTuningTask, &empty), Ok(()));
    }
}
