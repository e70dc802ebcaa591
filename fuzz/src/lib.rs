//! One run of a reader over bytes, as every target does it.

use std::sync::Arc;
use wardkeep_intake::{Fault, Format, Limits, LineReader, Options, Sink, Source, Table, read};
use wardkeep_types::Moment;
use wardkeep_types::event::Event;
use wardkeep_types::sighting::Report;

/// Looks at everything it gets and keeps nothing.
#[derive(Default)]
struct Looked {
    events: u64,
    faults: u64,
}

impl Sink for Looked {
    fn event(&mut self, event: Event) {
        self.events += 1;
        assert!(event.position > 0);
        for value in event.fields.values() {
            let _ = value.to_string();
        }
    }
    fn report(&mut self, _: &Arc<str>, report: Report) {
        for sighting in report.sightings {
            assert!(!sighting.identity.is_empty());
            assert!(sighting.evidence.is_none_or(|text| text.len() <= wardkeep_types::limits::TEXT_BYTES));
        }
    }
    fn table(&mut self, _: &Arc<str>, table: Table) {
        assert!(table.rows.iter().all(|row| row.cells.len() == table.columns.len()));
    }
    fn fault(&mut self, fault: Fault) {
        self.faults += 1;
        assert!(self.faults <= 100_000 && !fault.message.is_empty());
    }
}

fn limits() -> Limits {
    Limits {
        line_bytes: 64 * 1024,
        record_bytes: 256 * 1024,
        expansion_bytes: 32 * 1024 * 1024,
        archive_entries: 100,
        held_bytes: 4 * 1024 * 1024,
        ..Limits::default()
    }
}

/// 2026-01-01, for logs without a year.
fn modified() -> Moment {
    Moment::EPOCH.plus_seconds(1_767_225_600)
}

/// Reads bytes as `format`, or as whatever they are, with bounds small enough for a fuzzer.
pub fn run(bytes: &[u8], format: Option<Format>) {
    let options = Options { limits: limits(), format, sheet: None };
    let _ = read(Source::memory("fuzz", modified(), bytes.to_vec()), &options, &mut Looked::default());
}

/// Gives every line to a reader that judges each by itself, and all bytes as one message; nothing may stay held.
pub fn live(bytes: &[u8]) {
    let Ok(reader) = LineReader::new("fuzz", None) else { return };
    let mut reader = reader.with_limits(limits());
    let mut looked = Looked::default();
    reader.push_lines(bytes, |line, _| line + 1, modified(), &mut looked);
    reader.push(bytes, 1, modified(), &mut looked);
    reader.finish(modified(), &mut looked);
    assert!(!reader.holds());
}
