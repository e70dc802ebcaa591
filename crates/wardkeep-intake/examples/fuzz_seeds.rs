//! Writes the seeds of the fuzz targets that no text editor can write:
//! `cargo run -p wardkeep-intake --example fuzz_seeds`. The same seeds come out each time but for the date in the
//! workbook, so run it only when one has to change.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a tool for developers

#[path = "../tests/intake/make_evtx.rs"]
mod make_evtx;

use std::path::Path;

fn main() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(seeds.join(name), bytes).unwrap();
        println!("fuzz/seeds/{name}: {} bytes", bytes.len());
    };
    let whole = make_evtx::file(&["anna", "bo"]);
    let end = whole.iter().rposition(|byte| *byte != 0).unwrap();
    // Without the room behind the records, which would only slow the fuzzer.
    write("evtx/two.evtx", &whole[..end + 4]);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Name").unwrap();
    sheet.write(1, 0, "Anna").unwrap();
    sheet.write_formula(1, 1, "=1+1").unwrap();
    write("xlsx/one.xlsx", &book.save_to_buffer().unwrap());
}
