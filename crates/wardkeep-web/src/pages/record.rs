//! `/{path}/{reference}`: one record, what hangs together with it, and everything one can do to it.

mod conflict;
mod detail;
mod form;
mod history;
mod moves;
mod rail;
mod side;

pub use detail::show;
pub use form::{add, change, create, edit};
pub use history::show as history;
pub use moves::{ask, go as make_move};
pub use side::{attach, comment, download, download_of, need_to_know, restrict, watch};

use super::frame::{Frame, many};
use wardkeep_app::records::RecordView;
use wardkeep_register::Schema;

/// The frame of a page about a record; `last` names the page if it is not the record's own.
fn frame(schema: &Schema, reference: &str, title: &str, last: Option<&str>) -> Frame {
    let (list, own) = (format!("/{}", schema.path), format!("/{}/{reference}", schema.path));
    let start = Frame::new(last.map_or_else(|| title.to_owned(), |last| format!("{last}: {title}")));
    let start = start.within(schema).back(many(schema), list);
    match last {
        Some(last) => start.back(reference, own).crumb(last),
        None => start.crumb(reference),
    }
}

/// The path of a record's page.
fn path_of(schema: &Schema, view: &RecordView) -> String {
    format!("/{}/{}", schema.path, view.reference)
}
