//! Data of figures: what each control contributes, and which input swings the result most.

use super::session::{Run, Session};
use crate::engine::evaluate;
use crate::model::{Model, Resolved};
use serde::{Deserialize, Serialize};
use wardkeep_types::Problems;

/// One step of the waterfall from no modelled control to today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// Control id; the first step is `inherent`, the last `today`.
    pub control: String,
    /// Mean after this step.
    pub mean: f64,
    /// What the step took off the mean.
    pub mean_drop: f64,
    /// Value at risk at the tail level after this step.
    pub var: f64,
    /// What the step took off value at risk.
    pub var_drop: f64,
}

/// How far one uncertain input swings the mean and the tail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Swing {
    /// `rate:ransomware`, `control:mfa`.
    pub input: String,
    /// Mean with the input at its 5 % and 95 % points.
    pub mean: (f64, f64),
    /// Value at risk at the tail level, the same.
    pub var: (f64, f64),
}

impl Session {
    /// From all modelled controls switched off to today, one control at a time in the order of the model, on the
    /// grids of the run. Inherent means: all modelled efficacy at 0, and is captioned so.
    pub fn waterfall(&self, model: &Model, run: &Run) -> Result<Vec<Contribution>, Problems> {
        let level = run.options.tail_level;
        let mut out: Vec<Contribution> = Vec::new();
        let order: Vec<&str> = model.controls.iter().map(|c| c.id.as_str()).collect();
        for on in 0..=order.len() {
            let allowed = &order[..on];
            let changed = switched(model, &|id| allowed.contains(&id));
            let evaluation = self.evaluate(run, &changed)?;
            let (mean, var) =
                (evaluation.moments.mean.unwrap_or(f64::NAN), evaluation.var(level).unwrap_or(f64::NAN));
            let before = out.last().map_or((mean, var), |c| (c.mean, c.var));
            out.push(Contribution {
                control: if on == 0 { "inherent".into() } else { order[on - 1].into() },
                mean,
                mean_drop: before.0 - mean,
                var,
                var_drop: before.1 - var,
            });
        }
        Ok(out)
    }

    /// Each uncertain input at its 5 % and 95 % points, the others at their means; widest swing of value at risk
    /// first.
    pub fn tornado(&self, model: &Model, run: &Run) -> Result<Vec<Swing>, Problems> {
        let level = run.options.tail_level;
        let resolved = &run.resolved;
        let mut out = Vec::new();
        let mut swing = |input: String, make: &dyn Fn(f64) -> crate::engine::Portfolio| {
            let mut ends = [(0.0, 0.0); 2];
            for (slot, u) in ends.iter_mut().zip([0.05, 0.95]) {
                let found = evaluate(&make(u), &run.plan, self.cache()).map_err(|p| Problems(vec![p]))?;
                *slot = (found.moments.mean.unwrap_or(f64::NAN), found.var(level).unwrap_or(f64::NAN));
            }
            let [(m0, v0), (m1, v1)] = ends;
            out.push(Swing { input, mean: (m0, m1), var: (v0, v1) });
            Ok::<_, Problems>(())
        };
        for (i, belief) in resolved.beliefs.iter().enumerate() {
            if belief.quantile(0.05) == belief.quantile(0.95) {
                continue;
            }
            let base = belief.mean();
            swing(format!("rate:{}", resolved.trail[i].id), &|u| {
                let mut portfolio = resolved.portfolio.clone();
                let part = &mut portfolio.parts[i];
                // The input is held at a point: nothing of its own spread is left.
                let rate = part.count.mean() * belief.quantile(u) / base;
                if let Some(rate) = crate::Rate::new(rate) {
                    part.count = crate::engine::Count::Poisson(rate);
                }
                portfolio
            })?;
        }
        for (id, posterior) in &resolved.efficacies {
            let (low, high) = (posterior.draw([0.05; 5]), posterior.draw([0.95; 5]));
            if low == high || model.effects.iter().all(|e| e.control != *id) {
                continue;
            }
            swing(format!("control:{id}"), &|u| {
                let drawn = if u < 0.5 { low } else { high };
                let nothing =
                    crate::control::Values { coverage: 0.0, reliability: 0.0, intact: 0.0, degraded: 0.0 };
                let values = |other: &str| {
                    if other == id {
                        drawn
                    } else {
                        resolved.efficacies.get(other).map_or(nothing, crate::control::Efficacy::values)
                    }
                };
                let mut portfolio = resolved.portfolio.clone();
                for (part, trail) in portfolio.parts.iter_mut().zip(&resolved.trail) {
                    if let Some(scenario) = model.scenario(&part.id)
                        && trail.prevent > 0.0
                    {
                        let now = Resolved::prevented(model, scenario, &values);
                        part.count = part.count.times(now / trail.prevent);
                    }
                }
                portfolio
            })?;
        }
        out.sort_by(|a, b| (b.var.1 - b.var.0).abs().total_cmp(&(a.var.1 - a.var.0).abs()));
        Ok(out)
    }
}

/// The model with only some controls at work: the effects of the others stay in the basis, their efficacy is 0.
fn switched(model: &Model, on: &dyn Fn(&str) -> bool) -> Model {
    let mut changed = model.clone();
    for control in &mut changed.controls {
        if on(&control.id) {
            continue;
        }
        let none = crate::control::Values { coverage: 0.0, reliability: 0.0, intact: 0.0, degraded: 0.0 };
        control.prior = Some(crate::control::Prior::around(none));
        changed.observed.retain(|o| o.control != control.id);
        changed.uptimes.retain(|u| u.control != control.id);
    }
    changed
}
