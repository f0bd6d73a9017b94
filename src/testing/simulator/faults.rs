//! Which fault a request meets: the one that it asks for, the next one of a test, or one by chance.

use std::collections::VecDeque;
use std::sync::Mutex;

use fastrand::Rng;
use http::HeaderMap;

use super::fault::Fault;
use super::refusal::Refusal;
use crate::lock::lock;
use crate::raw::Operation;

/// Header in which a request asks for a fault by name.
pub(super) const FAULT: &str = "x-simulator-fault";

/// The faults to come.
#[derive(Debug)]
pub(super) struct Faults {
    next: Mutex<VecDeque<Fault>>,
    chance: Chance,
    random: Mutex<Rng>,
}

/// How often a request meets a fault by chance, and which ones it can be.
#[derive(Clone, Debug, Default)]
pub(super) struct Chance {
    pub(super) rate: f64,
    pub(super) faults: Vec<Fault>,
}

impl Faults {
    pub(super) fn new(chance: Chance, seed: u64) -> Self {
        Self { next: Mutex::default(), chance, random: Mutex::new(Rng::with_seed(seed)) }
    }

    /// A fault for the next request that it applies to.
    pub(super) fn push(&self, fault: Fault) {
        lock(&self.next).push_back(fault);
    }

    /// The fault that a request meets. `operation` is the streaming twin when it asks for a stream.
    pub(super) fn meet(&self, operation: Operation, headers: &HeaderMap) -> Result<Option<Fault>, Refusal> {
        if let Some(name) = headers.get(FAULT) {
            return asked(operation, name.to_str().unwrap_or_default()).map(Some);
        }
        Ok(self.queued(operation).or_else(|| self.by_chance(operation)))
    }

    fn queued(&self, operation: Operation) -> Option<Fault> {
        let mut next = lock(&self.next);
        let first = next.iter().position(|fault| fault.applies_to(operation))?;
        next.remove(first)
    }

    fn by_chance(&self, operation: Operation) -> Option<Fault> {
        let Chance { rate, faults } = &self.chance;
        let mut random = lock(&self.random);
        if random.f64() >= *rate {
            return None;
        }
        let applying: Vec<_> = faults.iter().filter(|fault| fault.applies_to(operation)).collect();
        random.choice(applying).cloned()
    }
}

fn asked(operation: Operation, name: &str) -> Result<Fault, Refusal> {
    let fault: Fault = name.parse().map_err(|error| Refusal::parameter(&format!("{FAULT} ({error})")))?;
    if fault.applies_to(operation) {
        return Ok(fault);
    }
    Err(Refusal::parameter(&format!("{FAULT} (`{name}` does not apply to {})", operation.name())))
}
