//! Mean, variance and skewness of a year's loss in closed form.

use super::combine::{driver_factor, driver_nodes};
use super::counts::Count;
use super::grid::Grid;
use super::loss::Loss;
use super::portfolio::{AnnualLayer, Link, Portfolio};
use serde::{Deserialize, Serialize};

/// Cumulants of a year's loss; `None` means infinite, and blocks the figure instead of inventing it.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Moments {
    /// Mean.
    pub mean: Option<f64>,
    /// Variance.
    pub variance: Option<f64>,
    /// Third central moment.
    pub third: Option<f64>,
}

/// Sums of `rate * E[X^k]`, k = 1, 2, 3.
#[derive(Debug, Clone, Copy)]
struct Power([Option<f64>; 3]);

impl Power {
    const ZERO: Self = Self([Some(0.0); 3]);
    fn of(rate: f64, loss: &Loss) -> Self {
        if rate == 0.0 {
            return Self::ZERO;
        }
        Self([1, 2, 3].map(|k| Some(rate * loss.moment(k)?)))
    }
    fn plus(self, other: Self) -> Self {
        Self([0, 1, 2].map(|k| Some(self.0[k]? + other.0[k]?)))
    }
}

impl Moments {
    /// Of nothing.
    pub const ZERO: Self = Self { mean: Some(0.0), variance: Some(0.0), third: Some(0.0) };

    /// Standard deviation.
    pub fn sd(&self) -> Option<f64> {
        Some(libm::sqrt(self.variance?.max(0.0)))
    }
    /// Third central moment over the cube of the standard deviation.
    pub fn skew(&self) -> Option<f64> {
        let variance = self.variance.filter(|v| *v > 0.0)?;
        Some(self.third? / libm::pow(variance, 1.5))
    }
    /// Of a sum of independent years.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let add = |a: Option<f64>, b: Option<f64>| Some(a? + b?);
        Self {
            mean: add(self.mean, other.mean),
            variance: add(self.variance, other.variance),
            third: add(self.third, other.third),
        }
    }
    /// Of a Poisson sum whose rate has a factor of mean 1 with this variance and third central moment.
    fn mixed(power: Power, variance: f64, third: f64) -> Self {
        let [a, b, c] = power.0;
        Self {
            mean: a,
            variance: a.zip(b).map(|(a, b)| b + variance * a * a),
            third: a.zip(b).zip(c).map(|((a, b), c)| c + 3.0 * variance * a * b + third * a * a * a),
        }
    }

    /// Of the scenarios the mask lets in, before any cover of the year.
    pub fn of(portfolio: &Portfolio, mask: &[bool]) -> Self {
        let mut sum = Self::ZERO;
        let mut sectors = vec![Power::ZERO; portfolio.sectors.len()];
        for (i, part) in portfolio.parts.iter().enumerate().filter(|(i, _)| mask[*i]) {
            let rate = portfolio.own_rate(i);
            match &part.link {
                Link::Alone => sum = sum.plus(Self::alone(&part.count, rate, &part.loss)),
                Link::Sectors(weights) => {
                    let own = 1.0 - weights.iter().map(|(_, w)| *w).sum::<f64>();
                    sum = sum.plus(Self::mixed(Power::of(own.max(0.0) * rate, &part.loss), 0.0, 0.0));
                    for (k, w) in weights {
                        sectors[*k] = sectors[*k].plus(Power::of(w * rate, &part.loss));
                    }
                }
                Link::Driver(..) => {}
            }
        }
        for (power, v) in sectors.into_iter().zip(&portfolio.sectors) {
            sum = sum.plus(Self::mixed(power, *v, 2.0 * v * v));
        }
        for driver in 0..portfolio.drivers {
            sum = sum.plus(Self::driven(portfolio, mask, driver));
        }
        for shock in portfolio.shocks.iter().filter(|shock| shock.hits.iter().any(|i| mask[*i])) {
            let joint = Loss::Sum(shock.hits.iter().map(|i| portfolio.parts[*i].loss.clone()).collect());
            sum = sum.plus(Self::mixed(Power::of(shock.rate.times(), &joint), 0.0, 0.0));
        }
        sum
    }

    fn alone(count: &Count, rate: f64, loss: &Loss) -> Self {
        match count {
            Count::Poisson(_) => Self::mixed(Power::of(rate, loss), 0.0, 0.0),
            Count::Gamma { variance: v, .. } => Self::mixed(Power::of(rate, loss), *v, 2.0 * v * v),
            other => {
                let f1 = other.mean();
                if f1 == 0.0 {
                    return Self::ZERO;
                }
                let (f2, f3) = other.factorial_moments();
                let [m1, m2, m3] = [1, 2, 3].map(|k| loss.moment(k));
                let second = m1.zip(m2).map(|(m1, m2)| f1 * m2 + f2 * m1 * m1);
                let third =
                    m1.zip(m2).zip(m3).map(|((m1, m2), m3)| f1 * m3 + 3.0 * f2 * m1 * m2 + f3 * m1 * m1 * m1);
                let mean = m1.map(|m1| f1 * m1);
                Self {
                    mean,
                    variance: mean.zip(second).map(|(m, s)| s - m * m),
                    third: mean.zip(second).zip(third).map(|((m, s), t)| t - 3.0 * m * s + 2.0 * m * m * m),
                }
            }
        }
    }

    fn driven(portfolio: &Portfolio, mask: &[bool], driver: usize) -> Self {
        let mut at: Vec<(f64, Power)> = Vec::new();
        for (z, weight) in driver_nodes() {
            let mut power = Power::ZERO;
            for (i, part) in portfolio.parts.iter().enumerate().filter(|(i, _)| mask[*i]) {
                if let Link::Driver(d, spread) = part.link
                    && d == driver
                {
                    power =
                        power.plus(Power::of(portfolio.own_rate(i) * driver_factor(spread, z), &part.loss));
                }
            }
            at.push((weight, power));
        }
        let over =
            |f: &dyn Fn(&Power) -> Option<f64>| at.iter().map(|(w, p)| Some(w * f(p)?)).sum::<Option<f64>>();
        let mean = over(&|p| p.0[0]);
        let centred = |p: &Power| Some(p.0[0]? - mean?);
        Self {
            mean,
            variance: over(&|p| Some(p.0[1]? + centred(p)?.powi(2))),
            third: over(&|p| Some(p.0[2]? + 3.0 * centred(p)? * p.0[1]? + centred(p)?.powi(3))),
        }
    }

    /// After cover of the year's sum: what lies on the grid is moved through the cover, what lies beyond is
    /// known by the moments that the grid lacks, and has the whole limit taken off.
    #[must_use]
    pub fn covered(self, gross: &[f64], grid: Grid, layer: AnnualLayer) -> Self {
        let (mut on_grid, mut net) = ([0.0; 4], [0.0; 4]);
        for (k, p) in gross.iter().enumerate() {
            let amount = k as f64 * grid.step;
            let left = layer.net(amount);
            for j in 0..4 {
                on_grid[j] += amount.powi(j as i32) * p;
                net[j] += left.powi(j as i32) * p;
            }
        }
        let paid = (grid.end() - layer.retention).clamp(0.0, layer.limit);
        let raw1 = self.mean;
        let raw2 = raw1.zip(self.variance).map(|(m, v)| v + m * m);
        let raw3 = raw1.zip(self.variance).zip(self.third).map(|((m, v), t)| t + 3.0 * m * v + m * m * m);
        let t0 = 1.0 - on_grid[0];
        let tail = |raw: Option<f64>, j: usize| raw.map(|raw| raw - on_grid[j]);
        let (t1, t2, t3) = (tail(raw1, 1), tail(raw2, 2), tail(raw3, 3));
        let n1 = t1.map(|t1| net[1] + t1 - paid * t0);
        let n2 = t1.zip(t2).map(|(t1, t2)| net[2] + t2 - 2.0 * paid * t1 + paid * paid * t0);
        let n3 = t1
            .zip(t2)
            .zip(t3)
            .map(|((t1, t2), t3)| net[3] + t3 - 3.0 * paid * t2 + 3.0 * paid * paid * t1 - paid.powi(3) * t0);
        Self {
            mean: n1,
            variance: n1.zip(n2).map(|(m, s)| s - m * m),
            third: n1.zip(n2).zip(n3).map(|((m, s), t)| t - 3.0 * m * s + 2.0 * m.powi(3)),
        }
    }
}
