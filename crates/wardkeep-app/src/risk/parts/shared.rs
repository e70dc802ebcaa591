//! What scenarios share: factors, cover, appetite.

use super::super::load::Held;
use super::chance;
use crate::Organisation;
use wardkeep_registers::appetite::Measure;
use wardkeep_registers::shared_factor::{Overlap as Fits, Sort};
use wardkeep_registers::{Appetite, Insurance, SharedFactor};
use wardkeep_risk::Rate;
use wardkeep_risk::engine::{AnnualLayer, EventLayer};
use wardkeep_risk::model::{
    self, AppetiteRule, CommonShock, DriverSpec, Model, Overlap, SectorSpec, SharedNode,
};
use wardkeep_types::{Date, Id, Money, Percent};

/// Shared factors in use.
pub(in super::super) fn shared(factors: &[Held<SharedFactor>], model: &mut Model) {
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
pub(in super::super) fn insurance(policies: &[Held<Insurance>], today: Date, model: &mut Model) {
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

/// Cover of a year's sum that splits what moves together has no exact answer: it is left out and said, for unclear
/// cover is no cover. Cover of each event stays.
pub(in super::super) fn exact_cover(model: &mut Model, outside: &mut Vec<(Id, String)>) {
    let groups: Vec<(String, Vec<String>)> = factors(model);
    let mut taken: Vec<String> = Vec::new();
    let all: Vec<String> = model.scenarios.iter().filter(|s| s.is_assessed()).map(|s| s.id.clone()).collect();
    for policy in model.insurance.iter_mut().filter(|p| p.annual.is_some()) {
        let members: Vec<&String> = all.iter().filter(|id| policy.scenarios.contains(id)).collect();
        let inside = |id: &String| members.contains(&id);
        let split = groups.iter().find(|(_, reached)| {
            let of: Vec<&String> = reached.iter().filter(|id| all.contains(id)).collect();
            of.iter().any(|id| inside(id)) && !of.iter().all(|id| inside(id))
        });
        let why = match split {
            Some((name, _)) => format!(
                "its cover of the year is not counted: {name} also moves scenarios that it does not cover, and \
                 that has no exact answer. Cover all that share it, or none"
            ),
            None if members.iter().any(|id| taken.contains(id)) => {
                "its cover of the year is not counted: another policy covers the year of one of its scenarios"
                    .to_owned()
            }
            None => {
                taken.extend(members.into_iter().cloned());
                continue;
            }
        };
        policy.annual = None;
        if let Ok(id) = policy.id.parse() {
            outside.push((id, why));
        }
    }
}

/// What moves several scenarios together: its name and the scenarios it reaches.
fn factors(model: &Model) -> Vec<(String, Vec<String>)> {
    let sector = |s: &SectorSpec| {
        let reached = model.scenarios.iter().filter(|x| x.sectors.contains_key(&s.id));
        (s.name.clone(), reached.map(|x| x.id.clone()).collect())
    };
    let driver = |d: &DriverSpec| {
        let by = |x: &&model::Scenario| x.driver.as_ref().is_some_and(|(id, _)| *id == d.id);
        (d.name.clone(), model.scenarios.iter().filter(by).map(|x| x.id.clone()).collect())
    };
    let shock = |c: &CommonShock| (c.name.clone(), c.scenarios.clone());
    let (sectors, drivers) = (model.sectors.iter().map(sector), model.drivers.iter().map(driver));
    sectors.chain(drivers).chain(model.shocks.iter().map(shock)).collect()
}

/// Statements in force; what is limited in another currency without a rate is said, not tested.
pub(in super::super) fn appetite(
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
pub(in super::super) fn rule(held: &Held<Appetite>, organisation: &Organisation) -> Option<AppetiteRule> {
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
