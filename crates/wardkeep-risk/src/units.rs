//! Rates and probabilities are different types: events a year may exceed one, a chance may not.
//!
//! ```compile_fail
//! use wardkeep_risk::{Probability, Rate};
//! let rate: Rate = Probability::new(0.3).unwrap(); // the only bridge is `rate()`
//! ```

use serde::{Deserialize, Serialize};
use wardkeep_types::ParseError;
pub use wardkeep_types::PerYear as Rate;

/// A chance from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Probability(f64);

impl Probability {
    /// Never.
    pub const ZERO: Self = Self(0.0);
    /// Always.
    pub const ONE: Self = Self(1.0);
    /// `None` outside [0, 1] or not a number.
    pub fn new(chance: f64) -> Option<Self> {
        (0.0..=1.0).contains(&chance).then_some(Self(chance))
    }
    /// The nearest chance; not a number becomes 0.
    pub fn clamped(chance: f64) -> Self {
        Self(if chance.is_nan() { 0.0 } else { chance.clamp(0.0, 1.0) })
    }
    /// 0..1.
    pub fn value(self) -> f64 {
        self.0
    }
    /// 1 - p.
    #[must_use]
    pub fn complement(self) -> Self {
        Self(1.0 - self.0)
    }
    /// The yearly rate at which at least one event has this chance, `-ln(1-p)`; `None` at certainty.
    pub fn rate(self) -> Option<Rate> {
        Rate::new(-libm::log1p(-self.0))
    }
    /// The chance of at least one event in a year.
    pub fn of_any(rate: Rate) -> Self {
        Self(-libm::expm1(-rate.times()))
    }
}

impl TryFrom<f64> for Probability {
    type Error = ParseError;
    fn try_from(chance: f64) -> Result<Self, ParseError> {
        Self::new(chance).ok_or_else(|| ParseError("a probability lies between 0 and 1".into()))
    }
}

impl From<Probability> for f64 {
    fn from(chance: Probability) -> f64 {
        chance.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bridge_between_rate_and_probability() {
        let rate = |p: f64| Probability::new(p).unwrap().rate().unwrap().times();
        assert!((rate(0.3) - 0.356_674_9).abs() < 1e-7);
        assert!((rate(0.9) - std::f64::consts::LN_10).abs() < 1e-9);
        assert_eq!(Probability::ONE.rate(), None);
        let back = Probability::of_any(Rate::new(rate(0.3)).unwrap());
        assert!((back.value() - 0.3).abs() < 1e-15);
        assert_eq!(Probability::new(1.01), None);
    }
}
