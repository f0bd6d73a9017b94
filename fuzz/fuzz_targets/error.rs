//! Failed answers of any body.

#![no_main]

#[allow(dead_code, reason = "each target has one of the checks")]
#[path = "../../tests/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|data: &[u8]| checks::error::check(data));
