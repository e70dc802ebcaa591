//! From a portfolio to its curve: where the grids lie, what is checked, what is read from which grid.

use super::cache::Cache;
use super::combine::{Memo, at_values, generating};
use super::curve::Curve;
use super::grid::{Grid, MOST_CELLS};
use super::moments::Moments;
use super::portfolio::{AnnualLayer, Portfolio};
use super::transform::Complex;
use crate::maths::root;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wardkeep_types::Problem;

/// How fine and how far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// Cells of each grid, a power of two.
    pub cells: usize,
    /// Quantiles that must be readable, each in (0, 1).
    pub levels: Vec<f64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { cells: 1 << 14, levels: vec![0.5, 0.9, 0.95, 0.99, 0.999] }
    }
}

/// Grids fixed once, so that before and after are computed on the same cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// From the widest to the finest.
    pub grids: Vec<Grid>,
}

/// Self-checks of a result; each is within its limit, or there is no result.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Checks {
    /// Largest miss of the mass identity over all loss vectors (limit 1e-12 up to 2^14 cells).
    pub vector_mass: f64,
    /// Largest relative miss of the mean identity.
    pub vector_mean: f64,
    /// `h^2 sum L / 6` over the variance on the grid (limit 1e-3).
    pub width: f64,
    /// Smallest cell (limit -1e-7).
    pub lowest_cell: f64,
    /// Sum of the cells (limit 1 + 1e-7).
    pub total: f64,
}

/// The distribution of a year's loss.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// One curve per grid of the plan.
    pub curves: Vec<Curve>,
    /// Closed-form moments (after cover of the year: from the curve and the closed-form tail).
    pub moments: Moments,
    /// P(S = 0).
    pub no_loss: f64,
    /// The worst of the checks over all grids.
    pub checks: Checks,
    /// Single amounts have mass: quantiles are good to half a cell.
    pub atoms: bool,
}

impl Evaluation {
    /// Value at risk; `None` beyond every grid.
    pub fn var(&self, q: f64) -> Option<f64> {
        self.curves.iter().rev().find_map(|curve| curve.quantile(q))
    }
    /// Mean of the worst `1 - q` of years; `None` when the mean is infinite or the quantile unknown.
    pub fn tvar(&self, q: f64) -> Option<f64> {
        let (mean, var) = (self.moments.mean?, self.var(q)?);
        Some(var + (mean - self.limited_mean(var)?) / (1.0 - q))
    }
    /// `E[min(S, x)]`.
    pub fn limited_mean(&self, x: f64) -> Option<f64> {
        self.curves.iter().rev().find_map(|curve| curve.limited_mean(x))
    }
    /// P(S > x); `None` beyond every grid.
    pub fn exceeds(&self, x: f64) -> Option<f64> {
        self.curves.iter().rev().find_map(|curve| curve.cdf(x)).map(|f| (1.0 - f).clamp(0.0, 1.0))
    }
    /// Expected recovery of a layer on the year's sum, and the chances that it is reached and exhausted.
    pub fn annual_layer(&self, layer: AnnualLayer) -> Option<(f64, f64, f64)> {
        let end = layer.retention + layer.limit;
        let recovery = self.limited_mean(end)? - self.limited_mean(layer.retention)?;
        Some((recovery, self.exceeds(layer.retention)?, self.exceeds(end)?))
    }
    /// Mass beyond the end of the widest grid.
    pub fn beyond(&self) -> f64 {
        self.curves.first().map_or(0.0, Curve::beyond)
    }
}

/// Finds the grids for a portfolio and evaluates it on them.
pub fn plan(portfolio: &Portfolio, options: &Options, cache: &Cache) -> Result<(Plan, Evaluation), Problem> {
    let end = main_end(portfolio, options, cache)?;
    let mut cells = options.cells;
    loop {
        match with_main(portfolio, options, cache, end, cells) {
            // Cells too wide for many small events: finer ones.
            Err(problem) if problem.code == "cells_too_wide" && cells < (1 << 20) => cells *= 2,
            other => return other,
        }
    }
}

fn with_main(
    portfolio: &Portfolio,
    options: &Options,
    cache: &Cache,
    end: f64,
    cells: usize,
) -> Result<(Plan, Evaluation), Problem> {
    let highest = highest(options);
    let mut grid = Grid::ending_at(end, cells);
    let mut evaluation = evaluate(portfolio, &Plan { grids: vec![grid] }, cache)?;
    let mut turns = 0;
    while evaluation.beyond() > 1.0 - highest && turns < 60 {
        grid = Grid::ending_at(grid.end() * 2.0, cells);
        evaluation = evaluate(portfolio, &Plan { grids: vec![grid] }, cache)?;
        turns += 1;
    }
    let mut plan = Plan { grids: vec![grid] };
    // A quantile within few cells of zero is read from a finer grid of its own.
    while plan.grids.len() < 5 {
        let finest = plan.grids[plan.grids.len() - 1];
        let low = options
            .levels
            .iter()
            .filter_map(|q| evaluation.var(*q))
            .filter(|var| *var > 0.0 && *var < 200.0 * finest.step)
            .fold(0.0, f64::max);
        if low == 0.0 {
            break;
        }
        let finer = Grid::ending_at(2.0 * low, cells);
        let next = evaluate(portfolio, &Plan { grids: vec![finer] }, cache)?;
        plan.grids.push(finer);
        evaluation.checks = evaluation.checks.worst(next.checks);
        evaluation.curves.extend(next.curves);
    }
    Ok((plan, evaluation))
}

fn highest(options: &Options) -> f64 {
    options.levels.iter().copied().fold(0.5, f64::max)
}

/// Where the main grid ends: twice the highest quantile, from coarse passes.
fn main_end(portfolio: &Portfolio, options: &Options, cache: &Cache) -> Result<f64, Problem> {
    let highest = highest(options);
    let mask = vec![true; portfolio.parts.len()];
    let moments = Moments::of(portfolio, &mask);
    let survival = |x: f64| -> f64 {
        let own: f64 = portfolio
            .parts
            .iter()
            .enumerate()
            .map(|(i, p)| portfolio.own_rate(i).max(0.0) * p.loss.survival(x))
            .sum();
        let shocks: f64 = portfolio
            .shocks
            .iter()
            .map(|s| {
                s.rate.times()
                    * s.hits.iter().map(|i| portfolio.parts[*i].loss.survival(x)).sum::<f64>().min(1.0)
            })
            .sum();
        own + shocks
    };
    let mut high = 1.0;
    while survival(high) > 1.0 - highest && high < 1e300 {
        high *= 4.0;
    }
    let jump = root::increasing(0.0, high, |x| (1.0 - highest) - survival(x));
    let mean = moments.mean.unwrap_or(0.0);
    let spread = moments.sd().filter(|sd| sd.is_finite()).map_or(0.0, |sd| mean + 6.0 * sd);
    let mut end = 2.0 * (jump + mean).max(spread).max(1e-6);
    for _ in 0..60 {
        let grid = Grid::ending_at(end, (1 << 11).min(options.cells));
        let curve = raw_curve(portfolio, grid, cache).0;
        match curve.quantile(highest) {
            Some(var) if var > 100.0 * grid.step => return Ok(2.0 * var),
            // The portfolio has no loss at this level at all.
            Some(0.0) => return Ok(end),
            Some(var) => end = (4.0 * var).max(4.0 * grid.step),
            None => end *= 2.0,
        }
    }
    Err(Problem::new("portfolio", "no_grid", "no grid holds the highest quantile")
        .hint("Check the rates and the largest losses for a slip of units."))
}

/// Evaluates on fixed grids.
pub fn evaluate(portfolio: &Portfolio, plan: &Plan, cache: &Cache) -> Result<Evaluation, Problem> {
    let faults = portfolio.faults();
    if let Some(problem) = faults.into_iter().next() {
        return Err(problem);
    }
    let mut checks = Checks::default();
    let mut moments = None;
    let mut curves = Vec::new();
    for grid in &plan.grids {
        if !grid.cells.is_power_of_two()
            || !(2..=MOST_CELLS).contains(&grid.cells)
            || grid.step.is_nan()
            || grid.step <= 0.0
        {
            return Err(Problem::new(
                "options.cells",
                "grid",
                "a grid has 2 to 4194304 cells, a power of two",
            ));
        }
        let (curve, check, after) = raw_curve(portfolio, *grid, cache);
        // The widest grid knows the most of the tail.
        moments.get_or_insert(after);
        check.verdict(grid.cells)?;
        checks = checks.worst(check);
        curves.push(curve);
    }
    let atoms = portfolio.parts.iter().any(|part| part.loss.has_atoms());
    let no_loss = curves.first().map_or(1.0, Curve::no_loss);
    Ok(Evaluation { curves, moments: moments.unwrap_or(Moments::ZERO), no_loss, checks, atoms })
}

/// One grid: transforms, product, back, cover of groups and of the year.
fn raw_curve(portfolio: &Portfolio, grid: Grid, cache: &Cache) -> (Curve, Checks, Moments) {
    let phis: Vec<Arc<Vec<Complex<f64>>>> =
        portfolio.parts.iter().map(|part| part.loss.spectrum(grid, cache)).collect();
    let transform = cache.transform(grid.cells);
    let memo = Memo(Some((cache, grid)));
    let mut mask = vec![true; portfolio.parts.len()];
    let mut spectra = Vec::new();
    let mut moments = Moments::ZERO;
    for group in &portfolio.groups {
        let mut own = vec![false; mask.len()];
        for &i in &group.members {
            own[i] = true;
            mask[i] = false;
        }
        let gross = transform.back(generating(portfolio, &own, &phis, memo));
        moments = moments.plus(Moments::of(portfolio, &own).covered(&gross, grid, group.layer));
        spectra.push(transform.forward(net_masses(&gross, grid, group.layer).into_iter()));
    }
    moments = moments.plus(Moments::of(portfolio, &mask));
    let mut product = generating(portfolio, &mask, &phis, memo);
    for spectrum in &spectra {
        product.iter_mut().zip(spectrum).for_each(|(a, b)| *a *= b);
    }
    let mut masses = if product.is_empty() {
        let mut none = vec![0.0; grid.cells];
        none[0] = 1.0;
        none
    } else {
        transform.back(product)
    };
    let width_variance = Curve::new(grid, masses.clone(), 0.0).variance();
    if let Some(layer) = portfolio.annual {
        moments = moments.covered(&masses, grid, layer);
        masses = net_masses(&masses, grid, layer);
    }
    let zeros: Vec<f64> = portfolio.parts.iter().map(|part| part.loss.mass_at_zero()).collect();
    let no_loss = if portfolio.parts.is_empty() { 1.0 } else { at_values(portfolio, &zeros) };
    let check = check(portfolio, grid, cache, &masses, width_variance);
    (Curve::new(grid, masses, no_loss), check, moments)
}

/// Moves masses through a cover; an amount between two cells is shared so that its mean is kept.
fn net_masses(gross: &[f64], grid: Grid, layer: AnnualLayer) -> Vec<f64> {
    let mut net = vec![0.0; gross.len()];
    for (k, p) in gross.iter().enumerate() {
        let place = layer.net(k as f64 * grid.step) / grid.step;
        let (cell, share) = (place as usize, place - libm::floor(place));
        net[cell] += p * (1.0 - share);
        if share > 0.0 && cell + 1 < net.len() {
            net[cell + 1] += p * share;
        }
    }
    net
}

fn check(portfolio: &Portfolio, grid: Grid, cache: &Cache, masses: &[f64], variance: f64) -> Checks {
    let mut checks = Checks::default();
    for part in &portfolio.parts {
        let mut leaves = Vec::new();
        part.loss.leaves(&mut leaves);
        for leaf in leaves {
            let found = cache.leaf(leaf, grid).check();
            checks.vector_mass = checks.vector_mass.max(found.mass);
            checks.vector_mean = checks.vector_mean.max(found.mean);
        }
    }
    let rate = portfolio.total_rate();
    checks.width = if variance > 0.0 { grid.step * grid.step * rate / 6.0 / variance } else { 0.0 };
    checks.lowest_cell = masses.iter().copied().fold(0.0, f64::min);
    checks.total = masses.iter().sum();
    checks
}

impl Checks {
    fn worst(self, other: Self) -> Self {
        Self {
            vector_mass: self.vector_mass.max(other.vector_mass),
            vector_mean: self.vector_mean.max(other.vector_mean),
            width: self.width.max(other.width),
            lowest_cell: self.lowest_cell.min(other.lowest_cell),
            total: self.total.max(other.total),
        }
    }
    fn verdict(self, cells: usize) -> Result<(), Problem> {
        // Rounding of the telescoped sums grows with the count of cells.
        let slack = 1e-12 * (cells as f64 / 16384.0).max(1.0);
        let fail = |code: &str, message: String| {
            Err(Problem::new("engine", code, message)
                .hint("No curve is shown; report this model, it found a defect."))
        };
        if self.vector_mass > slack || self.vector_mean > slack {
            return fail(
                "vector_identity",
                format!(
                    "a loss vector misses its mass by {:e}, its mean by {:e}",
                    self.vector_mass, self.vector_mean
                ),
            );
        }
        if self.width > 1e-3 {
            return fail(
                "cells_too_wide",
                format!("cells are too wide for small events ({:.2e})", self.width),
            );
        }
        if self.lowest_cell < -1e-7 || self.total > 1.0 + 1e-7 {
            return fail("masses", format!("lowest cell {:e}, total {}", self.lowest_cell, self.total));
        }
        Ok(())
    }
}
