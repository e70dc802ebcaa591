//! The distribution of a year's loss on one grid.

use super::grid::Grid;

/// Masses on a grid; what lies beyond its end is left out, never folded back or scaled away.
#[derive(Debug, Clone)]
pub struct Curve {
    grid: Grid,
    masses: Vec<f64>,
    /// Running sum of the masses.
    below: Vec<f64>,
    /// Running sum of amount times mass.
    first: Vec<f64>,
    no_loss: f64,
}

impl Curve {
    /// From masses and the chance of a year without loss.
    pub fn new(grid: Grid, masses: Vec<f64>, no_loss: f64) -> Self {
        let (mut sum, mut amount) = (0.0, 0.0);
        let mut below = Vec::with_capacity(masses.len());
        let mut first = Vec::with_capacity(masses.len());
        for (k, p) in masses.iter().enumerate() {
            sum += p;
            amount += k as f64 * grid.step * p;
            below.push(sum);
            first.push(amount);
        }
        Self { grid, masses, below, first, no_loss }
    }
    /// The grid.
    pub fn grid(&self) -> Grid {
        self.grid
    }
    /// The masses.
    pub fn masses(&self) -> &[f64] {
        &self.masses
    }
    /// P(S = 0).
    pub fn no_loss(&self) -> f64 {
        self.no_loss
    }
    /// P(S > end of the grid).
    pub fn beyond(&self) -> f64 {
        1.0 - self.below.last().copied().unwrap_or(0.0)
    }
    /// Variance of what is on the grid.
    pub fn variance(&self) -> f64 {
        let mass = self.below.last().copied().unwrap_or(0.0);
        let mean = self.first.last().copied().unwrap_or(0.0) / mass;
        let second: f64 =
            self.masses.iter().enumerate().map(|(k, p)| (k as f64 * self.grid.step - mean).powi(2) * p).sum();
        second / mass
    }
    /// P(S <= x); `None` beyond the grid.
    pub fn cdf(&self, x: f64) -> Option<f64> {
        if x < 0.0 {
            return Some(0.0);
        }
        if x == 0.0 {
            return Some(self.no_loss);
        }
        // The running sum to cell k is F at its upper edge.
        let place = x / self.grid.step - 0.5;
        if place < 0.0 {
            let share = (place + 0.5) / 0.5;
            return Some(self.no_loss + share * (self.below[0] - self.no_loss));
        }
        let k = place as usize;
        if k + 1 >= self.below.len() {
            return None;
        }
        Some(self.below[k] + (place - k as f64) * (self.below[k + 1] - self.below[k]))
    }
    /// The q-quantile; exactly 0 up to the chance of a year without loss, `None` beyond the grid.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        if q <= self.no_loss {
            return Some(0.0);
        }
        let h = self.grid.step;
        let k = self.below.partition_point(|f| *f < q);
        if k >= self.below.len() {
            return None;
        }
        if k == 0 {
            let rise = self.below[0] - self.no_loss;
            return Some(if rise > 0.0 { 0.5 * h * (q - self.no_loss) / rise } else { 0.0 });
        }
        let rise = self.below[k] - self.below[k - 1];
        let share = if rise > 0.0 { (q - self.below[k - 1]) / rise } else { 1.0 };
        Some((k as f64 - 0.5 + share) * h)
    }
    /// `E[min(S, x)]`; `None` beyond the grid.
    pub fn limited_mean(&self, x: f64) -> Option<f64> {
        if x <= 0.0 {
            return Some(0.0);
        }
        let k = (x / self.grid.step) as usize;
        if k >= self.below.len() {
            return None;
        }
        Some(self.first[k] + x * (1.0 - self.below[k]))
    }
    /// Weights of the cells in `S <= quantile(q)`: 1 below, the matching share of the cell that holds it, 0 above.
    pub fn weights_below(&self, q: f64) -> impl Iterator<Item = f64> + '_ {
        let mut before = 0.0;
        self.below.iter().map(move |&below| {
            let mass = below - before;
            let weight = if below <= q {
                1.0
            } else if before >= q || mass <= 0.0 {
                0.0
            } else {
                (q - before) / mass
            };
            before = below;
            weight
        })
    }
}
