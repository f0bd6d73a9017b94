//! Runs xtask as a maintainer does.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

/// How a run ended.
pub struct Run {
    /// The exit code.
    pub code: i32,
    /// What it printed.
    pub stdout: String,
    /// What it said beside that.
    pub stderr: String,
}

/// Runs a command.
pub fn xtask<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().expect("xtask runs");
    let text = |bytes| String::from_utf8(bytes).expect("xtask prints UTF-8");
    Run {
        code: output.status.code().expect("xtask ends by itself"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in a directory").to_owned()
}

/// The document of this checkout.
pub fn document() -> String {
    std::fs::read_to_string(root().join("spec/openapi.yaml")).expect("the document can be read")
}

/// Writes a file for a test.
pub fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(path.parent().expect("the path of a file")).expect("a directory for the test");
    std::fs::write(&path, text).expect("the file can be written");
    path.to_str().expect("a path in UTF-8").to_owned()
}
