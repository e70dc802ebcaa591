//! Pieces as they arrive, each judged by itself.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wardkeep_fuzz::live(bytes));
