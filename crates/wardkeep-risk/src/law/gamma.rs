//! The gamma law and, with shape 1, the exponential law.

use super::Law;
use crate::maths::gamma;

/// Gamma law of a shape and a scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gamma {
    shape: f64,
    scale: f64,
}

impl Gamma {
    /// `None` unless both are positive and finite.
    pub fn new(shape: f64, scale: f64) -> Option<Self> {
        (shape > 0.0 && scale > 0.0 && shape.is_finite() && scale.is_finite())
            .then_some(Self { shape, scale })
    }
    /// The exponential law of a mean.
    pub fn exponential(mean: f64) -> Option<Self> {
        Self::new(1.0, mean)
    }
    fn upper(&self, a: f64, t: f64) -> f64 {
        if self.shape == 1.0 && a == 1.0 { libm::exp(-t.max(0.0)) } else { gamma::upper(a, t) }
    }
}

impl Law for Gamma {
    fn partial(&self, k: u32, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        self.moment(k).unwrap_or(0.0) * gamma::lower(self.shape + f64::from(k), x / self.scale)
    }
    fn moment(&self, k: u32) -> Option<f64> {
        Some((0..k).map(|n| (self.shape + f64::from(n)) * self.scale).product())
    }
    fn survival(&self, x: f64) -> f64 {
        self.upper(self.shape, x / self.scale)
    }
    fn quantile(&self, p: f64) -> f64 {
        self.scale * gamma::quantile(self.shape, p)
    }
    fn excess(&self, d: f64) -> Option<f64> {
        let mean = self.shape * self.scale;
        if d <= 0.0 {
            return Some(mean - d);
        }
        let t = d / self.scale;
        if self.shape == 1.0 {
            return Some(self.scale * libm::exp(-t));
        }
        Some((mean * self.upper(self.shape + 1.0, t) - d * self.upper(self.shape, t)).max(0.0))
    }
    fn top(&self) -> f64 {
        f64::INFINITY
    }
}
