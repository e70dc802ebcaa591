//! Use cases over every register: write, list, show, search, history, links.

mod ask;
mod labels;
mod parse;
mod read;
mod scope;
mod sentence;
mod view;
mod write;

pub use ask::{Ask, FilterView};
pub use labels::{Label, Labels};
pub use parse::{Edits, parse_edits};
pub use scope::reach_of;
pub use sentence::describe;
pub use view::{ChangeView, FieldView, ListView, MoveView, NeighbourView, RecordView, ShortRecord, ValueView};
pub use write::{Done, Proposal, Target};
