#![doc = include_str!("testing/guide.md")]
#![doc = include_str!("testing/answers.md")]
//! ```json
#![doc = include_str!("testing/answers/fixture.json")]
//! ```

mod answers;
mod calls;
mod document;
pub mod mocks;
mod schema;
mod simulator;

pub use self::calls::{Answer, CallError, Typed, call, read_as};
pub use self::document::{document, example_parameters, request_examples, response_examples, stream_examples};
pub use self::schema::{strict_validator, validator};
pub use self::simulator::{Fault, Pieces, Quotas, Received, Simulator, SimulatorBuilder, UnknownFault, WaitForm};
