//! The hooks of the raw client: authentication, `Accept`, request id.

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, Response, StatusCode};
use uuid::Uuid;

use crate::credentials::{Credentials, InvalidKey};
use crate::raw::{Client, Operation};

/// Name of the header with the id of a request, the caller's or one made here.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-ncp-clovastudio-request-id");

/// Version of the document, which the generated code adds to every request and the service does not know.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// What the hooks of the raw client need: the headers that authenticate it.
#[derive(Clone, Debug)]
pub struct Transport {
    credentials: HeaderMap,
}

impl Transport {
    /// A transport that authenticates every request.
    ///
    /// # Errors
    ///
    /// When a key is empty or cannot stand in a header.
    pub fn new(credentials: &Credentials) -> Result<Self, InvalidKey> {
        Ok(Self { credentials: credentials.headers()? })
    }

    fn prepare(&self, headers: &mut HeaderMap, operation: Option<Operation>) {
        headers.remove(API_VERSION);
        headers.extend(self.credentials.clone());
        if operation.is_some_and(Operation::is_stream) {
            headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        }
        headers.entry(REQUEST_ID).or_insert_with(new_request_id);
    }
}

fn new_request_id() -> HeaderValue {
    let mut buffer = Uuid::encode_buffer();
    let id = Uuid::new_v4().hyphenated().encode_lower(&mut buffer);
    HeaderValue::from_str(id).unwrap_or_else(|_| HeaderValue::from_static(""))
}

impl ClientHooks<Transport> for Client {
    async fn pre<E>(&self, request: &mut Request, info: &OperationInfo) -> Result<(), Error<E>> {
        self.inner().prepare(request.headers_mut(), Operation::from_name(info.operation_id));
        Ok(())
    }

    async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        let response = self.client().execute(request).await?;
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
