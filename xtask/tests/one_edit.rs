//! A documented optional field is one edit of `spec/openapi.yaml` and `cargo xtask drift --update`, nothing else: in a
//! copy of this repository every request, result and token of the document gets one.

#![allow(dead_code, reason = "support is shared")]
mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use regex::Regex;

const FIELD: &str = "        addedLater:\n          type: string\n          description: A member that came later.\n";

/// What the crate and xtask are built from.
const PARTS: [&str; 11] = [
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "benches",
    "build",
    "build.rs",
    "examples",
    "spec",
    "src",
    "tests",
    "xtask",
];

/// The files of this repository, in a place of their own.
struct Copy(PathBuf);

impl Copy {
    fn new() -> Self {
        let copy = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("one-edit");
        if copy.exists() {
            fs::remove_dir_all(&copy).expect("the copy of the last run can go");
        }
        for part in PARTS {
            copy_all(&support::root().join(part), &copy.join(part));
        }
        Self(copy)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    /// Runs a command that must find nothing.
    fn xtask(&self, arguments: &[&str]) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(arguments).env("CARGO_MANIFEST_DIR", self.path("xtask"));
        succeeds(&command.output().expect("xtask runs"), &arguments.join(" "));
    }

    /// Builds and runs an example, in a target directory of its own: cargo takes the packages of the copy for those of
    /// this repository, and would go on with what was built of them.
    fn run_example(&self, name: &str) -> String {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("one-edit-target");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(&self.0).args(["run", "--quiet", "--offline", "--example", name]);
        // What cargo tells this test of its package would have dependencies built anew.
        for (key, _) in
            env::vars().filter(|(key, _)| key.starts_with("CARGO_PKG_") || key.starts_with("CARGO_MANIFEST_"))
        {
            cargo.env_remove(key);
        }
        let output = cargo.env("CARGO_TARGET_DIR", target).output().expect("cargo runs");
        succeeds(&output, name);
        text(&output.stdout)
    }
}

fn copy_all(from: &Path, to: &Path) {
    if from.is_file() {
        fs::create_dir_all(to.parent().expect("a file is in a folder")).expect("a folder");
        fs::copy(from, to).expect("a file can be copied");
        return;
    }
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let name = entry.expect("a folder has entries").file_name();
        copy_all(&from.join(&name), &to.join(&name));
    }
}

fn succeeds(output: &Output, what: &str) {
    assert!(output.status.success(), "{what}: {}{}", text(&output.stdout), text(&output.stderr));
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Adds the field to the schemas of requests, results and tokens. Counts them.
fn add_fields(document: &Path) -> usize {
    let yaml = fs::read_to_string(document).expect("the document can be read");
    let (head, schemas) = yaml.split_once("\n  schemas:\n").expect("the document has schemas");
    let bodies = Regex::new(r"(?m)^    \w+(?:Request|Result|Token):\n(?:      .*\n)*?      properties:\n");
    let bodies = bodies.expect("a regular expression");
    let edited = bodies.replace_all(schemas, format!("$0{FIELD}"));
    fs::write(document, format!("{head}\n  schemas:\n{edited}")).expect("the document can be written");
    bodies.find_iter(schemas).count()
}

#[test]
fn a_field_is_one_edit_and_an_update() {
    let copy = Copy::new();
    let count = add_fields(&copy.path("spec/openapi.yaml"));
    assert!(count > 30, "only {count} schemas got a field");
    copy.xtask(&["drift", "--update"]);
    for check in [["drift"].as_slice(), &["lint"], &["expand", "--check"]] {
        copy.xtask(check);
    }
    fs::copy(support::root().join("xtask/tests/one_edit/added_later.rs"), copy.path("examples/added_later.rs"))
        .expect("the example can be copied");
    assert_eq!(copy.run_example("added_later"), "usable\n");
}
