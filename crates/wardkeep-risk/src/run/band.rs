//! Uncertainty of the inputs: draws of rates and controls, one cached evaluation each.

use crate::Rate;
use crate::control::Values;
use crate::engine::{Cache, Count, Evaluation, Plan, Portfolio, evaluate};
use crate::model::{Model, Resolved, Sobol};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wardkeep_types::Problem;

/// The band at one amount.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BandPoint {
    /// Money a year.
    pub loss: f64,
    /// 5 % of the draws.
    pub low: f64,
    /// 95 % of the draws.
    pub high: f64,
}

/// 5 to 95 % over draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// How many draws.
    pub draws: usize,
    /// Key of the draws' shift.
    pub key: u64,
    /// What was drawn: the caption.
    pub of: String,
    /// The mean, 5 and 95 %.
    pub mean: Option<(f64, f64)>,
    /// Value at risk by level in percent, 5 and 95 %.
    pub var: BTreeMap<String, (f64, f64)>,
    /// Tail mean by level in percent, 5 and 95 %.
    pub tvar: BTreeMap<String, (f64, f64)>,
    /// Pointwise band of the curve.
    pub points: Vec<BandPoint>,
}

/// Caption of a band without loss parameters.
pub const RATES_AND_CONTROLS: &str = "rates and controls only";

/// Key of the draws: fixed, so that the same inputs give the same band.
pub const BAND_KEY: u64 = 0x0057_4152_444b_4545;

/// A portfolio with drawn rates and efficacies; losses stay, so that their vectors are cached.
pub fn drawn(model: &Model, resolved: &Resolved, base: &Portfolio, u: &[f64]) -> Portfolio {
    let mut portfolio = base.clone();
    let rates = resolved.beliefs.len();
    let values: BTreeMap<&str, Values> = resolved
        .efficacies
        .iter()
        .enumerate()
        .map(|(k, (id, posterior))| {
            let at = rates + 5 * k;
            (id.as_str(), posterior.draw([u[at], u[at + 1], u[at + 2], u[at + 3], u[at + 4]]))
        })
        .collect();
    let nothing = Values { coverage: 0.0, reliability: 0.0, intact: 0.0, degraded: 0.0 };
    let of = |id: &str| values.get(id).copied().unwrap_or(nothing);
    for (i, part) in portfolio.parts.iter_mut().enumerate() {
        let Some(scenario) = model.scenario(&part.id) else { continue };
        let factor = Resolved::prevented(model, scenario, &of);
        let rate = resolved.beliefs[i].quantile(u[i]) * factor;
        part.count = match &part.count {
            Count::AtMostOnce(_) => Count::AtMostOnce(crate::Probability::clamped(rate)),
            other => Rate::new(rate).map_or_else(|| other.clone(), Count::Poisson),
        };
    }
    // A drawn rate below what a shock carves out leaves nothing of its own, never less.
    for shock in &mut portfolio.shocks {
        let room = shock.hits.iter().map(|i| portfolio.parts[*i].count.mean()).fold(f64::INFINITY, f64::min);
        if shock.carved_out && shock.rate.times() > room {
            shock.rate = Rate::new(room).unwrap_or(shock.rate);
        }
    }
    portfolio
}

/// Evaluations of all draws of a portfolio on fixed grids.
pub fn draws(
    model: &Model,
    resolved: &Resolved,
    base: &Portfolio,
    plan: &Plan,
    count: usize,
    cache: &Cache,
) -> Result<Vec<Evaluation>, Problem> {
    let sobol = Sobol::new(resolved.beliefs.len() + 5 * resolved.efficacies.len(), BAND_KEY);
    (0..count).map(|n| evaluate(&drawn(model, resolved, base, &sobol.point(n as u32)), plan, cache)).collect()
}

/// The same for the scenarios in a scope, with the draws that the whole portfolio has.
pub fn draws_of(
    model: &Model,
    resolved: &Resolved,
    inside: &dyn Fn(&str) -> bool,
    plan: &Plan,
    count: usize,
    cache: &Cache,
) -> Result<Vec<Evaluation>, Problem> {
    let sobol = Sobol::new(resolved.beliefs.len() + 5 * resolved.efficacies.len(), BAND_KEY);
    (0..count)
        .map(|n| {
            let all = drawn(model, resolved, &resolved.portfolio, &sobol.point(n as u32));
            evaluate(&super::appetite::scoped(&all, inside), plan, cache)
        })
        .collect()
}

/// 5 and 95 % of values, by the nearest order statistics.
pub fn ends(mut values: Vec<f64>) -> Option<(f64, f64)> {
    if values.is_empty() {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let at = |q: f64| {
        let place = q * (values.len() - 1) as f64;
        let (k, share) = (place as usize, place - libm::floor(place));
        let next = values[(k + 1).min(values.len() - 1)];
        values[k] + share * (next - values[k])
    };
    Some((at(0.05), at(0.95)))
}

impl Band {
    /// From evaluated draws, at the amounts of a curve.
    pub fn new(draws: &[Evaluation], amounts: &[f64], levels: &[f64]) -> Self {
        let over = |f: &dyn Fn(&Evaluation) -> Option<f64>| ends(draws.iter().filter_map(f).collect());
        let by_level = |f: &dyn Fn(&Evaluation, f64) -> Option<f64>| {
            levels.iter().filter_map(|q| Some((super::level_key(*q), over(&|e| f(e, *q))?))).collect()
        };
        let points = amounts
            .iter()
            .filter_map(|&loss| {
                let (low, high) = over(&|e| e.exceeds(loss))?;
                Some(BandPoint { loss, low, high })
            })
            .collect();
        Self {
            draws: draws.len(),
            key: BAND_KEY,
            of: RATES_AND_CONTROLS.into(),
            mean: over(&|e| e.moments.mean),
            var: by_level(&Evaluation::var),
            tvar: by_level(&Evaluation::tvar),
            points,
        }
    }
}
