//! JSON records in every arrangement: lines, arrays, objects one after the other, and the members of exports that hold
//! records, such as CloudTrail's `Records`.

mod cloud;
mod flatten;
mod light;
mod network;
mod pull;
mod records;
mod scan;
mod shape;

pub(crate) use flatten::flatten;
pub(crate) use light::Light;
pub(crate) use network::zeek;
pub(crate) use pull::{Captured, Flaw, Pull, PullError, balanced};
pub(crate) use records::{JsonLines, records, too_deep};
pub(crate) use shape::{Shape, TIME_NAMES, common as describe, event, outcome, time};
