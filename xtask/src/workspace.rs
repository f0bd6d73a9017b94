//! The files that the commands read.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, anyhow};

use crate::build::document::Document;

/// The document, relative to the root.
pub const DOCUMENT: &str = "spec/openapi.yaml";

/// The root of the repository: of the one that cargo runs in, if it does.
pub fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package).parent().map(Path::to_owned).unwrap_or_default()
}

/// The document of this checkout.
pub fn document() -> anyhow::Result<Document> {
    parse(&root().join(DOCUMENT), DOCUMENT)
}

/// Another document.
pub fn document_at(path: &Path) -> anyhow::Result<Document> {
    parse(path, &path.display().to_string())
}

fn parse(path: &Path, name: &str) -> anyhow::Result<Document> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Document::parse(name, &text).map_err(|fault| anyhow!("{fault}"))
}
