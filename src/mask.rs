//! What stands in `Debug` output in place of keys, prompts and answers.

use std::fmt;

/// A value that is not shown.
pub(crate) struct Masked;

/// The one [`Masked`].
pub(crate) const MASKED: Masked = Masked;

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[masked]")
    }
}
