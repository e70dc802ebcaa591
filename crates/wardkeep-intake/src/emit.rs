//! Gives what one file holds to the sink: ids, counts, and a bound on the number of faults told.

use crate::json::Light;
use crate::meter::Meter;
use crate::{Fault, Limits, Position, Sink, Table};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use wardkeep_types::Moment;
use wardkeep_types::event::{Event, EventId};
use wardkeep_types::sighting::Report;

/// Faults told one by one; the rest of a file's faults are only counted.
const FAULTS_TOLD: u64 = 1_000;
/// Records between two looks at progress and cancellation.
const LOOK_EVERY: u64 = 256;

/// What came of showing a record to the sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looked {
    /// It is counted, and nothing more is wanted of it.
    Done,
    /// It is whole, and an event is wanted.
    Wanted,
    /// It was not shown: it must be read the careful way.
    Unknown,
}

/// The way from one file's reader to the sink.
pub(crate) struct Emit<'a> {
    sink: &'a mut dyn Sink,
    pub(crate) file: Arc<str>,
    /// The file's date, for logs without a year.
    pub(crate) modified: Moment,
    pub(crate) limits: &'a Limits,
    meter: Rc<Meter>,
    repeats: Repeats,
    pub(crate) events: u64,
    pub(crate) rows: u64,
    pub(crate) faults: u64,
    steps: u64,
    stopped: bool,
    light: Option<Box<Light>>,
}

impl<'a> Emit<'a> {
    pub(crate) fn new(
        sink: &'a mut dyn Sink,
        file: Arc<str>,
        modified: Moment,
        limits: &'a Limits,
        meter: Rc<Meter>,
    ) -> Self {
        Self {
            sink,
            file,
            modified,
            limits,
            meter,
            repeats: Repeats::default(),
            events: 0,
            rows: 0,
            faults: 0,
            steps: 0,
            stopped: false,
            light: None,
        }
    }
    pub(crate) fn event(&mut self, mut event: Event) {
        let repeat = self.repeats.count(event.raw.as_bytes());
        event.id = EventId::of(&event.source, event.raw.as_bytes(), repeat);
        self.events += 1;
        self.sink.event(event);
    }
    /// Shows a record to a sink that looks at records before events are made of them.
    pub(crate) fn look(&mut self, record: &[u8]) -> Looked {
        if !self.sink.looks() {
            return Looked::Unknown;
        }
        let Ok(line) = std::str::from_utf8(record) else { return Looked::Unknown };
        let light = self.light.get_or_insert_with(Box::default);
        if !light.read(line, self.modified) {
            return Looked::Unknown;
        }
        if self.sink.wants(&mut light.record, line, &mut light.names) {
            return Looked::Wanted;
        }
        self.repeats.count(record);
        self.events += 1;
        Looked::Done
    }
    pub(crate) fn report(&mut self, report: Report) {
        self.rows += (report.sightings.len() + report.components.len()) as u64;
        self.sink.report(&self.file, report);
    }
    pub(crate) fn table(&mut self, table: Table) {
        self.rows += table.rows.len() as u64;
        self.sink.table(&self.file, table);
    }
    pub(crate) fn fault(
        &mut self,
        position: Position,
        code: &'static str,
        message: impl Into<String>,
        remedy: &str,
    ) {
        self.faults += 1;
        if self.faults > FAULTS_TOLD {
            return;
        }
        let (message, remedy) = (message.into(), remedy.to_owned());
        self.sink.fault(Fault { file: self.file.clone(), position, code, message, remedy });
    }
    /// Counts a step; now and then tells progress. True when the caller asked to stop.
    pub(crate) fn stop(&mut self) -> bool {
        self.steps += 1;
        if self.steps.is_multiple_of(LOOK_EVERY) {
            self.sink.progress(self.meter.taken.get());
            self.stopped = self.stopped || self.sink.cancelled();
        }
        self.stopped
    }
    /// Says how many faults were not told.
    pub(crate) fn finish(&mut self) {
        if self.faults > FAULTS_TOLD {
            let message = format!("{} more faults were found and are not listed.", self.faults - FAULTS_TOLD);
            let remedy = "Mend the listed ones first; most often they share one cause.".to_owned();
            let file = self.file.clone();
            self.sink.fault(Fault { file, position: Position::Whole, code: "more_faults", message, remedy });
        }
        self.sink.progress(self.meter.taken.get());
    }
}

/// How often an equal record was seen before in this source, in bounded memory.
///
/// Exact for the first million distinct records. After that, records share counters: equal records still get
/// different numbers, and the same file still gives the same numbers, which is all that an id needs.
#[derive(Default)]
struct Repeats {
    exact: HashMap<u64, u32, ahash::RandomState>,
    shared: Vec<u32>,
}

const EXACT: usize = 1 << 20;
const SHARED: usize = 1 << 20;

impl Repeats {
    fn count(&mut self, raw: &[u8]) -> u32 {
        // Equal for every run. Two records that share it share a counter, and have different ids all the same.
        let hash = twox_hash::XxHash3_64::oneshot(raw);
        let full = self.exact.len() >= EXACT;
        let counter = match self.exact.get_mut(&hash) {
            Some(counter) => counter,
            None if !full => self.exact.entry(hash).or_insert(0),
            None => {
                if self.shared.is_empty() {
                    self.shared = vec![0; SHARED];
                }
                &mut self.shared[hash as usize % SHARED]
            }
        };
        let seen = *counter;
        *counter = counter.saturating_add(1);
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::Repeats;

    #[test]
    fn equal_records_are_numbered() {
        let mut repeats = Repeats::default();
        assert_eq!([repeats.count(b"a"), repeats.count(b"b"), repeats.count(b"a")], [0, 0, 1]);
    }
}
