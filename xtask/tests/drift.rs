//! `cargo xtask drift` and `scaffold` as they are run: what they print, and how they end.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use httpmock::{Method::GET, MockServer};
use serde_json::Value;
use tempfile::TempDir;

const PAGE: &str = include_str!("../src/drift/tests/pages/clovastudio-example.md");

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().expect("the program runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ends by itself")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path of plain letters")
}

/// A directory with a page that the lock does not know.
fn saved() -> TempDir {
    let directory = TempDir::new().expect("a directory");
    fs::write(directory.path().join("clovastudio-example.md"), PAGE).expect("a file");
    directory
}

#[test]
fn the_document_agrees_with_the_lock() {
    let output = xtask(&["drift"]);
    assert_eq!((code(&output), text(&output.stdout).as_str()), (0, "drift: nothing found\n"));
}

#[test]
fn a_report_links_to_the_site_of_the_page() {
    let directory = TempDir::new().expect("a directory");
    fs::write(directory.path().join("clovastudio-model.md"), "---\nslug: clovastudio-model\n---\n").expect("a file");
    let printed = text(&xtask(&["drift", "--pages", path(directory.path()), "--format", "markdown"]).stdout);
    assert!(printed.contains("[clovastudio-model](https://guide.ncloud-docs.com/docs/clovastudio-model)"), "{printed}");
}

#[test]
fn a_new_page_is_a_finding_in_every_format() {
    let saved = saved();
    let run = |format| xtask(&["drift", "--pages", path(saved.path()), "--format", format]);
    let output = run("text");
    let printed = text(&output.stdout);
    assert_eq!(code(&output), 1);
    assert!(printed.contains("the page `clovastudio-example` is new [new-page ") && printed.contains(", additive]"));
    assert!(printed.contains("they say: POST /v1/api-tools/example/{modelName}"), "{printed}");
    let findings: Value = serde_json::from_slice(&run("json").stdout).expect("JSON");
    assert_eq!(findings["findings"][0]["rule"], "new-page");
    assert_eq!(findings["findings"][0]["fingerprint"].as_str().map(str::len), Some(12));
    let printed = text(&run("markdown").stdout);
    assert!(
        printed.contains("[clovastudio-example](https://api.ncloud-docs.com/docs/clovastudio-example)"),
        "{printed}"
    );
}

#[test]
fn what_cannot_be_checked_ends_with_2() {
    let empty = TempDir::new().expect("a directory");
    let missing = empty.path().join("missing");
    for directory in [empty.path(), &missing] {
        let output = xtask(&["drift", "--pages", path(directory)]);
        assert_eq!(code(&output), 2);
        assert!(text(&output.stderr).contains(path(directory)), "{}", text(&output.stderr));
    }
    let output = xtask(&["drift", "--accept", "000000000000", "--reason", "None."]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("no difference has the fingerprint `000000000000`"));
}

#[test]
fn a_refused_index_ends_with_2() {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.method(GET).path("/llms.txt");
        then.status(403);
    });
    let url = server.base_url();
    let output = xtask(&["drift", "--live", "--base-url", &url, "--guide-url", &url]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("llms.txt: HTTP 403"), "{}", text(&output.stderr));
}

#[test]
fn a_scaffold_is_found_by_file_and_by_slug() {
    let saved = saved();
    let file = saved.path().join("clovastudio-example.md");
    let by_file = xtask(&["scaffold", path(&file)]);
    let by_slug = xtask(&["scaffold", "clovastudio-example", "--pages", path(saved.path())]);
    assert_eq!((code(&by_file), code(&by_slug)), (0, 0));
    assert_eq!(by_file.stdout, by_slug.stdout);
    assert!(text(&by_file.stdout).contains("  /v1/tasks/{taskId}/example:\n    post:\n"));
    let field = xtask(&["scaffold", path(&file), "--field", "items[].text"]);
    assert!(text(&field.stdout).contains("required: [text]\n"), "{}", text(&field.stdout));
    for arguments in [&["scaffold", "clovastudio-nothing"][..], &["scaffold", path(&file), "--field", "nothing"]] {
        let output = xtask(arguments);
        assert_eq!((code(&output), output.stdout.len()), (2, 0));
        assert!(text(&output.stderr).contains("nothing`"), "{}", text(&output.stderr));
    }
}
