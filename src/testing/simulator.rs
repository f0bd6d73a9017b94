//! A stand-in of the service in this process, on loopback.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use percent_encoding::percent_decode_str;

use super::answers::{self, Ask};
use super::document::{request_examples, response_examples, source};
use crate::raw::{Operation, types};
use crate::transport::REQUEST_ID;

/// Largest body the service takes.
const MAX_BODY_BYTES: usize = 50 * 1024 * 1024;

/// Time between two events of a stream, so that a person sees them arrive.
const EVENT_INTERVAL: Duration = Duration::from_millis(40);

/// A server that answers every operation, on a free port of 127.0.0.1, until it is dropped.
///
/// It takes any bearer key that begins with `nv-` and any legacy pair of keys, refuses other requests as the service
/// does, and sends events as the service does. What it answers follows from the request alone, see the page of
/// [`testing`](super); trainings are the examples of the document.
///
/// ```
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use clovastudio::{Credentials, Transport, http_client, raw};
///
/// let simulator = clovastudio::testing::Simulator::start().await?;
/// let transport = Transport::new(&Credentials::api_key("nv-any"))?;
/// let client = raw::Client::new_with_client(&simulator.base_url(), http_client()?, transport);
/// let models = client.openai_list_models().send().await?;
/// assert!(!models.data.is_empty());
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Simulator {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// When no port of loopback can be bound.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let router = Router::new().fallback(answer);
        let server = tokio::spawn(async move {
            // The server runs until the task is aborted; it has no other end.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, server })
    }

    /// Base URL for a client.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(request: Request) -> Response {
    let (head, body) = request.into_parts();
    let request_id = head.headers.get(&REQUEST_ID).cloned();
    let Some(operation) = route(head.method.as_str(), head.uri.path()) else {
        return refusal(is_openai_path(head.uri.path()), "40400");
    };
    let answer = match axum::body::to_bytes(body, MAX_BODY_BYTES).await {
        Ok(body) => respond(operation, head.uri.path(), &head.headers, &body),
        Err(_) => Err("41300"),
    };
    let mut response = answer.unwrap_or_else(|code| refusal(operation.tag() == "openai", code));
    if let Some(id) = request_id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The operation that a path names, with or without a prefix of the app. A concrete segment wins over a parameter.
fn route(method: &str, path: &str) -> Option<Operation> {
    let path = ["/testapp", "/serviceapp"].iter().find_map(|prefix| path.strip_prefix(prefix)).unwrap_or(path);
    let operations = Operation::all().filter(|operation| !operation.is_stream() && operation.method() == method);
    let matching = operations.filter(|operation| matches(operation.path(), path));
    matching.min_by_key(|operation| operation.path().matches('{').count())
}

fn matches(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(expected), Some(actual)) if expected == actual => {}
            (Some(expected), Some(actual)) if expected.starts_with('{') && !actual.is_empty() => {}
            _ => return false,
        }
    }
}

fn is_openai_path(path: &str) -> bool {
    path.starts_with("/v1/openai/")
}

fn respond(operation: Operation, path: &str, headers: &HeaderMap, body: &Bytes) -> Result<Response, &'static str> {
    authenticate(operation, headers)?;
    let body = read_body(operation, body)?;
    if operation.tag() == "tuning" {
        let (_, answer) = response_examples(operation).into_iter().next().ok_or("50100")?;
        return Ok(json_response(StatusCode::OK, answer));
    }
    let parameters = parameters(operation, path);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let ask = Ask { operation, parameters: &parameters, body: &body, now, script: None };
    check_length(&ask)?;
    if !wants_stream(operation, headers, &body) {
        return Ok(json_response(StatusCode::OK, &answers::answer(&ask)));
    }
    match answers::events(&ask) {
        events if events.is_empty() => Err("40600"),
        events => Ok(stream(&events)),
    }
}

/// Input and requested output must fit the model.
fn check_length(ask: &Ask<'_>) -> Result<(), &'static str> {
    let model = ask.parameters.get("modelName").map(String::as_str).or_else(|| ask.body["model"].as_str());
    let model = types::ModelName::from(model.unwrap_or_default());
    let Some(entry) = model.entry() else { return Ok(()) };
    let exceeds = |tokens: u64, most: Option<u32>| most.is_some_and(|most| tokens > u64::from(most));
    let is_too_long = exceeds(answers::input_tokens(ask), entry.max_input_tokens)
        || exceeds(answers::requested_tokens(ask), entry.context_tokens);
    // Its purpose is to take what is too long.
    if is_too_long && ask.operation != Operation::SlideChatMessages { Err("40003") } else { Ok(()) }
}

/// The parameters in a path, decoded.
fn parameters(operation: Operation, path: &str) -> BTreeMap<String, String> {
    let template = operation.path().rsplit('/');
    let pairs = template.zip(path.rsplit('/')).filter_map(|(name, value)| {
        let name = name.strip_prefix('{')?.strip_suffix('}')?;
        Some((name.to_owned(), percent_decode_str(value).decode_utf8_lossy().into_owned()))
    });
    pairs.collect()
}

fn authenticate(operation: Operation, headers: &HeaderMap) -> Result<(), &'static str> {
    let legacy = ["x-ncp-clovastudio-api-key", "x-ncp-apigw-api-key"];
    let takes_legacy = source(operation).get("security").is_none();
    match headers.get(header::AUTHORIZATION).map(HeaderValue::to_str) {
        Some(Ok(value)) => match value.strip_prefix("Bearer ") {
            Some(key) if key.starts_with("nv-") => Ok(()),
            Some(_) => Err("40104"),
            None => Err("40102"),
        },
        Some(Err(_)) => Err("40104"),
        None if takes_legacy && legacy.iter().all(|name| headers.contains_key(*name)) => Ok(()),
        None => Err("40100"),
    }
}

fn read_body(operation: Operation, body: &Bytes) -> Result<Value, &'static str> {
    if request_examples(operation).is_empty() {
        return Ok(Value::Null);
    }
    let body: Value = serde_json::from_slice(body).map_err(|_| "40000")?;
    let schema = &source(operation)["requestBody"]["content"]["application/json"]["schema"]["$ref"];
    let name = schema.as_str().and_then(|it| it.rsplit('/').next()).ok_or("50000")?;
    super::read_as(name, body.clone()).map_err(|_| "40001")?;
    Ok(body)
}

/// The native switch is `Accept`, that of the OpenAI-compatible API a member of the body.
fn wants_stream(operation: Operation, headers: &HeaderMap, body: &Value) -> bool {
    if operation.tag() == "openai" {
        return body["stream"] == true;
    }
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}

fn stream(events: &[Value]) -> Response {
    let frames: Vec<String> = events.iter().map(frame).collect();
    let frames = futures_util::stream::unfold(frames.into_iter(), |mut frames| async {
        let frame = frames.next()?;
        tokio::time::sleep(EVENT_INTERVAL).await;
        Some((Ok::<_, Infallible>(frame), frames))
    });
    let mut response = Body::from_stream(frames).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response
}

/// An event as the service writes it: no space after the colon.
fn frame(event: &Value) -> String {
    let data = match &event["data"] {
        Value::String(mark) => mark.clone(),
        data => data.to_string(),
    };
    let head = ["id", "event"].iter().filter_map(|key| Some(format!("{key}:{}\n", event[key].as_str()?)));
    format!("{}data:{data}\n\n", head.collect::<String>())
}

fn refusal(openai: bool, code: &str) -> Response {
    let entry = types::StatusCode::from(code).entry();
    let status = entry.and_then(|entry| StatusCode::from_u16(entry.http_status).ok());
    let message = entry.and_then(|entry| entry.messages.first()).map(|message| message.text);
    let body = if openai {
        json!({ "error": { "message": message, "type": null, "param": null, "code": code } })
    } else {
        json!({ "status": { "code": code, "message": message } })
    };
    json_response(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), &body)
}

fn json_response(status: StatusCode, body: &Value) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    (status, content_type, body.to_string()).into_response()
}
