//! The scenario library that ships: our own words, every figure a placeholder with its anchor beside it.

use crate::model::{ControlSpec, Effect, Model, Scenario};
use rust_embed::RustEmbed;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use wardkeep_types::{Currency, Problem};

#[derive(RustEmbed)]
#[folder = "../../content/scenarios"]
struct Files;

/// One file of the library: any mix of scenarios, controls and links.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fragment {
    #[serde(default, rename = "scenario")]
    scenarios: Vec<Scenario>,
    #[serde(default, rename = "control")]
    controls: Vec<ControlSpec>,
    #[serde(default, rename = "effect")]
    effects: Vec<Effect>,
}

/// All twelve scenarios with their controls, as one model.
pub fn model() -> Result<Model, Problem> {
    let mut model = Model::new(Currency::EUR, 2025);
    model.title = "Scenario library: placeholders to be replaced".into();
    for name in Files::iter().filter(|name| name.ends_with(".toml")) {
        let file =
            Files::get(&name).ok_or_else(|| Problem::new(&*name, "missing", "the file is not embedded"))?;
        let text = String::from_utf8_lossy(&file.data);
        let part: Fragment =
            toml::from_str(&text).map_err(|e| Problem::new(&*name, "unreadable", e.message().to_owned()))?;
        model.scenarios.extend(part.scenarios);
        model.controls.extend(part.controls);
        model.effects.extend(part.effects);
    }
    Ok(model)
}

/// The share of a scenario's techniques for which a catalogue lists one of the control's mitigations: a suggestion
/// that a person confirms, for it says nothing about how well. `mitigates` maps a technique to mitigation ids.
pub fn suggest_kappa(
    techniques: &BTreeMap<String, f64>,
    mitigations: &[String],
    mitigates: &BTreeMap<String, BTreeSet<String>>,
) -> f64 {
    techniques
        .iter()
        .filter(|(technique, _)| {
            mitigates.get(*technique).is_some_and(|listed| mitigations.iter().any(|m| listed.contains(m)))
        })
        .map(|(_, weight)| weight)
        .sum::<f64>()
        .clamp(0.0, 1.0)
}
