//! The lognormal law.

use super::Law;
use crate::maths::normal;

/// exp(mu + s Z).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lognormal {
    mu: f64,
    s: f64,
}

/// The series of a cell's mass is used once its first term left out is below this.
const SERIES_LIMIT: f64 = 1e-15;

impl Lognormal {
    /// From the mean and spread of ln X; `None` unless finite with a positive spread.
    pub fn new(mu: f64, s: f64) -> Option<Self> {
        (mu.is_finite() && s.is_finite() && s > 0.0).then_some(Self { mu, s })
    }
    /// From the 5 % and 95 % points; `None` unless `0 < low < high`.
    pub fn from_interval(low: f64, high: f64) -> Option<Self> {
        if !(low > 0.0 && high > low && high.is_finite()) {
            return None;
        }
        let (low, high) = (libm::log(low), libm::log(high));
        Self::new(0.5 * (low + high), (high - low) / (2.0 * normal::Z95))
    }
    /// Mean of ln X.
    pub fn mu(&self) -> f64 {
        self.mu
    }
    /// Spread of ln X.
    pub fn spread(&self) -> f64 {
        self.s
    }
    /// Mean of the worst `1 - q` of events.
    pub fn tail_mean(&self, q: f64) -> f64 {
        let mean = libm::exp(self.mu + 0.5 * self.s * self.s);
        mean * normal::cdf(self.s - normal::quantile(q)) / (1.0 - q)
    }
    /// Share of the mean that lies above the 99 % point (rule 9: over one half, the mean is small print).
    pub fn share_above_99(&self) -> f64 {
        normal::cdf(self.s - normal::quantile(0.99))
    }
    fn z(&self, x: f64) -> f64 {
        (libm::log(x) - self.mu) / self.s
    }
    fn raw(&self, k: f64) -> f64 {
        libm::exp(k * self.mu + 0.5 * k * k * self.s * self.s)
    }
    fn second_difference(&self, k: usize, h: f64) -> f64 {
        let loss = |d: f64| self.excess(d).unwrap_or(0.0);
        let below = if k == 0 { loss(0.0) + h } else { loss((k as f64 - 1.0) * h) };
        (below - 2.0 * loss(k as f64 * h) + loss((k as f64 + 1.0) * h)) / h
    }
}

impl Law for Lognormal {
    fn partial(&self, k: u32, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        let k = f64::from(k);
        self.raw(k) * normal::cdf(self.z(x) - k * self.s)
    }
    fn moment(&self, k: u32) -> Option<f64> {
        Some(self.raw(f64::from(k)))
    }
    fn survival(&self, x: f64) -> f64 {
        if x <= 0.0 { 1.0 } else { normal::survival(self.z(x)) }
    }
    fn quantile(&self, p: f64) -> f64 {
        libm::exp(self.mu + self.s * normal::quantile(p))
    }
    fn excess(&self, d: f64) -> Option<f64> {
        if d <= 0.0 {
            return Some(self.raw(1.0) - d);
        }
        let z = self.z(d);
        Some((self.raw(1.0) * normal::survival(z - self.s) - d * normal::survival(z)).max(0.0))
    }
    fn top(&self) -> f64 {
        f64::INFINITY
    }

    /// Away from zero the density is smooth over a cell: the mass under the hat of width 2h is
    /// `h (f + h^2/12 f'' + h^4/360 f'''' + h^6/20160 f^(6))`, and all derivatives are the density times a
    /// polynomial in the standardised logarithm over powers of x. Two error functions become one exponential.
    fn cell_masses(&self, step: f64, cells: usize, logs: &[f64]) -> Option<Vec<f64>> {
        let (s, ln_h) = (self.s, libm::log(step));
        let norm = 1.0 / (s * libm::sqrt(2.0 * std::f64::consts::PI));
        let mut masses = Vec::with_capacity(cells);
        let mut series = false;
        for (k, ln_k) in logs.iter().enumerate().take(cells) {
            let z = (ln_k + ln_h - self.mu) / s;
            if !series && k >= 24 {
                series = self.correction(k, z).1 < SERIES_LIMIT;
            }
            masses.push(if series {
                norm * libm::exp(-0.5 * z * z) / k as f64 * self.correction(k, z).0
            } else {
                self.second_difference(k, step)
            });
        }
        Some(masses)
    }
}

impl Lognormal {
    #[inline]
    /// The factor `1 + c2/k^2 + c4/k^4 + c6/k^6` and the size of the term after it (bounded by its growth).
    fn correction(&self, k: usize, z: f64) -> (f64, f64) {
        // With u = ln x the density is g(u)/x, g normal. Each derivative in x is (D_u - n)/x; the derivatives
        // of g in u are g times the polynomials of z below, in powers of 1/s.
        let r = 1.0 / self.s;
        let a = -z * r;
        let r2 = r * r;
        let g1 = a;
        let g2 = a * g1 - r2;
        let g3 = a * g2 - 2.0 * r2 * g1;
        let g4 = a * g3 - 3.0 * r2 * g2;
        let g5 = a * g4 - 4.0 * r2 * g3;
        let g6 = a * g5 - 5.0 * r2 * g4;
        let g7 = a * g6 - 6.0 * r2 * g5;
        let g8 = a * g7 - 7.0 * r2 * g6;
        // (D-1)(D-2) = D^2 - 3D + 2 and so on: signed Stirling numbers.
        let d2 = g2 - 3.0 * g1 + 2.0;
        let d4 = g4 - 10.0 * g3 + 35.0 * g2 - 50.0 * g1 + 24.0;
        let d6 = g6 - 21.0 * g5 + 175.0 * g4 - 735.0 * g3 + 1624.0 * g2 - 1764.0 * g1 + 720.0;
        let d8 = g8 - 36.0 * g7 + 546.0 * g6 - 4536.0 * g5 + 22449.0 * g4 - 67284.0 * g3 + 118_124.0 * g2
            - 109_584.0 * g1
            + 40_320.0;
        let k2 = 1.0 / (k as f64 * k as f64);
        let factor = 1.0 + k2 * (d2 / 12.0 + k2 * (d4 / 360.0 + k2 * d6 / 20160.0));
        // A polynomial may cross zero by chance; the term before it shows whether the series has converged.
        let k6 = k2 * k2 * k2;
        (factor, k6 * (k2 * (d8 / 1_814_400.0).abs() + 1e-4 * (d6 / 20160.0).abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fast_masses_equal_second_differences() {
        for (low, high, step) in [(1e5, 1e6, 300.0), (1145.0, 34350.0, 3200.0), (2e5, 6e6, 3200.0)] {
            let law = Lognormal::from_interval(low, high).unwrap();
            let logs: Vec<f64> = (0..4096).map(|k| libm::log(f64::from(k))).collect();
            let fast = law.cell_masses(step, 4096, &logs).unwrap();
            for (k, mass) in fast.iter().enumerate() {
                let slow = law.second_difference(k, step);
                assert!((mass - slow).abs() < 2e-15 * (1.0 + 1e6 / step), "{step} {k} {mass} {slow}");
            }
        }
    }
}
