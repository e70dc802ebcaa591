//! What one control is worth among others, and what it is worth to know more.

use super::Budget;
use crate::simulate::mix;
use serde::{Deserialize, Serialize};

/// Sets up to this size are shared out exactly; larger ones by drawn orders.
const EXACT_SET: usize = 14;
/// Drawn orders, each with its reverse.
const ORDERS: u64 = 2_000;

/// The benefit of a set shared out over its members (Shapley): each gets its mean marginal over all orders.
pub fn shapley(budget: &Budget, chosen: &[bool]) -> Vec<f64> {
    let members: Vec<usize> = (0..chosen.len()).filter(|k| chosen[*k]).collect();
    let mut out = vec![0.0; chosen.len()];
    let m = members.len();
    let value = |set: usize| {
        let flags: Vec<bool> = (0..chosen.len())
            .map(|k| members.iter().position(|j| *j == k).is_some_and(|p| set >> p & 1 == 1))
            .collect();
        budget.objective(&flags)
    };
    if m == 0 {
        return out;
    }
    if m <= EXACT_SET {
        let left: Vec<f64> = (0..1usize << m).map(value).collect();
        for (p, &k) in members.iter().enumerate() {
            for set in (0..1usize << m).filter(|set| set >> p & 1 == 0) {
                let size = set.count_ones() as usize;
                let weight = 1.0 / (m as f64 * binomial(m - 1, size));
                out[k] += weight * (left[set] - left[set | 1 << p]);
            }
        }
        return out;
    }
    for n in 0..ORDERS {
        let mut order = members.clone();
        for i in (1..m).rev() {
            order.swap(i, (mix(mix(n) ^ i as u64) % (i as u64 + 1)) as usize);
        }
        for backward in [false, true] {
            if backward {
                order.reverse();
            }
            let mut flags = vec![false; chosen.len()];
            let mut left = budget.objective(&flags);
            for &k in &order {
                flags[k] = true;
                let next = budget.objective(&flags);
                out[k] += (left - next) / (2 * ORDERS) as f64;
                left = next;
            }
        }
    }
    out
}

fn binomial(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

/// A decision to buy or not, over equally likely benefits a year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Expected benefit less cost.
    pub net: f64,
    /// The same if one knew the benefit before deciding.
    pub with_knowledge: f64,
    /// What knowing is worth at most.
    pub evpi: f64,
    /// P(benefit > cost).
    pub chance_it_pays: f64,
    /// At least 0.8; below, the text is "not shown to pay".
    pub shown_to_pay: bool,
}

/// Expected value of perfect information on a decision with this cost.
pub fn evpi(cost: f64, benefits: &[f64]) -> Decision {
    let n = benefits.len().max(1) as f64;
    let net = benefits.iter().map(|b| b - cost).sum::<f64>() / n;
    let with_knowledge = benefits.iter().map(|b| (b - cost).max(0.0)).sum::<f64>() / n;
    let chance_it_pays = benefits.iter().filter(|b| **b > cost).count() as f64 / n;
    Decision {
        net,
        with_knowledge,
        evpi: with_knowledge - net.max(0.0),
        chance_it_pays,
        shown_to_pay: chance_it_pays >= 0.8,
    }
}

/// Return on a control: (mean reduction - yearly cost) / yearly cost; `None` without a cost.
pub fn rosi(mean_reduction: f64, yearly_cost: f64) -> Option<f64> {
    (yearly_cost > 0.0).then(|| (mean_reduction - yearly_cost) / yearly_cost)
}
