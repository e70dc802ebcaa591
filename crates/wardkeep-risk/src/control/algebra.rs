//! How the efficacy of several controls joins: one after the other, only together, or on shared ground.

use crate::Probability;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a control joins others that act on the same scenario and factor.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// By itself.
    #[default]
    Independent,
    /// Works only together with all of the same chain.
    Chain(String),
    /// Fails whenever this shared node fails.
    DependsOn(String),
}

/// One control that acts.
#[derive(Debug, Clone, PartialEq)]
pub struct Acting<'a> {
    /// Its efficacy, kappa included.
    pub efficacy: f64,
    /// How it joins the others.
    pub mode: &'a Mode,
}

/// What is left of a rate or a chance: `prod (1 - e)`; a chain counts as the product of its efficacies; each
/// shared node is worked through both up and failing, and mixed.
pub fn remaining<'a>(
    acting: impl IntoIterator<Item = Acting<'a>>,
    failing: &dyn Fn(&str) -> Probability,
) -> f64 {
    let mut alone = 1.0;
    let mut chains: BTreeMap<&str, f64> = BTreeMap::new();
    let mut nodes: BTreeMap<&str, f64> = BTreeMap::new();
    for one in acting {
        let left = 1.0 - one.efficacy.clamp(0.0, 1.0);
        match one.mode {
            Mode::Independent => alone *= left,
            Mode::Chain(name) => *chains.entry(name).or_insert(1.0) *= one.efficacy.clamp(0.0, 1.0),
            Mode::DependsOn(node) => *nodes.entry(node).or_insert(1.0) *= left,
        }
    }
    let chains: f64 = chains.values().map(|together| 1.0 - together).product();
    let nodes: f64 = nodes
        .iter()
        .map(|(node, left)| {
            let q = failing(node).value();
            q + (1.0 - q) * left
        })
        .product();
    alone * chains * nodes
}

/// The chance that an event is contained before impact: seen, acted on, and in time,
/// `V A (1 - exp(-t / MTTR))`; hours.
pub fn containment(seen: Probability, acted: Probability, hours: f64, mttr_hours: f64) -> Probability {
    if mttr_hours <= 0.0 {
        return Probability::clamped(seen.value() * acted.value());
    }
    Probability::clamped(seen.value() * acted.value() * -libm::expm1(-hours.max(0.0) / mttr_hours))
}
