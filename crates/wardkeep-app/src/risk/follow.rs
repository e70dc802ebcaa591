//! What follows from new figures: the risks' own fields, appetite tests, treatments' exact effect, indicators.

use super::build::Sources;
use super::measures::effect_of;
use super::runs::{StoredRun, sentence, short};
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error, Organisation};
use sha2::{Digest, Sha256};
use wardkeep_register::Value;
use wardkeep_risk::kri::{Threshold, chance_crossed, threshold};
use wardkeep_risk::model::{Amount, AppetiteRule, Measure, Model, Sobol};
use wardkeep_risk::run::Verdict;
use wardkeep_types::observation::{Counts, Observation, RunResult as Outcome, Strength};
use wardkeep_types::{Currency, Id, Money, Percent};

/// An amount of the engine as stored money; `None` when it does not exist or does not fit.
pub(crate) fn money(value: Option<f64>, currency: Currency) -> Option<Money> {
    Amount { value: value?, currency }.money()
}

fn cell(value: Option<Money>) -> Value {
    value.map_or(Value::Empty, Value::Money)
}

fn share(value: Option<f64>) -> Value {
    value.and_then(|v| Percent::from_ratio(v.clamp(0.0, 1.0))).map_or(Value::Empty, Value::Percent)
}

impl App {
    /// Writes every risk's figures through the write path, each with its own why.
    pub(crate) async fn risk_write_figures(
        &self,
        ctx: &Ctx,
        sources: &Sources,
        run: &StoredRun,
        before: Option<&StoredRun>,
    ) -> Result<(), Error> {
        let schema = App::schema("risk")?;
        let currency = run.model.currency;
        let mut proposals = Vec::new();
        for risk in sources.risks.iter().filter(|r| r.stage != "closed") {
            let now = run.figures.risks.get(&risk.id).copied();
            let (mean, tail) = now.unwrap_or((None, None));
            let (mean, tail) = (money(mean, currency), money(tail, currency));
            if (risk.record.annual_loss, risk.record.tail_loss) == (mean, tail) {
                continue;
            }
            let was = before.and_then(|b| b.figures.risks.get(&risk.id).copied()?.0);
            let why = match (was, now.and_then(|n| n.0)) {
                (Some(was), Some(now)) => {
                    let causes = self.causes_of(run, risk.id);
                    let parts: Vec<(&str, f64)> = causes.iter().map(|(w, p)| (w.as_str(), *p)).collect();
                    sentence("annual loss", was, now, &parts)
                }
                (None, Some(now)) => format!("annual loss is {}: worked out for the first time", short(now)),
                _ => "it is in no sum any more: rate or loss is missing".to_owned(),
            };
            let hash = mean.map_or(Value::Empty, |_| Value::text(&run.hash));
            let edits = Edits::from([
                ("annual_loss".into(), cell(mean)),
                ("tail_loss".into(), cell(tail)),
                ("run_hash".into(), hash),
            ]);
            proposals.push(Proposal::change(schema, risk.id, None, edits).because(why));
        }
        for chunk in proposals.chunks(200) {
            self.write_batch(ctx, chunk.to_vec(), vec![]).await?;
        }
        Ok(())
    }
    /// Causes of a run's change that concern one risk: its own scenarios and the controls that act on them.
    pub(crate) fn causes_of(&self, run: &StoredRun, risk: Id) -> Vec<(String, f64)> {
        let Some(change) = &run.why else { return Vec::new() };
        let own = |scenario: &str| run.names.risk_of.get(scenario) == Some(&risk);
        let concerns = |input: &str| match input.split_once(':') {
            Some(("scenario", id)) => own(id),
            Some(("control", id)) => run.model.effects.iter().any(|e| e.control == id && own(&e.scenario)),
            _ => true,
        };
        let found = change.why.causes.iter().filter(|c| concerns(&c.input));
        found.map(|c| (c.what.clone(), c.mean)).collect()
    }
    /// Writes each statement's test and keeps it as an observation, like the test of a control.
    pub(crate) async fn risk_write_appetite(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        sources: &Sources,
        run: &StoredRun,
    ) -> Result<(), Error> {
        let schema = App::schema("appetite")?;
        let root = organisation.units.roots().next().unwrap_or(Id::NIL);
        let mut proposals = Vec::new();
        for test in &run.result.appetite {
            let Some(held) = sources.appetite.iter().find(|a| a.id.to_string() == test.id) else { continue };
            let verdict = match test.verdict {
                Verdict::Pass => "pass",
                Verdict::Fail => "fail",
                Verdict::Undetermined => "undetermined",
            };
            let chance = held.record.limit_chance.is_some();
            let measured = match test.value {
                None => "infinite".to_owned(),
                Some(value) if chance => format!("{:.2} %", 100.0 * value),
                Some(value) => format!("{} {}", short(value), run.model.currency),
            };
            let why = format!("tested with run {}: {measured}, {verdict}", &run.hash[..12]);
            let edits = Edits::from([
                ("verdict".into(), Value::Choice(verdict.into())),
                ("measured".into(), Value::text(&measured)),
                ("run_hash".into(), Value::text(&run.hash)),
                ("tested_at".into(), Value::Moment(ctx.now)),
            ]);
            proposals.push(Proposal::change(schema, held.id, None, edits).because(why.clone()));
            let draws = run.result.band.as_ref().map_or(1, |b| b.draws.max(1)) as u64;
            let passed = (test.chance_met * draws as f64).round() as u64;
            let key = format!("risk-appetite/{}", held.reference);
            let observation = Observation {
                id: Id::derived(&held.id, &format!("appetite:{}:{}", run.hash, run.number)),
                test: key.clone(),
                test_version: 1,
                unit: held.record.scope.map_or(root, |unit| unit.id()),
                from: ctx.now.plus_seconds(-1),
                to: ctx.now,
                effective_at: ctx.now,
                recorded_at: ctx.now,
                collector: format!("{} {}", run.result.engine.name, run.result.engine.version),
                query_sha256: hex::encode(Sha256::digest(key.as_bytes())),
                result: Outcome::Counted,
                counts: Counts {
                    population: Some(draws),
                    expected: None,
                    examined: draws,
                    passed,
                    failed: draws - passed,
                    excepted: 0,
                    unknown: 0,
                },
                strength: Strength::Automated,
                completeness: None,
                totals_disagree: false,
                subjects: Vec::new(),
                evidence: vec![run.hash.clone()],
                note: format!("{}: {why}; the counts are draws of the band", held.record.name),
            };
            self.record_observation(&observation).await?;
        }
        self.write_batch(ctx, proposals, vec![]).await?;
        Ok(())
    }
    /// Writes what each open treatment would take off, exactly, on the grid of the run.
    pub(crate) async fn risk_write_treatments(
        &self,
        ctx: &Ctx,
        sources: &Sources,
        run: &StoredRun,
    ) -> Result<(), Error> {
        let organisation = self.organisation().await?;
        let schema = App::schema("treatment_plan")?;
        let measures = self.risk_measures(&organisation, run).await?;
        let currency = run.model.currency;
        let mut proposals = Vec::new();
        for m in &measures {
            let now =
                (money(Some(m.effect.reduction), currency), money(Some(m.effect.tail_reduction), currency));
            let pays = m.effect.decision.map(|d| d.chance_it_pays);
            let same = (m.plan.record.reduction, m.plan.record.tail_reduction) == now
                && m.plan.record.chance_it_pays == pays.and_then(|p| Percent::from_ratio(p.clamp(0.0, 1.0)));
            if same {
                continue;
            }
            let why = format!(
                "takes {} off the yearly mean, by run {}",
                short(m.effect.reduction),
                &run.hash[..12]
            );
            let edits = Edits::from([
                ("reduction".into(), cell(now.0)),
                ("tail_reduction".into(), cell(now.1)),
                ("chance_it_pays".into(), share(pays)),
            ]);
            proposals.push(Proposal::change(schema, m.plan.id, None, edits).because(why));
        }
        let _ = sources;
        self.write_batch(ctx, proposals, vec![]).await?;
        Ok(())
    }
    /// Derives each indicator's threshold anew.
    pub(crate) async fn risk_write_indicators(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        sources: &Sources,
        run: &StoredRun,
    ) -> Result<(), Error> {
        let schema = App::schema("indicator")?;
        let watched: Vec<super::load::Held<wardkeep_registers::Indicator>> = self.held(organisation).await?;
        let mut proposals = Vec::new();
        for held in watched.iter().filter(|i| i.stage == "watched") {
            let statement = held.record.appetite.map(|a| a.id());
            let rule = sources
                .appetite
                .iter()
                .find(|a| Some(a.id) == statement && a.stage == "in_force")
                .and_then(|a| super::parts::rule(a, organisation));
            let own: Vec<String> = run
                .names
                .control_of
                .iter()
                .filter(|(_, control)| **control == held.record.control.id())
                .map(|(id, _)| id.clone())
                .collect();
            let found = match (rule, own.first()) {
                (Some(rule), Some(_)) => {
                    Some(self.risk_indicator(run, rule, own.clone(), held.record.quantity).await?)
                }
                _ => None,
            };
            let (figure, at, crossed, says) = found.unwrap_or((
                None,
                None,
                None,
                "not worked out: the control acts on no scenario, or the statement is not in force"
                    .to_owned(),
            ));
            let edits = Edits::from([
                ("figure".into(), share(figure)),
                ("threshold".into(), share(at)),
                ("chance_crossed".into(), share(crossed)),
                ("says".into(), Value::text(&says)),
            ]);
            proposals.push(Proposal::change(schema, held.id, None, edits).because(says));
        }
        self.write_batch(ctx, proposals, vec![]).await?;
        Ok(())
    }
    #[allow(clippy::type_complexity)] // figure, threshold, chance, words
    async fn risk_indicator(
        &self,
        run: &StoredRun,
        rule: AppetiteRule,
        controls: Vec<String>,
        quantity: wardkeep_registers::indicator::Quantity,
    ) -> Result<(Option<f64>, Option<f64>, Option<f64>, String), Error> {
        let ready = self.risk_ready(run).await?;
        self.risk_ask(ready, move |r| {
            use wardkeep_registers::indicator::Quantity as Q;
            let Some(posterior) = r.run.resolved.efficacies.get(&controls[0]) else {
                return Ok((None, None, None, "the control is not in the model".into()));
            };
            let of = |v: wardkeep_risk::control::Values| match quantity {
                Q::Coverage => v.coverage,
                Q::Reliability => v.reliability,
                Q::Efficacy => v.intact,
            };
            let now = of(posterior.values());
            let over = |x: f64| {
                let mut model: Model = r.model.clone();
                for control in &controls {
                    let set = |v: &mut wardkeep_risk::control::Values| match quantity {
                        Q::Coverage => v.coverage = x,
                        Q::Reliability => v.reliability = x,
                        Q::Efficacy => v.intact = x,
                    };
                    let values = r.run.resolved.efficacies.get(control)?.values();
                    effect_of(&mut model, control, values, set);
                }
                let evaluation = r.session.evaluate(&r.run, &model).ok()?;
                let measured = match rule.measure {
                    Measure::Exceedance { amount } => evaluation.exceeds(amount),
                    Measure::Var { level } => evaluation.var(level),
                    Measure::Tvar { level } => evaluation.tvar(level),
                    Measure::Mean => evaluation.moments.mean,
                }?;
                Some(measured - rule.limit)
            };
            Ok(match threshold(0.0, 1.0, 1e-4, over) {
                Threshold::At { value } => {
                    let sobol = Sobol::new(5, wardkeep_risk::run::BAND_KEY);
                    let draws: Vec<f64> = (0..256)
                        .map(|n| {
                            let u = sobol.point(n);
                            of(posterior.draw([u[0], u[1], u[2], u[3], u[4]]))
                        })
                        .collect();
                    let crossed = chance_crossed(&draws, value, true);
                    let says = format!("needs at least {:.1} %, is {:.1} %", 100.0 * value, 100.0 * now);
                    (Some(now), Some(value), Some(crossed), says)
                }
                Threshold::AlwaysMet => (Some(now), None, Some(0.0), "met whatever the figure is".into()),
                Threshold::NeverMet => {
                    (Some(now), None, Some(1.0), "not met by any figure of it alone".into())
                }
                Threshold::Unknown => (Some(now), None, None, "the engine could not say".into()),
            })
        })
        .await
    }
}
