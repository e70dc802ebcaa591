//! What several scenarios or controls share, and insurance.

use crate::Probability;
use crate::Rate;
use crate::engine::{AnnualLayer, EventLayer};
use serde::{Deserialize, Serialize};
use wardkeep_types::Date;

/// Something several controls stand on, such as the identity platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedNode {
    /// Identity, named by effects.
    pub id: String,
    /// A name the board understands.
    pub name: String,
    /// Chance that it is down when it matters.
    pub failing: Probability,
}

/// A yearly factor (gamma, mean 1) on the rates of several scenarios.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectorSpec {
    /// Identity, named by scenarios.
    pub id: String,
    /// A name the board understands.
    pub name: String,
    /// Variance of the factor.
    pub variance: f64,
}

/// A lognormal driver of several rates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriverSpec {
    /// Identity, named by scenarios.
    pub id: String,
    /// A name the board understands.
    pub name: String,
}

/// Whether a shock's events are new or already in the scenarios' rates. There is no default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// The scenarios' rates are reduced by the shock's.
    CarvedOut,
    /// New events on top.
    Extra,
}

/// One event that hits several scenarios at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommonShock {
    /// Identity.
    pub id: String,
    /// A name the board understands.
    pub name: String,
    /// Times a year.
    pub rate: Rate,
    /// Ids of the scenarios it hits.
    pub scenarios: Vec<String>,
    /// New events or not.
    pub overlap: Overlap,
}

/// One policy. Unclear cover is no cover.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Insurance {
    /// Identity.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Ids of the scenarios it covers; exclusions are what is not here.
    pub scenarios: Vec<String>,
    /// Per-event terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_event: Option<EventLayer>,
    /// Yearly terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annual: Option<AnnualLayer>,
    /// Yearly premium.
    #[serde(default)]
    pub premium: f64,
    /// Cost of bringing the limit back after a loss, as expected per year.
    #[serde(default)]
    pub reinstatement: f64,
    /// Last day of cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}
