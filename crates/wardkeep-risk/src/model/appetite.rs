//! Appetite as constraints; never a curve through points.

use serde::{Deserialize, Serialize};
use wardkeep_types::Date;

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "measure", rename_all = "snake_case")]
pub enum Measure {
    /// P(S > amount).
    Exceedance {
        /// Money a year.
        amount: f64,
    },
    /// Quantile of the year.
    Var {
        /// In (0, 1).
        level: f64,
    },
    /// Mean of the worst years.
    Tvar {
        /// In (0, 1).
        level: f64,
    },
    /// Mean.
    Mean,
}

/// One constraint: measure <= limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppetiteRule {
    /// Identity.
    pub id: String,
    /// Said in words.
    #[serde(default)]
    pub name: String,
    /// What is limited.
    #[serde(flatten)]
    pub measure: Measure,
    /// The limit: a chance or money.
    pub limit: f64,
    /// Where a warning begins, at or below the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<f64>,
    /// Unit or group; all scenarios when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// When it was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_on: Option<Date>,
}
