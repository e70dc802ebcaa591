//! What people and programs see of an import.

use super::columns::{ColumnUse, StageOptions};
use serde::{Deserialize, Serialize};
use wardkeep_types::{Id, Moment, Problems};

/// What an import does with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// Adds a record.
    Add,
    /// Changes one.
    Change,
    /// Finds it as it is.
    Same,
    /// Cannot be taken.
    Refused,
}

impl RowOutcome {
    /// All, what needs a person first.
    pub const ALL: [Self; 4] = [Self::Refused, Self::Change, Self::Add, Self::Same];
    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Change => "change",
            Self::Same => "same",
            Self::Refused => "refused",
        }
    }
    /// The outcome of that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.key() == key)
    }
}

/// Where an import stands (`decisions.md` 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Being read; a crash leaves it so, and it is read again.
    Reading,
    /// Read, previewed, not begun.
    Staged,
    /// Begun and not at its end; it can be resumed.
    Applying,
    /// Every row of the file is in.
    Applied,
    /// At its end; some rows were refused or left out.
    PartlyApplied,
    /// Applied and taken back.
    Undone,
    /// Thrown away before anything was written.
    Discarded,
}

impl ImportState {
    const ALL: [Self; 7] = [
        Self::Reading,
        Self::Staged,
        Self::Applying,
        Self::Applied,
        Self::PartlyApplied,
        Self::Undone,
        Self::Discarded,
    ];
    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Staged => "staged",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::PartlyApplied => "partly_applied",
            Self::Undone => "undone",
            Self::Discarded => "discarded",
        }
    }
    /// The state of that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// How many rows have which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows of the file.
    pub total: u64,
    /// Rows that add a record.
    pub add: u64,
    /// Rows that change one.
    pub change: u64,
    /// Rows that find it as it is.
    pub same: u64,
    /// Rows that cannot be taken.
    pub refused: u64,
    /// Rows that are in.
    pub applied: u64,
}

/// What was understood of a file as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportNotes {
    /// What was made of each column.
    pub columns: Vec<ColumnUse>,
    /// Warnings: columns left out, lines that could not be read.
    pub problems: Problems,
    /// What was mapped and filled by hand.
    pub options: StageOptions,
    /// The bytes are kept, so that columns can be mapped again.
    pub kept: bool,
}

/// An import without its rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportHead {
    /// Identity.
    pub id: Id,
    /// Key of the register.
    pub register: String,
    /// Unit of new records whose row names none.
    pub unit: Id,
    /// That unit's reference and name.
    pub unit_name: (String, String),
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_sha256: String,
    /// Who staged it; `None` for the program.
    pub person: Option<Id>,
    /// When it was staged.
    pub at: Moment,
    /// Where it stands.
    pub state: ImportState,
    /// How many rows have which outcome.
    pub counts: Counts,
    /// What was understood of the file.
    pub notes: ImportNotes,
    /// When it ended.
    pub finished_at: Option<Moment>,
}

/// One field that a row writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Field name.
    pub field: String,
    /// What people read for it.
    pub label: String,
    /// Before; empty when there is nothing.
    pub before: String,
    /// After.
    pub after: String,
}

/// One row of an import.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportRow {
    /// Number within the import, in writing order.
    pub row: i64,
    /// Line of the file, from 1.
    pub line: u64,
    /// What would become of it.
    pub outcome: RowOutcome,
    /// What it is called.
    pub title: String,
    /// The record it meets or made.
    pub reference: Option<String>,
    /// What it writes.
    pub changes: Vec<Change>,
    /// Moves that follow, by name.
    pub moves: Vec<String>,
    /// Why it is refused, or what to know about it.
    pub problems: Problems,
    /// A person wants it.
    pub taken: bool,
    /// It is in.
    pub applied: bool,
}

/// A page of an import's rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportPage {
    /// The import.
    pub head: ImportHead,
    /// Rows.
    pub rows: Vec<ImportRow>,
    /// The row after which the next page begins.
    pub next: Option<i64>,
}

/// What became of undoing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Undone {
    /// New records taken out of use.
    pub retired: u64,
    /// Changed records that have their old values back.
    pub restored: u64,
    /// Rows left as they are, because somebody changed the record since or its rules forbid it; the rows say why.
    pub left: u64,
}
