//! Which scenario the bad years come from.

use super::cache::Cache;
use super::combine::{Memo, driver_sum, generating, joint, sector_base};
use super::counts::Count;
use super::evaluate::Evaluation;
use super::portfolio::{Link, Portfolio};
use super::transform::Complex;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

type C = Complex<f64>;

/// One scenario's part of mean and tail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The scenario's id.
    pub id: String,
    /// Its part of the mean.
    pub mean: f64,
    /// Its part of TVaR: `E[S_i | S beyond VaR]`.
    pub tail: f64,
}

impl Evaluation {
    /// Parts of the mean and of TVaR_q; the tails add up to TVaR_q. Taken before cover of the year. `None` when a
    /// mean is infinite or the quantile lies beyond the grids.
    pub fn euler(&self, portfolio: &Portfolio, q: f64, cache: &Cache) -> Option<Vec<Share>> {
        let curve = self.curves.iter().rev().find(|curve| curve.quantile(q).is_some())?;
        let grid = curve.grid();
        let transform = cache.transform(grid.cells);
        let phis: Vec<Arc<Vec<C>>> =
            portfolio.parts.iter().map(|part| part.loss.spectrum(grid, cache)).collect();
        let mask = vec![true; phis.len()];
        let total = generating(portfolio, &mask, &phis, Memo(Some((cache, grid))));
        // Sum over cells up to VaR of E[S_i; S = s], without going back for each scenario.
        let mut below: Vec<C> = transform.functional(curve.weights_below(q));
        below.iter_mut().zip(&total).for_each(|(w, s)| *w *= s);
        let parts = Parts::new(portfolio, &mask, &phis);
        portfolio
            .parts
            .iter()
            .enumerate()
            .map(|(i, part)| {
                let mean = part.loss.moment(1)? * mean_events(portfolio, i);
                let weighted = part.loss.weighted(grid, cache);
                let rate = parts.rate(i);
                let under: f64 = match rate {
                    Factor::Number(rate) => {
                        rate * below.iter().zip(weighted.iter()).map(|(w, t)| (w * t).re).sum::<f64>()
                    }
                    Factor::Vector(rates) => {
                        below.iter().zip(weighted.iter()).zip(&rates).map(|((w, t), r)| (w * t * r).re).sum()
                    }
                };
                Some(Share { id: part.id.clone(), mean, tail: (mean - under) / (1.0 - q) })
            })
            .collect()
    }
}

fn mean_events(portfolio: &Portfolio, i: usize) -> f64 {
    let shocks: f64 = portfolio.shocks.iter().filter(|s| s.hits.contains(&i)).map(|s| s.rate.times()).sum();
    portfolio.own_rate(i) + shocks
}

/// The weight of one more event of a scenario, relative to the whole.
enum Factor {
    Number(f64),
    Vector(Vec<C>),
}

struct Parts<'a> {
    portfolio: &'a Portfolio,
    mask: &'a [bool],
    phis: &'a [Arc<Vec<C>>],
    sectors: Vec<Option<Vec<C>>>,
    drivers: Vec<Option<Vec<C>>>,
}

impl<'a> Parts<'a> {
    fn new(portfolio: &'a Portfolio, mask: &'a [bool], phis: &'a [Arc<Vec<C>>]) -> Self {
        let sectors = (0..portfolio.sectors.len()).map(|k| sector_base(portfolio, mask, phis, k)).collect();
        let drivers = (0..portfolio.drivers).map(|d| driver_sum(portfolio, mask, phis, d, None)).collect();
        Self { portfolio, mask, phis, sectors, drivers }
    }
    fn rate(&self, i: usize) -> Factor {
        let own = self.own(i);
        let shocks: Vec<_> = self.portfolio.shocks.iter().filter(|s| s.hits.contains(&i)).collect();
        if shocks.is_empty() {
            return own;
        }
        let len = self.phis[i].len();
        let mut sum = match own {
            Factor::Number(rate) => vec![C::new(rate, 0.0); len],
            Factor::Vector(rates) => rates,
        };
        for shock in shocks {
            let others: Vec<usize> = shock.hits.iter().copied().filter(|j| *j != i).collect();
            let others = joint(&others, self.phis, len);
            sum.iter_mut().zip(&others).for_each(|(s, o)| *s += o * shock.rate.times());
        }
        Factor::Vector(sum)
    }
    fn own(&self, i: usize) -> Factor {
        let one = C::new(1.0, 0.0);
        let part = &self.portfolio.parts[i];
        let rate = self.portfolio.own_rate(i);
        let phi = &self.phis[i];
        match (&part.link, &part.count) {
            (Link::Alone, Count::Poisson(_)) => Factor::Number(rate),
            (Link::Alone, Count::Gamma { variance, .. }) => {
                Factor::Vector(phi.iter().map(|f| rate / (one - (f - one) * (variance * rate))).collect())
            }
            (Link::Alone, Count::AtMostOnce(chance)) => {
                let p = chance.value();
                Factor::Vector(phi.iter().map(|f| p / (one + (f - one) * p)).collect())
            }
            (Link::Alone, Count::Mixed(nodes)) => Factor::Vector(
                phi.iter()
                    .map(|f| {
                        let (mut up, mut down) = (C::new(0.0, 0.0), C::new(0.0, 0.0));
                        for (rate, w) in nodes {
                            let term = super::combine::exp((f - one) * rate.times()) * *w;
                            down += term;
                            up += term * rate.times();
                        }
                        up / down
                    })
                    .collect(),
            ),
            (Link::Sectors(weights), _) => {
                let own = 1.0 - weights.iter().map(|(_, w)| *w).sum::<f64>();
                let mut sum = vec![C::new(rate * own, 0.0); phi.len()];
                for (k, w) in weights {
                    if let Some(base) = &self.sectors[*k] {
                        sum.iter_mut().zip(base).for_each(|(s, b)| *s += rate * w / b);
                    }
                }
                Factor::Vector(sum)
            }
            (Link::Driver(driver, _), _) => {
                let up = driver_sum(self.portfolio, self.mask, self.phis, *driver, Some(i));
                match (up, &self.drivers[*driver]) {
                    (Some(up), Some(down)) => {
                        Factor::Vector(up.iter().zip(down).map(|(u, d)| u / d).collect())
                    }
                    _ => Factor::Number(rate),
                }
            }
        }
    }
}
