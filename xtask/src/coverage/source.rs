//! The Rust files of a directory.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::source;

/// A file that was parsed.
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it.
    pub file: syn::File,
}

/// How far down files are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// In the directory itself.
    Flat,
    /// In its directories as well.
    Whole,
}

impl Source {
    /// Reads the files of a directory in the order of their names.
    pub fn read_all(directory: &Path, depth: Depth) -> anyhow::Result<Vec<Self>> {
        let entries = fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
        let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
        paths.sort();
        let mut sources = Vec::new();
        for path in paths {
            if path.is_dir() && depth == Depth::Whole {
                sources.extend(Self::read_all(&path, depth)?);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push(Self { file: source::parse(&path)?, path });
            }
        }
        Ok(sources)
    }
}
