//! `cargo xtask diff` as a process, in a repository of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

const DOCUMENT: &str = include_str!("../../spec/openapi.yaml");

/// A repository with the document and a version.
struct Repository(TempDir);

impl Repository {
    /// One whose first commit is tagged as release.
    fn released(version: &str) -> Self {
        let repository = Self(tempfile::tempdir().expect("a folder"));
        fs::create_dir_all(repository.path().join("spec")).expect("a folder");
        fs::create_dir_all(repository.path().join("xtask")).expect("a folder");
        repository.git(&["init", "--quiet"]);
        repository.set_version(version);
        repository.write("spec/openapi.yaml", DOCUMENT);
        repository.commit();
        repository.git(&["tag", &format!("v{version}")]);
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.path().join(path), text).expect("a file");
    }

    fn set_version(&self, version: &str) {
        self.write("Cargo.toml", &format!("[package]\nname = \"clovastudio\"\nversion = \"{version}\"\n"));
    }

    /// Replaces a text of the document where it stands first.
    fn edit(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.path().join("spec/openapi.yaml")).expect("the document");
        assert!(text.contains(from), "`{from}` is not in the document");
        self.write("spec/openapi.yaml", &text.replacen(from, to, 1));
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&[
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@example.com",
            "commit",
            "--quiet",
            "--message=Change",
        ]);
    }

    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.current_dir(self.path()).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
        assert!(git.output().expect("git runs").status.success(), "git {arguments:?}");
    }

    fn diff(&self, arguments: &[&str]) -> Output {
        let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
        xtask.arg("diff").args(arguments).env("CARGO_MANIFEST_DIR", self.path().join("xtask"));
        xtask.output().expect("the command runs")
    }

    /// What a comparison prints that ends with a code.
    fn printed(&self, arguments: &[&str], code: i32) -> String {
        let output = self.diff(arguments);
        let (out, error) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {out}{error}");
        assert_eq!(error, "", "{arguments:?}");
        out
    }

    /// The error of a comparison that cannot be made.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.diff(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stdout));
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        text(&output.stderr)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const VALUES: &str = "x-extensible-enum: [auto, none]";

const QUERY: &str = "description: The question of the user.\n";

const FIELD: &str = "        topX:
          type: integer
          format: int32
          description: New.
";

/// A field more, and a value that is gone.
fn change(repository: &Repository) {
    repository.edit(QUERY, &format!("{QUERY}{FIELD}"));
    repository.edit(VALUES, "x-extensible-enum: [auto]");
}

#[test]
fn what_changed_since_the_newest_release_is_told_in_every_format() {
    let repository = Repository::released("0.1.0");
    assert_eq!(repository.printed(&["--check"], 0), "spec/openapi.yaml against v0.1.0\n\nno changes\n");

    change(&repository);
    repository.commit();
    repository.git(&["tag", "v0.2.0-rc.1"]);
    assert_eq!(repository.printed(&[], 0), expected_text());
    assert_eq!(repository.printed(&["--format", "markdown"], 0), MARKDOWN);
    let json: Value = serde_json::from_str(&repository.printed(&["--format", "json"], 0)).expect("JSON");
    assert_eq!(json, expected_json());
}

fn expected_text() -> String {
    let [removed, added] = [line(VALUES, 0), line(QUERY, 1)];
    format!(
        "\
spec/openapi.yaml against v0.1.0

ToolChoiceMode: value `none` removed [value-removed]
    for: requests breaking, responses untouched
    at: {removed} #/components/schemas/ToolChoiceMode/x-extensible-enum
    in: create_chat_completion_v3, create_task_chat_completion_v3, openai_create_chat_completion, rag_reasoning and 1 more

RerankRequest.topX: optional field added [field-added]
    for: requests additive, responses untouched
    at: {added} #/components/schemas/RerankRequest/properties/topX
    in: rerank

Rust API

+ pub raw::types::RerankRequest::top_x: Option<i32>
    with it: 1 more
    additive

- pub raw::types::ToolChoiceMode::None
    breaking

2 breaking, 2 additive
After 0.1.0 that demands 0.2.0 or more; Cargo.toml has 0.1.0, which is too little.
"
    )
}

const MARKDOWN: &str = "\
## [Unreleased]

Changes of the document since v0.1.0: 2 breaking, 2 additive.

### Added

- `RerankRequest.topX`: optional field added (requests additive).
- Rust: `pub raw::types::RerankRequest::top_x: Option<i32>` and 1 more with it.

### Removed

- **Breaking:** `ToolChoiceMode`: value `none` removed (requests breaking).
- **Breaking:** Rust: `pub raw::types::ToolChoiceMode::None`.
";

fn expected_json() -> Value {
    json!({
        "base": "v0.1.0",
        "worst": "breaking",
        "version": { "base": "0.1.0", "demanded": "0.2.0", "current": "0.1.0", "enough": false },
        "changes": [
            {
                "kind": "value-removed",
                "fate": "removed",
                "subjects": ["ToolChoiceMode"],
                "text": "value `none`",
                "was": null,
                "is": null,
                "requests": "breaking",
                "responses": null,
                "operations": [
                    "create_chat_completion_v3", "create_task_chat_completion_v3", "openai_create_chat_completion",
                    "rag_reasoning", "tokenize_chat_v3",
                ],
                "place": {
                    "line": line(VALUES, 0),
                    "pointer": "/components/schemas/ToolChoiceMode/x-extensible-enum",
                },
            },
            {
                "kind": "field-added",
                "fate": "added",
                "subjects": ["RerankRequest.topX"],
                "text": "optional field",
                "was": null,
                "is": null,
                "requests": "additive",
                "responses": null,
                "operations": ["rerank"],
                "place": {
                    "line": line(QUERY, 1),
                    "pointer": "/components/schemas/RerankRequest/properties/topX",
                },
            },
        ],
        "api": [
            {
                "path": "raw::types::RerankRequest::top_x",
                "fate": "added",
                "class": "additive",
                "is": "pub raw::types::RerankRequest::top_x: Option<i32>",
                "withIt": [
                    "pub fn raw::types::builder::RerankRequest::top_x<T>(self, value: T) -> Self \
                     where T: TryInto<Option<i32>>, T::Error: Display",
                ],
            },
            {
                "path": "raw::types::ToolChoiceMode::None",
                "fate": "removed",
                "class": "breaking",
                "was": "pub raw::types::ToolChoiceMode::None",
            },
        ],
    })
}

/// The line of the document some lines after a text.
fn line(text: &str, after: usize) -> String {
    let before = DOCUMENT.find(text).expect("the text is in the document");
    format!("spec/openapi.yaml:{}", 1 + DOCUMENT[..before].matches('\n').count() + after)
}

#[test]
fn a_version_that_is_too_small_fails_the_check() {
    let repository = Repository::released("0.1.0");
    change(&repository);
    assert!(repository.printed(&["--check"], 1).ends_with("Cargo.toml has 0.1.0, which is too little.\n"));
    repository.set_version("0.1.1");
    assert!(repository.printed(&["--check"], 1).ends_with("Cargo.toml has 0.1.1, which is too little.\n"));
    repository.set_version("0.2.0");
    assert!(repository.printed(&["--check"], 0).ends_with("Cargo.toml has 0.2.0, which is enough.\n"));
}

#[test]
fn the_base_is_a_revision_a_file_or_the_last_commit() {
    let repository = Repository::released("0.1.0");
    let file = repository.path().join("old.yaml");
    repository.write("old.yaml", DOCUMENT);
    repository.edit(QUERY, "description: A question.\n");
    repository.commit();
    assert!(
        repository.printed(&["HEAD~1"], 0).contains("against HEAD~1\n\nRerankRequest.query: `description` reworded")
    );
    repository.git(&["tag", "--delete", "v0.1.0"]);
    assert!(repository.printed(&[], 0).contains("against HEAD\n\nno changes"));
    let printed = repository.printed(&[file.to_str().expect("a path in UTF-8")], 0);
    assert!(printed.ends_with("\n1 cosmetic\n"), "{printed}");
}

#[test]
fn a_base_that_cannot_be_read_is_an_error_that_says_why() {
    let repository = Repository::released("0.1.0");
    let error = repository.refused(&["v9.9.9"]);
    assert_eq!(error, "error: `v9.9.9` is neither a git revision nor a file (git does not know it)\n");
    repository.write("old.yaml", DOCUMENT);
    let file = repository.path().join("old.yaml");
    let error = repository.refused(&["--check", file.to_str().expect("a path in UTF-8")]);
    assert!(error.contains("is a file and has no version to start from; give --check a git revision"), "{error}");

    repository.write("spec/openapi.yaml", "openapi: [3.0.3\n");
    repository.commit();
    let error = repository.refused(&["HEAD"]);
    assert!(error.starts_with("error: HEAD:spec/openapi.yaml:"), "{error}");
    repository.git(&["rm", "--quiet", "spec/openapi.yaml"]);
    repository.commit();
    let error = repository.refused(&["HEAD"]);
    assert!(error.starts_with("error: HEAD has no spec/openapi.yaml: git show "), "{error}");
    let error = repository.refused(&[]);
    assert!(error.contains("cannot read") && error.contains("openapi.yaml"), "{error}");
}

#[test]
fn a_document_that_nothing_can_be_generated_from_is_an_error_at_its_line() {
    let repository = Repository::released("0.1.0");
    repository.edit(VALUES, "x-extensible-enum: [auto, none, any]");
    let error = repository.refused(&[]);
    assert!(error.contains("`any` has no text in `x-enum-descriptions`"), "{error}");
    assert!(error.contains(&line("    ToolChoiceMode:\n", 0)), "{error}");
}
