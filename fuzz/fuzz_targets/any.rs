//! Whatever the bytes are, archives included.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wardkeep_fuzz::run(bytes, None));
