//! How many events a year of one scenario.

use crate::maths::{gamma, quadrature};
use crate::{Probability, Rate};

/// The counting law of one scenario.
#[derive(Debug, Clone, PartialEq)]
pub enum Count {
    /// Poisson with a known rate.
    Poisson(Rate),
    /// Poisson whose rate has a gamma posterior: negative binomial. The variance is that of the rate
    /// multiplier, one over the posterior's shape.
    Gamma {
        /// Mean rate.
        rate: Rate,
        /// Variance of the multiplier, above zero.
        variance: f64,
    },
    /// Poisson whose rate takes these values with these weights.
    Mixed(Vec<(Rate, f64)>),
    /// One event at most, with this chance.
    AtMostOnce(Probability),
}

impl Count {
    /// Mean events a year.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Poisson(rate) | Self::Gamma { rate, .. } => rate.times(),
            Self::Mixed(nodes) => nodes.iter().map(|(rate, weight)| weight * rate.times()).sum(),
            Self::AtMostOnce(chance) => chance.value(),
        }
    }
    /// Second and third factorial moments `E[N(N-1)]`, `E[N(N-1)(N-2)]`.
    pub fn factorial_moments(&self) -> (f64, f64) {
        let m = self.mean();
        match self {
            Self::Poisson(_) => (m * m, m * m * m),
            Self::Gamma { variance: v, .. } => (m * m * (1.0 + v), m * m * m * (1.0 + v) * (1.0 + 2.0 * v)),
            Self::Mixed(nodes) => {
                let power = |k: i32| nodes.iter().map(|(rate, w)| w * rate.times().powi(k)).sum();
                (power(2), power(3))
            }
            Self::AtMostOnce(_) => (0.0, 0.0),
        }
    }
    /// The same count with its rate multiplied. A chance goes through its rate and back, so that it stays one.
    #[must_use]
    pub fn times(&self, factor: f64) -> Self {
        let scale = |rate: Rate| Rate::new(rate.times() * factor).unwrap_or(rate);
        match self {
            Self::Poisson(rate) => Self::Poisson(scale(*rate)),
            Self::Gamma { rate, variance } => Self::Gamma { rate: scale(*rate), variance: *variance },
            Self::Mixed(nodes) => Self::Mixed(nodes.iter().map(|(r, w)| (scale(*r), *w)).collect()),
            Self::AtMostOnce(chance) => Self::AtMostOnce(Probability::clamped(chance.value() * factor)),
        }
    }
    /// The q-quantile of the rate itself, for bands: a gamma rate spreads, a known rate does not.
    pub fn rate_quantile(&self, q: f64) -> f64 {
        match self {
            Self::Gamma { rate, variance } => {
                let shape = 1.0 / variance;
                rate.times() * gamma::quantile(shape, q) / shape
            }
            Self::Mixed(nodes) => {
                let mut below = 0.0;
                for (rate, weight) in nodes {
                    below += weight;
                    if below >= q {
                        return rate.times();
                    }
                }
                self.mean()
            }
            other => other.mean(),
        }
    }
    /// A rate known only by quantiles of a law: 32 nodes of equal care.
    pub fn over_quantiles(quantile: impl Fn(f64) -> f64) -> Self {
        let nodes = quadrature::unit_nodes(32);
        Self::Mixed(
            nodes
                .into_iter()
                .filter_map(|(u, weight)| Some((Rate::new(quantile(u).max(0.0))?, weight)))
                .collect(),
        )
    }
}
