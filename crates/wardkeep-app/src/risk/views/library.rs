//! The built-in scenarios.

use super::Ref;
use serde::Serialize;

/// A technique with which a scenario begins.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TechniqueView {
    /// Its id in the catalogue.
    pub id: String,
    /// What it is, in our words.
    pub about: String,
    /// Its share of the scenario, 0..1.
    pub weight: f64,
}

/// A control that would act on the scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LibraryControlView {
    /// Its key in the library.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What it makes smaller: `susceptibility`, ...
    pub on: String,
    /// Suggested share of the techniques, 0..1.
    pub kappa: f64,
    /// Techniques for which the catalogue lists one of its mitigations.
    pub addressed: Vec<String>,
    /// The share follows from the catalogue; else it is a placeholder.
    pub listed: bool,
    /// Our control that stands for it, if the reader may see one.
    pub ours: Option<Ref>,
}

/// A built-in scenario: every figure is a placeholder.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LibraryScenarioView {
    /// Its key.
    pub key: String,
    /// What happens.
    pub name: String,
    /// Who or what starts it.
    pub actor: String,
    /// What is harmed.
    pub harmed: String,
    /// How it is harmed.
    pub effect: String,
    /// The sentence that a year can prove wrong.
    pub claim: String,
    /// Currency of its losses.
    pub currency: String,
    /// Year of its prices.
    pub price_year: u16,
    /// Events a year, 5 and 95 %.
    pub rate: (f64, f64),
    /// Loss of one event, 5 and 95 %.
    pub loss: (f64, f64),
    /// Chance that more follows, and how much: 5 and 95 %.
    pub follows: Option<(f64, f64, f64)>,
    /// Public figures beside it, never used as values.
    pub anchors: Vec<String>,
    /// How it begins.
    pub techniques: Vec<TechniqueView>,
    /// What acts on it.
    pub controls: Vec<LibraryControlView>,
    /// Scenarios of ours that were copied from it.
    pub used: Vec<Ref>,
}

/// The library.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LibraryView {
    /// What ships.
    pub scenarios: Vec<LibraryScenarioView>,
    /// Own scenarios, which can be copied too.
    pub own: Vec<Ref>,
    /// Risks under which the reader may add a scenario.
    pub risks: Vec<Ref>,
    /// From where the suggested shares come.
    pub catalogue: String,
}

/// What a copy made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LibraryMade {
    /// The scenario, a draft.
    pub scenario: Ref,
    /// References of its estimates, all placeholders.
    pub estimates: Vec<String>,
    /// References of suggested effects, each waiting for a person.
    pub effects: Vec<String>,
    /// Controls that nobody here has: nothing was suggested for them.
    pub missing: Vec<String>,
}

/// A scenario that waits: a draft, or one with suggestions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PreparedView {
    /// The scenario.
    pub scenario: Ref,
    /// It is a draft and in no sum.
    pub draft: bool,
    /// Effects that somebody must confirm or end.
    pub suggested: Vec<SuggestedView>,
}

/// A suggested effect: it moves no figure until a person confirms it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuggestedView {
    /// The effect.
    pub record: Ref,
    /// Its control.
    pub control: Option<Ref>,
    /// What it would make smaller.
    pub on: String,
    /// Share of the techniques, 0..1.
    pub kappa: f64,
    /// What the share rests on.
    pub source: String,
    /// Techniques of the scenario for which the catalogue lists one of the control's mitigations.
    pub addressed: Vec<String>,
}
