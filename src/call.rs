//! One call: guards, attempts, waits and the deadline over all of them.

use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};
use tracing::Instrument;

use crate::client::Client;
use crate::envelope::{self, Envelope};
use crate::error::{Error, ErrorKind, Result};
use crate::failure;
use crate::guard;
use crate::options::CallOptions;
use crate::rate_limit::told_wait;
use crate::raw::{self, Operation, ResponseValue};
use crate::response::{Meta, Response};
use crate::telemetry::CallSpan;
use crate::transport::{CallContext, REQUEST_ID, new_request_id};

pub(crate) type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;
pub(crate) type RawResult<E> = std::result::Result<ResponseValue<E>, raw::Error>;
pub(crate) type RawAnswer<E> = Pending<RawResult<E>>;
pub(crate) type SendRaw<B, E> = Box<dyn FnOnce(raw::Client, B) -> RawAnswer<E> + Send + Sync>;

/// A call that is ready to be sent: `B` is its body, `E` the answer of the generated client.
///
/// Nothing happens before [`send`](Self::send). Dropping the future of `send` closes the connection.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<B, E> {
    pub(crate) client: Client,
    pub(crate) target: Target,
    pub(crate) body: Result<B>,
    pub(crate) options: CallOptions,
    send: SendRaw<B, E>,
}

/// What a call is about.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) operation: Operation,
    /// The model, or [`guard::TUNED`], where the operation has one.
    pub(crate) model: Option<String>,
}

impl<B: Serialize, E: Envelope<Result: Send> + Send + 'static> Call<B, E> {
    pub(crate) fn new(client: &Client, target: Target, body: Result<B>, send: SendRaw<B, E>) -> Self {
        Self { client: client.clone(), target, body, options: CallOptions::new(), send }
    }

    /// Options of this call.
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends it, again where that can help, and opens the answer.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`] for what can go wrong.
    pub async fn send(self) -> Result<Response<E::Result>> {
        let Self { client, target, body, options, send } = self;
        let mut run = Run::start(&client, &target, options)?;
        let body = body.map_err(|error| run.fail(error))?;
        run.guard(&body)?;
        run.pace(&body);
        run.span.asked(&body);
        let read = |response| -> RawAnswer<E> { Box::pin(raw::read(response)) };
        let open = |answer: ResponseValue<E>| -> Pending<_> {
            let status = answer.status();
            Box::pin(ready(envelope::open(answer.into_inner()).map(|value| (value, status))))
        };
        // Boxed, or the state of the attempts would sit in every future that awaits a call.
        let (value, status) = Box::pin(run.repeat(|raw| send(raw, body), read, open)).await?;
        run.span.used(E::tokens(&value));
        run.span.answered(&value);
        Ok(Response::new(value, run.meta(status)))
    }
}

impl<B, E> fmt::Debug for Call<B, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("target", &self.target).field("options", &self.options).finish_non_exhaustive()
    }
}

/// The attempts of one call.
pub(crate) struct Run {
    client: Client,
    pub(crate) target: Target,
    options: CallOptions,
    context: Arc<CallContext>,
    request_id: String,
    pub(crate) started: Instant,
    attempts: u32,
    pub(crate) span: CallSpan,
}

impl Run {
    pub(crate) fn start(client: &Client, target: &Target, options: CallOptions) -> Result<Self> {
        let id = match &options.request_id {
            Some(id) => HeaderValue::from_str(id)
                .map_err(|_| Error::new(ErrorKind::Request).with_message("the request id has a control character"))?,
            None => new_request_id(),
        };
        let request_id = id.to_str().unwrap_or_default().to_owned();
        let mut headers = client.settings().headers.clone();
        headers.extend(options.headers());
        headers.insert(REQUEST_ID, id);
        let context = CallContext::new(headers, options.members.clone());
        let (client, target) = (client.clone(), target.clone());
        let span = CallSpan::new(&target, &request_id, client.settings().trace_content);
        Ok(Self { client, target, options, context, request_id, started: Instant::now(), attempts: 0, span })
    }

    /// Checks the rules between fields, unless that is switched off.
    pub(crate) fn guard(&self, body: &impl Serialize) -> Result<()> {
        let wanted = self.options.guards.unwrap_or(self.client.settings().guards);
        let schema = self.target.operation.body_schema().filter(|schema| wanted && guard::knows(schema));
        let Some(schema) = schema else { return Ok(()) };
        let mut body =
            serde_json::to_value(body).map_err(|error| self.fail(Error::new(ErrorKind::Request).with_source(error)))?;
        if let Value::Object(members) = &mut body {
            members.extend(self.options.members.clone());
        }
        guard::check(schema, self.target.model.as_deref(), &body).map_err(|error| self.fail(error))
    }

    /// Finds out what each attempt takes of the model's pace, if it has one.
    pub(crate) fn pace(&self, body: &impl Serialize) {
        if let Some(pace) = self.client.settings().pacer.pace(&self.target, &self.options, body) {
            self.context.pace.get_or_init(|| pace);
        }
    }

    async fn take_turn(&self) -> Result<()> {
        let Some(pace) = self.context.pace.get() else { return Ok(()) };
        let deadline = self.deadline().and_then(|deadline| self.started.checked_add(deadline));
        pace.take_turn(deadline).await.map_err(|error| self.fail(error))
    }

    /// Attempts until one succeeds or no further one can help. The first is made with the generated client, by `first`;
    /// the others send what it sent, whose answers `read` takes up. `open` says what is in an answer.
    pub(crate) async fn repeat<E, T>(
        &mut self,
        first: impl FnOnce(raw::Client) -> RawAnswer<E>,
        read: fn(reqwest::Response) -> RawAnswer<E>,
        open: impl Fn(ResponseValue<E>) -> Pending<Result<T>> + Sync,
    ) -> Result<T> {
        let policy = self.options.retry.unwrap_or(self.client.settings().retry);
        let mut first = Some(first);
        loop {
            self.take_turn().await?;
            self.attempts += 1;
            let raw = self.client.for_call(self.target.operation, Arc::clone(&self.context));
            let answer = match first.take() {
                Some(first) => first(raw),
                None => Box::pin(async move { read(raw.send_again().await?).await }),
            };
            let attempt = async {
                match answer.await {
                    Ok(answer) => open(answer).await,
                    Err(error) => Err(failure::from_raw(error).await),
                }
            };
            let limit = self.limit();
            let outcome = timeout(limit, attempt).instrument(self.span.span().clone()).await;
            let error = match outcome {
                Ok(Ok(value)) => {
                    self.span.succeeded(self.attempts);
                    return Ok(value);
                }
                Ok(Err(error)) => error,
                Err(_) => Error::new(ErrorKind::Timeout).with_message(format!("no answer within {limit:.1?}")),
            };
            let error = self.complete(error);
            let told = told_wait(error.headers(), SystemTime::now());
            let (operation, left) = (self.target.operation, self.left());
            let wait = policy.decide(operation, &error, self.attempts, told, left, fastrand::f64());
            let Some(wait) = wait else {
                self.span.failed(&error);
                return Err(error);
            };
            self.span.repeats(&error, wait);
            sleep(wait).await;
        }
    }

    pub(crate) fn meta(&self, status: StatusCode) -> Meta {
        Meta {
            status,
            headers: self.context.seen_headers(),
            request_id: self.request_id.clone(),
            attempts: self.attempts,
            elapsed: self.started.elapsed(),
        }
    }

    pub(crate) fn idle_timeout(&self) -> Duration {
        self.options.idle_timeout.unwrap_or(self.client.settings().idle_timeout)
    }

    /// Adds what is known of the call to an error.
    fn complete(&self, error: Error) -> Error {
        let error = error
            .with_operation(self.target.operation)
            .with_request_id(self.request_id.clone())
            .with_attempts(self.attempts, self.started.elapsed());
        let error = self.deadline().into_iter().fold(error, Error::with_deadline);
        let answered = error.status().is_some() && error.headers().is_empty();
        if answered { error.with_headers(self.context.seen_headers()) } else { error }
    }

    /// The error that ends the call.
    pub(crate) fn fail(&self, error: Error) -> Error {
        let error = self.complete(error);
        self.span.failed(&error);
        error
    }

    fn deadline(&self) -> Option<Duration> {
        self.options.deadline.or(self.client.settings().deadline)
    }

    fn left(&self) -> Option<Duration> {
        self.deadline().map(|deadline| deadline.saturating_sub(self.started.elapsed()))
    }

    /// The time that the next attempt may take.
    fn limit(&self) -> Duration {
        let timeout = self.options.timeout.unwrap_or(self.client.settings().timeout);
        self.left().map_or(timeout, |left| left.min(timeout))
    }
}
