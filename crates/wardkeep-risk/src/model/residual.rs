//! What controls leave of a rate, a chance and a loss, against the basis of the estimate.

use super::scenario::{Basis, Scenario};
use super::{Effect, Factor, Model};
use crate::Probability;
use crate::control::{Acting, Values, containment, remaining};
use crate::engine::Loss;
use wardkeep_types::Problem;

/// Credit above this is cut: nothing is stopped for sure.
const MOST_EFFICACY: f64 = 1.0 - 1e-9;

pub(super) const PREVENT: [Factor; 2] = [Factor::EventFrequency, Factor::Susceptibility];

pub(super) fn effects_of<'a>(model: &'a Model, scenario: &str) -> Vec<&'a Effect> {
    model.effects.iter().filter(|e| e.scenario == scenario).collect()
}

pub(super) fn reference(model: &Model, scenario: &Scenario, effect: &Effect) -> f64 {
    match &scenario.basis {
        Basis::NoModelledControls => 0.0,
        Basis::WithReferenceControls => model
            .controls
            .iter()
            .find(|c| c.id == effect.control)
            .map_or(0.0, |c| c.reference.efficacy(effect.kappa.value())),
        Basis::OwnToday(recorded) => recorded.get(&effect.control).copied().unwrap_or(0.0),
    }
    .clamp(0.0, MOST_EFFICACY)
}

fn left(model: &Model, effects: &[&Effect], on: &[Factor], efficacy: &dyn Fn(&Effect) -> f64) -> f64 {
    let failing =
        |node: &str| model.nodes.iter().find(|n| n.id == node).map_or(Probability::ZERO, |n| n.failing);
    remaining(
        effects
            .iter()
            .filter(|e| on.contains(&e.on))
            .map(|e| Acting { efficacy: efficacy(e).min(MOST_EFFICACY), mode: &e.mode }),
        &failing,
    )
}

pub(super) fn ratio(
    model: &Model,
    scenario: &Scenario,
    effects: &[&Effect],
    on: &[Factor],
    values: &dyn Fn(&str) -> Values,
) -> f64 {
    let now = left(model, effects, on, &|e| values(&e.control).efficacy(e.kappa.value()));
    let then = left(model, effects, on, &|e| reference(model, scenario, e));
    now / then
}

/// Containment against the basis: the mean falls by `1 - d (1 - r)`, as a mix with contained events; where less
/// is contained than the basis holds, losses grow by the same ratio.
pub(super) fn contain(
    model: &Model,
    scenario: &Scenario,
    effects: &[&Effect],
    values: &dyn Fn(&str) -> Values,
    whole: Loss,
    path: &str,
) -> Result<(Loss, f64), Problem> {
    let Some(base) = &scenario.containment else { return Ok((whole, 1.0)) };
    let chance = |efficacy: &dyn Fn(&Effect) -> f64| {
        let unseen = base.seen.complement().value() * left(model, effects, &[Factor::Detection], efficacy);
        let mttr = base.mttr_hours * left(model, effects, &[Factor::Response], efficacy);
        containment(Probability::clamped(1.0 - unseen), base.acted, base.hours, mttr).value()
    };
    let now = chance(&|e| values(&e.control).efficacy(e.kappa.value()));
    let rest = base.remaining_loss.value();
    let mean = |d: f64| 1.0 - d * (1.0 - rest);
    let then = if scenario.basis == Basis::NoModelledControls {
        0.0
    } else {
        chance(&|e| reference(model, scenario, e))
    };
    let ratio = mean(now) / mean(then).max(1e-12);
    if (ratio - 1.0).abs() < 1e-12 {
        return Ok((whole, 1.0));
    }
    if ratio > 1.0 {
        return Ok((whole.scaled(ratio, path)?, ratio));
    }
    let share = Probability::clamped(if rest < 1.0 { (1.0 - ratio) / (1.0 - rest) } else { 0.0 });
    let small = if rest == 0.0 { Loss::Nothing } else { whole.clone().scaled(rest, path)? };
    Ok((Loss::Mix(share, Box::new(small), Box::new(whole)), ratio))
}
