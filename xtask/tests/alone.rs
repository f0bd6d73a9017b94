//! xtask without the client, as `cargo xtask` runs it: it must build while the client does not.

use std::process::Command;

#[test]
fn it_is_built_without_the_client() {
    let tree = |features: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["tree", "--package", "xtask", "--edges", "normal,build", "--prefix", "none", "--offline"]);
        let output = command.args(features).output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("cargo prints UTF-8")
    };
    assert!(tree(&[]).contains("\nclovastudio v"), "xtask with the client is not built with it");
    assert!(!tree(&["--no-default-features"]).contains("\nclovastudio v"), "xtask alone is built with the client");
}
