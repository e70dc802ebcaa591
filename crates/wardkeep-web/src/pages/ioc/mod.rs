//! Indicators of compromise beside their register: what history says of one, and why an alert was raised.

mod alert;
mod panel;

pub use alert::on_alert;
pub use panel::panel;

use crate::state::State;
use axum::Router;
use axum::routing::post;

/// The addresses of these pages.
pub fn routes() -> Router<State> {
    Router::new().route("/indicators-of-compromise/{reference}/hunt", post(panel::hunt))
}
