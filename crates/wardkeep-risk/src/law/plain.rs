//! A constant, and raw samples.

use super::Law;

/// Always the same loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constant(f64);

impl Constant {
    /// `None` when negative or not finite.
    pub fn new(value: f64) -> Option<Self> {
        (value >= 0.0 && value.is_finite()).then_some(Self(value))
    }
}

impl Law for Constant {
    fn partial(&self, k: u32, x: f64) -> f64 {
        if x >= self.0 { self.0.powi(k as i32) } else { 0.0 }
    }
    fn moment(&self, k: u32) -> Option<f64> {
        Some(self.0.powi(k as i32))
    }
    fn survival(&self, x: f64) -> f64 {
        if x >= self.0 { 0.0 } else { 1.0 }
    }
    fn quantile(&self, _p: f64) -> f64 {
        self.0
    }
    fn excess(&self, d: f64) -> Option<f64> {
        Some((self.0 - d).max(0.0))
    }
    fn top(&self) -> f64 {
        self.0
    }
    fn has_atoms(&self) -> bool {
        true
    }
}

/// Equally likely amounts, as measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    sorted: Vec<f64>,
    /// `sums[k][i]`: sum of the k-th powers of the first i amounts, divided by the count.
    sums: [Vec<f64>; 4],
}

impl Samples {
    /// `None` when empty, or when one is negative or not finite.
    pub fn new(mut values: Vec<f64>) -> Option<Self> {
        if values.is_empty() || values.iter().any(|v| !(v.is_finite() && *v >= 0.0)) {
            return None;
        }
        values.sort_by(f64::total_cmp);
        let share = 1.0 / values.len() as f64;
        let sums = [0, 1, 2, 3].map(|k| {
            let mut sum = 0.0;
            std::iter::once(0.0)
                .chain(values.iter().map(|v| {
                    sum += v.powi(k) * share;
                    sum
                }))
                .collect()
        });
        Some(Self { sorted: values, sums })
    }
    fn up_to(&self, x: f64) -> usize {
        self.sorted.partition_point(|v| *v <= x)
    }
}

impl Law for Samples {
    fn partial(&self, k: u32, x: f64) -> f64 {
        self.sums[k.min(3) as usize][self.up_to(x)]
    }
    fn moment(&self, k: u32) -> Option<f64> {
        Some(self.sums[k.min(3) as usize][self.sorted.len()])
    }
    fn survival(&self, x: f64) -> f64 {
        (self.sorted.len() - self.up_to(x)) as f64 / self.sorted.len() as f64
    }
    fn quantile(&self, p: f64) -> f64 {
        let n = self.sorted.len();
        let place = libm::ceil(p * n as f64 - 1e-9).max(1.0) as usize;
        self.sorted[place.min(n) - 1]
    }
    fn excess(&self, d: f64) -> Option<f64> {
        let all = self.sorted.len();
        Some((self.sums[1][all] - self.partial(1, d) - d * self.survival(d)).max(0.0))
    }
    fn top(&self) -> f64 {
        self.sorted[self.sorted.len() - 1]
    }
    fn has_atoms(&self) -> bool {
        true
    }
}
