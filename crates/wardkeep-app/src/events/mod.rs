//! Questions to the event store: who may ask, about which files, within which bounds.

mod ask;
mod care;
mod manifest;
mod one;
mod store;

pub use ask::{EventList, EventSpan, Recent, wrong_search};
pub use care::{Compacted, EventHold, NewHold, Retained};
pub(crate) use manifest::closed;
pub use one::{EventView, ExportKind};
pub use store::{
    Answer, AskError, Asked, Bounds, Cell, EventStore, Holdings, Question, SearchAsk, StoredFile,
};
