//! What is believed about a share between 0 and 1.

use crate::maths::{beta, gamma};
use serde::{Deserialize, Serialize};

/// A belief about a share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Posterior {
    /// A full count: no sampling variance.
    Known {
        /// The share.
        value: f64,
    },
    /// Beta law.
    Beta {
        /// Weight of successes, prior included.
        a: f64,
        /// Weight of failures, prior included.
        b: f64,
    },
    /// Availability from failure and repair rates, each gamma.
    Availability {
        /// Failures, prior included.
        failures: f64,
        /// Days up, prior included.
        up_days: f64,
        /// Repairs, prior included.
        repairs: f64,
        /// Days down, prior included.
        down_days: f64,
    },
}

impl Posterior {
    /// Beta law of a mean and a weight in observations; a weight of nothing or an end is a known value.
    pub fn around(mean: f64, weight: f64) -> Self {
        if mean <= 0.0 || mean >= 1.0 || weight <= 0.0 {
            return Self::Known { value: mean.clamp(0.0, 1.0) };
        }
        Self::Beta { a: mean * weight, b: (1.0 - mean) * weight }
    }
    /// With `passed` of `examined` added at a weight; a known value stays.
    #[must_use]
    pub fn with(self, passed: f64, failed: f64, weight: f64) -> Self {
        match self {
            Self::Beta { a, b } => Self::Beta { a: a + weight * passed, b: b + weight * failed },
            other => other,
        }
    }
    /// The value that enters figures: the mean, for availability at the posterior mean rates.
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Known { value } => value,
            Self::Beta { a, b } => a / (a + b),
            Self::Availability { failures, up_days, repairs, down_days } => {
                let (between, repair) = (up_days / failures, down_days / repairs);
                between / (between + repair)
            }
        }
    }
    /// The u-quantile; for availability the two rates take their quantiles from `u` and `v`.
    pub fn quantile(&self, u: f64, v: f64) -> f64 {
        match *self {
            Self::Known { value } => value,
            Self::Beta { a, b } => beta::quantile(a, b, u),
            Self::Availability { failures, up_days, repairs, down_days } => {
                let fail = gamma::quantile(failures, 1.0 - u) / up_days;
                let mend = gamma::quantile(repairs, v) / down_days;
                mend / (mend + fail)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_and_repairs_give_availability() {
        let seen = Posterior::Availability { failures: 4.0, up_days: 400.0, repairs: 4.0, down_days: 8.0 };
        assert!((seen.mean() - 0.980_392_156_9).abs() < 1e-10);
        let (low, high) = (seen.quantile(0.05, 0.05), seen.quantile(0.95, 0.95));
        assert!(low < seen.mean() && seen.mean() < high, "{low} {high}");
    }
}
