//! One request after another: the checks in the order of the service, and the answer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;
use http::Response;
use http::request::{Parts, Request};
use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use serde_json::Value;

use super::clock::Clock;
use super::events::{Pieces, paced};
use super::faults::Faults;
use super::harm::Success;
use super::journal::{Journal, Received};
use super::keys::{self, Kind};
use super::media::{self, Form};
use super::quotas::{Counter, Counters};
use super::refusal::Refusal;
use super::routes::{self, Route};
use super::subject::Subject;
use super::tuning::Tunings;
use super::wire::{Act, Body, Cut, Reply};
use super::{body, context, images, messages, parameters, rules, schemas};
use crate::limits::CHAT;
use crate::lock::lock;
use crate::raw::Operation;
use crate::raw::types::StatusCode;
use crate::testing::answers::{self, Ask};
use crate::transport::REQUEST_ID;

/// A service: its settings and what it remembers.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) clock: Clock,
    pub(super) journal: Journal,
    pub(super) faults: Faults,
    pub(super) tunings: Tunings,
    pub(super) counters: Counters,
    /// What a key is that does not say so.
    pub(super) usual_kind: Kind,
    pub(super) scripts: Mutex<VecDeque<String>>,
    pub(super) pieces: Pieces,
    pub(super) event_interval: Duration,
    pub(super) serves_retired: bool,
    pub(super) seed: u64,
}

/// A request that is known to be for an operation, and what it is about.
struct Call<'a> {
    head: &'a Parts,
    route: Route,
    body: Value,
    subject: Subject,
    /// Its number in the journal.
    number: usize,
}

impl Service {
    /// Answers a request, or cuts the connection.
    pub(super) async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Result<Response<Body>, Cut> {
        let (head, body) = request.into_parts();
        let body = read(body).await?;
        let received = Received::new(&head, body.clone().unwrap_or_default(), self.clock.now());
        let number = self.journal.add(received);
        let answer = self.respond(&head, body, number);
        let mut reply = answer.unwrap_or_else(|refusal| refusal.reply(routes::is_openai(head.uri.path())));
        reply.headers.extend(head.headers.get(&REQUEST_ID).map(|id| (REQUEST_ID, id.clone())));
        if !matches!(reply.before, Some(Act::Stall | Act::Cut)) {
            self.journal.amend(number, |received| received.status = Some(reply.status.as_u16()));
        }
        reply.play().await
    }

    fn respond(&self, head: &Parts, body: Option<Bytes>, number: usize) -> Result<Reply, Refusal> {
        let route = routes::find(head.method.as_str(), head.uri.path(), head.uri.query());
        let route = route.ok_or(Refusal::new(StatusCode::NotFound))?;
        let operation = route.operation;
        self.journal.amend(number, |received| received.operation = Some(operation));
        let call = self.identify(head, route, body, number)?;
        let counter = Counter::of(Kind::of(head, self.usual_kind), operation, call.subject);
        let reply = self.serve(&call, counter);
        let mut reply = reply.unwrap_or_else(|refusal| refusal.reply(operation.tag() == "openai"));
        for (name, value) in self.counters.headers(counter, self.clock.now()) {
            // A fault may have set its own.
            name.map(|name| reply.headers.entry(name).or_insert(value));
        }
        Ok(reply)
    }

    /// Checks who calls, in which form and for which model.
    fn identify<'a>(
        &self,
        head: &'a Parts,
        route: Route,
        body: Option<Bytes>,
        number: usize,
    ) -> Result<Call<'a>, Refusal> {
        let operation = route.operation;
        keys::check(operation, &head.headers)?;
        let body = body.ok_or(Refusal::new(StatusCode::BodyTooLarge))?;
        media::check_accept(operation, &head.headers)?;
        parameters::check(operation, &route.parameters)?;
        // A model in the path is looked at before the body.
        self.subject(&route, &Value::Null)?;
        let body = body::read(operation, &head.headers, &body)?;
        let subject = self.subject(&route, &body)?;
        Ok(Call { head, route, body, subject, number })
    }

    fn subject(&self, route: &Route, body: &Value) -> Result<Subject, Refusal> {
        let tuned = |id: &str| self.tunings.ready(id, self.clock.now());
        Subject::find(route, body, self.serves_retired, tuned)
    }

    /// Checks the body, and does what it asks for, unless a fault comes between.
    fn serve(&self, call: &Call<'_>, counter: Counter) -> Result<Reply, Refusal> {
        let Call { head, route, body, subject, number } = call;
        let operation = route.operation;
        rules::check(operation, *subject, body)?;
        messages::check(operation, body)?;
        images::check(body)?;
        schemas::check(body)?;
        self.check_training(route, body)?;
        let named = subject.named_by_base(body);
        let mut ask = Ask {
            operation,
            parameters: &route.parameters,
            body: &named,
            now: i64::try_from(self.clock.now().as_secs()).unwrap_or(i64::MAX),
            script: None,
        };
        context::check(&ask, *subject)?;
        self.counters.count(counter, answers::requested_tokens(&ask), self.clock.now())?;

        let form = media::form(operation, &head.headers, body);
        let twin = routes::streaming_twin(operation).filter(|_| form == Form::Stream);
        let fault = self.faults.meet(twin.unwrap_or(operation), &head.headers)?;
        self.journal.amend(*number, |received| {
            received.operation = twin.or(received.operation);
            received.fault.clone_from(&fault);
        });
        let openai = operation.tag() == "openai";
        if let Some(reply) = fault.as_ref().and_then(|fault| fault.replacement(openai)) {
            return Ok(reply);
        }
        let script = self.next_script(operation);
        ask.script = script.as_deref();
        let success = match form {
            Form::Json => Success::Json(self.perform(&ask)?),
            Form::Stream => Success::Events(answers::events(&ask)),
        };
        let reply = fault.map_or_else(|| success.reply(), |fault| fault.spoil(&success, openai));
        Ok(if form == Form::Stream { self.as_stream(reply, *number) } else { reply })
    }

    fn check_training(&self, route: &Route, body: &Value) -> Result<(), Refusal> {
        match (route.operation, route.parameters.get("taskId")) {
            (Operation::CreateTuningTask, _) => Tunings::check(body),
            (Operation::GetTuningTask | Operation::DeleteTuningTask, Some(id)) => self.tunings.find(id),
            _ => Ok(()),
        }
    }

    fn perform(&self, ask: &Ask<'_>) -> Result<Value, Refusal> {
        let now = self.clock.now();
        let id = ask.parameters.get("taskId").map(String::as_str).unwrap_or_default();
        let number = |name| parameters::number(ask.operation, ask.parameters, name);
        match ask.operation {
            Operation::CreateTuningTask => self.tunings.create(ask.body, now),
            Operation::GetTuningTask => self.tunings.get(id, now),
            Operation::DeleteTuningTask => self.tunings.delete(id),
            Operation::ListTuningTasks => Ok(self.tunings.list(number("page"), number("size"), now)),
            _ => Ok(answers::answer(ask)),
        }
    }

    /// The text that a test has for the next chat.
    fn next_script(&self, operation: Operation) -> Option<String> {
        let is_chat = operation.tag() == "chat" || operation == Operation::OpenaiCreateChatCompletion;
        let mut scripts = lock(&self.scripts);
        if is_chat { scripts.pop_front() } else { None }
    }

    fn as_stream(&self, reply: Reply, number: usize) -> Reply {
        // A seed of its own for each request, so that requests at a time do not change each other.
        let mut random = Rng::with_seed(self.seed.wrapping_add(number as u64));
        let body = self.pieces.cut(paced(reply.body, self.event_interval), &mut random);
        Reply { body, ..reply }
    }
}

/// The body, or nothing when it is too large. It is read to its end either way: a peer that still writes would not see
/// the answer.
async fn read(mut body: Incoming) -> Result<Option<Bytes>, Cut> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Cut)?.into_data() else { continue };
        length += data.len();
        if length <= CHAT.body_bytes {
            bytes.extend_from_slice(&data);
        } else {
            bytes = Vec::new();
        }
    }
    Ok(Some(Bytes::from(bytes)).filter(|_| length <= CHAT.body_bytes))
}
