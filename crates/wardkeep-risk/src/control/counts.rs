//! What the rest of the product tells the risk engine about a control: counts, never a grade.

use serde::{Deserialize, Serialize};
use wardkeep_types::observation::Strength;

/// Which factor of efficacy a count speaks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Subjects in scope that have the control.
    Coverage,
    /// Share of time in which it works as meant.
    Reliability,
    /// How often it stops the event while working.
    Intact,
    /// How often it stops the event while degraded.
    Degraded,
}

/// How much like the real thing a test was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Somebody said so, or a picture.
    Attested,
    /// A configuration check, by sample or by machine.
    Check,
    /// A test that acts like an attack or a disaster: phishing simulation, purple team, restore.
    AttackLike,
}

impl From<Strength> for Proof {
    fn from(strength: Strength) -> Self {
        match strength {
            Strength::Attested => Self::Attested,
            Strength::Sampled | Strength::Automated => Self::Check,
        }
    }
}

/// How much a result counts by its kind, against an attack-like test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceWeights {
    /// Attack-like tests.
    pub attack_like: f64,
    /// Configuration checks.
    pub check: f64,
    /// Attestations.
    pub attested: f64,
}

impl Default for EvidenceWeights {
    fn default() -> Self {
        Self { attack_like: 1.0, check: 0.5, attested: 0.1 }
    }
}

impl EvidenceWeights {
    /// The weight of one kind.
    pub fn of(&self, proof: Proof) -> f64 {
        match proof {
            Proof::AttackLike => self.attack_like,
            Proof::Check => self.check,
            Proof::Attested => self.attested,
        }
    }
}

#[allow(clippy::struct_field_names, reason = "the unit belongs to the name in a model file")]
/// How evidence ages: full until `full_days`, then half every `half_days`, nothing after `void_days`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freshness {
    /// Days of full weight.
    pub full_days: f64,
    /// Days in which the weight halves after that.
    pub half_days: f64,
    /// Age from which nothing is left.
    pub void_days: f64,
}

impl Default for Freshness {
    fn default() -> Self {
        Self { full_days: 30.0, half_days: 30.0, void_days: 180.0 }
    }
}

impl Freshness {
    /// The factor at an age in days.
    pub fn factor(&self, age_days: f64) -> f64 {
        if age_days >= self.void_days {
            0.0
        } else if age_days <= self.full_days {
            1.0
        } else {
            libm::exp2(-(age_days - self.full_days) / self.half_days.max(1e-9))
        }
    }
}

/// The counts of observations of one control and factor: the whole interface between assurance and money.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Id of the control.
    pub control: String,
    /// Which factor it speaks about.
    pub quantity: Quantity,
    /// Subjects that should be looked at; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<u64>,
    /// Looked at.
    pub examined: u64,
    /// Fine.
    pub passed: u64,
    /// Not fine.
    pub failed: u64,
    /// All of the population was meant to be looked at: what was not seen counts as uncovered, and there is no
    /// sampling variance.
    #[serde(default)]
    pub census: bool,
    /// How it was made.
    pub proof: Proof,
    /// Days since the end of the period looked at.
    #[serde(default)]
    pub age_days: f64,
    /// How it ages.
    #[serde(default)]
    pub freshness: Freshness,
    /// Ids or hashes of the evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

/// Times between failure and repair of one control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uptime {
    /// Id of the control.
    pub control: String,
    /// Failures seen.
    pub failures: u32,
    /// Days up.
    pub up_days: f64,
    /// Repairs seen.
    pub repairs: u32,
    /// Days down.
    pub down_days: f64,
    /// Ids or hashes of the evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}
