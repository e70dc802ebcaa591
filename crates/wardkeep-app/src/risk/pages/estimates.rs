//! Estimates to renew, and how people's ranges did.

use super::super::load::Held;
use super::super::views::{CalibrationView, EstimateView, EstimatesView};
use crate::{App, Ctx, Error, Organisation};
use wardkeep_register::{Choice as _, Verb};
use wardkeep_registers::RiskEstimate;
use wardkeep_registers::choices::SourceKind;
use wardkeep_registers::estimate::Shape;
use wardkeep_rights::{Resource, Target, decide};
use wardkeep_types::Id;

/// The share of truths that 90 % ranges should hold.
const PROMISED: f64 = 0.9;

impl App {
    /// Estimates to renew, and how people's ranges did; those estimates that the reader may view.
    pub async fn risk_estimates(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
    ) -> Result<EstimatesView, Error> {
        let all: Vec<Held<RiskEstimate>> = self.held(organisation).await?;
        let resource = Resource::Register("estimate");
        let may = |e: &Held<RiskEstimate>| {
            let target = Target::of(e.unit, Some(e.record.owner.id()));
            decide(&ctx.actor, &organisation.units, Verb::View, resource, &target).is_ok()
        };
        let seen: Vec<&Held<RiskEstimate>> = all.iter().filter(|e| may(e)).collect();
        let reach = crate::records::reach_of(ctx, organisation, App::schema("estimate")?, Verb::View);
        if !reach.system && reach.units.is_empty() && reach.own_units.is_empty() {
            return Err(crate::Refusal::NotFound.into());
        }
        let ids = seen.iter().flat_map(|e| [e.id, e.record.scenario.id(), e.record.owner.id()]);
        let labels = self.labels(ctx, organisation, ids).await?;
        let record = |id: Id| {
            labels.get(id).map(|l| super::super::views::Ref {
                reference: l.reference.clone(),
                name: l.title.clone(),
                path: l.path.clone(),
            })
        };
        let run = self.risk_published().await?;
        let matters = |scenario: Id| {
            let result = &run.as_ref()?.result;
            let whole = result.tvar.get(&result.tail_level)?;
            let id = scenario.to_string();
            let part = result.scenarios.iter().find(|s| s.trail.id == id)?.tail?;
            (*whole > 0.0).then_some(part / whole)
        };
        let today = ctx.now.date();
        let mut estimates: Vec<EstimateView> = seen
            .iter()
            .filter(|e| e.stage == "in_use")
            .filter_map(|held| {
                let e = &held.record;
                Some(EstimateView {
                    record: record(held.id)?,
                    scenario: record(e.scenario.id()),
                    about: e.about.key().into(),
                    shown: shown(e),
                    ends: ends(e),
                    person: labels.get(e.owner.id()).map(|l| l.title.clone()),
                    on: e.stated_on,
                    age_days: today.days_since(e.stated_on),
                    renew_by: e.renew_by,
                    overdue: e.renew_by.is_some_and(|day| day < today),
                    source: e.source.key().into(),
                    matters: matters(e.scenario.id()),
                })
            })
            .collect();
        let urgent = |e: &EstimateView| {
            let placeholder = e.source == SourceKind::Placeholder.key();
            (!e.overdue, !placeholder, -e.age_days)
        };
        estimates.sort_by_key(urgent);
        let name = |id: Id| labels.get(id).map_or_else(String::new, |l| l.title.clone());
        Ok(EstimatesView { estimates, calibration: calibration(&seen, &name), today })
    }
}

/// As people read it.
pub(in super::super) fn shown(e: &RiskEstimate) -> String {
    match (e.times, e.amount, e.chance) {
        (Some(t), ..) => format!("{} to {} a year", t.low, t.high),
        (_, Some(a), _) => {
            let money = |m: wardkeep_types::Money| super::super::runs::short(m.major());
            format!("{} to {} {}", money(a.low), money(a.high), a.low.currency)
        }
        (.., Some(c)) => match e.chance_range() {
            Some((low, _, high)) => format!("{low} to {high}"),
            None => c.to_string(),
        },
        _ => String::new(),
    }
}

/// What the two ends of an estimate stand for; nothing for one exact number.
fn ends(e: &RiskEstimate) -> Option<&'static str> {
    let ranged = match (e.times, e.amount) {
        (Some(t), _) => t.low != t.high,
        (_, Some(a)) => a.low != a.high,
        _ => e.chance_range().is_some(),
    };
    ranged.then_some(match e.shape {
        Shape::Interval => "range_ends",
        Shape::ThreePoints => "range_points",
    })
}

/// How each person's ranges did, best first, with the shares they would have in a pool of their own; who has no scored
/// range yet has no row.
pub(in super::super) fn calibration(
    estimates: &[&Held<RiskEstimate>],
    name: &dyn Fn(Id) -> String,
) -> Vec<CalibrationView> {
    let people = super::super::parts::scored(estimates.iter().copied());
    let ids: Vec<Id> = people.keys().copied().collect();
    let shares = super::super::parts::shares(&ids, &people);
    let mut out: Vec<CalibrationView> = people
        .into_iter()
        .zip(shares)
        .map(|((person, (scored, held)), weight)| {
            let (scored, held) = (scored as i64, held as i64);
            let hit = (1.0 - PROMISED).powi(2) * held as f64 + PROMISED.powi(2) * (scored - held) as f64;
            let path = format!("/estimates?owner={person}&stage=scored");
            CalibrationView { person: name(person), path, scored, held, brier: hit / scored as f64, weight }
        })
        .collect();
    out.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(b.scored.cmp(&a.scored)));
    out
}
