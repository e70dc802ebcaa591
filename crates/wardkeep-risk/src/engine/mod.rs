//! The exact engine: a portfolio of compound counts as one real Fourier transform, tilted.

mod cache;
mod combine;
mod counts;
mod curve;
mod discretise;
mod euler;
mod evaluate;
mod grid;
mod loss;
mod moments;
mod oep;
pub mod panjer;
mod portfolio;
mod transform;

pub use cache::Cache;
pub use counts::Count;
pub use curve::Curve;
pub use discretise::{VectorCheck, discretise};
pub use euler::Share;
pub use evaluate::{Checks, Evaluation, Options, Plan, evaluate, plan};
pub use grid::Grid;
pub use loss::{EventLayer, Leaf, Loss};
pub use moments::Moments;
pub use oep::LargestEvent;
pub use portfolio::{AnnualLayer, Group, Link, Part, Portfolio, Shock};
pub use transform::Complex;
