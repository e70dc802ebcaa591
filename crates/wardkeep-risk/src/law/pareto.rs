//! The Pareto law: P(X > x) = (minimum / x)^alpha.

use super::Law;

/// Pareto law of a minimum and a tail exponent. The k-th moment is infinite from `alpha <= k` on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pareto {
    minimum: f64,
    alpha: f64,
}

impl Pareto {
    /// `None` unless both are positive and finite.
    pub fn new(minimum: f64, alpha: f64) -> Option<Self> {
        (minimum > 0.0 && alpha > 0.0 && minimum.is_finite() && alpha.is_finite())
            .then_some(Self { minimum, alpha })
    }
}

impl Law for Pareto {
    fn partial(&self, k: u32, x: f64) -> f64 {
        if x <= self.minimum {
            return 0.0;
        }
        let (k, a, m) = (f64::from(k), self.alpha, self.minimum);
        let tail = libm::pow(m / x, a);
        if (a - k).abs() < 1e-12 {
            return a * libm::pow(m, k) * libm::log(x / m);
        }
        a / (a - k) * (libm::pow(m, k) - libm::pow(x, k) * tail)
    }
    fn moment(&self, k: u32) -> Option<f64> {
        let k = f64::from(k);
        (self.alpha > k).then(|| self.alpha * libm::pow(self.minimum, k) / (self.alpha - k))
    }
    fn survival(&self, x: f64) -> f64 {
        if x <= self.minimum { 1.0 } else { libm::pow(self.minimum / x, self.alpha) }
    }
    fn quantile(&self, p: f64) -> f64 {
        if p >= 1.0 { f64::INFINITY } else { self.minimum * libm::exp(-libm::log1p(-p) / self.alpha) }
    }
    fn excess(&self, d: f64) -> Option<f64> {
        let mean = self.moment(1)?;
        Some(if d <= self.minimum { mean - d } else { self.survival(d) * d / (self.alpha - 1.0) })
    }
    fn top(&self) -> f64 {
        f64::INFINITY
    }
}
