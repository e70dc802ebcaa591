//! Does a higher rating mean more money? Over all pairs of cells with different ratings.

use super::Matrix;
use serde::{Deserialize, Serialize};

/// Largest over smallest point of one rating.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compression {
    /// Band index, or score without bands.
    pub rating: u32,
    /// How many times the largest point of the rating exceeds its smallest.
    pub times: f64,
}

/// The worst contradiction: the first cell is rated higher and is worth less. Levels from 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WorstPair {
    /// Likelihood and impact of the cell rated higher.
    pub higher: (u32, u32),
    /// Likelihood and impact of the cell rated lower.
    pub lower: (u32, u32),
    /// How many times the lower rated is worth more.
    pub times: f64,
}

impl WorstPair {
    /// By the factor; among equal factors by how many levels of likelihood lie between the two.
    fn is_worse_than(self, other: Self) -> bool {
        let apart = |pair: Self| pair.higher.0.abs_diff(pair.lower.0);
        let equal = (self.times / other.times - 1.0).abs() <= 1e-9;
        if equal { apart(self) > apart(other) } else { self.times > other.times }
    }
}

/// What was found; shown beside the heat map, never used to repair it in silence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Honesty {
    /// Unordered pairs of cells with different ratings.
    pub pairs: usize,
    /// The higher rated has the lower point.
    pub contradicted: usize,
    /// The higher rated ends at or below where the other begins.
    pub certainly_contradicted: usize,
    /// Equal points.
    pub ties: usize,
    /// The worst contradiction.
    pub worst: Option<WorstPair>,
    /// Per rating, lowest first.
    pub compression: Vec<Compression>,
}

struct Cell {
    at: (u32, u32),
    rating: u32,
    low: f64,
    high: f64,
    point: f64,
}

impl Matrix {
    /// The test; `None` when a level has no anchor. `by_band` compares bands, else raw scores.
    pub fn honesty(&self, by_band: bool) -> Option<Honesty> {
        let mut cells = Vec::new();
        for (l, likelihood) in (1u32..).zip(&self.likelihood) {
            for (i, impact) in (1u32..).zip(&self.impact) {
                let ((fl, fh), (ml, mh)) = (likelihood.anchor?, impact.anchor?);
                let score = self.score(l, i)?;
                let rating = if by_band { self.band(score) } else { score };
                let point = libm::sqrt(fl * fh * ml * mh);
                cells.push(Cell { at: (l, i), rating, low: fl * ml, high: fh * mh, point });
            }
        }
        let mut found = Honesty {
            pairs: 0,
            contradicted: 0,
            certainly_contradicted: 0,
            ties: 0,
            worst: None,
            compression: compression(&cells),
        };
        for (n, a) in cells.iter().enumerate() {
            for b in &cells[n + 1..] {
                if a.rating == b.rating {
                    continue;
                }
                found.pairs += 1;
                let (higher, lower) = if a.rating > b.rating { (a, b) } else { (b, a) };
                let times = lower.point / higher.point;
                if (times - 1.0).abs() <= 1e-9 {
                    found.ties += 1;
                    continue;
                }
                if higher.high <= lower.low {
                    found.certainly_contradicted += 1;
                }
                if times > 1.0 {
                    found.contradicted += 1;
                    let pair = WorstPair { higher: higher.at, lower: lower.at, times };
                    if found.worst.is_none_or(|worst| pair.is_worse_than(worst)) {
                        found.worst = Some(pair);
                    }
                }
            }
        }
        Some(found)
    }
}

fn compression(cells: &[Cell]) -> Vec<Compression> {
    let mut ratings: Vec<u32> = cells.iter().map(|c| c.rating).collect();
    ratings.sort_unstable();
    ratings.dedup();
    ratings
        .into_iter()
        .map(|rating| {
            let points = || cells.iter().filter(|c| c.rating == rating).map(|c| c.point);
            let (low, high) = (points().fold(f64::INFINITY, f64::min), points().fold(0.0, f64::max));
            Compression { rating, times: high / low }
        })
        .collect()
}

impl Honesty {
    /// The findings in plain words.
    pub fn sentences(&self) -> Vec<String> {
        let share = |n: usize| 100.0 * n as f64 / self.pairs.max(1) as f64;
        let mut out = vec![format!(
            "Of {} pairs of cells with different ratings, {} ({:.1} %) put the smaller yearly loss higher, {} ({:.1} %) \
             rate equal losses differently.",
            self.pairs,
            self.contradicted,
            share(self.contradicted),
            self.ties,
            share(self.ties)
        )];
        if let Some(worst) = self.worst {
            out.push(format!(
                "Worst: likelihood {} with impact {} is rated above likelihood {} with impact {}, which is worth {:.1} \
                 times more.",
                worst.higher.0, worst.higher.1, worst.lower.0, worst.lower.1, worst.times
            ));
        }
        if let Some(most) = self.compression.iter().max_by(|a, b| a.times.total_cmp(&b.times)) {
            out.push(format!("One rating covers losses that differ by a factor of {:.0}.", most.times));
        }
        out
    }
}
