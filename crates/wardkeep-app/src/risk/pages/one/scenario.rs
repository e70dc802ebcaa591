//! A scenario of one risk: its inputs with who said them, and its controls down to their observations.

use super::super::super::load::Held;
use super::super::super::runs::StoredRun;
use super::super::super::views::{EffectView, EvidenceRef, FactorView, InputView, ScenarioView};
use super::super::Known;
use super::super::stamp::{figure, source};
use std::collections::BTreeMap;
use wardkeep_registers::RiskEstimate;
use wardkeep_risk::control::{Efficacy, Posterior, Quantity, State};
use wardkeep_risk::law::LawSpec;
use wardkeep_risk::model::{Basis, Form, RateSpec, Scenario, ShareSpec, Sourced};
use wardkeep_risk::run::ScenarioResult;

fn form_key(form: Form) -> String {
    serde_json::to_value(form).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A scenario with its inputs, its controls and the observations behind them.
pub(super) fn scenario(
    s: &Scenario,
    run: &StoredRun,
    known: &Known<'_>,
    estimates: &[Held<RiskEstimate>],
    seen: &BTreeMap<String, String>,
    scores: &BTreeMap<String, (i64, i64)>,
) -> ScenarioView {
    let result = run.result.scenarios.iter().find(|r| r.trail.id == s.id);
    let trail = result.map(|r| &r.trail);
    let record = known.scenario(&s.id).filter(|r| r.reference.starts_with("SCN"));
    let input = Inputs { run, known, estimates, scores };
    ScenarioView {
        key: s.id.clone(),
        record,
        name: s.name.clone(),
        claim: s.claim.clone(),
        basis: match s.basis {
            Basis::NoModelledControls => "no_modelled_controls",
            Basis::WithReferenceControls => "with_reference_controls",
            Basis::OwnToday(_) => "own_today",
        },
        assessed: result.is_some(),
        inputs: input.of(s),
        base_rate: trail.map_or(0.0, |t| t.base_rate),
        prevent: trail.map_or(1.0, |t| t.prevent),
        secondary: trail.map_or(1.0, |t| t.secondary),
        recovery: trail.map_or(1.0, |t| t.recovery),
        contained: trail.map_or(1.0, |t| t.contained),
        rate: trail.map_or(0.0, |t| t.rate),
        event_median: result.map_or(0.0, |r| r.event_median),
        event_mean: result.and_then(|r| r.event_mean),
        mean: result.and_then(|r| r.mean),
        tail: result.and_then(|r| r.tail),
        incidents: s.incidents.map(|i| (i.events, i.years)),
        near_misses: s.near_misses.map(|i| (i.events, i.years)),
        near_misses_ignored: s.ignored().iter().any(|i| i.node == "near_misses"),
        controls: result.map(|r| effects(r, run, known, seen)).unwrap_or_default(),
        source: trail.map_or("", |t| source(t.source)).into(),
        heavy: result.is_some_and(|r| r.heavy),
    }
}

struct Inputs<'a> {
    run: &'a StoredRun,
    known: &'a Known<'a>,
    estimates: &'a [Held<RiskEstimate>],
    scores: &'a BTreeMap<String, (i64, i64)>,
}

impl Inputs<'_> {
    fn of(&self, s: &Scenario) -> Vec<InputView> {
        let mut out = Vec::new();
        let currency = s.currency.unwrap_or(self.run.model.currency).to_string();
        out.extend(s.rate.as_ref().map(|rate| self.rate("rate", rate)));
        if let Some(nodes) = &s.nodes {
            out.extend(nodes.threat_events.as_ref().map(|rate| self.rate("threat_events", rate)));
            out.extend(nodes.contacts.as_ref().map(|rate| self.rate("contacts", rate)));
            for (about, share) in [
                ("action", &nodes.action),
                ("vulnerability", &nodes.vulnerability),
                ("capability", &nodes.capability),
                ("resistance", &nodes.resistance),
            ] {
                out.extend(share.as_ref().map(|share| self.share(about, share)));
            }
        }
        for one in s.ignored() {
            for view in out.iter_mut().filter(|view| view.about == one.node) {
                view.ignored_since = Some(one.since.into());
            }
        }
        for loss in &s.losses {
            out.push(self.money("loss", loss.form, &currency, &loss.amount));
        }
        if let Some(more) = &s.secondary {
            let p = more.chance.value.value();
            let view = self.one("secondary_chance", None, (p, None, p), "constant", "chance", &more.chance);
            out.push(InputView { median: Some(p), mean: Some(p), ..view });
            for loss in &more.losses {
                out.push(self.money("secondary_loss", loss.form, &currency, &loss.amount));
            }
        }
        out
    }
    fn rate(&self, about: &str, rate: &Sourced<RateSpec>) -> InputView {
        let belief = rate.value.belief(None, about).ok();
        let (low, likely, high, law) = match &rate.value {
            RateSpec::Point { per_year } => (per_year.times(), None, per_year.times(), "constant"),
            RateSpec::Interval { p05, p95 } => (*p05, None, *p95, "gamma"),
            RateSpec::Gamma { .. } => {
                let at = |u| belief.as_ref().map_or(0.0, |b| b.quantile(u));
                (at(0.05), None, at(0.95), "gamma")
            }
            RateSpec::Pert { low, mode, high, .. } => (*low, Some(*mode), *high, "pert"),
            RateSpec::Chance { probability } | RateSpec::AtMostOnce { probability } => {
                (probability.value(), None, probability.value(), "constant")
            }
            RateSpec::Values { .. } => {
                let at = |u| belief.as_ref().map_or(0.0, |b| b.quantile(u));
                (at(0.05), None, at(0.95), "other")
            }
            RateSpec::Normal { mean, .. } => (*mean, None, *mean, "normal"),
        };
        let view = self.one(about, None, (low, likely, high), law, "per_year", rate);
        // Of three points the law itself is asked: its nodes are few, and made for sums.
        let median = match rate.value {
            RateSpec::Pert { low, mode, high, weight } => {
                LawSpec::Pert { low, mode, high, weight }.build(about).ok().map(|law| law.quantile(0.5))
            }
            _ => belief.as_ref().map(|b| b.quantile(0.5)),
        };
        InputView { median, mean: belief.as_ref().map(wardkeep_risk::model::RateBelief::mean), ..view }
    }
    fn share(&self, about: &str, share: &Sourced<ShareSpec>) -> InputView {
        let (low, likely, high, law) = match share.value {
            ShareSpec::Chance { probability } => (probability.value(), None, probability.value(), "constant"),
            ShareSpec::Interval { p05, p95 } => (p05, None, p95, "log-odds"),
            ShareSpec::Pert { low, mode, high, .. } => (low, Some(mode), high, "pert"),
        };
        let belief = share.value.law(about).ok();
        let view = self.one(about, None, (low, likely, high), law, "chance", share);
        InputView { median: belief.map(|b| b.quantile(0.5)), mean: belief.map(|b| b.mean()), ..view }
    }
    fn money(&self, about: &str, form: Form, currency: &str, amount: &Sourced<LawSpec>) -> InputView {
        let built = amount.value.build("amount").ok();
        let (low, likely, high, law) = match amount.value {
            LawSpec::Constant { value } => (value, None, value, "constant"),
            LawSpec::Interval { p05, p95 } => (p05, None, p95, "lognormal"),
            LawSpec::Pert { low, mode, high, .. } => (low, Some(mode), high, "pert"),
            _ => {
                let q = |u| built.as_ref().map_or(0.0, |b| b.quantile(u));
                (q(0.05), None, q(0.95), "other")
            }
        };
        let view = self.one(about, Some(form_key(form)), (low, likely, high), law, currency, amount);
        InputView {
            median: built.as_ref().map(|b| b.quantile(0.5)),
            mean: built.as_ref().and_then(|b| b.moment(1)),
            ..view
        }
    }
    fn one<T>(
        &self,
        about: &str,
        form: Option<String>,
        (low, likely, high): (f64, Option<f64>, f64),
        law: &str,
        unit: &str,
        origin: &Sourced<T>,
    ) -> InputView {
        let held = self.estimates.iter().find(|e| origin.evidence.first() == Some(&e.reference));
        InputView {
            about: about.into(),
            form,
            low,
            likely,
            high,
            unit: unit.into(),
            law: law.into(),
            median: None,
            mean: None,
            source: source(origin.source).into(),
            by: self.known.person(&origin.by),
            on: origin.on.parse().ok(),
            question: origin.question.clone(),
            reason: origin.reason.clone(),
            anchor: origin.anchor.clone(),
            estimate: held.and_then(|e| self.known.id(e.id)),
            renew_by: held.and_then(|e| e.record.renew_by),
            calibration: self.scores.get(&origin.by).copied(),
            ignored_since: None,
        }
    }
}

fn effects(
    result: &ScenarioResult,
    run: &StoredRun,
    known: &Known<'_>,
    seen: &BTreeMap<String, String>,
) -> Vec<EffectView> {
    let scenario = &result.trail.id;
    result
        .trail
        .controls
        .iter()
        .map(|c| {
            let spec = run.model.controls.iter().find(|x| x.id == c.control);
            let link = run.model.effects.iter().find(|e| e.control == c.control && e.scenario == *scenario);
            let record = run.names.effect_of.iter().find(|(k, s, _)| *k == c.control && s == scenario);
            EffectView {
                key: c.control.clone(),
                control: known.control(&c.control),
                name: spec.map_or_else(|| c.control.clone(), |x| x.name.clone()),
                effect: record.and_then(|(_, _, id)| known.id(*id)),
                on: serde_json::to_value(c.on)
                    .ok()
                    .and_then(|v| v.as_str().map(str::to_owned))
                    .unwrap_or_default(),
                kappa: c.kappa,
                source: link.map_or("", |e| source(e.source)).into(),
                efficacy: c.efficacy,
                reference: c.reference,
                state: match c.state {
                    State::Observed => "observed",
                    State::Assumed => "assumed",
                },
                factors: run.result.controls.get(&c.control).map(|e| factors(e, seen)).unwrap_or_default(),
            }
        })
        .collect()
}

fn factors(efficacy: &Efficacy, seen: &BTreeMap<String, String>) -> Vec<FactorView> {
    let of = |key: &'static str, quantity: Quantity, posterior: &Posterior| {
        let note = efficacy.trail.iter().find(|t| t.quantity == quantity);
        FactorView {
            quantity: key,
            prior: note.map_or(0.0, |n| n.prior),
            weight: note.map_or(0.0, |n| n.weight),
            now: figure(
                Some(posterior.mean()),
                Some((posterior.quantile(0.05, 0.05), posterior.quantile(0.95, 0.95))),
            ),
            evidence: note
                .map(|n| {
                    let found = n.evidence.iter();
                    found
                        .map(|id| EvidenceRef {
                            id: id.clone(),
                            words: seen.get(id).cloned().unwrap_or_else(|| id.clone()),
                            path: seen.get(id).map(|_| format!("/observations/{id}")),
                        })
                        .collect()
                })
                .unwrap_or_default(),
        }
    };
    vec![
        of("coverage", Quantity::Coverage, &efficacy.coverage),
        of("reliability", Quantity::Reliability, &efficacy.reliability),
        of("intact", Quantity::Intact, &efficacy.intact),
        of("degraded", Quantity::Degraded, &efficacy.degraded),
    ]
}
