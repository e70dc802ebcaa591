//! Simulated years beside the exact figures: a second road to the same numbers, which shares neither grid nor
//! transform with the first. It never replaces a figure (`specs/risk.md` 4.6).

use super::level_key;
use super::session::Run;
use crate::simulate::simulate;
use serde::{Deserialize, Serialize};

/// Fewest and most years that are simulated.
pub const YEARS: std::ops::RangeInclusive<usize> = 1_000..=10_000_000;
/// Levels of value at risk that are compared; the tail mean is compared at the last.
const LEVELS: [f64; 2] = [0.95, 0.99];
/// Standard errors that two honest roads may lie apart.
const APART: f64 = 4.0;

/// One figure on both roads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// `mean`, `var95`, `var99` or `tvar99`.
    pub figure: String,
    /// The engine's figure.
    pub exact: f64,
    /// The figure of the simulated years.
    pub simulated: f64,
    /// Standard error of the simulated figure.
    pub error: f64,
    /// How many standard errors lie between the two.
    pub apart: f64,
    /// Whether that is fewer than four.
    pub agrees: bool,
}

/// The figures of a run against simulated years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrossCheck {
    /// Years simulated.
    pub years: usize,
    /// Key of the generator: the same key gives the same years.
    pub key: u64,
    /// Figure by figure; what is infinite is left out.
    pub figures: Vec<Checked>,
    /// Whether all of them agree.
    pub agrees: bool,
}

impl Run {
    /// Simulates so many years (kept within [`YEARS`]) of the same portfolio and compares.
    pub fn cross_check(&self, key: u64, years: usize) -> CrossCheck {
        let years = years.clamp(*YEARS.start(), *YEARS.end());
        let drawn = simulate(&self.resolved.portfolio, key, years, &LEVELS);
        let exact = &self.evaluation;
        // Where single amounts have a chance of their own, a quantile is known to half a cell.
        let cell = exact.curves.first().filter(|_| exact.atoms).map_or(0.0, |c| c.grid().step);
        let mut figures = Vec::new();
        let mut compare = |figure: String, exact: Option<f64>, (simulated, error): (f64, f64), slack: f64| {
            let Some(exact) = exact.filter(|v| v.is_finite()) else { return };
            let off = ((simulated - exact).abs() - slack).max(0.0);
            let apart = if off == 0.0 { 0.0 } else { off / error.max(1e-300) };
            figures.push(Checked { figure, exact, simulated, error, apart, agrees: apart < APART });
        };
        compare("mean".into(), exact.moments.mean, drawn.mean, 0.0);
        for (level, value, error) in &drawn.var {
            compare(format!("var{}", level_key(*level)), exact.var(*level), (*value, *error), cell);
        }
        for (level, value, error) in drawn.tvar.iter().rev().take(1) {
            compare(format!("tvar{}", level_key(*level)), exact.tvar(*level), (*value, *error), cell);
        }
        let agrees = figures.iter().all(|f| f.agrees);
        CrossCheck { years, key, figures, agrees }
    }
}
