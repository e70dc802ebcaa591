//! One record, one part of the model.

mod controls;
mod nodes;
mod pool;
mod shared;

pub(super) use controls::{control, effect};
pub(super) use nodes::stated;
pub(super) use pool::{scored, shares};
pub(super) use shared::{appetite, exact_cover, insurance, rule, shared};

use super::load::Held;
use std::collections::BTreeMap;
use wardkeep_register::Choice as _;
use wardkeep_registers::choices::SourceKind as Source;
use wardkeep_registers::estimate::{About, LossForm, Shape};
use wardkeep_registers::scenario::Basis as RateBasis;
use wardkeep_registers::{ExchangeRate, Incident, Risk, RiskEstimate, Scenario};
use wardkeep_risk::Probability;
use wardkeep_risk::law::LawSpec;
use wardkeep_risk::model::{
    self, Basis, Containment, Form, FormLoss, RateSpec, Scenario as Part, Secondary, SourceKind, Sourced,
};
use wardkeep_types::{Date, Id, Moment, Percent};

/// Weight of the most likely of three points: what an estimate means by them.
pub(super) const WEIGHT: f64 = 4.0;

fn source(kind: Source) -> SourceKind {
    match kind {
        Source::Evidence => SourceKind::Evidence,
        Source::Study => SourceKind::Study,
        Source::Expert => SourceKind::Expert,
        Source::Placeholder => SourceKind::Placeholder,
    }
}

fn sourced<T>(value: T, estimate: &Held<RiskEstimate>) -> Sourced<T> {
    let e = &estimate.record;
    let mut out = Sourced::new(value, source(e.source));
    out.by = e.owner.id().to_string();
    out.on = e.stated_on.to_string();
    out.question = e.name.to_string();
    out.reason = e.reason.to_string();
    out.anchor = e.anchor.to_string();
    out.evidence = std::iter::once(estimate.reference.clone())
        .chain(e.evidence.ids().iter().map(Id::to_string))
        .collect();
    out
}

fn chance(percent: Percent) -> Probability {
    Probability::clamped(percent.ratio())
}

fn form(form: Option<LossForm>) -> Form {
    match form {
        None | Some(LossForm::Total) => Form::Total,
        Some(LossForm::Productivity) => Form::Productivity,
        Some(LossForm::Response) => Form::Response,
        Some(LossForm::Replacement) => Form::Replacement,
        Some(LossForm::FinesAndJudgements) => Form::FinesAndJudgements,
        Some(LossForm::CompetitiveAdvantage) => Form::CompetitiveAdvantage,
        Some(LossForm::Reputation) => Form::Reputation,
    }
}

fn loss(estimate: &Held<RiskEstimate>) -> Option<FormLoss> {
    let e = &estimate.record;
    let amount = e.amount?;
    let (low, mode, high) = (amount.low.major(), amount.likely.major(), amount.high.major());
    let law = match e.shape {
        Shape::Interval => LawSpec::Interval { p05: low, p95: high },
        Shape::ThreePoints if low == high => LawSpec::Constant { value: low },
        Shape::ThreePoints => LawSpec::Pert { low, mode, high, weight: WEIGHT },
    };
    Some(FormLoss { form: form(e.form), amount: sourced(law, estimate), time_driven: e.time_driven })
}

fn rate(estimate: &Held<RiskEstimate>) -> Option<Sourced<RateSpec>> {
    let e = &estimate.record;
    let times = e.times?;
    let (low, mode, high) = (times.low.times(), times.likely.times(), times.high.times());
    let spec = match e.shape {
        Shape::Interval => RateSpec::Interval { p05: low, p95: high },
        Shape::ThreePoints if low == high => RateSpec::Point { per_year: times.likely },
        Shape::ThreePoints => RateSpec::Pert { low, mode, high, weight: WEIGHT },
    };
    Some(sourced(spec, estimate))
}

/// The key of a form of loss; losses that nobody split are one form.
fn form_name(form: Option<LossForm>) -> &'static str {
    form.map_or("total", |f| f.key())
}

/// Everybody's newest estimate in use of each number of a scenario.
pub(super) fn newest(scenario: Id, all: &[Held<RiskEstimate>]) -> Vec<&Held<RiskEstimate>> {
    let mut found: BTreeMap<(&str, &str, Id), &Held<RiskEstimate>> = BTreeMap::new();
    for one in all.iter().filter(|e| e.stage == "in_use" && e.record.scenario.id() == scenario) {
        let form = if one.record.amount.is_some() { form_name(one.record.form) } else { "" };
        let slot = found.entry((one.record.about.key(), form, one.record.owner.id())).or_insert(one);
        if (one.record.stated_on, &one.reference) > (slot.record.stated_on, &slot.reference) {
            *slot = one;
        }
    }
    found.into_values().collect()
}

/// A scenario, and why it is in no sum when it is in none.
pub(super) fn scenario(
    held: &Held<Scenario>,
    estimates: &[Held<RiskEstimate>],
    incidents: &[Held<Incident>],
    now: Moment,
) -> (Part, Option<String>) {
    let s = &held.record;
    let mut part = Part::named(&held.id.to_string(), s.name.as_str());
    let line =
        |text: &Option<wardkeep_types::Line>| text.as_ref().map(ToString::to_string).unwrap_or_default();
    (part.actor, part.asset, part.effect) = (line(&s.actor), line(&s.harmed), line(&s.effect));
    part.claim = s.claim.to_string();
    part.basis = match s.basis {
        RateBasis::WithReferenceControls => Basis::WithReferenceControls,
        RateBasis::NoModelledControls => Basis::NoModelledControls,
        RateBasis::OwnToday => Basis::OwnToday(BTreeMap::new()),
    };
    part.techniques = wardkeep_registers::entries(&s.techniques)
        .filter_map(|entry| {
            let (id, weight) = entry.split_once(char::is_whitespace)?;
            Some((id.to_owned(), weight.trim().parse().ok()?))
        })
        .collect();
    if let (Some(seen), Some(acted), Some(hours), Some(mttr), Some(rest)) =
        (s.seen, s.acted, s.hours_to_harm, s.hours_to_respond, s.remaining_loss)
    {
        part.containment = Some(Containment {
            seen: chance(seen),
            acted: chance(acted),
            hours: hours as f64,
            mttr_hours: mttr as f64,
            remaining_loss: chance(rest),
        });
    }
    let pool = pool::Pool::of(held.id, estimates);
    part.rate = pool.rate(About::Rate);
    part.nodes = nodes::nodes(&pool);
    part.losses = pool.losses(About::Loss);
    let more = pool.losses(About::SecondaryLoss);
    let chances = pool.about(About::SecondaryChance);
    if let Some((found, percent)) = chances.into_iter().find_map(|e| Some((e, e.record.chance?)))
        && !more.is_empty()
    {
        part.secondary = Some(Secondary { chance: sourced(chance(percent), found), losses: more });
    }
    let own = pool.answers();
    let currencies: Vec<_> = own.iter().filter_map(|e| Some(e.record.amount?.low.currency)).collect();
    part.currency = currencies.first().copied();
    (part.incidents, part.near_misses) = nodes::happened(held.id, &part, incidents, now);
    let mixed = currencies.iter().any(|c| Some(*c) != part.currency);
    let why = if mixed {
        Some("its losses are in several currencies: give all of them in one".to_owned())
    } else if let Some(missing) = nodes::missing(&part) {
        Some(missing.to_owned())
    } else if part.losses.is_empty() {
        Some("how much is not estimated".to_owned())
    } else {
        None
    };
    part.not_assessed = why.is_some();
    (part, why)
}

/// A risk that stands on its own first estimate.
pub(super) fn rough(held: &Held<Risk>) -> Option<Part> {
    let (times, amount) = (held.record.frequency?, held.record.loss?);
    let mut part = Part::named(&held.id.to_string(), held.record.name.as_str());
    let say = |question: &str| {
        let mut origin = Sourced::new((), SourceKind::Expert);
        origin.by = held.record.owner.map(|o| o.id().to_string()).unwrap_or_default();
        origin.question = question.to_owned();
        origin.reason = "first estimate on the risk itself".into();
        origin.evidence = vec![held.reference.clone()];
        origin
    };
    let (low, high) = (times.low.times(), times.high.times());
    let spec = if low > 0.0 && low < high {
        RateSpec::Interval { p05: low, p95: high }
    } else {
        RateSpec::Point { per_year: times.likely }
    };
    part.rate = Some(with(say("Times a year"), spec));
    let (low, high) = (amount.low.major(), amount.high.major());
    let law = if low > 0.0 && low < high {
        LawSpec::Interval { p05: low, p95: high }
    } else {
        LawSpec::Constant { value: amount.likely.major() }
    };
    part.losses =
        vec![FormLoss { form: Form::Total, amount: with(say("Loss each time"), law), time_driven: false }];
    part.currency = Some(amount.low.currency);
    part.basis = Basis::NoModelledControls;
    Some(part)
}

fn with<T>(origin: Sourced<()>, value: T) -> Sourced<T> {
    let Sourced { source, by, on, question, reason, anchor, evidence, .. } = origin;
    Sourced { value, source, by, on, question, reason, anchor, evidence }
}

/// The newest rate of each pair that was in force by a day.
pub(super) fn exchange(rates: &[Held<ExchangeRate>], day: Date) -> Vec<model::ExchangeRate> {
    let mut newest: BTreeMap<(String, String), &Held<ExchangeRate>> = BTreeMap::new();
    for rate in rates.iter().filter(|r| r.stage == "in_use" && r.record.dated <= day) {
        let pair = (rate.record.from_currency.to_string(), rate.record.to_currency.to_string());
        let slot = newest.entry(pair).or_insert(rate);
        if rate.record.dated > slot.record.dated {
            *slot = rate;
        }
    }
    newest
        .into_values()
        .filter_map(|held| {
            let r = &held.record;
            Some(model::ExchangeRate {
                from: r.from_currency.as_str().parse().ok()?,
                to: r.to_currency.as_str().parse().ok()?,
                rate: r.rate.as_str().parse().ok()?,
                on: r.dated,
                source: r.publisher.to_string(),
            })
        })
        .collect()
}
