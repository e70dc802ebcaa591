//! Log records: searching, looking at one, watching them come in.

mod facets;
mod live;
mod one;
mod over;
mod question;
mod rows;
mod search;

use crate::state::State;
use axum::Router;
use axum::routing::get;

/// Where log records are searched.
pub const EVENTS: &str = "/events";
/// Where they are watched.
pub const LIVE: &str = "/events/live";

/// The addresses of these pages.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/events", get(search::show))
        .route("/events/live", get(live::show))
        .route("/events/export.csv", get(search::export))
        .route("/events/export.jsonl", get(search::export))
        .route("/events/export.parquet", get(search::export))
        .route("/events/{id}", get(one::show))
}
