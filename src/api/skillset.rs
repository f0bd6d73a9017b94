//! Answers by a skillset.

use std::fmt::Display;

use crate::api::{call, plain, request};
use crate::client::Client;
use crate::error::Result;
use crate::options::CallOptions;
use crate::raw::Operation;
use crate::raw::events::SkillsetEvent;
use crate::raw::types::{SkillsetRequest, SkillsetResult, SkillsetVersion};
use crate::response::Response;
use crate::stream::{self, EventStream};

impl Client {
    /// Answers a query with a skillset, which calls external APIs.
    ///
    /// [Vendor's page](https://api.ncloud-docs.com/docs/clovastudio-generateskillsetfinalanswer)
    pub fn skillset(
        &self,
        skillset_id: impl Into<String>,
        version: impl Into<SkillsetVersion>,
        body: impl TryInto<SkillsetRequest, Error: Display>,
    ) -> SkillsetCall {
        SkillsetCall {
            client: self.clone(),
            skillset_id: skillset_id.into(),
            version: version.into(),
            body: request(body),
            options: CallOptions::new(),
        }
    }
}

/// A skillset call that is ready to be sent.
#[derive(Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct SkillsetCall {
    client: Client,
    skillset_id: String,
    version: SkillsetVersion,
    body: Result<SkillsetRequest>,
    options: CallOptions,
}

impl SkillsetCall {
    /// Options of this call.
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends it and waits for the whole answer.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind) for what can go wrong.
    pub async fn send(self) -> Result<Response<SkillsetResult>> {
        let Self { client, skillset_id, version, body, options } = self;
        let target = plain(Operation::GenerateSkillsetFinalAnswer);
        let call = call(&client, target, body, |raw, body| async move {
            let call = raw.generate_skillset_final_answer();
            call.skillset_id(skillset_id).version(version).body(body).send().await
        });
        call.with(options).send().await
    }

    /// Sends it and answers with the events as they arrive: the chosen skill, the calls, the answer. Pieces of the
    /// answer come between when the request sets `token_stream`. Each event counts its own tokens; the whole reply, from
    /// [`collect`](EventStream::collect), counts those of all.
    ///
    /// # Errors
    ///
    /// What goes wrong until the first event; what goes wrong later is an item of the stream.
    pub async fn stream(self) -> Result<EventStream<SkillsetEvent>> {
        let Self { client, skillset_id, version, body, options } = self;
        let target = plain(Operation::GenerateSkillsetFinalAnswerStream);
        stream::open(&client, target, body, options, |raw, body| async move {
            let call = raw.generate_skillset_final_answer_stream();
            call.skillset_id(skillset_id).version(version).body(body).send().await
        })
        .await
    }
}
