//! Investments: measures ranked, the best plan under a budget with its proof, the frontier.

use super::super::load::{Held, versions};
use super::super::measures::{Measure, applied};
use super::super::runs::StoredRun;
use super::super::views::{CurveView, FrontierView, InvestmentAsk, InvestmentsView, MeasureView};
use super::stamp::{appetite, named, points, stamp};
use crate::{App, Ctx, Error, Organisation};
use std::collections::BTreeMap;
use std::sync::Arc;
use wardkeep_register::Verb;
use wardkeep_registers::TreatmentPlan;
use wardkeep_risk::budget::{Budget, Choice, FrontierPoint, Proof, frontier, prove, rosi, shapley};
use wardkeep_risk::run::{AppetiteResult, RunOptions};
use wardkeep_types::Id;

/// The proof stops at this gap ..
const GAP: f64 = 1e-4;
/// .. or after so many nodes; the gap is shown then.
const NODES: usize = 20_000;
/// Points of the frontier.
const POINTS: usize = 21;

/// What the optimiser says of a budget.
struct Solved {
    proof: Option<Proof>,
    line: Vec<FrontierPoint>,
    fair: Vec<f64>,
}

impl App {
    /// Measures ranked, and the best plan under a budget with its proof; for those who may view every risk.
    pub async fn risk_investments(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        ask: &InvestmentAsk,
    ) -> Result<InvestmentsView, Error> {
        Self::risk_whole(ctx, organisation, Verb::View)?;
        let Some(run) = self.risk_published().await? else { return Ok(nothing(ask)) };
        let measures = self.risk_measures(organisation, &run).await?;
        let ask = filled(ask, &measures);
        let budget = budget(&run, &measures, &ask);
        let today: f64 = budget.losses.iter().sum();
        let faults = budget.faults();
        let solved = self.risk_solved(&budget).await?;
        let Solved { proof, line, fair } = solved.as_ref();
        let schema = App::schema("treatment_plan")?;
        let ids = measures.iter().flat_map(|m| [m.plan.id, m.plan.record.risk.id()]);
        let known = self.risk_known(ctx, organisation, &run, ids).await?;
        let reference: BTreeMap<String, String> =
            measures.iter().map(|m| (m.plan.id.to_string(), m.plan.reference.clone())).collect();
        let names = |ids: Vec<&str>| ids.iter().filter_map(|id| reference.get(*id).cloned()).collect();
        let chosen = proof.as_ref().map_or_else(|| vec![false; measures.len()], |p| p.plan.chosen.clone());
        let sum = |of: fn(&Choice) -> f64| -> f64 {
            budget.choices.iter().zip(&chosen).filter(|(_, on)| **on).map(|(c, _)| of(c)).sum()
        };
        let (after, tests) = self.risk_after(&run, &measures, &chosen).await?;
        let rows = measures
            .iter()
            .enumerate()
            .filter_map(|(k, m)| {
                let decision = m.effect.decision;
                Some(MeasureView {
                    record: known.id(m.plan.id)?,
                    stage: crate::records::stage_label(schema, &m.plan.stage),
                    risk: known.id(m.plan.record.risk.id()),
                    once: m.effect.once,
                    yearly: m.effect.yearly,
                    staff_days: m.plan.record.staff_days.unwrap_or_default() as f64,
                    reduction: m.effect.reduction,
                    tail_reduction: m.effect.tail_reduction,
                    rosi: rosi(m.effect.reduction, m.effect.yearly),
                    pays: decision.map_or(0.0, |d| d.chance_it_pays),
                    shown_to_pay: decision.is_some_and(|d| d.shown_to_pay),
                    evpi: decision.map_or(0.0, |d| d.evpi),
                    needs: m
                        .plan
                        .record
                        .needs
                        .ids()
                        .iter()
                        .filter_map(|id| reference.get(&id.to_string()).cloned())
                        .collect(),
                    one_of: m.plan.record.one_of.as_ref().map(ToString::to_string),
                    mandated: m.plan.record.mandated,
                    chosen: chosen[k],
                    shapley: fair[k],
                })
            })
            .collect();
        let impossible = match (&proof, faults.first()) {
            (_, Some(fault)) => Some(fault.message.clone()),
            (None, None) if measures.is_empty() => Some("no treatment plan is open".to_owned()),
            (None, None) => Some("what must be bought does not fit the budget".to_owned()),
            _ => None,
        };
        Ok(InvestmentsView {
            run: Some(stamp(&run)),
            measures: rows,
            today,
            left: proof.as_ref().map_or(today, |p| p.plan.left),
            bound: proof.as_ref().map_or(today, |p| p.bound),
            gap: proof.as_ref().map_or(0.0, |p| p.gap),
            proven: proof.as_ref().is_some_and(|p| p.proven),
            nodes: proof.as_ref().map_or(0, |p| p.nodes),
            cost: (sum(|c| c.once), sum(|c| c.yearly), sum(|c| c.staff_days)),
            after,
            current: Some(super::stamp::curve(&run.result)),
            appetite: named(
                organisation,
                run.model
                    .appetite
                    .iter()
                    .filter_map(|rule| {
                        let test = tests.iter().find(|t| t.id == rule.id);
                        appetite(rule, test, &known, None, rule.scope.clone())
                    })
                    .collect(),
            ),
            frontier: line
                .iter()
                .map(|point| FrontierView {
                    once: point.once,
                    spent: budget
                        .choices
                        .iter()
                        .zip(&point.plan.chosen)
                        .filter(|(_, on)| **on)
                        .map(|(c, _)| c.once)
                        .sum(),
                    left: point.plan.left,
                    chosen: names(point.plan.ids(&budget)),
                })
                .collect(),
            impossible,
            ask,
        })
    }
    /// The best plan with its proof, the frontier, and each chosen measure's fair share of the reduction.
    async fn risk_solved(&self, budget: &Budget) -> Result<Arc<Solved>, Error> {
        let key = format!("solved {budget:?}");
        if let Some(known) = self.risk_desk().answer(&key) {
            return Ok(known);
        }
        let budget = budget.clone();
        let solved = tokio::task::spawn_blocking(move || {
            let proof = prove(&budget, GAP, NODES);
            let none = || vec![false; budget.choices.len()];
            let chosen = proof.as_ref().map_or_else(none, |p| p.plan.chosen.clone());
            Solved { proof, line: frontier(&budget, POINTS), fair: shapley(&budget, &chosen) }
        })
        .await
        .map_err(Error::fault)?;
        Ok(self.risk_desk().keep_answer(key, solved))
    }
    /// The curve and the appetite tests with the chosen plans in place.
    async fn risk_after(
        &self,
        run: &StoredRun,
        measures: &[Measure],
        chosen: &[bool],
    ) -> Result<(Option<CurveView>, Vec<AppetiteResult>), Error> {
        if !chosen.contains(&true) {
            return Ok((None, run.result.appetite.clone()));
        }
        let picked: Vec<&Measure> =
            measures.iter().zip(chosen).filter(|(_, on)| **on).map(|(m, _)| m).collect();
        let key = format!("after {} {}", run.number, versions(picked.iter().map(|m| &m.plan)));
        if let Some(known) = self.risk_desk().answer::<(Option<CurveView>, Vec<AppetiteResult>)>(&key) {
            return Ok((*known).clone());
        }
        let ready = self.risk_ready(run).await?;
        let values =
            |id: &str| ready.run.resolved.efficacies.get(id).map(wardkeep_risk::control::Efficacy::values);
        let mut model = run.model.clone();
        for measure in picked {
            model = applied(&model, run, &values, &measure.plan.record);
        }
        let options = RunOptions { ..run.options.clone() };
        let after = self.risk_compute(model, options).await?;
        let evaluation = &after.run.evaluation;
        let lec: Vec<(f64, f64)> =
            run.result.lec.iter().filter_map(|p| Some((p.loss, evaluation.exceeds(p.loss)?))).collect();
        let curve = CurveView {
            key: "this_plan",
            points: points(&lec),
            mean: after.run.result.mean,
            tvar99: after.run.result.tvar.get("99").copied(),
        };
        let answer = (Some(curve), after.run.result.appetite.clone());
        Ok((*self.risk_desk().keep_answer(key, answer)).clone())
    }
}

fn filled(ask: &InvestmentAsk, measures: &[Measure]) -> InvestmentAsk {
    let all: f64 = measures.iter().map(|m| m.effect.once).sum();
    let sane = |given: Option<f64>| given.filter(|v| v.is_finite() && *v >= 0.0);
    InvestmentAsk {
        once: Some(sane(ask.once).unwrap_or(0.5 * all)),
        yearly: sane(ask.yearly),
        staff_days: sane(ask.staff_days),
        tail: ask.tail,
    }
}

fn budget(run: &StoredRun, measures: &[Measure], ask: &InvestmentAsk) -> Budget {
    let r = &run.result;
    let loss = |s: &wardkeep_risk::run::ScenarioResult| {
        let part = if ask.tail { s.tail } else { s.mean };
        // An infinite part cannot be minimised by a finite plan; it stays out, and the curve shows it.
        part.unwrap_or(0.0)
    };
    let open: Vec<Id> = measures.iter().map(|m| m.plan.id).collect();
    let choice = |m: &Measure| {
        let plan: &Held<TreatmentPlan> = &m.plan;
        Choice {
            id: plan.id.to_string(),
            once: m.effect.once,
            yearly: m.effect.yearly,
            staff_days: plan.record.staff_days.unwrap_or_default() as f64,
            // What was carried out already is no condition any more.
            needs: plan.record.needs.ids().iter().filter(|id| open.contains(id)).map(Id::to_string).collect(),
            one_of: plan.record.one_of.as_ref().map(ToString::to_string),
            mandated: plan.record.mandated,
            efficacy: m.effect.efficacy.clone(),
        }
    };
    Budget {
        losses: r.scenarios.iter().map(loss).collect(),
        choices: measures.iter().map(choice).collect(),
        once: ask.once.unwrap_or_default(),
        yearly: ask.yearly,
        staff_days: ask.staff_days,
        count_yearly: true,
    }
}

fn nothing(ask: &InvestmentAsk) -> InvestmentsView {
    InvestmentsView {
        run: None,
        ask: ask.clone(),
        measures: Vec::new(),
        today: 0.0,
        left: 0.0,
        bound: 0.0,
        gap: 0.0,
        proven: false,
        nodes: 0,
        cost: (0.0, 0.0, 0.0),
        after: None,
        current: None,
        appetite: Vec::new(),
        frontier: Vec::new(),
        impossible: Some("the engine has not run yet".into()),
    }
}
