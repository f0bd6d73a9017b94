//! Why a method of the generated client failed.

use std::error::Error as StdError;
use std::fmt;

use http::header::InvalidHeaderValue;
use http::{HeaderMap, StatusCode};
use progenitor_client::ResponseValue;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// Why a method failed.
///
/// `Display` is one line. Neither it nor `Debug` shows a URL, a header or a body.
#[non_exhaustive]
pub enum Error {
    /// The request is incomplete or cannot be written. Nothing was sent.
    InvalidRequest(String),
    /// The request did not reach the service, or its answer broke off.
    Communication(reqwest::Error),
    /// The service answered with another status than 200. The body is still unread.
    UnexpectedResponse(reqwest::Response),
    /// The service answered with 200 and a body of another form than documented.
    Undecodable(Undecodable),
}

/// An answer of another form than documented.
pub struct Undecodable {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    problem: Problem,
}

/// What is wrong with a JSON text, and where. The message of a serde error may quote the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Problem {
    category: Category,
    line: usize,
    column: usize,
}

impl Error {
    /// HTTP status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::UnexpectedResponse(response) => Some(response.status()),
            Self::Undecodable(answer) => Some(answer.status),
            Self::InvalidRequest(_) | Self::Communication(_) => None,
        }
    }
}

impl Undecodable {
    /// HTTP status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Headers of the answer.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Body of the answer. It may hold a prompt or an answer.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub(crate) fn problem(&self) -> Problem {
        self.problem
    }

    pub(crate) fn into_body(self) -> Vec<u8> {
        self.body
    }
}

impl From<&serde_json::Error> for Problem {
    fn from(error: &serde_json::Error) -> Self {
        Self { category: error.classify(), line: error.line(), column: error.column() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { category, line, column } = self;
        let what = match category {
            Category::Eof => "it ends too early",
            Category::Data => "a member has another type than documented",
            Category::Io | Category::Syntax => "it is not JSON",
        };
        write!(f, "{what} (line {line}, column {column})")
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        // The URL may hold an id; everything else in the text is about the way.
        Self::Communication(error.without_url())
    }
}

impl From<InvalidHeaderValue> for Error {
    fn from(error: InvalidHeaderValue) -> Self {
        Self::InvalidRequest(error.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(problem) => write!(f, "the request was not sent: {problem}"),
            Self::Communication(_) => f.write_str("the connection failed"),
            Self::UnexpectedResponse(response) => write!(f, "the service answered HTTP {}", response.status().as_u16()),
            Self::Undecodable(answer) => write!(f, "the answer cannot be read: {}", answer.problem),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(problem) => f.debug_tuple("InvalidRequest").field(problem).finish(),
            Self::Communication(error) => f.debug_tuple("Communication").field(error).finish(),
            Self::UnexpectedResponse(response) => {
                f.debug_tuple("UnexpectedResponse").field(&response.status()).finish()
            }
            Self::Undecodable(answer) => f.debug_tuple("Undecodable").field(answer).finish(),
        }
    }
}

impl fmt::Debug for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Undecodable")
            .field("status", &self.status)
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Communication(error) => Some(error),
            _ => None,
        }
    }
}

/// Reads the body of a successful answer. The generated code calls it.
pub(crate) async fn read<T: DeserializeOwned>(response: reqwest::Response) -> Result<ResponseValue<T>, Error> {
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.bytes().await?;
    match serde_json::from_slice(&body) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => {
            Err(Error::Undecodable(Undecodable { status, headers, body: body.into(), problem: Problem::from(&error) }))
        }
    }
}
