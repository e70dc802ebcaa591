//! The model file: open, versioned, TOML or JSON, written out without loss.

mod appetite;
mod base;
mod control;
mod exchange;
mod lint;
mod origin;
mod pool;
mod rate;
mod read;
mod residual;
mod resolve;
mod scenario;
mod share;
mod shared;
mod sobol;

pub use appetite::{AppetiteRule, Measure};
pub use base::Ignored;
pub use control::{ControlSpec, Effect, Factor};
pub use exchange::{Amount, ExchangeRate, ExchangeRates};
pub use lint::lint;
pub use origin::{SourceKind, Sourced};
pub use pool::{pooled_law, pooled_rate, pooled_share};
pub use rate::{Incidents, RateBelief, RateSpec};
pub use read::{from_json, from_toml, read, to_json};
pub use resolve::{ActingTrail, Resolved, ScenarioTrail, resolve};
pub use scenario::{Basis, Containment, Form, FormLoss, Nodes, Scenario, Secondary};
pub use share::{ShareLaw, ShareSpec, contest};
pub use shared::{CommonShock, DriverSpec, Insurance, Overlap, SectorSpec, SharedNode};
pub use sobol::Sobol;

use crate::control::{Counts, EvidenceWeights, Uptime};
use serde::{Deserialize, Serialize};
use wardkeep_types::{Currency, Date};

/// The version of the file format this engine writes and reads.
pub const FORMAT: &str = "wardkeep-risk/1";

/// A whole portfolio as it is written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// [`FORMAT`].
    pub format: String,
    /// What it is about.
    #[serde(default)]
    pub title: String,
    /// Currency of every figure that comes out.
    pub currency: Currency,
    /// Price year of every figure that comes out.
    pub price_year: u16,
    /// The date it speaks about: insurance expires by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// Dated rates between currencies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchange: Vec<ExchangeRate>,
    /// How much a result counts by its kind.
    #[serde(default)]
    pub weights: EvidenceWeights,
    /// Scenarios.
    #[serde(default, rename = "scenario")]
    pub scenarios: Vec<Scenario>,
    /// Controls.
    #[serde(default, rename = "control", skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<ControlSpec>,
    /// Which control acts on what.
    #[serde(default, rename = "effect", skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    /// Counts of observations.
    #[serde(default, rename = "observed", skip_serializing_if = "Vec::is_empty")]
    pub observed: Vec<Counts>,
    /// Failures and repairs.
    #[serde(default, rename = "uptime", skip_serializing_if = "Vec::is_empty")]
    pub uptimes: Vec<Uptime>,
    /// Things several controls stand on.
    #[serde(default, rename = "node", skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<SharedNode>,
    /// Factors that move several rates together, gamma.
    #[serde(default, rename = "sector", skip_serializing_if = "Vec::is_empty")]
    pub sectors: Vec<SectorSpec>,
    /// Factors that move several rates together, lognormal.
    #[serde(default, rename = "driver", skip_serializing_if = "Vec::is_empty")]
    pub drivers: Vec<DriverSpec>,
    /// Events that hit several scenarios at once.
    #[serde(default, rename = "shock", skip_serializing_if = "Vec::is_empty")]
    pub shocks: Vec<CommonShock>,
    /// Insurance.
    #[serde(default, rename = "insurance", skip_serializing_if = "Vec::is_empty")]
    pub insurance: Vec<Insurance>,
    /// Appetite: a set of constraints.
    #[serde(default, rename = "appetite", skip_serializing_if = "Vec::is_empty")]
    pub appetite: Vec<AppetiteRule>,
}

impl Model {
    /// An empty model.
    pub fn new(currency: Currency, price_year: u16) -> Self {
        Self {
            format: FORMAT.into(),
            title: String::new(),
            currency,
            price_year,
            as_of: None,
            exchange: Vec::new(),
            weights: EvidenceWeights::default(),
            scenarios: Vec::new(),
            controls: Vec::new(),
            effects: Vec::new(),
            observed: Vec::new(),
            uptimes: Vec::new(),
            nodes: Vec::new(),
            sectors: Vec::new(),
            drivers: Vec::new(),
            shocks: Vec::new(),
            insurance: Vec::new(),
            appetite: Vec::new(),
        }
    }
    /// The scenario of an id.
    pub fn scenario(&self, id: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|s| s.id == id)
    }
    /// SHA-256 of the canonical text.
    pub fn sha256(&self) -> String {
        crate::canonical::hex(self)
    }
}
