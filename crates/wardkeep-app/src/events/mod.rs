//! Questions to the event store: who may ask, about which files, within which bounds.

mod ask;
mod store;

pub use ask::{EventList, Recent, wrong_search};
pub use store::{
    Answer, AskError, Asked, Bounds, Cell, EventStore, Holdings, Question, SearchAsk, StoredFile,
};
