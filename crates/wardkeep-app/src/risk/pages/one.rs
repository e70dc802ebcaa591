//! One risk: its scenarios with inputs and controls, itself alone, tornado, history, words beside figures.

mod scenario;

use super::super::load::Held;
use super::super::runs::{StoredRun, sentence};
use super::super::views::{
    AcceptanceView, AloneView, HistoryPoint, QualitativeView, RiskView, SwingView, TreatmentView,
};
use super::Known;
use super::estimates::calibration;
use super::stamp::{curve, figure, levels, stamp};
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::collections::BTreeMap;
use wardkeep_register::{Choice as _, Verb};
use wardkeep_registers::{Acceptance, Risk, RiskEstimate, RiskMatrix};
use wardkeep_report::words::count;
use wardkeep_risk::model::{Model, Scenario};
use wardkeep_risk::run::RunOptions;
use wardkeep_types::{Id, Money, Percent};

impl App {
    /// One risk by its reference.
    pub async fn risk_shown(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: &str,
    ) -> Result<RiskView, Error> {
        let schema = App::schema("risk")?;
        let head = self.find(ctx, organisation, schema, reference).await?;
        self.allowed(ctx, organisation, schema, Verb::View, &head).await?;
        let risks: Vec<Held<Risk>> = self.held(organisation).await?;
        let risk = risks.into_iter().find(|r| r.id == head.id).ok_or(Refusal::NotFound)?;
        let run = self.risk_published().await?;
        let matrices: Vec<Held<RiskMatrix>> = self.held(organisation).await?;
        let own = risk.record.matrix.and_then(|m| matrices.iter().find(|x| x.id == m.id()));
        let estimates: Vec<Held<RiskEstimate>> = self.held(organisation).await?;
        let acceptances: Vec<Held<Acceptance>> = self.held(organisation).await?;
        let empty = super::super::runs::Names::default();
        let mut more = vec![risk.id];
        more.extend(risk.record.owner.map(|o| o.id()));
        more.extend(matrices.iter().map(|m| m.id));
        more.extend(estimates.iter().flat_map(|e| [e.id, e.record.owner.id()]));
        for a in acceptances.iter().filter(|a| a.record.risk.id() == risk.id) {
            more.extend([a.id, a.record.owner.id()]);
            more.extend(a.record.approved_by.map(|p| p.id()));
        }
        let known = match &run {
            Some(run) => self.risk_known(ctx, organisation, run, more).await?,
            None => Known { labels: self.labels(ctx, organisation, more).await?, names: &empty },
        };
        let matrix = own.and_then(|m| super::matrix::matrix(&m.record));
        let words = |figures| {
            let record = own.and_then(|m| known.id(m.id));
            super::matrix::qualitative(&risk.record, record, matrix.as_ref(), figures)
        };
        let mut view = RiskView {
            record: known.id(risk.id).ok_or(Refusal::NotFound)?,
            id: risk.id,
            stage: (risk.stage.clone(), crate::records::stage_label(schema, &risk.stage)),
            owner: risk.record.owner.and_then(|o| known.person(&o.id().to_string())),
            treatment: risk.record.treatment.key().into(),
            run: None,
            assessed: false,
            mean: super::super::views::Figure::default(),
            tail: None,
            mean_share: None,
            tail_share: None,
            alone: None,
            scenarios: Vec::new(),
            sliders: Vec::new(),
            tornado: Vec::new(),
            history: Vec::new(),
            prepared: self.risk_prepared(ctx, organisation, risk.id).await?,
            qualitative: QualitativeView { ..words(None) },
            treatments: self.risk_treatments(organisation, &risk, run.as_ref(), &known, ctx).await?,
            acceptances: accepted(&acceptances, risk.id, &known),
        };
        let Some(run) = run.as_ref() else { return Ok(view) };
        let mine: Vec<&Scenario> =
            run.model.scenarios.iter().filter(|s| run.names.risk_of.get(&s.id) == Some(&risk.id)).collect();
        let seen = self.risk_evidence_words(run, &mine).await?;
        let judged: Vec<&Held<RiskEstimate>> = estimates.iter().collect();
        let scores = calibration(&judged, &|id| id.to_string());
        let scores: BTreeMap<String, (i64, i64)> =
            scores.into_iter().map(|c| (c.person, (c.held, c.scored))).collect();
        view.scenarios =
            mine.iter().map(|s| scenario::scenario(s, run, &known, &estimates, &seen, &scores)).collect();
        let found = run.figures.risks.get(&risk.id).copied();
        view.assessed = found.is_some();
        let (mean, tail) = found.unwrap_or((None, None));
        let share = |part: Option<f64>, whole: Option<f64>| {
            part.zip(whole).and_then(|(p, w)| (w > 0.0).then_some(p / w))
        };
        (view.tail, view.mean_share, view.tail_share) =
            (tail, share(mean, run.figures.mean), share(tail, run.figures.tvar99));
        view.mean = figure(mean, None);
        if view.assessed {
            let ready = self.risk_alone(run, &mine).await?;
            let r = &ready.run.result;
            let band = r.band.as_ref();
            view.mean = figure(mean, band.and_then(|b| b.mean));
            view.alone = Some(AloneView {
                curve: curve(r),
                no_loss: r.no_loss,
                p50: r.p50,
                var: levels(&r.var, band.map(|b| &b.var)),
                tvar: levels(&r.tvar, band.map(|b| &b.tvar)),
            });
            let swings = self.risk_ask(ready, |r| r.session.tornado(&r.model, &r.run)).await?;
            view.tornado = swings
                .into_iter()
                .map(|s| SwingView { label: label(&s.input, run), mean: s.mean, var: s.var, input: s.input })
                .collect();
            view.sliders = super::what_if::sliders(run, &mine);
            let rate: f64 = view.scenarios.iter().map(|s| s.rate).sum();
            let figures = mean.filter(|_| rate > 0.0).map(|m| (rate, m / rate));
            view.qualitative = words(figures);
        }
        view.history = self.risk_history(run, risk.id).await?;
        view.run = Some(stamp(run));
        Ok(view)
    }
    /// One risk by itself: only its scenarios, no cover that reaches beyond them.
    pub(super) async fn risk_alone(
        &self,
        run: &StoredRun,
        mine: &[&Scenario],
    ) -> Result<std::sync::Arc<super::super::desk::Ready>, Error> {
        let mut model: Model = run.model.clone();
        let ids: Vec<String> = mine.iter().map(|s| s.id.clone()).collect();
        model.scenarios.retain(|s| ids.contains(&s.id));
        model.effects.retain(|e| ids.contains(&e.scenario));
        let acting: Vec<String> = model.effects.iter().map(|e| e.control.clone()).collect();
        model.controls.retain(|c| acting.contains(&c.id));
        model.observed.retain(|o| acting.contains(&o.control));
        model.uptimes.retain(|u| acting.contains(&u.control));
        model.shocks.clear();
        model.appetite.clear();
        model.insurance.retain(|p| p.scenarios.iter().all(|s| ids.contains(s)));
        self.risk_compute(model, RunOptions { points: 48, ..run.options.clone() }).await
    }
    async fn risk_history(&self, run: &StoredRun, risk: Id) -> Result<Vec<HistoryPoint>, Error> {
        let mut out: Vec<HistoryPoint> = Vec::new();
        let mut was: Option<f64> = None;
        for point in self.risk_trend(120).await? {
            let Some((mean, tail)) = point.figures.risks.get(&risk).copied() else { continue };
            let why = match (was, mean, &point.why) {
                (Some(before), Some(now), Some(change)) if (now - before).abs() > 1e-9 * before.abs() => {
                    let own =
                        |input: &str| match input.split_once(':') {
                            Some(("scenario", id)) => run.names.risk_of.get(id) == Some(&risk),
                            Some(("control", id)) => run.model.effects.iter().any(|e| {
                                e.control == id && run.names.risk_of.get(&e.scenario) == Some(&risk)
                            }),
                            _ => true,
                        };
                    let causes = change.why.causes.iter().filter(|c| own(&c.input));
                    let parts: Vec<(&str, f64)> = causes.map(|c| (c.what.as_str(), c.mean)).collect();
                    sentence("annual loss", before, now, &parts)
                }
                (Some(_), ..) => "unchanged".to_owned(),
                (None, ..) => "worked out for the first time".to_owned(),
            };
            was = mean;
            out.push(HistoryPoint { at: point.at, hash: point.hash, mean, var99: None, tvar99: tail, why });
        }
        Ok(out)
    }
    async fn risk_treatments(
        &self,
        organisation: &Organisation,
        risk: &Held<Risk>,
        run: Option<&StoredRun>,
        known: &Known<'_>,
        ctx: &Ctx,
    ) -> Result<Vec<TreatmentView>, Error> {
        let schema = App::schema("treatment_plan")?;
        let plans: Vec<Held<wardkeep_registers::TreatmentPlan>> = self.held(organisation).await?;
        let own: Vec<_> = plans.into_iter().filter(|p| p.record.risk.id() == risk.id).collect();
        let labels = self.labels(ctx, organisation, own.iter().map(|p| p.id)).await?;
        let _ = known;
        let rates = run.map(|r| r.model.exchange.clone()).unwrap_or_default();
        let into = run.map(|r| r.model.currency);
        let major = |money: Option<Money>| {
            let money = money?;
            let factor = match into {
                Some(to) => {
                    wardkeep_risk::model::ExchangeRates(&rates).factor(money.currency, to, "").ok()?
                }
                None => 1.0,
            };
            Some(money.major() * factor)
        };
        Ok(own
            .into_iter()
            .filter_map(|p| {
                let label = labels.get(p.id)?;
                let pays = p.record.chance_it_pays.map(Percent::ratio);
                Some(TreatmentView {
                    record: super::super::views::Ref {
                        reference: label.reference.clone(),
                        name: label.title.clone(),
                        path: label.path.clone(),
                    },
                    stage: crate::records::stage_label(schema, &p.stage),
                    once: major(Some(p.record.cost_once)).unwrap_or_default(),
                    yearly: major(p.record.cost_yearly).unwrap_or_default(),
                    reduction: p.record.reduction.map(Money::major),
                    tail_reduction: p.record.tail_reduction.map(Money::major),
                    pays,
                    shown_to_pay: pays.is_some_and(|p| p >= 0.8),
                    due: p.record.ends_on,
                })
            })
            .collect())
    }
    /// What each observation behind these scenarios' controls said, in words.
    async fn risk_evidence_words(
        &self,
        run: &StoredRun,
        mine: &[&Scenario],
    ) -> Result<BTreeMap<String, String>, Error> {
        let acting: Vec<&str> = run
            .model
            .effects
            .iter()
            .filter(|e| mine.iter().any(|s| s.id == e.scenario))
            .map(|e| e.control.as_str())
            .collect();
        let mut out = BTreeMap::new();
        for counts in run.model.observed.iter().filter(|o| acting.contains(&o.control.as_str())) {
            for id in &counts.evidence {
                let Ok(parsed) = id.parse::<Id>() else { continue };
                let sql = "SELECT test FROM observation WHERE id = $1";
                let row = self.db.row(sql, wardkeep_store::cells![parsed]).await?;
                let test: String = match row {
                    Some(row) => row.try_get("", "test").map_err(Error::fault)?,
                    None => continue,
                };
                let words = format!(
                    "{test}: {} of {} passed, {} old",
                    counts.passed,
                    counts.examined,
                    count(counts.age_days.max(0.0).round() as u64, "day", "days")
                );
                out.insert(id.clone(), words);
            }
        }
        Ok(out)
    }
}

/// "How often: ransomware", "Multi-factor sign-in".
fn label(input: &str, run: &StoredRun) -> String {
    match input.split_once(':') {
        Some(("rate", id)) => {
            format!("How often: {}", run.model.scenario(id).map_or(id, |s| s.name.as_str()))
        }
        Some(("control", id)) => {
            run.model.controls.iter().find(|c| c.id == id).map_or_else(|| id.to_owned(), |c| c.name.clone())
        }
        _ => input.to_owned(),
    }
}

fn accepted(all: &[Held<Acceptance>], risk: Id, known: &Known<'_>) -> Vec<AcceptanceView> {
    let Some(schema) = wardkeep_registers::by_key("acceptance") else { return Vec::new() };
    let mut own: Vec<&Held<Acceptance>> = all.iter().filter(|a| a.record.risk.id() == risk).collect();
    own.sort_by_key(|a| std::cmp::Reverse(a.created_at));
    let person = |id: Id| known.person(&id.to_string());
    own.into_iter()
        .filter_map(|a| {
            Some(AcceptanceView {
                record: known.id(a.id)?,
                stage: (a.stage.clone(), crate::records::stage_label(schema, &a.stage)),
                asked_by: person(a.record.owner.id()),
                approved_by: a.record.approved_by.and_then(|p| person(p.id())),
                until: Some(a.record.until),
                mean: a.record.annual_loss.map(Money::major),
                tail: a.record.tail_loss.map(Money::major),
                run: a.record.run_hash.as_ref().map(ToString::to_string).unwrap_or_default(),
                void_because: a.record.void_because.as_ref().map(ToString::to_string),
            })
        })
        .collect()
}
