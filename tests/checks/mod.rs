//! What must hold for any bytes from outside: the checks of the fuzz targets in `fuzz/`, of the replay of their seeds,
//! and of property tests. Each panics when something does not hold.

pub mod error;
pub mod reading;
pub mod schema;
pub mod sse;

/// A fuzz target: its name and its check.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 4] =
    [("sse", sse::check), ("error", error::check), ("reading", reading::check), ("schema", schema::check)];

/// Asserts that a text is one line and says something.
fn assert_one_line(text: &str) {
    const BREAKS: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    assert!(!text.is_empty() && !text.contains(BREAKS), "not one line: {text:?}");
}
