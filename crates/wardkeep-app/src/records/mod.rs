//! Use cases over every register: write, list, show, search, history, links.

mod ask;
mod batch;
mod bulk;
mod edit;
mod erase;
mod history;
mod labels;
mod parse;
mod proposal;
mod read;
mod scope;
mod search;
mod sentence;
mod view;
mod write;

pub use ask::{Ask, FilterView};
pub use bulk::{BulkDone, BulkRow, Pick};
pub use edit::{AtVersion, Editable};
pub use erase::{EraseAsk, ErasedPerson};
pub use labels::{Label, Labels};
pub use parse::{Edits, parse_edits};
pub use proposal::{Done, Proposal, Target};
pub use scope::reach_of;
pub use search::FoundView;
pub use sentence::describe;
pub use view::{
    ChangeView, FieldView, ListView, MoveView, NeighbourView, RecordView, ShortRecord, ValueView,
};

pub(crate) use read::{field_view, stage_label};
pub(crate) use write::head_of;
