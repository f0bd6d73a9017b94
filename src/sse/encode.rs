//! Events as text.

use super::Frame;

impl Frame {
    /// The event as the service writes it: without a space after the colon, and with the blank line that ends it.
    ///
    /// [`Decoder`](super::Decoder) reads the same frame from it, but for line breaks: each becomes `\n` in `data`, and a
    /// space in `id` and `event`, which have one line only.
    ///
    /// ```
    /// let frame = clovastudio::sse::Frame { id: None, event: Some("token".to_owned()), data: "{}".to_owned() };
    /// assert_eq!(frame.to_text(), "event:token\ndata:{}\n\n");
    /// ```
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (name, value) in [("id", &self.id), ("event", &self.event)] {
            if let Some(value) = value {
                add_field(&mut text, name, &value.replace(LINE_BREAKS, " "));
            }
        }
        for line in self.data.replace("\r\n", "\n").split(LINE_BREAKS) {
            add_field(&mut text, "data", line);
        }
        text.push('\n');
        text
    }
}

const LINE_BREAKS: [char; 2] = ['\r', '\n'];

/// A reader takes one space after the colon away, so a value that begins with one needs another.
fn add_field(text: &mut String, name: &str, value: &str) {
    let space = if value.starts_with(' ') { " " } else { "" };
    text.extend([name, ":", space, value, "\n"]);
}
