//! What is wrong, or merely doubtful, with a model: each finding names its place and a remedy.

use super::base::base_rate;
use super::{Model, RateBelief, RateSpec, Scenario, SourceKind};
use crate::law::LawSpec;
use std::collections::{BTreeMap, BTreeSet};
use wardkeep_types::{Problem, Problems};

/// Faults stop a run, warnings do not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lint {
    /// No figure without mending these.
    pub faults: Problems,
    /// Worth a look.
    pub warnings: Problems,
}

impl Lint {
    fn fault(&mut self, path: impl Into<String>, code: &str, message: impl Into<String>, hint: &str) {
        self.faults.add(Problem::new(path, code, message).hint(hint));
    }
    fn warn(&mut self, path: impl Into<String>, code: &str, message: impl Into<String>, hint: &str) {
        self.warnings.add(Problem::new(path, code, message).hint(hint));
    }
}

/// Looks a model over.
pub fn lint(model: &Model) -> Lint {
    let mut found = Lint::default();
    identities(model, &mut found);
    scenarios(model, &mut found);
    effects(model, &mut found);
    shared(model, &mut found);
    found
}

fn identities(model: &Model, found: &mut Lint) {
    let mut check = |kind: &str, ids: Vec<&str>| {
        let mut seen = BTreeSet::new();
        for (n, id) in ids.into_iter().enumerate() {
            if id.is_empty() || !seen.insert(id) {
                let message = format!("id '{id}' is empty or stands twice");
                found.fault(
                    format!("{kind}[{n}].id"),
                    "id",
                    message,
                    "Give each its own id; names may repeat.",
                );
            }
        }
    };
    check("scenario", model.scenarios.iter().map(|s| s.id.as_str()).collect());
    check("control", model.controls.iter().map(|c| c.id.as_str()).collect());
    check("sector", model.sectors.iter().map(|s| s.id.as_str()).collect());
    check("driver", model.drivers.iter().map(|s| s.id.as_str()).collect());
    check("node", model.nodes.iter().map(|s| s.id.as_str()).collect());
    check("insurance", model.insurance.iter().map(|s| s.id.as_str()).collect());
    check("appetite", model.appetite.iter().map(|s| s.id.as_str()).collect());
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for (n, scenario) in model.scenarios.iter().enumerate() {
        if let Some(first) = names.insert(&scenario.name, n) {
            let message = format!("has the name of scenario[{first}]; both count");
            found.warn(format!("scenario[{n}].name"), "same_name", message, "Rename one of them.");
        }
    }
}

fn scenarios(model: &Model, found: &mut Lint) {
    for (n, s) in model.scenarios.iter().enumerate() {
        let path = format!("scenario[{n}] {}", s.id);
        if !s.is_assessed() {
            if !s.not_assessed {
                let message = "has no rate or no loss: it counts as not assessed, not as zero";
                found.warn(&path, "not_assessed", message, "Estimate both (a rate needs how often threats come and how often they succeed), or say not_assessed = true.");
            }
            continue;
        }
        how_often(s, &path, found);
        let secondary =
            s.secondary.iter().flat_map(|more| more.losses.iter().map(|l| ("secondary.losses", l)));
        for (k, (name, form)) in s.losses.iter().map(|l| ("loss", l)).chain(secondary).enumerate() {
            let place = format!("{path}.{name}[{k}].amount");
            if let Err(problem) = form.amount.value.build(&place) {
                found.faults.add(problem);
            } else if let LawSpec::Interval { p05, p95 } = form.amount.value
                && p95 / p05 > 1000.0
            {
                let message =
                    format!("spans a factor of {:.0}: the mean rests on events nobody has seen", p95 / p05);
                found.warn(&place, "heavy", message, "Split the scenario, or cap the largest possible loss.");
            }
        }
        if s.price_year.is_some_and(|year| year != model.price_year) {
            let message = format!("prices differ from the model's year {}", model.price_year);
            found.warn(format!("{path}.price_year"), "price_year", message, "Bring the amounts to one year.");
        }
        if let Err(problem) = super::ExchangeRates(&model.exchange).factor(
            s.currency.unwrap_or(model.currency),
            model.currency,
            &format!("{path}.currency"),
        ) {
            found.faults.add(problem);
        }
        if s.driver.is_some() && !s.sectors.is_empty() {
            let hint = "Keep the driver or the sectors; both at once can only be simulated.";
            found.fault(&path, "two_factors", "has a driver and sectors", hint);
        }
        for id in s.sectors.keys().filter(|id| model.sectors.iter().all(|x| x.id != **id)) {
            found.fault(
                &path,
                "unknown",
                format!("sector '{id}' does not exist"),
                "Add [[sector]] or mend the id.",
            );
        }
        if let Some((id, _)) = &s.driver
            && model.drivers.iter().all(|x| x.id != *id)
        {
            found.fault(
                &path,
                "unknown",
                format!("driver '{id}' does not exist"),
                "Add [[driver]] or mend the id.",
            );
        }
    }
}

fn how_often(s: &Scenario, path: &str, found: &mut Lint) {
    for one in s.ignored() {
        let since = words(one.since);
        let message = format!("ignored, since a value for {since} was entered directly");
        let hint = format!("Remove {since} to use it, or leave it: no figure hangs on it.");
        found.warn(format!("{path}.{}", one.place()), "ignored", message, &hint);
    }
    let belief = match base_rate(s, path) {
        Ok((belief, _)) => belief,
        Err(problem) => return found.faults.add(problem),
    };
    let shares_a_factor = s.driver.is_some() || !s.sectors.is_empty();
    let message = "shares a factor: the mean of the rate is used, and the factor spreads it";
    let Some(rate) = &s.rate else {
        if shares_a_factor && matches!(belief, RateBelief::Gamma(..) | RateBelief::Spread(_)) {
            found.warn(format!("{path}.nodes"), "shared_rate", message, "Keep one of the two.");
        }
        return;
    };
    if let RateSpec::Point { per_year } = rate.value
        && rate.source != SourceKind::Evidence
        && per_year.times() > 0.0
    {
        let message = "a rate as one number hides what is not known";
        found.warn(format!("{path}.rate"), "point_rate", message, "Ask for 5 % and 95 % points.");
    }
    let spreads =
        matches!(rate.value, RateSpec::Interval { .. } | RateSpec::Gamma { .. } | RateSpec::Pert { .. });
    if spreads && shares_a_factor {
        found.warn(format!("{path}.rate"), "shared_rate", message, "Keep one of the two.");
    }
}

/// A node's key in words.
fn words(key: &str) -> String {
    key.replace('_', " ")
}

fn effects(model: &Model, found: &mut Lint) {
    let mut seen = BTreeSet::new();
    for (n, effect) in model.effects.iter().enumerate() {
        let path = format!("effect[{n}]");
        if model.controls.iter().all(|c| c.id != effect.control) {
            found.fault(
                &path,
                "unknown",
                format!("control '{}' does not exist", effect.control),
                "Mend the id.",
            );
        }
        if model.scenario(&effect.scenario).is_none() {
            found.fault(
                &path,
                "unknown",
                format!("scenario '{}' does not exist", effect.scenario),
                "Mend the id.",
            );
        }
        if !seen.insert((&effect.control, &effect.scenario)) {
            let message = format!("{} already acts on {}", effect.control, effect.scenario);
            found.fault(&path, "credited_twice", message, "A control acts on one factor of a scenario.");
        }
        if effect.kappa.value() == 0.0 {
            found.warn(
                &path,
                "no_credit",
                "kappa is 0: it changes nothing",
                "Remove it, or confirm the techniques.",
            );
        }
        if let crate::control::Mode::DependsOn(node) = &effect.mode
            && model.nodes.iter().all(|x| x.id != *node)
        {
            found.fault(
                &path,
                "unknown",
                format!("node '{node}' does not exist"),
                "Add [[node]] or mend the id.",
            );
        }
    }
    for (n, control) in model.controls.iter().enumerate() {
        let r = &control.reference;
        if [r.coverage, r.reliability, r.intact, r.degraded].iter().any(|v| !(0.0..=1.0).contains(v)) {
            let hint = "Write shares, such as 0.7.";
            found.fault(format!("control[{n}].reference"), "share", "values lie between 0 and 1", hint);
        }
    }
    for (n, counts) in model.observed.iter().enumerate() {
        if counts.passed.saturating_add(counts.failed) > counts.examined {
            let message = "passed and failed exceed what was examined";
            found.fault(format!("observed[{n}]"), "counts", message, "Correct the counts.");
        }
        if model.controls.iter().all(|c| c.id != counts.control) {
            let message = format!("control '{}' does not exist: the counts are not used", counts.control);
            found.warn(format!("observed[{n}]"), "unknown", message, "Mend the id.");
        }
    }
}

fn shared(model: &Model, found: &mut Lint) {
    let known = |ids: &[String]| ids.iter().find(|id| model.scenario(id).is_none()).cloned();
    for (n, shock) in model.shocks.iter().enumerate() {
        if let Some(id) = known(&shock.scenarios) {
            found.fault(
                format!("shock[{n}]"),
                "unknown",
                format!("scenario '{id}' does not exist"),
                "Mend the id.",
            );
        }
    }
    for (n, policy) in model.insurance.iter().enumerate() {
        let path = format!("insurance[{n}]");
        if let Some(id) = known(&policy.scenarios) {
            found.fault(&path, "unknown", format!("scenario '{id}' does not exist"), "Mend the id.");
        }
        if policy.per_event.is_none() && policy.annual.is_none() {
            found.warn(
                &path,
                "no_terms",
                "has no terms: unclear cover is no cover",
                "Enter deductible and limit.",
            );
        }
        if policy.until.is_none() || model.as_of.is_none() {
            found.warn(&path, "no_end", "its last day or the model's date is not known", "Enter both.");
        }
    }
    for (n, rule) in model.appetite.iter().enumerate() {
        if rule.warning.is_some_and(|w| w > rule.limit) {
            let hint = "Warn at or below the limit.";
            found.fault(format!("appetite[{n}]"), "warning", "the warning lies above the limit", hint);
        }
        let level = match rule.measure {
            super::Measure::Var { level } | super::Measure::Tvar { level } => level,
            _ => 0.5,
        };
        if !(level > 0.0 && level < 1.0) {
            found.fault(
                format!("appetite[{n}].level"),
                "level",
                "a level lies between 0 and 1",
                "Write 0.99.",
            );
        }
    }
}
