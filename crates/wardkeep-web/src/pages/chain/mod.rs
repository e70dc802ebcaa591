//! The evidence chain on pages: from a control's number to its tests, observations, report rows and log lines,
//! and from an alert or finding down to what it rests on.

mod alert;
mod control;
mod event;
mod files;
mod finding;
mod observation;
mod posture;
mod report;
mod rows;
mod say;
mod steps;
mod trend;
mod why;

pub(super) use say::{at, count};
pub(super) use steps::part_by_part;

use super::reader::Reader;
use crate::state::State;
use axum::Router;
use axum::routing::get;
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::records::RecordView;

/// Where posture is shown.
pub const POSTURE: &str = "/report/posture";
/// Where files that were read are listed.
pub const FILES: &str = "/evidence/files";

/// The addresses of these pages.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/controls/{reference}/why", get(why::show))
        .route("/observations/{id}", get(observation::show))
        .route("/evidence/files", get(files::show))
        .route("/evidence/events/{id}", get(event::show))
        .route("/evidence/reports/{address}", get(report::show))
        .route("/evidence/reports/{address}/rows/{number}", get(rows::show))
        .route("/report/posture", get(posture::show))
        .route("/report/posture.html", get(posture::download))
}

/// What the page of a record shows of the chain; nothing for most registers, and nothing of older versions.
pub async fn panel(reader: &Reader, view: &RecordView) -> Result<Markup, Error> {
    if view.known_at.is_some() {
        return Ok(html! {});
    }
    match view.register.as_str() {
        "control" => control::panel(reader, view).await,
        "alert" => alert::panel(reader, view).await,
        "finding" => finding::panel(reader, view).await,
        _ => Ok(html! {}),
    }
}
