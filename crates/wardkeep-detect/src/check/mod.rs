//! What one wants to know of rules before they are made active: do their tests pass, is something odd about them, what
//! do they cost, what would they have found.

mod cost;
mod dry_run;
mod lint;
mod regression;

pub use cost::{RuleCost, cost};
pub use dry_run::{DryRun, DryRunReport, TopValue};
pub use lint::{Lint, lint};
pub use regression::{Missed, Regression, regression};
