//! The PERT law: a beta law on [low, high] with a most likely value.

use super::Law;
use crate::maths::beta;

/// Beta law with shapes from low, mode, high and a weight of the mode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pert {
    low: f64,
    high: f64,
    a: f64,
    b: f64,
    ln_beta: f64,
}

impl Pert {
    /// `None` unless `low <= mode <= high`, `low < high`, all finite, and the weight of the mode positive.
    /// The usual weight is 4. Three equal points are a constant, not a PERT.
    pub fn new(low: f64, mode: f64, high: f64, weight: f64) -> Option<Self> {
        let fine = low <= mode && mode <= high && low < high && (high - low).is_finite();
        let weighty = weight > 0.0 && weight.is_finite();
        if !fine || !weighty {
            return None;
        }
        let a = 1.0 + weight * (mode - low) / (high - low);
        let b = 1.0 + weight * (high - mode) / (high - low);
        Some(Self { low, high, a, b, ln_beta: beta::ln_beta(a, b) })
    }
    /// The two shapes of the beta law.
    pub fn shapes(&self) -> (f64, f64) {
        (self.a, self.b)
    }
    /// Density at `x`.
    pub fn density(&self, x: f64) -> f64 {
        let width = self.high - self.low;
        let t = (x - self.low) / width;
        if t <= 0.0 || t >= 1.0 {
            return 0.0;
        }
        libm::exp((self.a - 1.0) * libm::log(t) + (self.b - 1.0) * libm::log1p(-t) - self.ln_beta) / width
    }
    /// Both ends.
    pub fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }
    /// `E[B^k; B <= t]` and its complement for k = 0..3, B on [0, 1], by the recurrence of the first shape.
    fn unit_partials(&self, t: f64) -> [(f64, f64); 4] {
        let (a, b) = (self.a, self.b);
        let t = t.clamp(0.0, 1.0);
        let (mut low, mut high) = beta::pair(a, b, self.ln_beta, t);
        let mut front = if t > 0.0 && t < 1.0 {
            libm::exp(a * libm::log(t) + b * libm::log1p(-t) - self.ln_beta)
        } else {
            0.0
        };
        let mut moment = 1.0;
        let mut out = [(low, high); 4];
        for (k, slot) in out.iter_mut().enumerate().skip(1) {
            let n = k as f64 - 1.0;
            // I_t(a+1, b) = I_t(a, b) - t^a (1-t)^b / (a B(a, b))
            let shift = front / (a + n);
            low -= shift;
            high += shift;
            front *= t * (a + b + n) / (a + n);
            moment *= (a + n) / (a + b + n);
            *slot = (low * moment, high * moment);
        }
        out
    }
    fn unit_moment(&self, k: u32) -> f64 {
        (0..k).map(|n| (self.a + f64::from(n)) / (self.a + self.b + f64::from(n))).product()
    }
    /// `(low + width B)^k` from the powers of B.
    fn expand(&self, k: u32, of: impl Fn(usize) -> f64) -> f64 {
        let (l, w) = (self.low, self.high - self.low);
        match k {
            0 => of(0),
            1 => l * of(0) + w * of(1),
            2 => l * l * of(0) + 2.0 * l * w * of(1) + w * w * of(2),
            _ => l * l * l * of(0) + 3.0 * l * l * w * of(1) + 3.0 * l * w * w * of(2) + w * w * w * of(3),
        }
    }
}

impl Law for Pert {
    fn partial(&self, k: u32, x: f64) -> f64 {
        let parts = self.unit_partials((x - self.low) / (self.high - self.low));
        self.expand(k, |j| parts[j].0)
    }
    fn moment(&self, k: u32) -> Option<f64> {
        Some(self.expand(k, |j| self.unit_moment(j as u32)))
    }
    fn survival(&self, x: f64) -> f64 {
        let t = (x - self.low) / (self.high - self.low);
        beta::pair(self.a, self.b, self.ln_beta, t).1
    }
    fn quantile(&self, p: f64) -> f64 {
        self.low + (self.high - self.low) * beta::quantile(self.a, self.b, p)
    }
    fn excess(&self, d: f64) -> Option<f64> {
        if d >= self.high {
            return Some(0.0);
        }
        let width = self.high - self.low;
        if d <= self.low {
            return Some(self.low + width * self.unit_moment(1) - d);
        }
        let t = (d - self.low) / width;
        let parts = self.unit_partials(t);
        Some((width * (parts[1].1 - t * parts[0].1)).max(0.0))
    }
    fn top(&self) -> f64 {
        self.high
    }
}
