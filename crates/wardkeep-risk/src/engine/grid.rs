//! The lattice on which annual loss is computed.

use serde::{Deserialize, Serialize};

/// Tilt per grid: stronger drowns small cells in rounding noise, weaker lets the tail wrap around.
pub const TILT: f64 = 20.0;
/// Above this many cells second differences lose digits, and rounding of the distribution takes over.
pub const MEAN_PRESERVING_CELLS: usize = 1 << 16;
/// The most cells a run may ask for.
pub const MOST_CELLS: usize = 1 << 22;

/// Cells at `0, step, 2 step, ..`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Width of a cell in money.
    pub step: f64,
    /// Count of cells, a power of two.
    pub cells: usize,
}

impl Grid {
    /// A grid that ends at `end` money.
    pub fn ending_at(end: f64, cells: usize) -> Self {
        Self { step: end / cells as f64, cells }
    }
    /// Where it ends.
    pub fn end(self) -> f64 {
        self.step * self.cells as f64
    }
    /// Exponent of the tilt per cell.
    pub fn theta(self) -> f64 {
        TILT / self.cells as f64
    }
}
