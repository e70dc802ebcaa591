//! Whether a change pays: paired draws of the mean before and after.

use super::band::{BAND_KEY, drawn};
use super::session::{Run, Session};
use crate::budget::{Decision, evpi};
use crate::engine::Moments;
use crate::model::{Model, Sobol, resolve};
use wardkeep_types::Problems;

impl Session {
    /// Draws of what a changed model takes off the yearly mean, before cover of the year. Both sides of a draw share
    /// its rates and efficacies, so that their difference is not noise; both models need the same scenarios and
    /// controls in the same order. `None` where a mean is infinite.
    pub fn benefits(
        &self,
        model: &Model,
        base: &Run,
        after: &Model,
        draws: usize,
    ) -> Result<Option<Vec<f64>>, Problems> {
        let changed = resolve(after, base.options.predictive, self.cache())?;
        let width = |parts: usize, controls: usize| parts + 5 * controls;
        let own = width(base.resolved.beliefs.len(), base.resolved.efficacies.len());
        let sobol = Sobol::new(own.max(width(changed.beliefs.len(), changed.efficacies.len())), BAND_KEY);
        let mean = |model: &Model, resolved: &crate::model::Resolved, u: &[f64]| {
            let portfolio = drawn(model, resolved, &resolved.portfolio, u);
            Moments::of(&portfolio, &vec![true; portfolio.parts.len()]).mean
        };
        Ok((0..draws)
            .map(|n| {
                let u = sobol.point(n as u32);
                Some(mean(model, &base.resolved, &u)? - mean(after, &changed, &u)?)
            })
            .collect())
    }

    /// The decision to pay a yearly cost for a change, over 256 draws.
    pub fn decision(
        &self,
        model: &Model,
        base: &Run,
        after: &Model,
        yearly_cost: f64,
    ) -> Result<Option<Decision>, Problems> {
        Ok(self.benefits(model, base, after, 256)?.map(|benefits| evpi(yearly_cost, &benefits)))
    }
}
