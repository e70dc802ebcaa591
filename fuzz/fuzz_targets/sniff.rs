//! The judgement of what a file is.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = wardkeep_intake::sniff(bytes, "fuzz.log");
});
