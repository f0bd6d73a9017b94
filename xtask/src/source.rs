//! Rust files, parsed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// A file that was parsed.
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it.
    pub file: syn::File,
}

impl Source {
    /// Reads a file.
    pub fn read(path: PathBuf) -> anyhow::Result<Self> {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let file = syn::parse_file(&text).with_context(|| format!("{} does not parse", path.display()))?;
        Ok(Self { path, file })
    }

    /// Reads the Rust files of a directory, and of those in it if told so, in the order of their names.
    pub fn read_all(directory: &Path, nested: bool) -> anyhow::Result<Vec<Self>> {
        let entries = fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
        let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
        paths.sort();
        let mut sources = Vec::new();
        for path in paths {
            if path.is_dir() && nested {
                sources.extend(Self::read_all(&path, nested)?);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push(Self::read(path)?);
            }
        }
        Ok(sources)
    }
}
