//! What each budget could buy.

use super::Budget;
use super::search::{Plan, solve};
use serde::{Deserialize, Serialize};

/// One point of the frontier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrontierPoint {
    /// The budget.
    pub once: f64,
    /// The plan it buys.
    pub plan: Plan,
}

/// Plans over budgets from nothing to everything, each at least as good as the one before.
pub fn frontier(budget: &Budget, points: usize) -> Vec<FrontierPoint> {
    let all: f64 = budget.choices.iter().map(|c| c.once).sum();
    let mut out: Vec<FrontierPoint> = Vec::new();
    for n in 0..points.max(2) {
        let once = all * n as f64 / (points.max(2) - 1) as f64;
        let mut trial = budget.clone();
        trial.once = once;
        let Some(mut plan) = solve(&trial) else { continue };
        if let Some(before) = out.last()
            && before.plan.left < plan.left
        {
            plan = before.plan.clone();
        }
        out.push(FrontierPoint { once, plan });
    }
    out
}
