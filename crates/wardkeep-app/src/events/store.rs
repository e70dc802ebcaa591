//! What an event store must be able to do. The program links one that uses DataFusion (`wardkeep-query`); who works on
//! registers builds without it.

use std::future::Future;
use std::pin::Pin;
use wardkeep_events::search::Search;
use wardkeep_types::event::{Event, EventId};
use wardkeep_types::{Date, Moment, limits};

/// An event file as the manifest in the database names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Path relative to the events folder.
    pub name: String,
    /// The day of its events, UTC.
    pub day: Date,
    /// What kind of records it holds.
    pub dialect: String,
    /// Events.
    pub rows: u64,
    /// Time of the first event.
    pub first: Moment,
    /// Time of the last event.
    pub last: Moment,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// What is asked about: files, and events that are in no file yet.
#[derive(Debug, Clone, Default)]
pub struct Holdings {
    /// The files of the manifest, and no others.
    pub files: Vec<StoredFile>,
    /// Events that were taken in but not yet written to a file.
    pub recent: std::sync::Arc<[Event]>,
}

/// A question.
#[derive(Debug, Clone)]
pub enum Question {
    /// In the search language.
    Search(SearchAsk),
    /// One statement of SQL over the table `events`.
    Sql(String),
}

/// A search with the page that is wanted of it.
#[derive(Debug, Clone)]
pub struct SearchAsk {
    /// The search.
    pub search: Search,
    /// What its period counts from.
    pub now: Moment,
    /// Only events before this one, in the order newest first.
    pub after: Option<(Moment, EventId)>,
}

/// What a question may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Rows of the answer.
    pub rows: usize,
    /// Seconds.
    pub seconds: u64,
}

impl Bounds {
    /// That many rows, in the time that any query has.
    pub fn rows(rows: usize) -> Self {
        Self { rows, seconds: limits::QUERY_SECONDS }
    }
}

/// A value of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    None,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A moment.
    At(Moment),
}

impl Cell {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
    /// The whole number, if it is one.
    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }
    /// The moment, if it is one.
    pub fn at(&self) -> Option<Moment> {
        match self {
            Self::At(at) => Some(*at),
            _ => None,
        }
    }
    /// As JSON.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::None => serde_json::Value::Null,
            Self::Bool(yes) => (*yes).into(),
            Self::Int(number) => (*number).into(),
            Self::Float(number) => (*number).into(),
            Self::Text(text) => text.as_str().into(),
            Self::At(at) => at.to_string().into(),
        }
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Bool(yes) => yes.fmt(f),
            Self::Int(number) => number.fmt(f),
            Self::Float(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::At(at) => at.fmt(f),
        }
    }
}

/// The answer to a question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
    /// There are more rows than were given.
    pub more: bool,
    /// Files that had to be looked into.
    pub files: usize,
    /// Names that were asked for and that no file has as a field.
    pub unknown: Vec<String>,
}

impl Answer {
    /// The place of a column.
    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| name == column)
    }
    /// A cell of a row.
    pub fn cell<'r>(&self, row: &'r [Cell], column: &str) -> &'r Cell {
        self.place(column).and_then(|place| row.get(place)).unwrap_or(&Cell::None)
    }
}

/// Why a question was not answered.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The question itself is wrong; the text says where and how to mend it.
    #[error("{0}")]
    Wrong(String),
    /// It took longer than it may.
    #[error(
        "the question took longer than {0} seconds and was stopped; ask about a shorter period or fewer kinds of records"
    )]
    TooSlow(u64),
    /// It needed more memory than it may.
    #[error(
        "the question needs more memory than one may have; group by fewer fields, or ask about a shorter period"
    )]
    TooLarge,
    /// As many questions as may be are being answered.
    #[error("other questions are being answered; ask again in a moment")]
    Busy,
    /// This program was built without an event store.
    #[error("this program was built without the event store's query engine")]
    Absent,
    /// Something is broken.
    #[error("{0}")]
    Fault(String),
}

/// An answer on its way; dropping it stops the work.
pub type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, AskError>> + Send + 'a>>;

/// Answers questions about stored events, off the threads of the web server.
pub trait EventStore: Send + Sync {
    /// Answers a question.
    fn ask(&self, holdings: Holdings, question: Question, bounds: Bounds) -> Asked<'_, Answer>;
}
