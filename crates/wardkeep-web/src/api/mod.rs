//! The JSON API under `/api/v1`: the same use cases and views as the pages, for programs.
//!
//! [`PATHS`] is the one list of addresses; the router is made of it, and a test holds the description
//! (`docs/openapi.json`) against it.

mod caller;
mod events;
mod general;
mod observations;
pub mod openapi;
mod page;
mod problem;
mod record;
mod risk;
mod show;
mod side;
mod strict;
mod values;

use crate::state::State;
use axum::Router;
use axum::http::Uri;
use axum::response::Response;
use axum::routing::{MethodRouter, any, get};
use problem::Trouble;
use wardkeep_types::Id;

/// Where the API begins.
pub const PREFIX: &str = "/api/v1";

/// Every address of the API below [`PREFIX`].
pub const PATHS: &[(&str, fn() -> MethodRouter<State>)] = &[
    ("/me", general::me),
    ("/today", general::today),
    ("/search", general::search),
    ("/registers", general::registers),
    ("/openapi.json", general::description),
    ("/events", events::many),
    ("/observations", observations::many),
    ("/observations/{id}", observations::one),
    ("/controls/{reference}/why", observations::why),
    ("/risk", risk::portfolio),
    ("/risk/investments", risk::investments),
    ("/risk/estimates", risk::estimates),
    ("/risk/matrix", risk::matrix),
    ("/risk/appetite", risk::appetite),
    ("/risk/library", risk::library),
    ("/risk/runs", risk::runs),
    ("/risk/runs/{id}", risk::run),
    ("/risk/workbook", risk::workbook),
    ("/risk/imports", risk::imports),
    ("/risks/{reference}/figures", risk::figures),
    ("/risks/{reference}/what-if", risk::what_if),
    ("/{register}", record::many),
    ("/{register}/{reference}", record::one),
    ("/{register}/{reference}/moves", record::moves),
    ("/{register}/{reference}/history", side::history),
    ("/{register}/{reference}/used-by", side::used_by),
    ("/{register}/{reference}/links", side::links),
];

/// The addresses of the API, and the page that explains them.
pub fn routes() -> Router<State> {
    let mut router = Router::new().route("/api", get(page::show)).route("/api/{*rest}", any(nowhere));
    for (path, methods) in PATHS {
        router = router.route(&format!("{PREFIX}{path}"), methods().fallback(wrong_method));
    }
    router
}

async fn nowhere(axum::extract::State(state): axum::extract::State<State>, uri: Uri) -> Response {
    let text = format!("there is no address '{}'; see /api", uri.path());
    Trouble::new("not_found", text).answer(&Id::new(state.app.clock.now()).to_string())
}

async fn wrong_method(axum::extract::State(state): axum::extract::State<State>) -> Response {
    let text = "this address does not answer to that method; see /api";
    Trouble::new("method", text).answer(&Id::new(state.app.clock.now()).to_string())
}
