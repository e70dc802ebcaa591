//! The portfolio of fifty scenarios that the targets speak about.

use wardkeep_risk::Rate;
use wardkeep_risk::engine::{Count, Link, Loss, Part, Portfolio};
use wardkeep_risk::law::LawSpec;

/// Levels with a reference.
pub const LEVELS: [f64; 5] = [0.5, 0.95, 0.99, 0.999, 0.9999];
/// Where the grid ends.
pub const END: f64 = 52e6;

/// Values at risk on 2^20 and finer cells.
pub fn reference() -> [f64; 5] {
    [1_071_495.27, 3_454_473.55, 6_269_193.03, 13_348_960.92, 26_024_949.9]
}

/// Lognormal loss.
pub fn interval(p05: f64, p95: f64) -> Loss {
    Loss::of(&LawSpec::Interval { p05, p95 }).unwrap()
}

/// The portfolio.
pub fn p50() -> Portfolio {
    let part = |i: i32| {
        let low = 200_000.0 * 0.9f64.powi(i);
        let loss = if i % 5 == 4 {
            Loss::of(&LawSpec::Pert { low, mode: 3.0 * low, high: 30.0 * low, weight: 4.0 }).unwrap()
        } else {
            interval(low, 30.0 * low)
        };
        let count = Count::Poisson(Rate::new(0.02 * 1.1f64.powi(i)).unwrap());
        Part { id: format!("s{i}"), count, loss, link: Link::Alone }
    };
    Portfolio::of((0..50).map(part).collect())
}
