//! Plain public data that pages and API show alike.

use super::{Ask, Label};
use serde::Serialize;
use serde_json::Value as Json;
use wardkeep_store::Count;
use wardkeep_types::{Id, Moment};

/// A field's value, ready to be shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "value")]
pub enum ValueView {
    /// Nothing.
    Empty,
    /// Text, date, number: as shown.
    Text(String),
    /// Markdown source.
    Markdown(String),
    /// A choice: key and label.
    Choice {
        /// Stable key.
        key: String,
        /// What people read.
        label: String,
    },
    /// Records the reader may see, and how many more there are that the reader may not.
    Links {
        /// Those that may be seen.
        seen: Vec<Label>,
        /// How many stand behind a wall.
        hidden: usize,
    },
    /// A web address.
    Url(String),
    /// A stored file.
    File {
        /// Name.
        name: String,
        /// SHA-256.
        sha256: String,
        /// Bytes.
        size: u64,
    },
    /// Not for this reader.
    Masked,
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldView {
    /// Field name.
    pub name: String,
    /// What people read.
    pub label: String,
    /// Help text.
    pub help: String,
    /// Kind key.
    pub kind: String,
    /// Ready to be shown.
    pub shown: ValueView,
    /// For programs; null when masked.
    pub json: Json,
}

/// A move as offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MoveView {
    /// The verb.
    pub name: String,
    /// What the button says.
    pub label: String,
    /// Stage in which it ends.
    pub to: String,
    /// A reason is mandatory.
    pub with_reason: bool,
    /// A second person must agree.
    pub second_person: bool,
    /// Why it cannot be made now; `None` when it can.
    pub refused: Option<String>,
}

/// One record, full form.
#[derive(Debug, Clone, Serialize)]
pub struct RecordView {
    /// Register key.
    pub register: String,
    /// Identity.
    pub id: Id,
    /// Human reference.
    pub reference: String,
    /// Title.
    pub title: String,
    /// Unit: reference and name.
    pub unit: (String, String),
    /// Unit's id.
    pub unit_id: Id,
    /// Stage key.
    pub stage: String,
    /// Stage as people read it.
    pub stage_label: String,
    /// Still open.
    pub open: bool,
    /// Need-to-know.
    pub restricted: bool,
    /// Version.
    pub version: i64,
    /// Made.
    pub created_at: Moment,
    /// Last changed.
    pub changed_at: Moment,
    /// Fields in declared order, custom ones last.
    pub fields: Vec<FieldView>,
    /// Moves that the reader may make or see refused; those lacking the right are not here (RO-3).
    pub moves: Vec<MoveView>,
    /// The reader may change fields.
    pub may_edit: bool,
    /// The change number as of which this is shown, if not now.
    pub known_at: Option<i64>,
}

/// One record, short form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShortRecord {
    /// Identity.
    pub id: Id,
    /// Human reference.
    pub reference: String,
    /// Title.
    pub title: String,
    /// Unit: reference and name.
    pub unit: (String, String),
    /// Stage key.
    pub stage: String,
    /// Stage as people read it.
    pub stage_label: String,
    /// Need-to-know.
    pub restricted: bool,
    /// Version, for bulk edits.
    pub version: i64,
    /// Last changed.
    pub changed_at: Moment,
    /// The list's columns, in order.
    pub fields: Vec<FieldView>,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct ListView {
    /// What was asked.
    pub ask: Ask,
    /// Column names, in order, beside reference and title.
    pub columns: Vec<String>,
    /// Rows.
    pub rows: Vec<ShortRecord>,
    /// How many there are.
    pub count: Count,
    /// Order in force: field name, with `-` for largest first.
    pub sort: String,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Cursor of the page before.
    pub previous: Option<String>,
    /// The reader may add records.
    pub may_add: bool,
    /// The reader may export.
    pub may_export: bool,
    /// The reader may change records (bulk edit is offered).
    pub may_edit: bool,
    /// The change number as of which this is shown, if not now.
    pub known_at: Option<i64>,
}

/// One entry of a record's history.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeView {
    /// Change number.
    pub n: i64,
    /// When.
    pub at: Moment,
    /// Who.
    pub actor: String,
    /// One sentence.
    pub sentence: String,
    /// Why.
    pub why: Option<String>,
    /// Label, before, after.
    pub fields: Vec<(String, String, String)>,
    /// Hash of the entry.
    pub hash: String,
    /// Version after it.
    pub version: i64,
    /// The record, if the entry is shown outside its page.
    pub record: Option<Label>,
}

/// A record at the other end of a link.
#[derive(Debug, Clone, Serialize)]
pub struct NeighbourView {
    /// The field that makes the link, as people read it.
    pub field: String,
    /// Register, singular.
    pub register: String,
    /// The record.
    pub label: Label,
    /// Its stage as people read it.
    pub stage: String,
}
