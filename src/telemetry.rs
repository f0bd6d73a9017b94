//! One `tracing` span a call, and one event a retry. Names are those of OpenTelemetry where it has them, above all of its
//! [conventions for generative AI](https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/). No key, prompt or
//! answer is in them, unless contents are switched on; keys never are.

use std::time::Duration;

use serde::Serialize;
use tracing::field::{Empty, display};
use tracing::{Span, debug, info_span, warn};

use crate::call::Target;
use crate::content;
use crate::error::Error;
use crate::raw::Operation;

/// Target of the events with the contents of requests and answers.
const CONTENT: &str = "clovastudio::content";

/// The span of a call.
pub(crate) struct CallSpan {
    span: Span,
    /// Whether the contents of requests and answers are traced as well.
    pub(crate) with_content: bool,
}

impl CallSpan {
    pub(crate) fn new(target: &Target, request_id: &str, with_content: bool) -> Self {
        let operation = target.operation;
        let (activity, model) = (activity(operation), target.model.as_deref());
        let name = model.map_or_else(|| activity.to_owned(), |model| format!("{activity} {model}"));
        let span = info_span!(
            "clovastudio.call",
            otel.name = name,
            otel.kind = "client",
            gen_ai.provider.name = "naver.clova_studio",
            gen_ai.operation.name = activity,
            gen_ai.request.model = model,
            gen_ai.usage.input_tokens = Empty,
            gen_ai.usage.output_tokens = Empty,
            http.request.method = operation.method(),
            url.template = operation.path(),
            http.response.status_code = Empty,
            error.r#type = Empty,
            clovastudio.operation = operation.name(),
            clovastudio.request_id = request_id,
            clovastudio.status_code = Empty,
            clovastudio.attempts = Empty,
        );
        Self { span, with_content }
    }

    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    /// The call succeeded.
    pub(crate) fn succeeded(&self, attempts: u32) {
        self.span.record("http.response.status_code", 200_u16);
        self.span.record("clovastudio.attempts", attempts);
    }

    /// The answer told how many tokens it took.
    pub(crate) fn used(&self, (input, output): (Option<i64>, Option<i64>)) {
        if let Some(tokens) = input {
            self.span.record("gen_ai.usage.input_tokens", tokens);
        }
        if let Some(tokens) = output {
            self.span.record("gen_ai.usage.output_tokens", tokens);
        }
    }

    /// The call has this body.
    pub(crate) fn asked(&self, body: &impl Serialize) {
        if self.with_content {
            self.span.in_scope(|| debug!(target: CONTENT, body = content::shown(body), "request"));
        }
    }

    /// The call was answered with this.
    pub(crate) fn answered(&self, answer: &impl Serialize) {
        if self.with_content {
            self.span.in_scope(|| debug!(target: CONTENT, body = content::shown(answer), "answer"));
        }
    }

    /// An attempt failed and is repeated after a wait.
    pub(crate) fn repeats(&self, error: &Error, wait: Duration) {
        let wait = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        self.span.in_scope(|| {
            warn!(
                attempt = error.attempts(),
                wait_ms = wait,
                kind = ?error.kind(),
                status = error.status().map(|status| status.as_u16()),
                code = error.code().map(display),
                "the request failed and is sent again"
            );
        });
    }

    /// The call failed for good.
    pub(crate) fn failed(&self, error: &Error) {
        self.span.record("error.type", tracing::field::debug(error.kind()));
        self.span.record("clovastudio.attempts", error.attempts());
        if let Some(status) = error.status() {
            self.span.record("http.response.status_code", status.as_u16());
        }
        if let Some(code) = error.code() {
            self.span.record("clovastudio.status_code", display(code));
        }
        self.span.in_scope(|| debug!(kind = ?error.kind(), "the call failed"));
    }
}

/// What an operation does, by the name that the convention has for it, else by its own.
fn activity(operation: Operation) -> &'static str {
    match operation.tag() {
        "chat" => "chat",
        "completions" => "text_completion",
        "embeddings" => "embeddings",
        _ => match operation {
            Operation::OpenaiCreateChatCompletion | Operation::OpenaiCreateChatCompletionStream => "chat",
            Operation::OpenaiCreateEmbedding => "embeddings",
            _ => operation.id(),
        },
    }
}
