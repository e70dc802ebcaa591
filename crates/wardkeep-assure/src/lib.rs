//! Control tests, observations, effectiveness and control states: a pure engine without database, clock or
//! network.
//!
//! The chain: a [`TestFile`] asks a question of facts ([`Evaluator`]), the answer is an observation
//! ([`observation`]), observations under the exceptions in force give a verdict per test and a state per
//! control ([`assess_control`]). What is not known is never green.

pub mod baseline;
pub mod beta;
pub mod canonical;
mod condition;
mod control;
pub mod effectiveness;
mod evaluator;
mod exception;
mod facts;
mod lift;
mod names;
pub mod observation;
mod operand;
mod report_rows;
mod rules;
#[cfg(test)]
mod sample;
mod say;
mod source;
#[cfg(test)]
mod table;
mod template;
mod test_file;
mod verdict;

pub use condition::{Compare, Condition};
pub use control::{Control, Effect, StateCounts, assess_control, is_notable, next_change};
pub use evaluator::{Draft, Evaluator, Frame, Run, SUBJECT_LIMIT};
pub use exception::{Excepted, Exception, counts_under};
pub use facts::{EVENT_ENTITIES, Fact, Facts, Row};
pub use lift::{Change, Lift};
pub use operand::{Operand, Scope};
pub use report_rows::{scan_rows, sighting_row};
pub use rules::{Kind, LONGEST_VALIDITY_DAYS, Method, TestRules, Thresholds, Timing};
pub use source::{FINDING_FACTS, SCAN_FACTS, SIGHTING_FACTS, Source};
pub use template::Template;
pub use test_file::{Absent, Outcome, Part, Population, Rule, Says, Take, TestFile, is_key};
pub use verdict::{Instant, Reason, Recorded, TestEffect, judge};
