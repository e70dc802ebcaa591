//! Export: what a list shows, or whole registers, as CSV, workbook or JSON lines; templates for imports.

mod all;
mod book;
mod cells;
mod run;
mod template;
mod writer;

pub use all::{ExportedAll, ExportedRegister};
pub use run::{ExportAsk, ExportColumns, Exported};
pub use template::TemplateFormat;
pub use writer::ExportFormat;

pub(super) use writer::unwritable;
