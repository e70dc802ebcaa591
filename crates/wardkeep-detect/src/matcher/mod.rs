//! The streaming matcher (DE-1): one compiled form of all rules, from which a plan is made for each set of log
//! sources that occurs.
//!
//! Equal comparisons of different rules are one *leaf*, equal lists of comparisons one *atom*. A plan has one
//! automaton a field, so that each value is looked at once for all rules; what a value satisfies is remembered. A
//! rule is evaluated only when an atom that it cannot do without holds.

mod leaf;
mod literal;
mod memo;
mod need;
mod plan;
mod program;
mod run;
mod scan;
mod tree;

pub(crate) use literal::literals;
pub(crate) use plan::{FieldPlan, Plan};
pub(crate) use program::Program;
pub(crate) use run::{Input, Runner};
pub(crate) use scan::{Scan, Scratch};
pub(crate) use tree::Tree;
