//! The use cases behind pages and API; each authorises first.

use super::views::{
    AppetitePageView, EstimatesView, InvestmentAsk, InvestmentsView, MatrixView, PortfolioView, RiskView,
    WhatIfView,
};
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::collections::BTreeMap;

impl App {
    /// The whole portfolio. Figures of the whole are for those who may view every risk; others find nothing.
    pub async fn risk_portfolio(
        &self,
        _ctx: &Ctx,
        _organisation: &Organisation,
    ) -> Result<PortfolioView, Error> {
        Err(Refusal::NotFound.into())
    }
    /// One risk by its reference.
    pub async fn risk_shown(
        &self,
        _ctx: &Ctx,
        _organisation: &Organisation,
        _reference: &str,
    ) -> Result<RiskView, Error> {
        Err(Refusal::NotFound.into())
    }
    /// What the year would look like with these slider positions (names as in [`super::views::SliderView::name`]).
    pub async fn risk_what_if(
        &self,
        _ctx: &Ctx,
        _organisation: &Organisation,
        _reference: &str,
        _positions: &BTreeMap<String, f64>,
    ) -> Result<WhatIfView, Error> {
        Err(Refusal::NotFound.into())
    }
    /// Measures ranked, and the best plan under a budget with its proof.
    pub async fn risk_investments(
        &self,
        _ctx: &Ctx,
        _organisation: &Organisation,
        _ask: &InvestmentAsk,
    ) -> Result<InvestmentsView, Error> {
        Err(Refusal::NotFound.into())
    }
    /// Estimates to renew, and how people's ranges did.
    pub async fn risk_estimates(
        &self,
        _ctx: &Ctx,
        _organisation: &Organisation,
    ) -> Result<EstimatesView, Error> {
        Err(Refusal::NotFound.into())
    }
    /// A matrix (the one in use without a reference) with the risks in its cells and its honesty test.
    pub async fn risk_matrix(
        &self,
        _ctx: &Ctx,
        _organisation: &Organisation,
        _reference: Option<&str>,
    ) -> Result<MatrixView, Error> {
        Err(Refusal::NotFound.into())
    }
    /// Appetite statements, their tests and the indicators derived from them.
    pub async fn risk_appetite(
        &self,
        _ctx: &Ctx,
        _organisation: &Organisation,
    ) -> Result<AppetitePageView, Error> {
        Err(Refusal::NotFound.into())
    }
    /// Asks for a new run now; needs Edit on every risk. Answers with the hash of the newest run.
    pub async fn risk_rerun_asked(&self, _ctx: &Ctx, _organisation: &Organisation) -> Result<String, Error> {
        Err(Refusal::NotFound.into())
    }
    /// Publishes the draft figures of that run (show, then ask).
    pub async fn risk_confirm(
        &self,
        _ctx: &Ctx,
        _organisation: &Organisation,
        _hash: &str,
    ) -> Result<(), Error> {
        Err(Refusal::NotFound.into())
    }
    /// The newest run as a workbook: inputs, results, formulas explained.
    pub async fn risk_workbook(
        &self,
        _ctx: &Ctx,
        _organisation: &Organisation,
    ) -> Result<(String, Vec<u8>), Error> {
        Err(Refusal::NotFound.into())
    }
}
