//! Records in and out as files: import by preview and batches, export of what a list shows, templates.
//!
//! An import is staged whole, looked at, applied in batches that survive a crash, and can be undone. Every row
//! goes through the same write path as a form. What an export writes, an import reads back without a change.

mod export;
mod import;
mod marks;
#[cfg(test)]
mod tests;

pub use export::{
    ExportAsk, ExportColumns, ExportFormat, Exported, ExportedAll, ExportedRegister, TemplateFormat,
};
pub use import::{
    ApplyAsk, AutoImported, AutoOutcome, Change, ColumnUse, Counts, FileProblem, IMPORT, ImportAct,
    ImportHead, ImportNotes, ImportPage, ImportRow, ImportState, MappedColumn, MappingView, RowOutcome,
    StageOptions, Undone, Upload, read_upload,
};
