//! Rows with a time.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wardkeep_fuzz::run(bytes, Some(wardkeep_intake::Format::CsvLog)));
