//! The largest single event of a year.

use super::cache::Cache;
use super::combine::at_values;
use super::grid::Grid;
use super::loss::Loss;
use super::portfolio::Portfolio;
use crate::maths::root;

/// P(largest event <= x), from closed forms; composed losses are read from their vectors. A shock counts as
/// its largest single loss.
#[derive(Debug)]
pub struct LargestEvent<'a> {
    portfolio: &'a Portfolio,
    tables: Vec<Option<(f64, Vec<f64>)>>,
}

impl<'a> LargestEvent<'a> {
    /// Prepares the vectors of composed losses on a grid.
    pub fn new(portfolio: &'a Portfolio, grid: Grid, cache: &Cache) -> Self {
        let tables = portfolio
            .parts
            .iter()
            .map(|part| match part.loss {
                Loss::One(_) | Loss::Nothing => None,
                ref loss => {
                    let mut sum = 0.0;
                    let masses = cache.transform(grid.cells).back(loss.spectrum(grid, cache).to_vec());
                    let below = masses
                        .into_iter()
                        .map(|p| {
                            sum += p;
                            sum
                        })
                        .collect();
                    Some((grid.step, below))
                }
            })
            .collect();
        Self { portfolio, tables }
    }
    fn event_cdf(&self, i: usize, x: f64) -> f64 {
        match &self.tables[i] {
            None => 1.0 - self.portfolio.parts[i].loss.survival(x),
            Some((step, below)) => {
                let place = (x / step - 0.5).max(0.0);
                let k = place as usize;
                if k + 1 >= below.len() {
                    return 1.0 - self.portfolio.parts[i].loss.survival(x);
                }
                below[k] + (place - k as f64) * (below[k + 1] - below[k])
            }
        }
    }
    /// P(largest event <= x).
    pub fn cdf(&self, x: f64) -> f64 {
        let values: Vec<f64> = (0..self.tables.len()).map(|i| self.event_cdf(i, x)).collect();
        at_values(self.portfolio, &values)
    }
    /// The q-quantile, 0 when no event at all has that chance.
    pub fn quantile(&self, q: f64) -> f64 {
        if self.cdf(0.0) >= q {
            return 0.0;
        }
        let mut high = 1.0;
        while self.cdf(high) < q && high < 1e300 {
            high *= 4.0;
        }
        root::increasing(0.0, high, |x| self.cdf(x) - q)
    }
}
