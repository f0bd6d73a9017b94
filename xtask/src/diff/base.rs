//! What the document is compared with: a git revision, or a file.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, anyhow, bail};
use semver::Version;

use crate::build::document::Document;
use crate::workspace::{self, DOCUMENT};

/// A document of another time.
pub struct Base {
    /// What it is called in messages.
    pub name: String,
    /// The document.
    pub document: Document,
    /// Version of the crate that had it; unknown for a file.
    pub version: Option<Version>,
}

impl Base {
    /// Reads a base: the revision or file of that name, or else the newest version tag, or else `HEAD`.
    pub fn read(name: Option<&str>) -> anyhow::Result<Self> {
        let Some(name) = name else { return Self::of_revision(&newest_tag()?.unwrap_or_else(|| "HEAD".to_owned())) };
        match commit(name) {
            Ok(_) => Self::of_revision(name),
            Err(_) if Path::new(name).exists() => Self::of_file(Path::new(name)),
            Err(reason) => bail!("`{name}` is neither a git revision nor a file ({reason})"),
        }
    }

    fn of_revision(revision: &str) -> anyhow::Result<Self> {
        let commit = commit(revision)?;
        let show = |path: &str| git(&["show", &format!("{commit}:{path}")]);
        let text = show(DOCUMENT).with_context(|| format!("{revision} has no {DOCUMENT}"))?;
        let manifest = show("Cargo.toml").with_context(|| format!("{revision} has no Cargo.toml"))?;
        Ok(Self {
            name: revision.to_owned(),
            document: parse(&format!("{revision}:{DOCUMENT}"), &text)?,
            version: Some(version_of(&manifest).with_context(|| format!("{revision}:Cargo.toml"))?),
        })
    }

    fn of_file(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        Ok(Self { document: parse(&name, &text)?, name, version: None })
    }
}

fn parse(name: &str, text: &str) -> anyhow::Result<Document> {
    Document::parse(name, text).map_err(|fault| anyhow!("{fault}"))
}

/// The version of the crate in this checkout.
pub fn current_version() -> anyhow::Result<Version> {
    let path = workspace::root().join("Cargo.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    version_of(&text).with_context(|| path.display().to_string())
}

fn version_of(manifest: &str) -> anyhow::Result<Version> {
    let manifest: toml::Table = manifest.parse()?;
    let version = manifest.get("package").and_then(|package| package.get("version")?.as_str());
    Ok(version.context("no `package.version`")?.parse()?)
}

/// The newest tag among those of releases that this checkout has behind it.
fn newest_tag() -> anyhow::Result<Option<String>> {
    let tags = git(&["tag", "--merged", "HEAD"])?;
    let releases = tags.lines().filter_map(|tag| Some((release(tag)?, tag.to_owned())));
    Ok(releases.max().map(|(_, tag)| tag))
}

fn release(tag: &str) -> Option<Version> {
    let version: Version = tag.strip_prefix('v')?.parse().ok()?;
    version.pre.is_empty().then_some(version)
}

fn commit(revision: &str) -> anyhow::Result<String> {
    let commit = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")]);
    Ok(commit.context("git does not know it")?.trim().to_owned())
}

fn git(arguments: &[&str]) -> anyhow::Result<String> {
    let output =
        Command::new("git").current_dir(workspace::root()).args(arguments).output().context("cannot run git")?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        bail!("git {}: {}", arguments.join(" "), reason.trim().lines().next().unwrap_or("failed"));
    }
    String::from_utf8(output.stdout).context("git printed something that is not UTF-8")
}
