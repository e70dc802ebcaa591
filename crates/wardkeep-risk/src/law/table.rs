//! A law given by masses on a grid.

use super::Law;

/// Masses at `0, h, 2h, ..`; what lies beyond is one more point that keeps the mean.
#[derive(Debug, Clone)]
pub struct Table {
    points: Vec<f64>,
    /// `sums[k][i]`: `sum of x^k p` over the first i points.
    sums: [Vec<f64>; 4],
}

impl Table {
    /// From masses; the remainder to 1 is put where the mean asks for it.
    pub fn new(step: f64, masses: Vec<f64>, mean: Option<f64>) -> Self {
        // Transforms leave a trace of noise: cut below zero, it may add up to a little more than all.
        let mut masses: Vec<f64> = masses.into_iter().map(|p| p.max(0.0)).collect();
        let mut mass: f64 = masses.iter().sum();
        if mass > 1.0 {
            masses.iter_mut().for_each(|p| *p /= mass);
            mass = 1.0;
        }
        let first: f64 = masses.iter().enumerate().map(|(k, p)| k as f64 * step * p).sum();
        let mut points: Vec<f64> = (0..masses.len()).map(|k| k as f64 * step).collect();
        let end = step * masses.len() as f64;
        let rest = (1.0 - mass).max(0.0);
        let mut weights = masses;
        if rest > 0.0 {
            points.push(mean.map_or(end, |mean| ((mean - first) / rest).max(end)));
            weights.push(rest);
        }
        let sums = [0, 1, 2, 3].map(|k| {
            let mut sum = 0.0;
            std::iter::once(0.0)
                .chain(points.iter().zip(&weights).map(|(x, p)| {
                    sum += x.powi(k) * p;
                    sum
                }))
                .collect()
        });
        Self { points, sums }
    }
    fn up_to(&self, x: f64) -> usize {
        self.points.partition_point(|v| *v <= x)
    }
    fn total(&self, k: usize) -> f64 {
        self.sums[k][self.points.len()]
    }
}

impl Law for Table {
    fn partial(&self, k: u32, x: f64) -> f64 {
        self.sums[k.min(3) as usize][self.up_to(x)]
    }
    fn moment(&self, k: u32) -> Option<f64> {
        Some(self.total(k.min(3) as usize))
    }
    fn survival(&self, x: f64) -> f64 {
        (self.total(0) - self.partial(0, x)).max(0.0)
    }
    fn quantile(&self, p: f64) -> f64 {
        let place = self.sums[0].partition_point(|f| *f < p).max(1);
        self.points[(place - 1).min(self.points.len() - 1)]
    }
    fn excess(&self, d: f64) -> Option<f64> {
        Some((self.total(1) - self.partial(1, d) - d * (self.total(0) - self.partial(0, d))).max(0.0))
    }
    fn top(&self) -> f64 {
        self.points[self.points.len() - 1]
    }
    fn has_atoms(&self) -> bool {
        true
    }
}
