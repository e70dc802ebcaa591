//! Models and answers of other tools: read, judged, and shown beside our own figures.

mod elicitation;
mod openfair;
mod pyfair;
mod rows;

pub use elicitation::{Answer, Calibration, Expert, ScenarioAnswer, calibrate, scenario_answers, weight_of};
pub use openfair::{Mapping, OpenFairInput, Tolerance, mappings, openfair_example, tolerances};
pub use pyfair::{Compared, compare, pyfair};
pub use rows::number;

use crate::model::Model;
use wardkeep_types::Problem;

/// A model that was read, and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The model; scenarios that could not be taken over stand in it as not assessed.
    pub model: Model,
    /// Findings with place and remedy.
    pub problems: Vec<Problem>,
}
