//! Log records: searching, looking at one, watching them come in.

mod facets;
mod live;
mod make;
mod one;
mod over;
mod question;
mod rows;
mod saved;
mod search;
mod stored;

use crate::state::State;
use axum::Router;
use axum::routing::{get, post};

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
        .route(stored::PATH, get(stored::show).post(stored::act))
        .route("/events/stored/limit", post(stored::retain))
        .route("/events/stored/hold", post(stored::hold))
        .route("/events/stored/release", post(stored::release))
        .route("/events/searches", post(saved::save))
        .route("/events/searches/remove", post(saved::remove))
        .route("/events/{id}", get(one::show))
}
