//! Microsoft 365 audit, the record in a text or in a cell.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wardkeep_fuzz::run(bytes, Some(wardkeep_intake::Format::M365)));
