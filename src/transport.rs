//! The hooks of the raw client: authentication, `Accept`, request id, and what a call adds.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use progenitor_client::{ClientInfo, OperationInfo};
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Request, Response, StatusCode};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::credentials::{Credentials, InvalidKey};
use crate::lock::lock;
use crate::pacing::Pace;
use crate::raw::{self, Client, Operation};

/// Name of the header with the id of a request, the caller's or one made here.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-ncp-clovastudio-request-id");

/// Version of the document, which the generated code adds to every request and the service does not know.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// What the hooks of the raw client need: the headers that authenticate it.
#[derive(Clone, Debug)]
pub struct Transport {
    credentials: HeaderMap,
    call: Option<Arc<CallContext>>,
}

/// What one call adds to its requests, and what it saw of the last answer.
pub(crate) struct CallContext {
    headers: HeaderMap,
    members: Map<String, Value>,
    /// The request as it was sent. Its body is shared with its copies.
    sent: Mutex<Option<Request>>,
    seen: Mutex<Option<HeaderMap>>,
    /// What the call waits for, when its model is paced.
    pub(crate) pace: OnceLock<Pace>,
}

impl CallContext {
    pub(crate) fn new(headers: HeaderMap, members: Map<String, Value>) -> Arc<Self> {
        Arc::new(Self { headers, members, sent: Mutex::default(), seen: Mutex::default(), pace: OnceLock::new() })
    }

    /// The headers of the last answer, also of one that could not be decoded.
    pub(crate) fn seen_headers(&self) -> HeaderMap {
        lock(&self.seen).clone().unwrap_or_default()
    }

    fn see(&self, headers: &HeaderMap) {
        if let Some(pace) = self.pace.get() {
            pace.hear(headers);
        }
        *lock(&self.seen) = Some(headers.clone());
    }

    fn keep(&self, request: &Request) {
        *lock(&self.sent) = request.try_clone();
    }

    fn sent(&self) -> Option<Request> {
        lock(&self.sent).as_ref().and_then(Request::try_clone)
    }

    fn add_members(&self, request: &mut Request) {
        let body = request.body().and_then(Body::as_bytes).map(serde_json::from_slice);
        let (false, Some(Ok(Value::Object(mut body)))) = (self.members.is_empty(), body) else { return };
        body.extend(self.members.clone());
        let body = Value::Object(body).to_string();
        request.headers_mut().remove(CONTENT_LENGTH);
        *request.body_mut() = Some(body.into());
    }
}

impl fmt::Debug for CallContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallContext([masked])")
    }
}

impl Transport {
    /// A transport that authenticates every request.
    ///
    /// # Errors
    ///
    /// When a key is empty or cannot stand in a header.
    pub fn new(credentials: &Credentials) -> Result<Self, InvalidKey> {
        Ok(Self { credentials: credentials.headers()?, call: None })
    }

    /// The same for one call.
    pub(crate) fn for_call(&self, context: Arc<CallContext>) -> Self {
        Self { credentials: self.credentials.clone(), call: Some(context) }
    }

    fn prepare(&self, request: &mut Request, operation: Option<Operation>) {
        if let Some(call) = &self.call {
            call.add_members(request);
        }
        let headers = request.headers_mut();
        headers.remove(API_VERSION);
        headers.extend(self.credentials.clone());
        if operation.is_some_and(Operation::is_stream) {
            headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        }
        if let Some(call) = &self.call {
            headers.extend(call.headers.clone());
        }
        headers.entry(REQUEST_ID).or_insert_with(new_request_id);
    }
}

/// A new id of a request.
pub(crate) fn new_request_id() -> HeaderValue {
    let mut buffer = Uuid::encode_buffer();
    let id = Uuid::new_v4().hyphenated().encode_lower(&mut buffer);
    HeaderValue::from_str(id).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The generated code calls these around every request. They stand before the hooks of the generator's own trait, whose
/// errors could not be the one error of the raw client.
impl Client {
    #[expect(clippy::unused_async, reason = "called like a hook that waits")]
    pub(crate) async fn pre(&self, request: &mut Request, info: &OperationInfo) -> Result<(), raw::Error> {
        self.inner().prepare(request, Operation::from_name(info.operation_id));
        Ok(())
    }

    pub(crate) async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        if let Some(call) = &self.inner().call {
            call.keep(&request);
        }
        self.execute(request).await
    }

    /// Sends the request of the call once more and answers with a success, as the generated methods do.
    pub(crate) async fn send_again(&self) -> Result<Response, raw::Error> {
        let request = self.inner().call.as_ref().and_then(|call| call.sent());
        let request = request.ok_or_else(|| raw::Error::InvalidRequest("nothing was sent before".to_owned()))?;
        let response = self.execute(request).await?;
        match response.status() {
            StatusCode::OK => Ok(response),
            _ => Err(raw::Error::UnexpectedResponse(response)),
        }
    }

    async fn execute(&self, request: Request) -> reqwest::Result<Response> {
        let response = self.client().execute(request).await?;
        if let Some(call) = &self.inner().call {
            call.see(response.headers());
        }
        Ok(if response.status() == StatusCode::NO_CONTENT { with_envelope(&response) } else { response })
    }
}

/// A bodiless success as the envelope that the operation promises.
fn with_envelope(response: &Response) -> Response {
    const BODY: &str = r#"{"status":{"code":"20400","message":"No content"}}"#;
    let mut filled = http::Response::new(BODY);
    *filled.headers_mut() = response.headers().clone();
    filled.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Response::from(filled)
}
