//! Linux audit records. One act of a process is several records with one time and serial number: they are joined
//! into one event. Values that the kernel writes as numbers or in hexadecimal are read as `ausearch -i` shows them,
//! and what they were stays beside them under `raw.`.

mod build;
mod meaning;
mod record;
mod words;

use crate::emit::Emit;
use crate::line::LineRecords;
use build::Joined;
use wardkeep_types::Moment;

/// Events that may be open at once.
const OPEN: usize = 1_024;
/// Microseconds after which no further record of an event is expected, by the clock of the log.
const LATE: i64 = 2_000_000;
/// Records of others that must have come in between as well: after a pause the clock alone says little.
const OTHERS: u64 = 32;

/// Whether a line is an audit record.
pub(crate) fn is_record(line: &str) -> bool {
    record::parse(line).is_some()
}

/// Joins records. The order in which the records of several events are mixed does not matter.
#[derive(Default)]
pub(crate) struct Auditd {
    /// In the order of their first records.
    open: Vec<Joined>,
    newest: Option<Moment>,
    /// Records taken.
    count: u64,
}

/// What surrounds a record that came in another log.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Around<'l> {
    /// The host that the other log names.
    pub(crate) host: Option<&'l str>,
    /// The line as received, when it is more than the record.
    pub(crate) raw: Option<&'l str>,
}

impl Auditd {
    /// Takes a record; false when it is none.
    pub(crate) fn take(&mut self, emit: &mut Emit<'_>, number: u64, line: &str, around: Around<'_>) -> bool {
        let Some(record) = record::parse(line) else {
            // `ausearch` puts these between events.
            return line.starts_with("----") || line.starts_with("time->");
        };
        let newest = self.newest.map_or(record.at, |newest| newest.max(record.at));
        self.newest = Some(newest);
        self.count += 1;
        let known = self.open.iter().rposition(|joined| joined.is_of(&record, around.host));
        if record.kind == "EOE" {
            if let Some(at) = known {
                let mut joined = self.open.remove(at);
                joined.note(around.raw.unwrap_or(line));
                emit.event(joined.event(emit));
            }
        } else {
            let at = known.unwrap_or_else(|| {
                self.open.push(Joined::new(&record, around.host, number, emit.modified));
                self.open.len() - 1
            });
            let alone = known.is_none() && record.stands_alone();
            self.open[at].add(record, around.raw.unwrap_or(line), emit.modified, self.count);
            if alone || self.open[at].bytes() > emit.limits.record_bytes {
                let joined = self.open.remove(at);
                emit.event(joined.event(emit));
            }
        }
        while self.open.first().is_some_and(|first| {
            let late = first.at.as_micros() + LATE < newest.as_micros() && first.last + OTHERS < self.count;
            late || self.open.len() > OPEN
        }) {
            let joined = self.open.remove(0);
            emit.event(joined.event(emit));
        }
        true
    }
}

impl LineRecords for Auditd {
    fn line(&mut self, emit: &mut Emit<'_>, number: u64, line: &str) {
        if !self.take(emit, number, line, Around::default()) {
            emit.bad_line(
                number,
                line,
                "bad_line",
                "The line is no audit record: type and msg=audit(time:serial) are missing.",
                "Give the log as auditd writes it.",
            );
        }
    }
    fn end(&mut self, emit: &mut Emit<'_>) {
        for joined in std::mem::take(&mut self.open) {
            emit.event(joined.event(emit));
        }
    }
    fn idle(&mut self, emit: &mut Emit<'_>, since: Moment) {
        let mut left = Vec::new();
        for joined in std::mem::take(&mut self.open) {
            if joined.received < since {
                emit.event(joined.event(emit));
            } else {
                left.push(joined);
            }
        }
        self.open = left;
    }
    fn holds(&self) -> bool {
        !self.open.is_empty()
    }
}
