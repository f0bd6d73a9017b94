//! What goes beyond one request of the tuning API: all pages of the list, and the end of a training.

mod pages;
mod wait;

pub use pages::{TuningPages, Tunings};
pub use wait::TuningWait;
