//! Parts that several views share.

use serde::Serialize;
use wardkeep_types::{Date, Moment};

/// A figure with its band: 5 and 95 % over what we do not know about rates and controls.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Figure {
    /// The figure; `None` when it is infinite.
    pub value: Option<f64>,
    /// 5 % of the band.
    pub low: Option<f64>,
    /// 95 % of the band.
    pub high: Option<f64>,
}

/// What every page of figures carries in its foot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunStamp {
    /// Number of the run, newest largest.
    pub number: i64,
    /// SHA-256 of the inputs: the name of the run. `wardkeep risk rerun` takes it.
    pub hash: String,
    /// SHA-256 of the result.
    pub digest: String,
    /// Engine and version.
    pub engine: String,
    /// Version of the formulas.
    pub formulas: u32,
    /// The date the figures speak about.
    pub as_of: Option<Date>,
    /// When it was computed.
    pub computed_at: Moment,
    /// Currency of all money.
    pub currency: String,
    /// Price year of all money.
    pub price_year: u16,
    /// Dated rates between currencies that were used, as people read them: `1 USD = 0.92 EUR on 2026-01-02 (ECB)`.
    pub exchange: Vec<String>,
    /// Draws of the band.
    pub draws: usize,
    /// What the band covers, in words.
    pub band_of: String,
    /// Share of the mean that rests on placeholders.
    pub placeholder_share: f64,
    /// Scenarios that nobody assessed: in no sum.
    pub not_assessed: usize,
    /// All scenarios.
    pub scenarios: usize,
}

/// A point of a loss exceedance curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Money a year.
    pub loss: f64,
    /// P(a year's loss > this).
    pub chance: f64,
    /// P(the year's largest event > this), for the current curve.
    pub largest: Option<f64>,
    /// 5 % of the band.
    pub low: Option<f64>,
    /// 95 % of the band.
    pub high: Option<f64>,
}

/// One line of a chart, smallest loss first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CurveView {
    /// `current` (with band), `plan` (approved treatments in place) or `inherent` (all modelled efficacy at 0).
    pub key: &'static str,
    /// The points.
    pub points: Vec<CurvePoint>,
    /// Its mean.
    pub mean: Option<f64>,
    /// Its 99 % tail mean.
    pub tvar99: Option<f64>,
}

/// A record that a figure points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ref {
    /// Human reference: `RSK-0004`.
    pub reference: String,
    /// Title.
    pub name: String,
    /// Path of its page.
    pub path: String,
}

/// A level and its figure: 95, 99, 99.9.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelView {
    /// Level in percent, as a key: `99.9`.
    pub level: String,
    /// The figure.
    pub figure: Figure,
}
