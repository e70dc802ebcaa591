//! Stored runs and imports.

use serde::Serialize;
use wardkeep_types::Moment;

/// A stored run, whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunShown {
    /// Number.
    pub number: i64,
    /// Hash of the inputs.
    pub hash: String,
    /// When it was computed.
    pub computed_at: Moment,
    /// The model, in the engine's open format.
    pub model: serde_json::Value,
    /// How it was made.
    pub options: serde_json::Value,
    /// The result.
    pub result: serde_json::Value,
}

/// A run worked out again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RerunView {
    /// Hash of the inputs.
    pub hash: String,
    /// Engine then.
    pub then: String,
    /// Engine now.
    pub now: String,
    /// Digest of the result then and now.
    pub digest: (String, String),
    /// Figures agree to 1e-9, and nothing stored was changed.
    pub matches: bool,
    /// Agreed to the last bit.
    pub identical: bool,
    /// Largest relative difference of a figure.
    pub largest_difference: f64,
    /// What differs and why; empty when nothing does.
    pub words: Vec<String>,
}

/// What an imported file held.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportView {
    /// What it was taken for: `pyfair`, `openfair`, `wardkeep`, `scenario_answers`, `calibration`, `labels`,
    /// `tolerances`.
    pub format: &'static str,
    /// Scenarios, or answers, that were read.
    pub read: usize,
    /// Findings with place and remedy.
    pub problems: Vec<wardkeep_types::Problem>,
    /// Their figure beside ours, where the other tool multiplies rate and loss.
    pub compared: Vec<ComparedView>,
    /// How the people of a calibration did, best first.
    pub experts: Vec<ExpertView>,
    /// References of the records that were kept as drafts.
    pub kept: Vec<String>,
}

/// What multiplying gives beside what adding gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedView {
    /// The scenario.
    pub name: String,
    /// Mean: the same for both.
    pub mean: f64,
    /// Standard deviation of rate times loss.
    pub product_sd: f64,
    /// Standard deviation of the year's sum.
    pub sum_sd: f64,
}

/// How one person's ranges did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExpertView {
    /// Who.
    pub name: String,
    /// Answers whose truth is known.
    pub answered: usize,
    /// Ranges that held it.
    pub held: usize,
    /// Mean squared distance of the promised 0.9 from what happened.
    pub brier: f64,
    /// Share in a pool of these people, 0..1.
    pub weight: f64,
}
