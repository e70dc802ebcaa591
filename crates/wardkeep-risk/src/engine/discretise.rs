//! A law as masses on a grid, with its mean kept.

use super::grid::{Grid, MEAN_PRESERVING_CELLS};
use crate::law::Law;
use crate::maths::root;
use serde::{Deserialize, Serialize};

/// Chance per event that is left beyond the support that is evaluated.
const BEYOND_SUPPORT: f64 = 1e-14;

/// Telescoped identities of one loss vector: how far mass and mean miss what the closed form says.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct VectorCheck {
    /// `sum p` against `1 + (SL(Nh) - SL((N-1)h))/h`.
    pub mass: f64,
    /// `sum kh p` against `E[X] - N SL((N-1)h) + (N-1) SL(Nh)`, relative to its
    /// largest term.
    pub mean: f64,
}

/// Masses on `0, h, 2h, ..` (as many as the support needs) and their check. `logs[k]` is ln k.
pub fn discretise(law: &dyn Law, grid: Grid, logs: &[f64]) -> (Vec<f64>, VectorCheck) {
    let h = grid.step;
    let cells = support(law, grid);
    // Differences of amounts far larger than the grid lose digits too: then the distribution is rounded.
    // The whole excess, not the moment: both are the mean, but only differences of one formula keep their digits.
    let mean = law.mean().and_then(|mean| law.excess(0.0).or(Some(mean)));
    let mean = mean.filter(|mean| *mean < grid.end() && grid.cells <= MEAN_PRESERVING_CELLS);
    let Some(mean) = mean else { return (rounded(law, h, cells), VectorCheck::default()) };
    let masses = match law.cell_masses(h, cells, logs) {
        Some(masses) => masses,
        None => second_differences(law, mean, h, cells),
    };
    let loss = |k: usize| law.excess(k as f64 * h).unwrap_or(0.0);
    let (inner, outer) = (loss(cells - 1), loss(cells));
    let n = cells as f64;
    let (mut mass, mut first) = (0.0, 0.0);
    for (k, p) in masses.iter().enumerate() {
        mass += p;
        first += k as f64 * h * p;
    }
    let wanted_first = mean - n * inner + (n - 1.0) * outer;
    // Differences of amounts of the size of the mean, over h, carry this much rounding per 1e-12.
    let rounding = 1.0 + 2.0 * f64::EPSILON * mean / h / 1e-12;
    let check = VectorCheck {
        mass: (mass - (1.0 + (outer - inner) / h)).abs() / rounding,
        // Against the largest of the terms that cancel.
        mean: (first - wanted_first).abs() / mean.max(h).max(n * inner),
    };
    (masses, check)
}

/// Cells up to where almost nothing is left.
fn support(law: &dyn Law, grid: Grid) -> usize {
    let top = law.top();
    if top < grid.end() {
        return ((top / grid.step).ceil() as usize + 2).min(grid.cells);
    }
    if law.survival(grid.end()) > BEYOND_SUPPORT {
        return grid.cells;
    }
    let end = root::increasing(0.0, grid.end(), |x| BEYOND_SUPPORT - law.survival(x));
    ((end / grid.step).ceil() as usize + 2).min(grid.cells)
}

fn second_differences(law: &dyn Law, mean: f64, h: f64, cells: usize) -> Vec<f64> {
    let loss = |k: usize| law.excess(k as f64 * h).unwrap_or(0.0);
    let (mut before, mut now) = (mean + h, loss(0));
    (0..cells)
        .map(|k| {
            let next = loss(k + 1);
            let mass = (before - 2.0 * now + next) / h;
            (before, now) = (now, next);
            // Rounding may leave a trace below zero; cutting it off would add up to a bias.
            mass
        })
        .collect()
}

/// `F((k + 1/2)h) - F((k - 1/2)h)`, from whichever tail has the digits.
fn rounded(law: &dyn Law, h: f64, cells: usize) -> Vec<f64> {
    let edge = |k: usize| (k as f64 + 0.5) * h;
    let (mut below, mut above) = (0.0, 1.0);
    (0..cells)
        .map(|k| {
            let (next_below, next_above) = (law.cdf(edge(k)), law.survival(edge(k)));
            let mass = if next_below < 0.5 { next_below - below } else { above - next_above };
            (below, above) = (next_below, next_above);
            mass.max(0.0)
        })
        .collect()
}
