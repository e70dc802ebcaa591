//! Running a model: figures, band, appetite, what-if, and why a figure changed.

mod appetite;
mod band;
mod benefit;
mod crosscheck;
mod figures;
mod insurance;
mod record;
mod result;
mod session;
mod why;

pub use appetite::{AppetiteResult, Verdict};
pub use band::{BAND_KEY, Band, BandPoint};
pub use crosscheck::{Checked, CrossCheck, YEARS};
pub use figures::{Contribution, Swing};
pub use insurance::Cover;
pub use record::Engine;
pub use result::{Heading, LecPoint, RunResult, ScenarioResult, SourceShare};
pub use session::{Run, RunOptions, Session, WhatIf};
pub use why::{Cause, Why};

/// A level as a key: 0.999 is `99.9`.
pub fn level_key(level: f64) -> String {
    let percent = libm::round(level * 1e8) / 1e6;
    format!("{percent}")
}
