//! Where a reader puts what it found, and how it says what it could not read.

use crate::{Format, Table};
use std::fmt;
use std::sync::Arc;
use wardkeep_types::Problem;
use wardkeep_types::event::Event;
use wardkeep_types::record::{Names, Record};
use wardkeep_types::sighting::Report;

/// A place within a file, counted from 1 (bytes from 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// A line of text.
    Line(u64),
    /// A record of a structured file.
    Record(u64),
    /// A row of a table, the header being row 1.
    Row(u64),
    /// A byte offset.
    Byte(u64),
    /// The file as a whole.
    Whole,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(n) => write!(f, "line {n}"),
            Self::Record(n) => write!(f, "record {n}"),
            Self::Row(n) => write!(f, "row {n}"),
            Self::Byte(n) => write!(f, "byte {n}"),
            Self::Whole => f.write_str("whole file"),
        }
    }
}

/// One thing in a file that could not be read; the reader went on after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file as displayed, such as `logs.zip!auth.log`.
    pub file: Arc<str>,
    /// Where in it.
    pub position: Position,
    /// Stable code, for programs.
    pub code: &'static str,
    /// What is wrong, in one sentence. Never quotes the file's content, which may be secret.
    pub message: String,
    /// What the person can do.
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {} {}", self.file, self.position, self.message, self.remedy)
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::new(format!("{}: {}", fault.file, fault.position), fault.code, fault.message).hint(fault.remedy)
    }
}

/// Why a file is not read, or not read further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} {remedy}")]
pub struct Refusal {
    /// Stable code: `unknown_format`, `entity`, `bomb`, `nested_archive`, `encrypted`, `too_deep`, ...
    pub code: &'static str,
    /// Where it was found.
    pub position: Position,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What the person can do.
    pub remedy: String,
}

impl Refusal {
    pub(crate) fn new(code: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { code, position: Position::Whole, message: message.into(), remedy: remedy.into() }
    }
    pub(crate) fn at(mut self, position: Position) -> Self {
        self.position = position;
        self
    }
    /// The refusal that stopped a stream, or what the system says about it.
    pub(crate) fn from_io(error: &std::io::Error) -> Self {
        if let Some(refusal) = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            return refusal.clone();
        }
        Self::new(
            "unreadable",
            format!("The file could not be read: {error}."),
            "Check that it exists, is whole, and may be read by this account.",
        )
    }
    /// Carries the refusal through `std::io::Read`.
    pub(crate) fn into_io(self) -> std::io::Error {
        std::io::Error::other(self)
    }
}

/// How the reading of a file ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The file was read to its proper end; faults, if any, cost single rows.
    Complete,
    /// The file stops before it should; what is whole was kept. Nothing may be closed by absence.
    Truncated {
        /// Where it stops.
        at: Position,
    },
    /// The tool that wrote the report says that it failed.
    ToolFailed {
        /// In the tool's words.
        text: String,
    },
    /// The caller asked to stop.
    Cancelled,
}

/// A file or archive member whose format is now known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The file as displayed.
    pub file: Arc<str>,
    /// What it is.
    pub format: Format,
    /// Why it is held to be that.
    pub why: String,
}

/// A file or archive member that is done with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The file as displayed.
    pub file: Arc<str>,
    /// What it is.
    pub format: Format,
    /// How it ended, or why it was refused.
    pub result: Result<Ending, Refusal>,
    /// Events given to the sink.
    pub events: u64,
    /// Rows of reports and tables given to the sink.
    pub rows: u64,
    /// Faults found, also those beyond the number that is told one by one.
    pub faults: u64,
}

/// Takes what readers find. Every method has a default that drops its argument.
pub trait Sink {
    /// A file or member was recognised (or not: `Format::Unknown`).
    fn opened(&mut self, _file: &Opened) {}
    /// Whether records are shown to [`Self::wants`] before events are made of them. Asked before every record.
    fn looks(&self) -> bool {
        false
    }
    /// Whether an event is to be made of this record, which costs several times what it costs to look at it. What is
    /// said about a record here is what its event would say; readers that cannot show records so do not ask.
    fn wants(&mut self, _record: &mut Record, _line: &str, _names: &mut Names) -> bool {
        true
    }
    /// A log record.
    fn event(&mut self, _event: Event) {}
    /// A scanner's report or bill of materials: one per file, or per run of a tool within it.
    fn report(&mut self, _file: &Arc<str>, _report: Report) {}
    /// A table, once per file.
    fn table(&mut self, _file: &Arc<str>, _table: Table) {}
    /// Something that could not be read.
    fn fault(&mut self, _fault: Fault) {}
    /// A file or member is done with.
    fn closed(&mut self, _file: &Closed) {}
    /// Bytes of the outermost file taken in so far.
    fn progress(&mut self, _bytes: u64) {}
    /// Whether to stop soon.
    fn cancelled(&self) -> bool {
        false
    }
}

/// A sink that keeps everything in memory, for small files and tests.
#[derive(Debug, Default)]
pub struct Collected {
    /// What was recognised, in order.
    pub opened: Vec<Opened>,
    /// Log records.
    pub events: Vec<Event>,
    /// Reports with their file.
    pub reports: Vec<(Arc<str>, Report)>,
    /// Tables with their file.
    pub tables: Vec<(Arc<str>, Table)>,
    /// Faults.
    pub faults: Vec<Fault>,
    /// Ends, in order.
    pub closed: Vec<Closed>,
}

impl Sink for Collected {
    fn opened(&mut self, file: &Opened) {
        self.opened.push(file.clone());
    }
    fn event(&mut self, event: Event) {
        self.events.push(event);
    }
    fn report(&mut self, file: &Arc<str>, report: Report) {
        self.reports.push((file.clone(), report));
    }
    fn table(&mut self, file: &Arc<str>, table: Table) {
        self.tables.push((file.clone(), table));
    }
    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }
    fn closed(&mut self, file: &Closed) {
        self.closed.push(file.clone());
    }
}
