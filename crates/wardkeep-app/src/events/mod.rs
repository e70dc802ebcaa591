//! Questions to the event store: who may ask, about which files, within which bounds.

mod ask;
mod care;
mod holds;
mod job;
mod keeping;
mod manifest;
mod memo;
mod one;
mod retention;
mod store;
#[cfg(test)]
mod tests;

pub use ask::{EventList, EventSpan, Recent, wrong_search};
pub use care::Compacted;
pub use holds::{EventHold, NewHold};
pub use job::{EVENT_CARE, is_open};
pub use keeping::{EventKeeping, KindKept, SourceKept};
pub(crate) use manifest::closed;
pub use one::{EventView, ExportKind};
pub use retention::{EventLimits, Retained};
pub use store::{
    Answer, AskError, Asked, Bounds, Cell, EventStore, Holdings, Question, SearchAsk, StoredFile,
};

/// Refuses a kind of records that there is not; nothing, or `*`, stands for all where that may be said.
fn kind_known(kind: &str, or_empty: bool) -> Result<(), crate::Error> {
    let all = if or_empty { "" } else { "*" };
    if kind == all || wardkeep_types::event::Dialect::ALL.iter().any(|(_, key)| *key == kind) {
        return Ok(());
    }
    let known: Vec<&str> = wardkeep_types::event::Dialect::ALL.iter().map(|(_, key)| *key).collect();
    let message = format!("there is no kind of log records '{kind}'; there are {}", known.join(", "));
    Err(crate::Refusal::invalid("dialect", "unknown_kind", message).into())
}
