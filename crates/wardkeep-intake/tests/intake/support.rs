//! Where the test data is, and a sink that counts.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use wardkeep_intake::{Closed, Collected, Ending, Fault, Options, Refusal, Sink, Source, Table, read};
use wardkeep_types::Moment;
use wardkeep_types::event::Event;
use wardkeep_types::sighting::{Outcome, Report};

/// A folder of the test data; `None`, with the reason printed, when the data is not there.
pub fn data(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("WARDKEEP_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let path = root.join(part);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "test data is missing: {}", path.display());
    println!("skipped: test data is missing: {}", path.display());
    None
}

/// Every file below a folder, in order of name.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut left = vec![folder.to_owned()];
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { left.push(path) } else { all.push(path) }
        }
    }
    all.sort();
    all
}

/// Reads a file on disk, keeping everything.
pub fn collect(path: &Path) -> (Result<Ending, Refusal>, Collected) {
    let mut out = Collected::default();
    let source = Source::file(path, path.file_name().unwrap().to_string_lossy()).unwrap();
    let result = read(source, &Options::default(), &mut out);
    (result, out)
}

/// Reads bytes, keeping everything.
pub fn collect_bytes(name: &str, bytes: Vec<u8>) -> (Result<Ending, Refusal>, Collected) {
    let mut out = Collected::default();
    let modified: Moment = "2026-03-01T00:00:00Z".parse().unwrap();
    let result = read(Source::memory(name, modified, bytes), &Options::default(), &mut out);
    (result, out)
}

/// Counts without keeping.
#[derive(Debug, Default)]
pub struct Counted {
    pub events: u64,
    pub timed: u64,
    pub fails: u64,
    pub rows: u64,
    pub components: u64,
    pub table_rows: u64,
    pub faults: Vec<Fault>,
    pub closed: Vec<Closed>,
}

impl Sink for Counted {
    fn event(&mut self, event: Event) {
        self.events += 1;
        self.timed += u64::from(event.time_quality != wardkeep_types::event::TimeQuality::Missing);
    }
    fn report(&mut self, _: &Arc<str>, report: Report) {
        self.rows += report.sightings.len() as u64;
        self.fails += report.sightings.iter().filter(|s| s.outcome == Outcome::Fail).count() as u64;
        self.components += report.components.len() as u64;
    }
    fn table(&mut self, _: &Arc<str>, table: Table) {
        self.table_rows += table.rows.len() as u64;
    }
    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }
    fn closed(&mut self, file: &Closed) {
        self.closed.push(file.clone());
    }
}

/// Reads a file on disk, counting.
pub fn count(path: &Path) -> (Result<Ending, Refusal>, Counted) {
    let mut out = Counted::default();
    let source = Source::file(path, path.file_name().unwrap().to_string_lossy()).unwrap();
    let result = read(source, &Options::default(), &mut out);
    (result, out)
}
