//! The result of a run: immutable, and enough to show every figure with its trail.

use super::appetite::AppetiteResult;
use super::band::Band;
use super::insurance::Cover;
use super::record::Engine;
use crate::control::Efficacy;
use crate::engine::{Checks, Grid};
use crate::model::{ExchangeRate, ScenarioTrail, SourceKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wardkeep_types::{Currency, Date, Problem};

/// Which figure leads: with a very heavy tail the mean goes to the small print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heading {
    /// The mean may lead.
    Mean,
    /// Median, curve and tail mean lead.
    Median,
}

/// One point of the loss exceedance curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LecPoint {
    /// Money a year.
    pub loss: f64,
    /// P(annual loss > this).
    pub chance: f64,
    /// P(largest event of the year > this).
    pub largest: f64,
    /// 5 % of the band, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// 95 % of the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// One scenario's figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScenarioResult {
    /// How they came about.
    #[serde(flatten)]
    pub trail: ScenarioTrail,
    /// Mean loss of one event, `None` when infinite.
    pub event_mean: Option<f64>,
    /// Median loss of one event.
    pub event_median: f64,
    /// Its part of the yearly mean.
    pub mean: Option<f64>,
    /// Its part of the tail mean at the tail level.
    pub tail: Option<f64>,
    /// More than half of its mean lies above the 99 % event.
    pub heavy: bool,
}

/// What the mean rests on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SourceShare {
    /// The kind of source.
    pub source: SourceKind,
    /// Share of the mean, 0..1.
    pub share: f64,
}

/// The result of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunResult {
    /// Who computed it.
    pub engine: Engine,
    /// SHA-256 of the canonical model and options.
    pub inputs_sha256: String,
    /// Title of the model.
    pub title: String,
    /// The date it speaks about.
    pub as_of: Option<Date>,
    /// Currency of all figures.
    pub currency: Currency,
    /// Price year of all figures.
    pub price_year: u16,
    /// Which figure leads.
    pub heading: Heading,
    /// Mean of the year, `None` when infinite.
    pub mean: Option<f64>,
    /// Standard deviation, `None` when infinite.
    pub sd: Option<f64>,
    /// Skewness, `None` when infinite.
    pub skew: Option<f64>,
    /// P(no loss at all).
    pub no_loss: f64,
    /// 10 % point.
    pub p10: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 90 % point.
    pub p90: Option<f64>,
    /// Value at risk by level in percent.
    pub var: BTreeMap<String, f64>,
    /// Tail mean by level in percent.
    pub tvar: BTreeMap<String, f64>,
    /// Largest event of the year by level in percent.
    pub largest: BTreeMap<String, f64>,
    /// Loss exceedance curve.
    pub lec: Vec<LecPoint>,
    /// Level of the scenarios' tail parts, in percent.
    pub tail_level: String,
    /// Per scenario.
    pub scenarios: Vec<ScenarioResult>,
    /// Posterior per control.
    pub controls: BTreeMap<String, Efficacy>,
    /// What the mean rests on, strongest source first.
    pub sources: Vec<SourceShare>,
    /// Ids of scenarios nobody assessed: in no sum.
    pub not_assessed: Vec<String>,
    /// Assessed and all scenarios.
    pub assessed: (usize, usize),
    /// Insurance, when there is any.
    pub cover: Option<Cover>,
    /// Appetite.
    pub appetite: Vec<AppetiteResult>,
    /// Uncertainty of the inputs.
    pub band: Option<Band>,
    /// Rates between currencies that were used.
    pub exchange: Vec<ExchangeRate>,
    /// Evidence ids and hashes that moved a control.
    pub evidence: Vec<String>,
    /// The grids.
    pub grids: Vec<Grid>,
    /// P(loss beyond the widest grid).
    pub beyond: f64,
    /// Self-checks.
    pub checks: Checks,
    /// Quantiles are good to half a cell because single amounts have mass.
    pub atoms: bool,
    /// Remarks.
    pub notes: Vec<Problem>,
    /// SHA-256 of the canonical result without this field.
    pub digest: String,
}

impl RunResult {
    /// Sets the digest.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.digest = String::new();
        self.digest = crate::canonical::hex(&self);
        self
    }
    /// Reads a stored result, every number to the last bit.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        crate::exact_json::read(text)
    }
    /// Whether the digest fits.
    pub fn is_intact(&self) -> bool {
        self.clone().sealed().digest == self.digest
    }
}
