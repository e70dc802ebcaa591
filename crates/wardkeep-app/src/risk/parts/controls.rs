//! Controls with what is assumed of them, and what they act on.

use super::super::load::Held;
use super::{chance, source};
use wardkeep_registers::control_effect::{Factor as On, Joins};
use wardkeep_registers::{Control, ControlEffect};
use wardkeep_risk::control::{Mode, Prior, Values};
use wardkeep_risk::model::{ControlSpec, Effect, Factor, Model};
use wardkeep_types::Percent;

/// The engine's control of an effect, made when it is not there; answers with its id.
pub(in super::super) fn control(
    control: &Held<Control>,
    effect: &Held<ControlEffect>,
    model: &mut Model,
) -> String {
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
pub(in super::super) fn effect(held: &Held<ControlEffect>, control: &str, scenario: &str) -> Effect {
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
