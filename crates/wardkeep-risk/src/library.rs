//! The scenario library that ships: our own words, every figure a placeholder with its anchor beside it; and which
//! mitigations a public catalogue lists for its techniques.

use crate::model::{ControlSpec, Effect, Model, Scenario};
use rust_embed::RustEmbed;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use wardkeep_types::{Currency, Problem};

#[derive(RustEmbed)]
#[folder = "../../content/scenarios"]
struct Files;

/// From where the pairs of techniques and mitigations come; shown beside every suggestion.
pub const CATALOGUE: &str = "MITRE ATT&CK, enterprise 18.1";

/// What the catalogue lists for one technique.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Technique {
    /// Its id in the catalogue.
    pub id: String,
    /// What it is, in our words.
    pub about: String,
    /// Ids of the mitigations listed for it.
    pub mitigations: BTreeSet<String>,
}

/// A control of the library, and the control of the built-in baseline that stands for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Baseline {
    control: String,
    key: String,
}

/// One file of the library: any mix of its parts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fragment {
    #[serde(default, rename = "scenario")]
    scenarios: Vec<Scenario>,
    #[serde(default, rename = "control")]
    controls: Vec<ControlSpec>,
    #[serde(default, rename = "effect")]
    effects: Vec<Effect>,
    #[serde(default, rename = "technique")]
    techniques: Vec<Technique>,
    #[serde(default, rename = "baseline")]
    baseline: Vec<Baseline>,
}

/// Everything that ships.
#[derive(Debug, Clone, PartialEq)]
pub struct Library {
    /// The scenarios with their controls and links.
    pub model: Model,
    /// The techniques that its scenarios name.
    pub techniques: Vec<Technique>,
    /// Control of the library to key of the baseline's control.
    pub baseline: BTreeMap<String, String>,
}

/// A share of techniques that a catalogue suggests, and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The share.
    pub kappa: f64,
    /// Techniques for which one of the control's mitigations is listed.
    pub addressed: Vec<String>,
    /// Techniques about which the library holds nothing: they count as not addressed.
    pub unknown: Vec<String>,
}

/// Reads the library.
pub fn read() -> Result<Library, Problem> {
    let mut model = Model::new(Currency::EUR, 2025);
    model.title = "Scenario library: placeholders to be replaced".into();
    let mut library = Library { model, techniques: Vec::new(), baseline: BTreeMap::new() };
    for name in Files::iter().filter(|name| name.ends_with(".toml")) {
        let file =
            Files::get(&name).ok_or_else(|| Problem::new(&*name, "missing", "the file is not embedded"))?;
        let text = String::from_utf8_lossy(&file.data);
        let part: Fragment =
            toml::from_str(&text).map_err(|e| Problem::new(&*name, "unreadable", e.message().to_owned()))?;
        library.model.scenarios.extend(part.scenarios);
        library.model.controls.extend(part.controls);
        library.model.effects.extend(part.effects);
        library.techniques.extend(part.techniques);
        library.baseline.extend(part.baseline.into_iter().map(|b| (b.control, b.key)));
    }
    Ok(library)
}

/// All twelve scenarios with their controls, as one model.
pub fn model() -> Result<Model, Problem> {
    Ok(read()?.model)
}

impl Library {
    /// What the library holds about a technique; a sub-technique that it does not name is taken for its parent.
    pub fn technique(&self, id: &str) -> Option<&Technique> {
        let exact = |id: &str| self.techniques.iter().find(|t| t.id == id);
        exact(id).or_else(|| exact(id.split_once('.')?.0))
    }
    /// The share of a scenario's techniques for which one of these mitigations is listed. It says nothing about how
    /// well: a person confirms it.
    pub fn suggest(&self, techniques: &BTreeMap<String, f64>, mitigations: &[String]) -> Suggestion {
        let mut out = Suggestion { kappa: 0.0, addressed: Vec::new(), unknown: Vec::new() };
        for (id, weight) in techniques {
            match self.technique(id) {
                Some(known) if mitigations.iter().any(|m| known.mitigations.contains(m)) => {
                    out.kappa += weight;
                    out.addressed.push(id.clone());
                }
                Some(_) => {}
                None => out.unknown.push(id.clone()),
            }
        }
        out.kappa = out.kappa.clamp(0.0, 1.0);
        out
    }
}
