//! Imports: a file in, a preview of what each row would do, application in batches, undoing as a whole.

mod acts;
mod lists;
mod mapping;
mod preview;
mod rows;
mod say;
mod upload;

pub use acts::template;
pub use upload::of_register;

use super::frame::may;
use super::reader::Reader;
use crate::state::State;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use std::sync::Arc;
use wardkeep_app::exchange::ImportHead;
use wardkeep_app::{Error, Refusal};
use wardkeep_register::{Schema, Verb};
use wardkeep_rights::{Named, Resource};
use wardkeep_types::Id;
use wardkeep_types::limits::DOCUMENT_BYTES;

/// Where imports are listed, and where files are sent.
pub const PATH: &str = "/imports";
/// Bytes of a form's own fields beside a file.
const FORM_BYTES: u64 = 1024 * 1024;

/// The addresses of these pages.
pub fn routes() -> Router<State> {
    let most = DefaultBodyLimit::max((DOCUMENT_BYTES + FORM_BYTES) as usize);
    Router::new()
        .route("/imports", get(lists::show).post(upload::send).layer(most))
        .route("/imports/new", get(upload::new))
        .route("/imports/{id}", get(preview::show).post(acts::act))
        .route("/imports/{id}/columns", get(mapping::show).post(mapping::map))
        .route("/imports/{id}/refused.csv", get(acts::refused))
}

/// Whether the reader may bring in a file for a register: import at all, and add or change such records.
pub fn may_import(reader: &Reader, schema: &Schema) -> bool {
    let resource = Resource::of(schema);
    may(reader, Resource::Named(Named::Import), Verb::Add)
        && (may(reader, resource, Verb::Add) || may(reader, resource, Verb::Edit))
}

/// The import of that id, if the reader may see it.
async fn find(reader: &Reader, id: &str) -> Result<ImportHead, Error> {
    let id: Id = id.parse().map_err(|_| Refusal::NotFound)?;
    reader.state.app.import_head(&reader.ctx, id).await
}

/// Begins what was asked for, beside this request. A job goes to one worker, so calling it again does no harm, and a
/// job whose process died is taken over.
fn work(reader: &Reader) {
    let (app, auth) = (Arc::clone(&reader.state.app), reader.state.auth.clone());
    let worker = format!("page {} {}", std::process::id(), reader.ctx.request);
    tokio::spawn(async move {
        if let Err(error) = app.run_asked(&auth, &worker).await {
            tracing::error!(%error, "work that was asked for on a page failed; it is tried again");
        }
    });
}

/// The same for other pages that ask for work.
pub(super) fn begin_work(reader: &Reader) {
    work(reader);
}
