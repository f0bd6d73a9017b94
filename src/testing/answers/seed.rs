//! What takes the place of chance: numbers and ids that follow from the request.

use fastrand::Rng;
use serde_json::Value;
use uuid::Builder;

use super::Ask;

/// Switches the form of an answer, not what it says.
const WITHOUT_WEIGHT: &str = "stream";

/// A digest of a request. The order of members does not count, nor does whether a stream is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// That of a request.
    pub fn of(ask: &Ask<'_>) -> Self {
        let mut digest = Digest::default();
        digest.text(ask.operation.id());
        for (name, value) in ask.parameters {
            digest.text(name);
            digest.text(value);
        }
        for (name, value) in ask.body.as_object().into_iter().flatten().filter(|(name, _)| *name != WITHOUT_WEIGHT) {
            digest.member(name, value);
        }
        Self(digest.0)
    }

    /// A number as the service picks it when a request gives none; never 0.
    pub fn number(self) -> u32 {
        self.chance("seed", 0).u32(1..)
    }

    /// Id of an event.
    pub fn event_id(self, index: usize) -> String {
        let bytes = self.chance("event", index).u128(..).to_be_bytes();
        Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// Id of a tool call: `call_` and 24 letters and digits.
    pub fn call_id(self, index: usize) -> String {
        let mut chance = self.chance("call", index);
        let id: String = (0..24).map(|_| chance.alphanumeric()).collect();
        format!("call_{id}")
    }

    /// Id of an answer of the OpenAI-compatible API: 32 hexadecimal digits.
    pub fn answer_id(self) -> String {
        format!("{:032x}", self.chance("answer", 0).u128(..))
    }

    fn chance(self, what: &str, index: usize) -> Rng {
        let mut digest = Digest(self.0);
        digest.text(what);
        digest.bytes(&index.to_le_bytes());
        Rng::with_seed(digest.0)
    }
}

/// A number that follows from a text.
pub fn hash(text: &str) -> u64 {
    let mut digest = Digest::default();
    digest.text(text);
    digest.0
}

/// FNV-1a, 64 bits: the same on every machine and in every version.
struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// A byte that no text has keeps neighbours apart.
    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
        self.bytes(&[0xff]);
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.value(item)),
            Value::Object(members) => members.iter().for_each(|(name, value)| self.member(name, value)),
            Value::String(text) => self.text(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => self.text(&value.to_string()),
        }
    }

    /// Members are added up, so their order has no weight.
    fn member(&mut self, name: &str, value: &Value) {
        let mut member = Self::default();
        member.text(name);
        member.value(value);
        self.0 = self.0.wrapping_add(member.0);
    }
}
