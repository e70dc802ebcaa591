//! Loss laws of one event with closed forms: distribution, quantile, limited mean, moments or "infinite".

mod gamma;
mod layered;
mod lognormal;
mod pareto;
mod pert;
mod plain;
mod shaped;
mod spec;
mod table;

pub use gamma::Gamma;
pub use layered::Layered;
pub use lognormal::Lognormal;
pub use pareto::Pareto;
pub use pert::Pert;
pub use plain::{Constant, Samples};
pub use shaped::{Capped, Scaled, Spliced, Truncated};
pub use spec::LawSpec;
pub(crate) use spec::{is_usual, usual_weight};
pub use table::Table;

use std::sync::Arc;

/// A loss law on [0, infinity). Everything else follows from partial moments.
pub trait Law: Send + Sync + std::fmt::Debug {
    /// `E[X^k; X <= x]` for k = 0, 1, 2, 3. With k = 0 the distribution function.
    fn partial(&self, k: u32, x: f64) -> f64;
    /// `E[X^k]`, `None` when infinite.
    fn moment(&self, k: u32) -> Option<f64>;
    /// P(X > x), accurate in the tail.
    fn survival(&self, x: f64) -> f64;
    /// The smallest x with `P(X <= x) >= p`.
    fn quantile(&self, p: f64) -> f64;
    /// `E[(X - d)+]`, accurate in the tail; `None` when the mean is infinite.
    fn excess(&self, d: f64) -> Option<f64>;
    /// The largest possible loss, infinite for most laws.
    fn top(&self) -> f64;
    /// Whether single amounts have mass (constants, caps): quantiles are then good to half a cell.
    fn has_atoms(&self) -> bool {
        false
    }
    /// Masses of a mean-preserving rounding to `0, h, 2h, ..` by a faster way than second differences, when
    /// the law has one. `logs[k]` is ln k.
    fn cell_masses(&self, _step: f64, _cells: usize, _logs: &[f64]) -> Option<Vec<f64>> {
        None
    }

    /// P(X <= x).
    fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 { 0.0 } else { self.partial(0, x) }
    }
    /// `E[min(X, d)]`: finite for every law.
    fn limited_mean(&self, d: f64) -> f64 {
        if d <= 0.0 {
            return 0.0;
        }
        self.partial(1, d) + d * self.survival(d)
    }
    /// Mean, `None` when infinite.
    fn mean(&self) -> Option<f64> {
        self.moment(1)
    }
    /// Standard deviation, `None` when infinite.
    fn sd(&self) -> Option<f64> {
        let mean = self.moment(1)?;
        Some(libm::sqrt((self.moment(2)? - mean * mean).max(0.0)))
    }
}

/// A law shared by all that use it.
pub type SharedLaw = Arc<dyn Law>;
