//! The whole portfolio.

use super::super::load::versions;
use super::super::measures::applied;
use super::super::runs::StoredRun;
use super::super::views::{
    ContributorView, CoverView, CurveView, DraftView, HistoryPoint, OutsideView, PortfolioView, Ref,
    ShareView, StepView,
};
use super::Known;
use super::stamp::{curve, figure, levels, named, points, source, stamp, statements};
use crate::{App, Ctx, Error, Organisation};
use wardkeep_register::Verb;
use wardkeep_registers::TreatmentPlan;
use wardkeep_risk::control::{Prior, Values};
use wardkeep_risk::run::Heading;

/// About a month, in seconds.
const MONTH: i64 = 27 * 86_400;
/// Runs of a trend.
const TREND: i64 = 120;

impl App {
    /// The whole portfolio. Figures of the whole are for those who may view every risk; others find nothing.
    pub async fn risk_portfolio(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
    ) -> Result<PortfolioView, Error> {
        Self::risk_whole(ctx, organisation, Verb::View)?;
        let Some(run) = self.risk_published().await? else { return Ok(nothing()) };
        let known = self.risk_known(ctx, organisation, &run, []).await?;
        let (r, band) = (&run.result, run.result.band.as_ref());
        let (mut curves, steps) = self.risk_curves(organisation, &run, &known).await?;
        curves.insert(0, curve(r));
        let trend = self.risk_trend(TREND).await?;
        Ok(PortfolioView {
            heading: match r.heading {
                Heading::Mean => "mean",
                Heading::Median => "median",
            },
            mean: figure(r.mean, band.and_then(|b| b.mean)),
            sd: r.sd,
            p10: r.p10,
            p50: r.p50,
            p90: r.p90,
            no_loss: (!r.scenarios.is_empty()).then_some(r.no_loss),
            var: levels(&r.var, band.map(|b| &b.var)),
            tvar: levels(&r.tvar, band.map(|b| &b.tvar)),
            curves,
            appetite: named(organisation, statements(&run, &known)),
            contributors: contributors(&run, &known),
            sources: r
                .sources
                .iter()
                .map(|s| ShareView { kind: source(s.source).into(), share: s.share })
                .collect(),
            outside: outside(&run, &known),
            change: self.risk_month(&run, &known).await?,
            draft: self.risk_draft(ctx, organisation, &run, &known).await?,
            steps,
            cover: r.cover.as_ref().map(|c| CoverView {
                gross: c.gross,
                recovered: c.recovered,
                net: c.net,
                premium: c.premium,
                reinstatement: c.reinstatement,
            }),
            incidents_without_scenario: run.names.homeless.iter().filter_map(|id| known.id(*id)).collect(),
            history: trend
                .iter()
                .map(|p| HistoryPoint {
                    at: p.at,
                    hash: p.hash.clone(),
                    mean: p.figures.mean,
                    var99: p.figures.var99,
                    tvar99: p.figures.tvar99,
                    why: p.why.as_ref().map_or_else(
                        || "worked out for the first time".to_owned(),
                        |c| c.view(&|_| None).sentence,
                    ),
                })
                .collect(),
            notes: notes(&run),
            run: Some(stamp(&run)),
        })
    }
    /// What changed since the newest run that is about a month old: worked out between those two, not summed up.
    async fn risk_month(
        &self,
        run: &StoredRun,
        known: &Known<'_>,
    ) -> Result<Option<super::super::views::ChangeView>, Error> {
        let trend = self.risk_trend(TREND).await?;
        let old = trend
            .iter()
            .rev()
            .find(|p| p.number != run.number && run.computed_at.seconds_since(p.at) >= MONTH)
            .or_else(|| trend.iter().find(|p| p.number != run.number));
        let Some(old) = old else { return Ok(None) };
        let Some(before) = self.risk_run_named(&old.hash).await? else { return Ok(None) };
        let (model, key) = (run.model.clone(), format!("why {}", run.number));
        let why =
            self.risk_ask_once(&before, &key, move |r| r.session.why((&r.model, &r.run), &model)).await?;
        let why = (*why).clone();
        let change =
            super::super::runs::Change { since: before.computed_at, from_hash: before.hash.clone(), why };
        Ok(Some(change.view(&|input| known.input(input))))
    }
    async fn risk_draft(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        run: &StoredRun,
        known: &Known<'_>,
    ) -> Result<Option<DraftView>, Error> {
        let newest = self.risk_newest().await?.filter(|n| n.number > run.number);
        Ok(newest.and_then(|n| {
            let change = n.why.as_ref()?.view(&|input| known.input(input));
            let may_confirm = Self::risk_whole(ctx, organisation, Verb::Approve).is_ok();
            Some(DraftView { hash: n.hash.clone(), at: n.computed_at, change, may_confirm })
        }))
    }
    /// The curves with approved treatments in place and with no modelled control, and the waterfall between.
    async fn risk_curves(
        &self,
        organisation: &Organisation,
        run: &StoredRun,
        known: &Known<'_>,
    ) -> Result<(Vec<CurveView>, Vec<StepView>), Error> {
        let plans: Vec<super::super::load::Held<TreatmentPlan>> = self.held(organisation).await?;
        let plans: Vec<_> =
            plans.into_iter().filter(|p| matches!(p.stage.as_str(), "approved" | "under_way")).collect();
        let (key, stored) = (format!("curves {}", versions(&plans)), run.clone());
        let plans: Vec<TreatmentPlan> = plans.into_iter().map(|p| p.record).collect();
        let answer = self
            .risk_ask_once(run, &key, move |r| {
                let values = |id: &str| {
                    r.run.resolved.efficacies.get(id).map(wardkeep_risk::control::Efficacy::values)
                };
                let line = |key: &'static str, model: &wardkeep_risk::model::Model| {
                    let e = r.session.evaluate(&r.run, model)?;
                    let lec: Vec<(f64, f64)> =
                        r.run.result.lec.iter().filter_map(|p| Some((p.loss, e.exceeds(p.loss)?))).collect();
                    let (mean, tvar99) = (e.moments.mean, e.tvar(0.99));
                    Ok(CurveView { key, points: points(&lec), mean, tvar99 })
                };
                let mut curves = Vec::new();
                if !plans.is_empty() {
                    let mut model = r.model.clone();
                    for plan in &plans {
                        model = applied(&model, &stored, &values, plan);
                    }
                    curves.push(line("plan", &model)?);
                }
                if !r.model.controls.is_empty() {
                    let mut model = r.model.clone();
                    let none = Values { coverage: 0.0, reliability: 0.0, intact: 0.0, degraded: 0.0 };
                    for control in &mut model.controls {
                        control.prior = Some(Prior::around(none));
                    }
                    model.observed.clear();
                    model.uptimes.clear();
                    curves.push(line("inherent", &model)?);
                }
                Ok((curves, r.session.waterfall(&r.model, &r.run)?))
            })
            .await?;
        let (curves, steps) = (*answer).clone();
        let steps = steps
            .into_iter()
            .map(|s| StepView {
                name: run
                    .model
                    .controls
                    .iter()
                    .find(|c| c.id == s.control)
                    .map_or_else(|| s.control.clone(), |c| c.name.clone()),
                record: known.control(&s.control),
                assumed: run
                    .result
                    .controls
                    .get(&s.control)
                    .is_some_and(|c| c.state == wardkeep_risk::control::State::Assumed),
                key: s.control,
                mean: s.mean,
                drop: s.mean_drop,
            })
            .collect();
        Ok((curves, steps))
    }
}

fn contributors(run: &StoredRun, known: &Known<'_>) -> Vec<ContributorView> {
    let r = &run.result;
    let tail = r.tvar.get(&r.tail_level).copied();
    let mut out: Vec<ContributorView> = r
        .scenarios
        .iter()
        .map(|s| {
            let id = &s.trail.id;
            let owner = run.model.scenario(id).and_then(|m| known.person(&m.owner));
            let of = |part: Option<f64>, whole: Option<f64>| {
                part.zip(whole).and_then(|(p, w)| (w > 0.0).then_some(p / w))
            };
            ContributorView {
                scenario: known.scenario(id).unwrap_or_else(|| Ref {
                    reference: String::new(),
                    name: s.trail.name.clone(),
                    path: String::new(),
                }),
                risk: known.risk_of(id),
                owner,
                mean: s.mean,
                mean_share: of(s.mean, r.mean),
                tail: s.tail,
                tail_share: of(s.tail, tail),
                rate: s.trail.rate,
                event_median: s.event_median,
                source: source(s.trail.source).into(),
                heavy: s.heavy,
            }
        })
        .collect();
    out.sort_by(|a, b| b.tail.unwrap_or(f64::INFINITY).total_cmp(&a.tail.unwrap_or(f64::INFINITY)));
    out
}

/// The engine's remarks with the name of what they are about, each once.
fn notes(run: &StoredRun) -> Vec<String> {
    let named = |note: &wardkeep_types::Problem| {
        let about = run.model.scenarios.iter().find(|s| note.path.contains(s.id.as_str()));
        about.map_or_else(|| note.message.clone(), |s| format!("{}: {}", s.name, note.message))
    };
    let mut out: Vec<String> = Vec::new();
    for note in run.result.notes.iter().map(named) {
        if !out.contains(&note) {
            out.push(note);
        }
    }
    out
}

fn outside(run: &StoredRun, known: &Known<'_>) -> Vec<OutsideView> {
    let found = run.names.outside.iter();
    found.filter_map(|(id, why)| Some(OutsideView { record: known.id(*id)?, why: why.clone() })).collect()
}

fn nothing() -> PortfolioView {
    PortfolioView {
        run: None,
        heading: "mean",
        mean: super::super::views::Figure::default(),
        sd: None,
        p10: None,
        p50: None,
        p90: None,
        no_loss: None,
        var: Vec::new(),
        tvar: Vec::new(),
        curves: Vec::new(),
        appetite: Vec::new(),
        contributors: Vec::new(),
        sources: Vec::new(),
        outside: Vec::new(),
        change: None,
        draft: None,
        steps: Vec::new(),
        cover: None,
        incidents_without_scenario: Vec::new(),
        history: Vec::new(),
        notes: Vec::new(),
    }
}
