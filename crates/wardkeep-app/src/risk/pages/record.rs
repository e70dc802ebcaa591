//! The record of one run, open down to its inputs.

use super::super::views::{RunStamp, ShareView};
use super::stamp::{source, stamp};
use crate::{App, Ctx, Error, Organisation, Refusal};
use serde::Serialize;
use wardkeep_register::Verb;

/// One stored run with all that is needed to work it out again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunRecordView {
    /// Who computed what, when.
    pub run: RunStamp,
    /// The result fits its digest, and the inputs their hash.
    pub intact: bool,
    /// Mean of the year.
    pub mean: Option<f64>,
    /// 99 % value at risk.
    pub var99: Option<f64>,
    /// 99 % tail mean.
    pub tvar99: Option<f64>,
    /// P(no loss).
    pub no_loss: f64,
    /// What the mean rests on.
    pub sources: Vec<ShareView>,
    /// Cell and number of cells of each grid.
    pub grids: Vec<(f64, usize)>,
    /// P(loss beyond the widest grid).
    pub beyond: f64,
    /// Self-checks: name and largest deviation.
    pub checks: Vec<(String, f64)>,
    /// Ids of the observations that moved a control.
    pub evidence: Vec<String>,
    /// The model as the engine read it: JSON, indented.
    pub model_text: String,
    /// SHA-256 of the canonical model.
    pub model_sha256: String,
}

impl App {
    /// The record of the run of that hash (eight digits of it or more), for those who may view every risk.
    pub async fn risk_run_record(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        hash: &str,
    ) -> Result<RunRecordView, Error> {
        Self::risk_whole(ctx, organisation, Verb::View)?;
        let stored = self.risk_run_named(hash).await?.ok_or(Refusal::NotFound)?;
        let result = &stored.result;
        let inputs = wardkeep_risk::canonical::hex(&(&stored.model, &stored.options));
        let checks = serde_json::to_value(result.checks).map_err(Error::fault)?;
        let checks = checks.as_object().into_iter().flatten();
        let checks = checks.filter_map(|(name, value)| Some((name.replace('_', " "), value.as_f64()?)));
        Ok(RunRecordView {
            run: stamp(&stored),
            intact: result.is_intact() && inputs == stored.hash,
            mean: result.mean,
            var99: result.var.get("99").copied(),
            tvar99: result.tvar.get("99").copied(),
            no_loss: result.no_loss,
            sources: result
                .sources
                .iter()
                .filter(|s| s.share > 0.0)
                .map(|s| ShareView { kind: source(s.source).to_owned(), share: s.share })
                .collect(),
            grids: result.grids.iter().map(|g| (g.step, g.cells)).collect(),
            beyond: result.beyond,
            checks: checks.collect(),
            evidence: result.evidence.clone(),
            model_text: wardkeep_risk::model::to_json(&stored.model),
            model_sha256: stored.model.sha256(),
        })
    }
}
