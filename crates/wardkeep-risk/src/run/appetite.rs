//! Appetite tested against the curve and its band.

use super::session::RunOptions;
use crate::engine::{Cache, Evaluation, Portfolio, plan};
use crate::model::{AppetiteRule, Measure, Model, Resolved};
use serde::{Deserialize, Serialize};
use wardkeep_types::Problem;

/// The outcome of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Met with a chance of at least 0.9 over the band.
    Pass,
    /// Met with a chance of at most 0.1.
    Fail,
    /// Neither, or a pass with something in scope not assessed.
    Undetermined,
}

/// One constraint, tested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppetiteResult {
    /// Id of the rule.
    pub id: String,
    /// The measure on the curve; `None` when it is infinite.
    pub value: Option<f64>,
    /// The limit.
    pub limit: f64,
    /// The curve itself meets it.
    pub met: bool,
    /// The value lies above the warning.
    pub warning: bool,
    /// Chance that it is met, over the band's draws.
    pub chance_met: f64,
    /// Scenarios in scope that nobody assessed.
    pub not_assessed: usize,
    /// The outcome.
    pub verdict: Verdict,
}

/// The measure on an evaluation.
pub fn value(measure: &Measure, evaluation: &Evaluation) -> Option<f64> {
    match *measure {
        Measure::Exceedance { amount } => evaluation.exceeds(amount).or(Some(0.0)),
        Measure::Var { level } => evaluation.var(level),
        Measure::Tvar { level } => evaluation.tvar(level),
        Measure::Mean => evaluation.moments.mean,
    }
}

/// The part of a portfolio in scope; cover of the year that reaches beyond the scope is left out.
pub fn scoped(portfolio: &Portfolio, inside: &dyn Fn(&str) -> bool) -> Portfolio {
    let mut place = vec![None; portfolio.parts.len()];
    let mut parts = Vec::new();
    for (i, part) in portfolio.parts.iter().enumerate().filter(|(_, part)| inside(&part.id)) {
        place[i] = Some(parts.len());
        parts.push(part.clone());
    }
    let all = parts.len() == portfolio.parts.len();
    let shocks = portfolio
        .shocks
        .iter()
        .map(|shock| {
            let mut shock = shock.clone();
            shock.hits = shock.hits.iter().filter_map(|i| place[*i]).collect();
            shock
        })
        .filter(|shock| !shock.hits.is_empty())
        .collect();
    let groups = portfolio
        .groups
        .iter()
        .filter(|group| group.members.iter().all(|i| place[*i].is_some()))
        .map(|group| {
            let mut group = group.clone();
            group.members = group.members.iter().filter_map(|i| place[*i]).collect();
            group
        })
        .collect();
    Portfolio {
        parts,
        sectors: portfolio.sectors.clone(),
        drivers: portfolio.drivers,
        shocks,
        groups,
        annual: portfolio.annual.filter(|_| all),
    }
}

fn in_scope(model: &Model, rule: &AppetiteRule, id: &str) -> bool {
    let Some(scope) = &rule.scope else { return true };
    model.scenario(id).is_some_and(|s| s.unit == *scope || s.groups.contains(scope))
}

/// Tests every rule of a model.
pub fn test(
    model: &Model,
    resolved: &Resolved,
    whole: &Evaluation,
    draws: &[Evaluation],
    options: &RunOptions,
    cache: &Cache,
) -> Result<Vec<AppetiteResult>, Problem> {
    let mut out = Vec::new();
    for rule in &model.appetite {
        let inside = |id: &str| in_scope(model, rule, id);
        let missing = resolved.not_assessed.iter().filter(|id| inside(id)).count();
        let level = match rule.measure {
            Measure::Var { level } | Measure::Tvar { level } => Some(level),
            _ => None,
        };
        let covered = level.is_none_or(|q| whole.var(q).is_some());
        let own: (Evaluation, Vec<Evaluation>);
        let (evaluation, draws) = if rule.scope.is_none() && covered {
            (whole, draws)
        } else {
            let part = scoped(&resolved.portfolio, &inside);
            let mut engine = options.engine();
            engine.levels.extend(level);
            let (grids, evaluation) = plan(&part, &engine, cache)?;
            let drawn = super::band::draws_of(model, resolved, &inside, &grids, draws.len(), cache)?;
            own = (evaluation, drawn);
            (&own.0, own.1.as_slice())
        };
        out.push(judge(rule, evaluation, draws, missing));
    }
    Ok(out)
}

/// One rule against one curve and its draws.
pub fn judge(
    rule: &AppetiteRule,
    evaluation: &Evaluation,
    draws: &[Evaluation],
    missing: usize,
) -> AppetiteResult {
    let meets = |value: Option<f64>| value.is_some_and(|v| v <= rule.limit);
    let value_now = value(&rule.measure, evaluation);
    let met = meets(value_now);
    let chance_met = if draws.is_empty() {
        f64::from(u8::from(met))
    } else {
        draws.iter().filter(|e| meets(value(&rule.measure, e))).count() as f64 / draws.len() as f64
    };
    let verdict = if chance_met <= 0.1 {
        Verdict::Fail
    } else if chance_met >= 0.9 && missing == 0 {
        Verdict::Pass
    } else {
        Verdict::Undetermined
    };
    let warning = rule.warning.is_some_and(|w| value_now.is_none_or(|v| v > w));
    AppetiteResult {
        id: rule.id.clone(),
        value: value_now,
        limit: rule.limit,
        met,
        warning,
        chance_met,
        not_assessed: missing,
        verdict,
    }
}
