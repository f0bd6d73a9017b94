//! Rust files, parsed.

use std::fs;
use std::path::Path;

use anyhow::Context;

/// Reads a file.
pub fn parse(path: &Path) -> anyhow::Result<syn::File> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    syn::parse_file(&text).with_context(|| format!("{} does not parse", path.display()))
}
