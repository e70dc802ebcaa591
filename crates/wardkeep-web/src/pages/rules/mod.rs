//! Detection rules beside their register: text, tests, dry run and tuning on a rule's page; why a rule fires on a
//! record; what the rules cover; writing a rule.

mod coverage;
mod dry_run;
mod explain;
mod panel;
mod samples;
mod text;
mod write;

pub use panel::panel;

use crate::state::State;
use axum::Router;
use axum::routing::{get, post};

/// Where coverage is shown.
pub const COVERAGE: &str = "/rules/coverage";
/// Where a rule is written.
pub const WRITE: &str = "/rules/write";

/// The addresses of these pages.
pub fn routes() -> Router<State> {
    Router::new()
        .route(COVERAGE, get(coverage::show))
        .route(WRITE, get(write::show).post(write::write))
        .route("/rules/explain", get(explain::choose))
        .route("/rules/{reference}/explain", get(explain::show))
        .route("/rules/{reference}/dry-run", post(dry_run::run))
        .route("/rules/{reference}/dry-run/stop", post(dry_run::stop))
        .route("/rules/tests", post(samples::choose))
        .route("/rules/{reference}/tests", post(samples::run))
        .route("/rules/{reference}/tests/remove", post(samples::remove))
}
