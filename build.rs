//! Generates the raw client from `spec/openapi.yaml` into `OUT_DIR`. The work is in `build/`.

#[allow(dead_code, reason = "tests and xtask use more of it")]
#[path = "build/mod.rs"]
mod build;

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use build::document::Document;

const DOCUMENT: &str = "spec/openapi.yaml";

fn main() -> ExitCode {
    for input in ["build.rs", "build", DOCUMENT] {
        println!("cargo::rerun-if-changed={input}");
    }
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), Box<dyn Error>> {
    let directory = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR for build scripts")?);
    let text = fs::read_to_string(DOCUMENT).map_err(|error| format!("{DOCUMENT}: {error}"))?;
    let document = Document::parse(DOCUMENT, &text).map_err(|fault| fault.to_string())?;
    for output in build::generate(&document).map_err(|fault| fault.to_string())? {
        fs::write(directory.join(output.name), output.text)?;
    }
    Ok(())
}
