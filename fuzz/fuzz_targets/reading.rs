//! JSON read as the types of the document.

#![no_main]

#[allow(dead_code, reason = "each target has one of the checks")]
#[path = "../../tests/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|data: &[u8]| checks::reading::check(data));
