//! Controls and what they act on.

use super::origin::SourceKind;
use crate::Probability;
use crate::control::{Mode, Prior, Values};
use serde::{Deserialize, Serialize};

/// A control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlSpec {
    /// Identity.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What a base rate with ordinary controls already contains.
    pub reference: Values,
    /// What is assumed before anything is observed; the reference when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
    /// What the reference rests on.
    pub source: SourceKind,
    /// Catalogue ids of mitigations it stands for, for suggestions of kappa.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mitigations: Vec<String>,
    /// What could measure it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub feed: String,
}

impl ControlSpec {
    /// What is assumed before anything is observed.
    pub fn assumed(&self) -> Prior {
        self.prior.unwrap_or_else(|| Prior::around(self.reference))
    }
}

/// What a control makes smaller; each link acts on one factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// Threat events, or the rate itself.
    EventFrequency,
    /// The chance that a threat event becomes a loss event.
    Susceptibility,
    /// The chance of a secondary loss.
    SecondaryChance,
    /// The chance that an event goes unseen.
    Detection,
    /// The time to respond.
    Response,
    /// Time-driven forms of loss.
    Recovery,
}

/// One link from a control to a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// Control id.
    pub control: String,
    /// Scenario id.
    pub scenario: String,
    /// What it makes smaller.
    pub on: Factor,
    /// Share of the scenario's techniques that it addresses: it caps credit, it is not efficacy.
    pub kappa: Probability,
    /// What kappa rests on.
    pub source: SourceKind,
    /// How it joins other controls.
    #[serde(default)]
    pub mode: Mode,
}
