#![no_main]

#[path = "../invariants.rs"]
#[allow(dead_code, reason = "each target uses one function of them")]
mod invariants;

libfuzzer_sys::fuzz_target!(|data: &[u8]| invariants::schema(data));
