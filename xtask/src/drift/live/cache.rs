//! What was fetched, so that an unchanged page is not sent again.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use serde::{Deserialize, Serialize};

/// A folder of pages.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// A page as it was fetched, and what tells whether it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cached {
    /// The address.
    pub url: String,
    /// The tag that the server gave it.
    pub etag: Option<String>,
    /// The time that the server gave it.
    pub last_modified: Option<String>,
    /// The page.
    #[serde(skip)]
    pub text: String,
}

impl Cache {
    /// The pages in a folder, which need not exist.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The page of an address, if it was fetched and can be asked for again.
    pub fn get(&self, url: &str) -> Option<Cached> {
        let about = fs::read_to_string(self.file(url, "json")).ok()?;
        let text = fs::read_to_string(self.file(url, "md")).ok()?;
        let cached: Cached = serde_json::from_str(&about).ok()?;
        (cached.url == url).then_some(Cached { text, ..cached })
    }

    /// Keeps a page.
    pub fn put(&self, page: &Cached) -> anyhow::Result<()> {
        let write = || -> anyhow::Result<()> {
            fs::create_dir_all(&self.folder)?;
            fs::write(self.file(&page.url, "md"), &page.text)?;
            fs::write(self.file(&page.url, "json"), serde_json::to_string(page)?)?;
            Ok(())
        };
        write().with_context(|| format!("cannot write to {}", self.folder.display()))
    }

    /// The file of an address.
    pub fn file(&self, url: &str, extension: &str) -> PathBuf {
        let name: String =
            url.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
        self.folder.join(format!("{name}.{extension}"))
    }
}
