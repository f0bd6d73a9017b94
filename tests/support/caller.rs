//! Requests to a simulator with nothing of the client under test.

use clovastudio::raw::Operation;
use clovastudio::testing::Simulator;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

use super::{parameters, path};

/// Sends requests with a key, and what the test adds.
pub struct Caller {
    client: reqwest::Client,
    base_url: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Answer {
    /// Code of the answer, in either shape.
    pub fn code(&self) -> &str {
        let code = self.body.pointer("/status/code").or(self.body.pointer("/error/code"));
        code.and_then(Value::as_str).unwrap_or_default()
    }

    /// Message of the answer, in either shape.
    pub fn message(&self) -> &str {
        let message = self.body.pointer("/status/message").or(self.body.pointer("/error/message"));
        message.and_then(Value::as_str).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Caller {
    pub fn new(simulator: &Simulator) -> Self {
        Self { client: clovastudio::http_client().expect("TLS is set up"), base_url: simulator.base_url() }
    }

    /// A request without a key.
    pub fn bare(&self, method: &str, path: &str) -> RequestBuilder {
        self.client.request(method.parse::<Method>().expect("a method"), format!("{}{path}", self.base_url))
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.bare(method, path).bearer_auth("nv-any")
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        answer(self.request("POST", path).json(body)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        answer(self.request("GET", path)).await
    }

    /// A request for an operation, with the parameters of the document but for this model, version or task.
    pub fn operation(&self, operation: Operation, subject: &str, body: &Value) -> RequestBuilder {
        let mut parameters = parameters(operation, false);
        for name in ["modelName", "taskId"] {
            if let Some(value) = parameters.get_mut(name) {
                *value = subject.into();
            }
        }
        let request = self.request(operation.method(), &path(operation, &parameters));
        if body.is_null() { request } else { request.json(body) }
    }
}

/// Sends a request and reads the answer.
pub async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.expect("a body");
    Answer { status, headers, body: serde_json::from_str(&text).unwrap_or_default() }
}
