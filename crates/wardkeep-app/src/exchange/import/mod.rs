//! Import: stage, preview, apply in batches, undo (`decisions.md` 7, `specs/assurance.md` IM-1 to IM-6).

mod apply;
mod ask;
mod auto;
mod columns;
mod discard;
mod draft;
mod json;
mod kept;
mod links;
mod mapping;
mod marks;
mod meet;
mod moves;
mod order;
mod plan;
mod preview;
mod read_row;
mod refused;
mod rows;
mod stage;
mod stale;
mod undo;
mod upload;
mod view;

pub use apply::ApplyAsk;
pub use ask::{IMPORT, ImportAct};
pub use auto::{AutoImported, AutoOutcome, FileProblem};
pub use columns::{ColumnUse, StageOptions};
pub use mapping::{MappedColumn, MappingView};
pub use upload::{Upload, read_upload};
pub use view::{
    Change, Counts, ImportHead, ImportNotes, ImportPage, ImportRow, ImportState, RowOutcome, Undone,
};

pub(crate) use read_row::hint;
