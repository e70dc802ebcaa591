//! JSON records in every arrangement: lines, arrays, objects one after the other, and CloudTrail's `Records`.

mod flatten;
mod light;
mod pull;
mod records;
mod scan;
mod shape;

pub(crate) use flatten::flatten;
pub(crate) use light::Light;
pub(crate) use pull::{Captured, Flaw, Pull, PullError, balanced};
pub(crate) use records::{JsonLines, records};
pub(crate) use shape::{Shape, TIME_NAMES};
