//! Treatment plans as measures: what each changes in the model, and what exactly it would take off.

use super::load::{Held, versions};
use super::runs::StoredRun;
use crate::{App, Error, Organisation};
use wardkeep_registers::TreatmentPlan;
use wardkeep_risk::budget::Decision;
use wardkeep_risk::control::{Prior, Values};
use wardkeep_risk::model::{ExchangeRates, Model, RateSpec, Scenario, Sourced};
use wardkeep_risk::run::Session;
use wardkeep_types::{Money, Percent};

/// A plan with its exact effect when carried out alone.
pub(crate) struct Measure {
    /// The plan.
    pub plan: Held<TreatmentPlan>,
    /// What it does.
    pub effect: Effect,
}

/// What a plan costs and does.
#[derive(Debug, Clone)]
pub(crate) struct Effect {
    /// Cost once, in the run's currency.
    pub once: f64,
    /// Cost a year.
    pub yearly: f64,
    /// What it takes off the mean.
    pub reduction: f64,
    /// What it takes off the 99 % tail mean.
    pub tail_reduction: f64,
    /// Whether it pays, over paired draws.
    pub decision: Option<Decision>,
    /// By how much each scenario's loss shrinks, in the order of the run.
    pub efficacy: Vec<f64>,
}

/// Sets a control's values in a model as known: what was observed of it no longer counts. Its reference, which the
/// estimated rates contain, stays.
pub(crate) fn effect_of(model: &mut Model, control: &str, mut values: Values, set: impl Fn(&mut Values)) {
    set(&mut values);
    model.observed.retain(|o| o.control != control);
    model.uptimes.retain(|u| u.control != control);
    if let Some(spec) = model.controls.iter_mut().find(|c| c.id == control) {
        spec.prior = Some(Prior { weight: 0.0, ..Prior::around(values) });
    }
}

/// A scenario's rate multiplied, own incidents counted in before; what is believed keeps its shape. False when it has
/// no rate.
pub(crate) fn times(part: &mut Scenario, factor: f64) -> bool {
    let factor = factor.max(1e-12);
    if let (Some(rate), None) = (&mut part.rate, part.incidents)
        && let RateSpec::Pert { low, mode, high, weight } = rate.value
    {
        rate.value = RateSpec::Pert { low: low * factor, mode: mode * factor, high: high * factor, weight };
        return true;
    }
    let Ok((belief, source)) = part.belief("rate") else { return false };
    let Some(value) = belief.spec(factor) else { return false };
    part.rate = Some(match part.rate.take() {
        Some(rate) => Sourced { value, ..rate },
        None => Sourced::new(value, source),
    });
    (part.nodes, part.incidents, part.near_misses) = (None, None, None);
    true
}

/// A scenario made rarer by a share.
pub(crate) fn rarer(model: &mut Model, scenario: &str, by: f64) {
    if let Some(part) = model.scenarios.iter_mut().find(|s| s.id == scenario) {
        times(part, (1.0 - by).clamp(0.0, 1.0));
    }
}

/// The model with a plan carried out.
pub(crate) fn applied(
    model: &Model,
    run: &StoredRun,
    values: &dyn Fn(&str) -> Option<Values>,
    plan: &TreatmentPlan,
) -> Model {
    let mut after = model.clone();
    if let Some(control) = plan.control {
        let own = run.names.control_of.iter().filter(|(_, id)| **id == control.id());
        for (id, _) in own {
            let Some(now) = values(id) else { continue };
            effect_of(&mut after, id, now, |v| {
                let to = |slot: &mut f64, percent: Option<Percent>| {
                    if let Some(percent) = percent {
                        *slot = percent.ratio();
                    }
                };
                to(&mut v.coverage, plan.expected_coverage);
                to(&mut v.reliability, plan.expected_reliability);
                to(&mut v.intact, plan.expected_efficacy);
            });
        }
    }
    if let Some(by) = plan.rarer_by {
        for scenario in plan.scenarios.ids() {
            rarer(&mut after, &scenario.to_string(), by.ratio());
        }
    }
    after
}

impl App {
    /// Every plan that is not over, with its exact effect on a run, best reduction per cost first.
    pub(crate) async fn risk_measures(
        &self,
        organisation: &Organisation,
        run: &StoredRun,
    ) -> Result<Vec<Measure>, Error> {
        let plans: Vec<Held<TreatmentPlan>> = self.held(organisation).await?;
        let plans: Vec<_> =
            plans.into_iter().filter(|p| !matches!(p.stage.as_str(), "carried_out" | "dropped")).collect();
        if plans.is_empty() {
            return Ok(Vec::new());
        }
        let (key, stored) = (format!("measures {}", versions(&plans)), run.clone());
        let records: Vec<TreatmentPlan> = plans.iter().map(|p| p.record.clone()).collect();
        let effects = self
            .risk_ask_once(run, &key, move |r| {
                let values = |id: &str| {
                    r.run.resolved.efficacies.get(id).map(wardkeep_risk::control::Efficacy::values)
                };
                let rates = ExchangeRates(&r.model.exchange);
                let amount = |money: Option<Money>| {
                    let money = money?;
                    let factor = rates.factor(money.currency, r.model.currency, "cost").ok()?;
                    Some(money.major() * factor)
                };
                let level = r.run.options.tail_level;
                let before = (r.run.evaluation.moments.mean, r.run.evaluation.tvar(level));
                let mut out = Vec::new();
                for plan in &records {
                    // A cost in a currency without a dated rate cannot be compared; the plan waits for one.
                    let (Some(once), Some(yearly)) = (
                        amount(Some(plan.cost_once)),
                        plan.cost_yearly.map_or(Some(0.0), |m| amount(Some(m))),
                    ) else {
                        out.push(None);
                        continue;
                    };
                    let after = applied(&r.model, &stored, &values, plan);
                    let evaluation = r.session.evaluate(&r.run, &after)?;
                    let less = |a: Option<f64>, b: Option<f64>| a.zip(b).map_or(0.0, |(a, b)| a - b);
                    let decision = r.session.decision(&r.model, &r.run, &after, yearly)?;
                    out.push(Some(Effect {
                        once,
                        yearly,
                        reduction: less(before.0, evaluation.moments.mean),
                        tail_reduction: less(before.1, evaluation.tvar(level)),
                        decision,
                        efficacy: efficacy(&r.session, &r.run, &after)?,
                    }));
                }
                Ok(out)
            })
            .await?;
        let mut found: Vec<Measure> = plans
            .into_iter()
            .zip(effects.iter().cloned())
            .filter_map(|(plan, effect)| Some(Measure { plan, effect: effect? }))
            .collect();
        let worth = |m: &Measure| m.effect.reduction / (m.effect.once / 5.0 + m.effect.yearly).max(1.0);
        found.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
        Ok(found)
    }
}

/// By how much each scenario's mean shrinks, 0 where it does not.
fn efficacy(
    session: &Session,
    run: &wardkeep_risk::run::Run,
    after: &Model,
) -> Result<Vec<f64>, wardkeep_types::Problems> {
    let resolved = wardkeep_risk::model::resolve(after, run.options.predictive, session.cache())?;
    let mean = |part: &wardkeep_risk::engine::Part| Some(part.count.mean() * part.loss.moment(1)?);
    Ok(run
        .resolved
        .portfolio
        .parts
        .iter()
        .map(|before| {
            let now = resolved.portfolio.parts.iter().find(|p| p.id == before.id);
            let pair = mean(before).zip(now.and_then(mean));
            pair.map_or(0.0, |(was, is)| if was > 0.0 { (1.0 - is / was).clamp(0.0, 1.0) } else { 0.0 })
        })
        .collect())
}
