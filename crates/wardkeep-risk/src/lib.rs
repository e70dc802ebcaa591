//! Annual loss in money: exact distributions, controls, appetite, budget. A pure engine without database,
//! clock or network.

#![allow(
    clippy::float_cmp,
    clippy::many_single_char_names,
    clippy::needless_for_each,
    reason = "exact comparisons are meant; formulas keep the letters of their source; short chains read as one"
)]

pub mod budget;
pub mod canonical;
pub mod control;
pub mod engine;
mod exact_json;
pub mod import;
pub mod kri;
pub mod law;
pub mod library;
pub mod maths;
pub mod matrix;
pub mod model;
mod nodes;
pub mod run;
pub mod simulate;
mod units;

pub use nodes::{largest_event_quantile, vulnerability};
pub use units::{Probability, Rate};
