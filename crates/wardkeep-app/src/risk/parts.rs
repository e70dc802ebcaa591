//! One record, one part of the model.

use super::load::Held;
use crate::Organisation;
use std::collections::BTreeMap;
use wardkeep_register::Choice as _;
use wardkeep_registers::appetite::Measure;
use wardkeep_registers::choices::SourceKind as Source;
use wardkeep_registers::control_effect::{Factor as On, Joins};
use wardkeep_registers::estimate::{About, LossForm, Shape};
use wardkeep_registers::scenario::Basis as RateBasis;
use wardkeep_registers::shared_factor::{Overlap as Fits, Sort};
use wardkeep_registers::{
    Appetite, Control, ControlEffect, ExchangeRate, Incident, Insurance, Risk, RiskEstimate, Scenario,
    SharedFactor,
};
use wardkeep_risk::control::{Mode, Prior, Values};
use wardkeep_risk::engine::{AnnualLayer, EventLayer};
use wardkeep_risk::law::LawSpec;
use wardkeep_risk::model::{
    self, AppetiteRule, Basis, CommonShock, Containment, ControlSpec, DriverSpec, Effect, Factor, Form,
    FormLoss, Incidents, Model, Overlap, RateSpec, Scenario as Part, Secondary, SectorSpec, SharedNode,
    SourceKind, Sourced,
};
use wardkeep_risk::{Probability, Rate};
use wardkeep_types::{Date, Id, Moment, Money, Percent};

/// Days of a year, for exposure.
const YEAR: f64 = 365.25;

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
        Shape::ThreePoints => LawSpec::Pert { low, mode, high, weight: 4.0 },
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
        Shape::ThreePoints => RateSpec::Pert { low, mode, high },
    };
    Some(sourced(spec, estimate))
}

/// The newest estimate in use of each number of a scenario.
pub(super) fn newest(scenario: Id, all: &[Held<RiskEstimate>]) -> Vec<&Held<RiskEstimate>> {
    let mut found: BTreeMap<(&str, &str), &Held<RiskEstimate>> = BTreeMap::new();
    for one in all.iter().filter(|e| e.stage == "in_use" && e.record.scenario.id() == scenario) {
        let form = one.record.form.map_or("total", |f| f.key());
        let place = (one.record.about.key(), if one.record.amount.is_some() { form } else { "" });
        let slot = found.entry(place).or_insert(one);
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
    let own = newest(held.id, estimates);
    let of = |about: About| own.iter().filter(move |e| e.record.about == about);
    part.rate = of(About::Rate).find_map(|e| rate(e));
    part.losses = of(About::Loss).filter_map(|e| loss(e)).collect();
    let more: Vec<FormLoss> = of(About::SecondaryLoss).filter_map(|e| loss(e)).collect();
    if let Some((found, percent)) = of(About::SecondaryChance).find_map(|e| Some((e, e.record.chance?)))
        && !more.is_empty()
    {
        part.secondary = Some(Secondary { chance: sourced(chance(percent), found), losses: more });
    }
    let currencies: Vec<_> = own.iter().filter_map(|e| Some(e.record.amount?.low.currency)).collect();
    part.currency = currencies.first().copied();
    part.incidents = own_incidents(held.id, &own, incidents, now);
    let mixed = currencies.iter().any(|c| Some(*c) != part.currency);
    let why = if mixed {
        Some("its losses are in several currencies: give all of them in one".to_owned())
    } else if part.rate.is_none() {
        Some("how often is not estimated".to_owned())
    } else if part.losses.is_empty() {
        Some("how much is not estimated".to_owned())
    } else {
        None
    };
    part.not_assessed = why.is_some();
    (part, why)
}

/// Own incidents since the rate was estimated: what came before is in the estimate already. Without any, only whole
/// years of quiet count, so that figures do not drift from day to day.
fn own_incidents(
    scenario: Id,
    estimates: &[&Held<RiskEstimate>],
    incidents: &[Held<Incident>],
    now: Moment,
) -> Option<Incidents> {
    let stated = estimates.iter().find(|e| e.record.about == About::Rate)?.record.stated_on;
    let begun = |i: &Held<Incident>| i.record.occurred_at.or(i.record.detected_at).unwrap_or(i.created_at);
    let events = incidents
        .iter()
        .filter(|i| i.record.scenario.is_some_and(|s| s.id() == scenario) && !i.record.is_exercise)
        .filter(|i| begun(i).date() >= stated && begun(i) <= now)
        .count();
    let years = now.date().days_since(stated) as f64 / YEAR;
    let years = if events == 0 { years.floor() } else { years.max(1.0 / YEAR) };
    (years > 0.0).then(|| Incidents {
        events: u32::try_from(events).unwrap_or(u32::MAX),
        years,
        multiplier: 1.0,
    })
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

/// The engine's control of an effect, made when it is not there; answers with its id.
pub(super) fn control(control: &Held<Control>, effect: &Held<ControlEffect>, model: &mut Model) -> String {
    let e = &effect.record;
    let part = |given: Option<Percent>, usual: f64| given.map_or(usual, Percent::ratio);
    // Placeholders of the library (`specs/risk.md` 10).
    let reference = Values {
        coverage: part(e.assumed_coverage, 0.7),
        reliability: part(e.assumed_reliability, 0.9),
        intact: part(e.assumed_efficacy, 0.5),
        degraded: part(e.assumed_degraded, 0.0),
    };
    let base = control.reference.clone();
    let alike = model.controls.iter().filter(|c| c.id.split('/').next() == Some(base.as_str()));
    let (mut count, mut found) = (0, None);
    for one in alike {
        count += 1;
        if one.reference == reference {
            found = Some(one.id.clone());
        }
    }
    found.unwrap_or_else(|| {
        let id = if count == 0 { base } else { format!("{base}/{}", count + 1) };
        model.controls.push(ControlSpec {
            id: id.clone(),
            name: control.record.name.to_string(),
            reference,
            prior: Some(Prior::around(reference)),
            source: source(e.source),
            mitigations: Vec::new(),
            feed: String::new(),
        });
        id
    })
}

/// The engine's effect.
pub(super) fn effect(held: &Held<ControlEffect>, control: &str, scenario: &str) -> Effect {
    let e = &held.record;
    Effect {
        control: control.to_owned(),
        scenario: scenario.to_owned(),
        on: match e.factor {
            On::EventFrequency => Factor::EventFrequency,
            On::Susceptibility => Factor::Susceptibility,
            On::SecondaryChance => Factor::SecondaryChance,
            On::Detection => Factor::Detection,
            On::Response => Factor::Response,
            On::Recovery => Factor::Recovery,
        },
        kappa: chance(e.kappa),
        source: source(e.source),
        mode: match (e.joins, &e.chain, e.stands_on) {
            (Joins::Chain, Some(name), _) => Mode::Chain(name.to_string()),
            (Joins::DependsOn, _, Some(node)) => Mode::DependsOn(node.id().to_string()),
            _ => Mode::Independent,
        },
    }
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

/// Shared factors in use.
pub(super) fn shared(factors: &[Held<SharedFactor>], model: &mut Model) {
    for held in factors.iter().filter(|f| f.stage == "in_use") {
        let (f, id, name) = (&held.record, held.id.to_string(), held.record.name.to_string());
        let members: Vec<String> = f.scenarios.ids().iter().map(Id::to_string).collect();
        let present: Vec<String> = members.into_iter().filter(|m| model.scenario(m).is_some()).collect();
        let spread = f.spread.map(Percent::ratio).unwrap_or_default();
        match f.kind {
            Sort::Frailty if !present.is_empty() => {
                model.sectors.push(SectorSpec { id: id.clone(), name, variance: spread });
                for part in model.scenarios.iter_mut().filter(|s| present.contains(&s.id)) {
                    if part.driver.is_none() && part.sectors.is_empty() {
                        part.sectors.insert(id.clone(), 1.0);
                    }
                }
            }
            Sort::Driver if !present.is_empty() => {
                model.drivers.push(DriverSpec { id: id.clone(), name });
                for part in model.scenarios.iter_mut().filter(|s| present.contains(&s.id)) {
                    if part.driver.is_none() && part.sectors.is_empty() {
                        part.driver = Some((id.clone(), spread));
                    }
                }
            }
            Sort::CommonEvent => {
                if let (Some(times), Some(overlap)) = (f.times, f.overlap)
                    && let Some(rate) = Rate::new(times.likely.times())
                    && !present.is_empty()
                {
                    let overlap = match overlap {
                        Fits::CarvedOut => Overlap::CarvedOut,
                        Fits::Extra => Overlap::Extra,
                    };
                    model.shocks.push(CommonShock { id, name, rate, scenarios: present, overlap });
                }
            }
            Sort::Ground => {
                if let Some(failing) = f.failing {
                    model.nodes.push(SharedNode { id, name, failing: chance(failing) });
                }
            }
            Sort::Frailty | Sort::Driver => {}
        }
    }
}

/// Policies in force, in the model's currency. Unclear cover is no cover.
pub(super) fn insurance(policies: &[Held<Insurance>], today: Date, model: &mut Model) {
    let exchange = model.exchange.clone();
    let rates = model::ExchangeRates(&exchange);
    for held in policies.iter().filter(|p| p.stage == "in_force" && p.record.starts_on <= today) {
        let p = &held.record;
        let amount = |money: Option<Money>| {
            let money = money?;
            let factor = rates.factor(money.currency, model.currency, "insurance").ok()?;
            Some(money.major() * factor)
        };
        let covered: Vec<String> = p.covers.ids().iter().map(Id::to_string).collect();
        let covered: Vec<String> = covered.into_iter().filter(|id| model.scenario(id).is_some()).collect();
        let limit = (amount(p.event_limit), amount(p.annual_limit));
        model.insurance.push(model::Insurance {
            id: held.id.to_string(),
            name: p.name.to_string(),
            scenarios: covered,
            per_event: limit.0.map(|limit| EventLayer {
                deductible: amount(p.event_deductible).unwrap_or_default(),
                limit,
            }),
            annual: limit.1.map(|limit| AnnualLayer {
                retention: amount(p.annual_retention).unwrap_or_default(),
                limit,
            }),
            premium: amount(p.premium).unwrap_or_default(),
            reinstatement: amount(p.reinstatement).unwrap_or_default(),
            until: Some(p.until),
        });
    }
}

/// Statements in force; what is limited in another currency without a rate is said, not tested.
pub(super) fn appetite(
    statements: &[Held<Appetite>],
    organisation: &Organisation,
    currency: wardkeep_types::Currency,
    outside: &mut Vec<(Id, String)>,
) -> Vec<AppetiteRule> {
    let own = |a: &Appetite| {
        let given = [a.amount, a.limit_money, a.warning_money];
        given.into_iter().flatten().all(|money| money.currency == currency)
    };
    statements
        .iter()
        .filter(|a| a.stage == "in_force")
        .filter_map(|held| {
            let rule = rule(held, organisation).filter(|_| own(&held.record));
            if rule.is_none() {
                let why =
                    format!("not tested: a statement is whole and in {currency}, the currency of the run");
                outside.push((held.id, why));
            }
            rule
        })
        .collect()
}

/// One constraint of the engine.
pub(super) fn rule(held: &Held<Appetite>, organisation: &Organisation) -> Option<AppetiteRule> {
    let a = &held.record;
    let level = a.level.map(Percent::ratio);
    let measure = match a.measure {
        Measure::Exceedance => model::Measure::Exceedance { amount: a.amount?.major() },
        Measure::Var => model::Measure::Var { level: level? },
        Measure::Tvar => model::Measure::Tvar { level: level? },
        Measure::Mean => model::Measure::Mean,
    };
    let chance = a.measure == Measure::Exceedance;
    let limit = if chance { a.limit_chance?.ratio() } else { a.limit_money?.major() };
    let warning =
        if chance { a.warning_chance.map(Percent::ratio) } else { a.warning_money.map(Money::major) };
    Some(AppetiteRule {
        id: held.id.to_string(),
        name: a.name.to_string(),
        measure,
        limit,
        warning,
        scope: a.scope.map(|unit| organisation.unit(unit.id()).0.to_owned()),
        owner: a.owner.map(|o| o.id().to_string()).unwrap_or_default(),
        approved_on: a.approved_on,
    })
}
