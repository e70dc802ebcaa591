//! What insurance does to the year, line by line.

use crate::engine::Evaluation;
use crate::model::Model;
use serde::{Deserialize, Serialize};

/// Gross, recovered, net and what cover costs; mean figures a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cover {
    /// Mean before cover.
    pub gross: Option<f64>,
    /// Expected recovery.
    pub recovered: Option<f64>,
    /// Mean after cover.
    pub net: Option<f64>,
    /// Premiums of policies in force.
    pub premium: f64,
    /// Expected cost of reinstatement.
    pub reinstatement: f64,
    /// Value at risk before cover at the tail level.
    pub gross_var: Option<f64>,
    /// Tail mean before cover at the tail level.
    pub gross_tvar: Option<f64>,
}

impl Cover {
    /// From both evaluations.
    pub fn new(model: &Model, gross: &Evaluation, net: &Evaluation, level: f64) -> Self {
        let in_force = || {
            model.insurance.iter().filter(|p| !matches!((p.until, model.as_of), (Some(u), Some(a)) if u < a))
        };
        Self {
            gross: gross.moments.mean,
            recovered: gross.moments.mean.zip(net.moments.mean).map(|(g, n)| g - n),
            net: net.moments.mean,
            premium: in_force().map(|p| p.premium).sum(),
            reinstatement: in_force().map(|p| p.reinstatement).sum(),
            gross_var: gross.var(level),
            gross_tvar: gross.tvar(level),
        }
    }
}
