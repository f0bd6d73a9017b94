//! Texts from outside, kept on one line.

use std::fmt::{self, Write};

/// Writes with spaces for line breaks and other control characters.
pub(crate) struct OneLine<'a, 'b>(pub(crate) &'a mut fmt::Formatter<'b>);

impl Write for OneLine<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        const SEPARATORS: [char; 2] = ['\u{2028}', '\u{2029}'];
        let breaks = |char: char| char.is_control() || SEPARATORS.contains(&char);
        text.chars().try_for_each(|char| self.0.write_char(if breaks(char) { ' ' } else { char }))
    }
}
