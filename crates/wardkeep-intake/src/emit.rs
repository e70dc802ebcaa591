//! Gives what one file holds to the sink: ids, counts, and a bound on the number of faults told.

use crate::entities::put;
use crate::json::Light;
use crate::meter::Meter;
use crate::{Fault, Limits, Position, Sink, Table};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, EventId};
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

impl Kept {
    /// For records that arrive without a file: nothing of them may be lost.
    pub(crate) fn live() -> Self {
        Self { keep_bad: true, ..Self::default() }
    }
    /// How many events were given for that place before.
    fn nth(&mut self, place: u64) -> u32 {
        self.last = if self.last.0 == place { (place, self.last.1 + 1) } else { (place, 1) };
        self.last.1 - 1
    }
}

/// The way from one file's reader to the sink.
pub(crate) struct Emit<'a> {
    sink: &'a mut dyn Sink,
    pub(crate) file: Arc<str>,
    /// The file's date, for logs without a year.
    pub(crate) modified: Moment,
    pub(crate) limits: &'a Limits,
    meter: Rc<Meter>,
    kept: &'a mut Kept,
    pub(crate) events: u64,
    pub(crate) rows: u64,
    pub(crate) faults: u64,
    steps: u64,
    stopped: bool,
    /// The place of everything found, where a reader counts places within one message.
    pub(crate) place: Option<u64>,
}

/// What is remembered from one record of a source to the next.
#[derive(Default)]
pub(crate) struct Kept {
    repeats: Repeats,
    light: Option<Box<Light>>,
    /// Ids come from the place of a record instead of the count of equal ones before it.
    pub(crate) by_position: bool,
    /// The place of the event given last, and how many others were given for it before.
    last: (u64, u32),
    /// A line that cannot be read becomes an event of plain text, beside the fault that tells why.
    pub(crate) keep_bad: bool,
}

impl<'a> Emit<'a> {
    pub(crate) fn new(
        sink: &'a mut dyn Sink,
        file: Arc<str>,
        modified: Moment,
        limits: &'a Limits,
        meter: Rc<Meter>,
        kept: &'a mut Kept,
    ) -> Self {
        Self {
            sink,
            file,
            modified,
            limits,
            meter,
            kept,
            events: 0,
            rows: 0,
            faults: 0,
            steps: 0,
            stopped: false,
            place: None,
        }
    }
    pub(crate) fn event(&mut self, mut event: Event) {
        if let Some(place) = self.place {
            event.position = place;
        }
        event.id = if self.kept.by_position {
            let nth = self.kept.nth(event.position);
            EventId::at(&event.source, event.raw.as_bytes(), event.position, nth)
        } else {
            let repeat = self.kept.repeats.count(event.raw.as_bytes());
            EventId::of(&event.source, event.raw.as_bytes(), repeat)
        };
        self.events += 1;
        self.sink.event(event);
    }
    /// From here on events belong to another piece of input.
    pub(crate) fn next_piece(&mut self) {
        self.kept.last = (0, 0);
    }
    /// Shows a record to a sink that looks at records before events are made of them.
    pub(crate) fn look(&mut self, record: &[u8]) -> Looked {
        if !self.sink.looks() {
            return Looked::Unknown;
        }
        let Ok(line) = std::str::from_utf8(record) else { return Looked::Unknown };
        let light = self.kept.light.get_or_insert_with(Box::default);
        if !light.read(line, self.modified) {
            return Looked::Unknown;
        }
        if self.sink.wants(&mut light.record, line, &mut light.names) {
            return Looked::Wanted;
        }
        self.kept.repeats.count(record);
        self.events += 1;
        Looked::Done
    }
    /// Tells of a line that could not be read, and keeps it where that is asked for.
    pub(crate) fn bad_line(
        &mut self,
        number: u64,
        line: &str,
        code: &'static str,
        message: impl Into<String>,
        remedy: &str,
    ) {
        self.fault(Position::Line(number), code, message, remedy);
        self.keep(number, line, code);
    }
    /// Keeps what could not be read as an event of plain text, where that is asked for; the fault was told.
    pub(crate) fn keep(&mut self, number: u64, raw: &str, code: &'static str) {
        if self.kept.keep_bad {
            let mut event = Event::new(Dialect::Text, self.file.clone(), number, raw);
            event.at = self.modified;
            put(&mut event.fields, "problem", code);
            event.message = Some(raw.into());
            self.event(event);
        }
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
        let position = self.place.map_or(position, Position::Line);
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
