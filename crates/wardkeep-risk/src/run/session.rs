//! A session holds cached vectors: the first run pays, what-if answers at once.

use super::appetite;
use super::band::{self, Band};
use super::insurance::Cover;
use super::level_key;
use super::record::Engine;
use super::result::{Heading, LecPoint, RunResult, ScenarioResult, SourceShare};
use crate::engine::{Cache, Evaluation, LargestEvent, Loss, Options, Plan, evaluate, plan};
use crate::model::{Model, Resolved, SourceKind, resolve};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wardkeep_types::{Problem, Problems};

/// How a run is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunOptions {
    /// Cells of each grid.
    pub cells: usize,
    /// Levels of value at risk and tail mean.
    pub levels: Vec<f64>,
    /// Level of the scenarios' tail parts.
    pub tail_level: f64,
    /// Uncertain rates spread the year; without it mean rates are taken as known.
    pub predictive: bool,
    /// Draws of the band; 0 for none.
    pub draws: usize,
    /// Points of the curve.
    pub points: usize,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            cells: 1 << 14,
            levels: vec![0.95, 0.99, 0.999],
            tail_level: 0.99,
            predictive: true,
            draws: 64,
            points: 60,
        }
    }
}

impl RunOptions {
    /// What the engine needs of it.
    pub fn engine(&self) -> Options {
        let mut levels = self.levels.clone();
        levels.extend([0.5, 0.9, self.tail_level]);
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        Options { cells: self.cells, levels }
    }
}

/// A finished run with what is needed to ask on.
#[derive(Debug)]
pub struct Run {
    /// The figures.
    pub result: RunResult,
    /// The model made ready.
    pub resolved: Resolved,
    /// The grids.
    pub plan: Plan,
    /// The distribution.
    pub evaluation: Evaluation,
    /// How it was made.
    pub options: RunOptions,
}

/// Before and after on the same cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WhatIf {
    /// Mean before and after.
    pub mean: Option<(f64, f64)>,
    /// Value at risk before and after, by level in percent.
    pub var: BTreeMap<String, (f64, f64)>,
    /// Tail mean before and after, by level in percent.
    pub tvar: BTreeMap<String, (f64, f64)>,
    /// P(no loss) before and after.
    pub no_loss: (f64, f64),
    /// Points of the curve afterwards: money, chance.
    pub lec: Vec<(f64, f64)>,
}

/// Cached vectors, shared by runs.
#[derive(Debug, Default)]
pub struct Session {
    cache: Cache,
}

fn problems(problem: Problem) -> Problems {
    Problems(vec![problem])
}

impl Session {
    /// Nothing cached.
    pub fn new() -> Self {
        Self::default()
    }
    /// The cache, for direct use of the engine.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// Runs a model.
    pub fn run(&self, model: &Model, options: &RunOptions) -> Result<Run, Problems> {
        let resolved = resolve(model, options.predictive, &self.cache)?;
        let (grids, evaluation) =
            plan(&resolved.portfolio, &options.engine(), &self.cache).map_err(problems)?;
        let result = self.report(model, options, &resolved, &grids, &evaluation).map_err(problems)?;
        Ok(Run { result, resolved, plan: grids, evaluation, options: options.clone() })
    }

    /// Evaluates a changed model on the grids of a run: exact before and after on one grid.
    pub fn evaluate(&self, base: &Run, model: &Model) -> Result<Evaluation, Problems> {
        let resolved = resolve(model, base.options.predictive, &self.cache)?;
        evaluate(&resolved.portfolio, &base.plan, &self.cache).map_err(problems)
    }

    /// What a changed model would do to the figures of a run.
    pub fn what_if(&self, base: &Run, model: &Model) -> Result<WhatIf, Problems> {
        let after = self.evaluate(base, model)?;
        let both = |f: &dyn Fn(&Evaluation) -> Option<f64>| f(&base.evaluation).zip(f(&after));
        let by_level = |f: &dyn Fn(&Evaluation, f64) -> Option<f64>| {
            base.options.levels.iter().filter_map(|q| Some((level_key(*q), both(&|e| f(e, *q))?))).collect()
        };
        Ok(WhatIf {
            mean: both(&|e| e.moments.mean),
            var: by_level(&Evaluation::var),
            tvar: by_level(&Evaluation::tvar),
            no_loss: (base.evaluation.no_loss, after.no_loss),
            lec: base.result.lec.iter().filter_map(|p| Some((p.loss, after.exceeds(p.loss)?))).collect(),
        })
    }

    fn report(
        &self,
        model: &Model,
        options: &RunOptions,
        resolved: &Resolved,
        grids: &Plan,
        evaluation: &Evaluation,
    ) -> Result<RunResult, Problem> {
        let by_level = |f: &dyn Fn(f64) -> Option<f64>| -> BTreeMap<String, f64> {
            options.levels.iter().filter_map(|q| Some((level_key(*q), f(*q)?))).collect()
        };
        let amounts = amounts(evaluation, options.points);
        let draws = band::draws(model, resolved, &resolved.portfolio, grids, options.draws, &self.cache)?;
        let band = (!draws.is_empty()).then(|| Band::new(&draws, &amounts, &options.levels));
        let oep_grid = grids.grids.last().copied().unwrap_or(crate::engine::Grid { step: 1.0, cells: 2 });
        let largest = LargestEvent::new(&resolved.portfolio, oep_grid, &self.cache);
        let lec = amounts
            .iter()
            .filter_map(|&loss| {
                let around = band.as_ref().and_then(|b| b.points.iter().find(|p| p.loss == loss));
                Some(LecPoint {
                    loss,
                    chance: evaluation.exceeds(loss)?,
                    largest: (1.0 - largest.cdf(loss)).clamp(0.0, 1.0),
                    low: around.map(|p| p.low),
                    high: around.map(|p| p.high),
                })
            })
            .collect();
        let scenarios = self.scenarios(options, resolved, evaluation);
        let cover = match &resolved.gross {
            None => None,
            Some(gross) => {
                let (_, before) = plan(gross, &options.engine(), &self.cache)?;
                Some(Cover::new(model, &before, evaluation, options.tail_level))
            }
        };
        let heavy: f64 = scenarios.iter().filter(|s| s.heavy).filter_map(|s| s.mean).sum();
        let total: f64 = scenarios.iter().filter_map(|s| s.mean).sum();
        let median = evaluation.moments.mean.is_none() || heavy > 0.5 * total;
        let mut evidence: Vec<String> = resolved
            .efficacies
            .values()
            .flat_map(|e| e.trail.iter().flat_map(|t| t.evidence.clone()))
            .collect();
        evidence.sort();
        evidence.dedup();
        Ok(RunResult {
            engine: Engine::this(),
            inputs_sha256: crate::canonical::hex(&(model, options)),
            title: model.title.clone(),
            as_of: model.as_of,
            currency: model.currency,
            price_year: model.price_year,
            heading: if median { Heading::Median } else { Heading::Mean },
            mean: evaluation.moments.mean,
            sd: evaluation.moments.sd(),
            skew: evaluation.moments.skew(),
            no_loss: evaluation.no_loss,
            p10: evaluation.var(0.1),
            p50: evaluation.var(0.5),
            p90: evaluation.var(0.9),
            var: by_level(&|q| evaluation.var(q)),
            tvar: by_level(&|q| evaluation.tvar(q)),
            largest: by_level(&|q| Some(largest.quantile(q))),
            lec,
            tail_level: level_key(options.tail_level),
            sources: sources(&scenarios),
            scenarios,
            controls: resolved.efficacies.clone(),
            not_assessed: resolved.not_assessed.clone(),
            assessed: (resolved.trail.len(), model.scenarios.len()),
            cover,
            appetite: appetite::test(model, resolved, evaluation, &draws, options, &self.cache)?,
            band,
            exchange: model.exchange.clone(),
            evidence,
            grids: grids.grids.clone(),
            beyond: evaluation.beyond(),
            checks: evaluation.checks,
            atoms: evaluation.atoms,
            notes: resolved.notes.clone(),
            digest: String::new(),
        }
        .sealed())
    }

    fn scenarios(
        &self,
        options: &RunOptions,
        resolved: &Resolved,
        evaluation: &Evaluation,
    ) -> Vec<ScenarioResult> {
        let shares = evaluation.euler(&resolved.portfolio, options.tail_level, &self.cache);
        resolved
            .trail
            .iter()
            .enumerate()
            .map(|(i, trail)| {
                let loss = &resolved.portfolio.parts[i].loss;
                let event_mean = loss.moment(1);
                let quantile = |q: f64| loss_quantile(loss, q);
                let share = shares.as_ref().map(|s| &s[i]);
                ScenarioResult {
                    trail: trail.clone(),
                    event_mean,
                    event_median: quantile(0.5),
                    mean: share.map(|s| s.mean).or(event_mean.map(|m| m * trail.rate)),
                    tail: share.map(|s| s.tail),
                    heavy: is_heavy(loss, event_mean),
                }
            })
            .collect()
    }
}

/// More than half of the mean above the 99 % event; an infinite mean is heavy.
fn is_heavy(loss: &Loss, mean: Option<f64>) -> bool {
    let Some(mean) = mean else { return true };
    let Loss::One(leaf) = loss else { return false };
    let law = leaf.law();
    let above = law.excess(law.quantile(0.99)).map_or(0.0, |e| e + 0.01 * law.quantile(0.99));
    above > 0.5 * mean
}

fn loss_quantile(loss: &Loss, q: f64) -> f64 {
    match loss {
        Loss::One(leaf) => leaf.law().quantile(q),
        other => {
            let mut high = 1.0;
            while other.survival(high) > 1.0 - q && high < 1e300 {
                high *= 4.0;
            }
            crate::maths::root::increasing(0.0, high, |x| (1.0 - q) - other.survival(x))
        }
    }
}

fn sources(scenarios: &[ScenarioResult]) -> Vec<SourceShare> {
    let total: f64 = scenarios.iter().filter_map(|s| s.mean).sum();
    [SourceKind::Evidence, SourceKind::Study, SourceKind::Expert, SourceKind::Placeholder]
        .into_iter()
        .map(|source| {
            let part: f64 =
                scenarios.iter().filter(|s| s.trail.source == source).filter_map(|s| s.mean).sum();
            SourceShare { source, share: if total > 0.0 { part / total } else { 0.0 } }
        })
        .collect()
}

/// Amounts of a curve: from where most years lie to the end of the widest grid's trust, evenly in the logarithm.
fn amounts(evaluation: &Evaluation, points: usize) -> Vec<f64> {
    let high = evaluation.curves.first().map_or(0.0, |curve| 0.95 * curve.grid().end());
    let fine = evaluation.curves.last().map_or(1.0, |curve| 4.0 * curve.grid().step);
    let low = evaluation.var(0.05).filter(|v| *v > 0.0).unwrap_or(0.0).max(fine).max(high * 1e-5);
    if points < 2 || high <= low {
        return Vec::new();
    }
    (0..points).map(|i| low * libm::exp(libm::log(high / low) * i as f64 / (points - 1) as f64)).collect()
}
