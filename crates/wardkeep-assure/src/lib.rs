//! Control tests, observations, effectiveness and control states: a pure engine without database, clock or
//! network.
//!
//! The chain: a [`TestFile`] asks a question of facts ([`Evaluator`]), the answer is an observation
//! ([`observation`]), observations under the exceptions in force give a verdict per test and a state per
//! control ([`assess_control`]). What is not known is never green.

pub mod beta;
pub mod canonical;
mod control;
pub mod effectiveness;
mod exception;
mod lift;
pub mod observation;
mod rules;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod table;
mod verdict;

pub use control::{Control, Effect, StateCounts, assess_control, is_notable, next_change};
pub use exception::{Excepted, Exception, counts_under};
pub use lift::{Change, Lift};
pub use rules::{Kind, LONGEST_VALIDITY_DAYS, Method, TestRules, Thresholds, Timing};
pub use verdict::{Instant, Reason, Recorded, TestEffect, judge};
