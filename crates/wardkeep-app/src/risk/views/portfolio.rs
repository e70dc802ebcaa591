//! The whole portfolio.

use super::{CurveView, Figure, LevelView, Ref, RunStamp};
use serde::Serialize;
use wardkeep_types::{Date, Moment};

/// One scenario's part of the whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ContributorView {
    /// The scenario, or the risk itself when it stands on its own rough estimate.
    pub scenario: Ref,
    /// The risk that it belongs to.
    pub risk: Option<Ref>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Its part of the yearly mean.
    pub mean: Option<f64>,
    /// Share of the whole mean.
    pub mean_share: Option<f64>,
    /// Its part of the 99 % tail mean (Euler: the parts add up).
    pub tail: Option<f64>,
    /// Share of the whole tail mean.
    pub tail_share: Option<f64>,
    /// Loss events a year, on average.
    pub rate: f64,
    /// Median loss of one event.
    pub event_median: f64,
    /// What the rate and losses rest on: `evidence`, `study`, `expert`, `placeholder`.
    pub source: String,
    /// More than half of its mean lies above the 99 % event.
    pub heavy: bool,
}

/// Share of the mean by what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShareView {
    /// `evidence`, `study`, `expert`, `placeholder`.
    pub kind: String,
    /// 0..1.
    pub share: f64,
}

/// What one changed input did to the figures; parts add up to the change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CauseView {
    /// Stable key: `control:CTL-0014`, `scenario:...`.
    pub input: String,
    /// In words: "Multi-factor sign-in coverage fell 98.0 -> 91.0 %".
    pub words: String,
    /// The record behind it, if the reader may see it.
    pub record: Option<Ref>,
    /// Its part of the change of the mean.
    pub mean: f64,
    /// Its part of the change of the 99 % value at risk.
    pub var: f64,
    /// Its part of the change of the 99 % tail mean.
    pub tvar: f64,
}

/// A change between two runs, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeView {
    /// When the earlier run was computed.
    pub since: Moment,
    /// Hash of the earlier run.
    pub from_hash: String,
    /// Mean before and after.
    pub mean: (f64, f64),
    /// 99 % value at risk before and after.
    pub var: (f64, f64),
    /// 99 % tail mean before and after.
    pub tvar: (f64, f64),
    /// Causes, largest first.
    pub causes: Vec<CauseView>,
    /// One sentence: "annual loss 1.82 M -> 2.00 M because ...".
    pub sentence: String,
}

/// A constraint and its latest test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AppetiteView {
    /// The statement.
    pub record: Ref,
    /// The constraint in words: "P(loss > 5.00 M) at most 2 %".
    pub words: String,
    /// `exceedance`, `var`, `tvar` or `mean`.
    pub measure: String,
    /// Amount of an exceedance, or the limit of a money measure: where the point stands on the loss axis.
    pub amount: f64,
    /// The chance at which the point stands (an exceedance's limit, 1 - level of a quantile); `None` for means.
    pub chance: Option<f64>,
    /// The limit: a chance or money.
    pub limit: f64,
    /// Where the warning begins.
    pub warning: Option<f64>,
    /// The measure now; `None` when it is infinite or was not tested.
    pub value: Option<f64>,
    /// The value lies above the warning.
    pub warned: bool,
    /// Chance that it is met, over the band.
    pub chance_met: Option<f64>,
    /// Scenarios in scope that nobody assessed.
    pub not_assessed: usize,
    /// `pass`, `fail`, `undetermined`, or `not_tested`.
    pub verdict: &'static str,
    /// Scope in words; `None` for the whole organisation.
    pub scope: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// When it was approved.
    pub approved_on: Option<Date>,
    /// When it was tested, and with which run.
    pub tested: Option<(Moment, String)>,
}

/// One step from no modelled control to today.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepView {
    /// `inherent`, then one control a step.
    pub key: String,
    /// What people read.
    pub name: String,
    /// The control, if the reader may see it.
    pub record: Option<Ref>,
    /// Mean after the step.
    pub mean: f64,
    /// What the step took off the mean.
    pub drop: f64,
    /// Nothing was observed of the control: the step rests on what is assumed of it.
    pub assumed: bool,
}

/// A risk that is in no sum, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutsideView {
    /// The risk or scenario.
    pub record: Ref,
    /// Why it is outside, in words.
    pub why: String,
}

/// New figures that wait for somebody to confirm them (show, then ask).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DraftView {
    /// The run.
    pub hash: String,
    /// When it was computed.
    pub at: Moment,
    /// What would change, and why.
    pub change: ChangeView,
    /// The reader may confirm it.
    pub may_confirm: bool,
}

/// The whole portfolio.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PortfolioView {
    /// The run; `None` before the first.
    pub run: Option<RunStamp>,
    /// Which figure leads: `mean`, or `median` with a very heavy tail.
    pub heading: &'static str,
    /// Mean of the year.
    pub mean: Figure,
    /// Standard deviation.
    pub sd: Option<f64>,
    /// 10, 50 and 90 % points.
    pub p10: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 90 % point.
    pub p90: Option<f64>,
    /// P(no loss at all in a year).
    pub no_loss: Option<f64>,
    /// Value at risk.
    pub var: Vec<LevelView>,
    /// Tail mean.
    pub tvar: Vec<LevelView>,
    /// Curves: current first; plan only where treatments are approved.
    pub curves: Vec<CurveView>,
    /// Appetite points and their tests.
    pub appetite: Vec<AppetiteView>,
    /// Contributors, largest part of the tail first.
    pub contributors: Vec<ContributorView>,
    /// What the mean rests on, strongest first.
    pub sources: Vec<ShareView>,
    /// Risks and scenarios in no sum.
    pub outside: Vec<OutsideView>,
    /// What changed since about a month ago.
    pub change: Option<ChangeView>,
    /// New figures that wait.
    pub draft: Option<DraftView>,
    /// Waterfall of controls.
    pub steps: Vec<StepView>,
    /// Insurance line by line, when there is any: gross, recovered, net, premium, reinstatement.
    pub cover: Option<CoverView>,
    /// Incidents with a loss that name no scenario: a finding.
    pub incidents_without_scenario: Vec<Ref>,
    /// Earlier runs, oldest first.
    pub history: Vec<HistoryPoint>,
    /// Remarks of the engine, in words.
    pub notes: Vec<String>,
}

/// What insurance does to the mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoverView {
    /// Mean before cover.
    pub gross: Option<f64>,
    /// Expected recovery.
    pub recovered: Option<f64>,
    /// Mean after cover.
    pub net: Option<f64>,
    /// Premiums.
    pub premium: f64,
    /// Expected cost of reinstatement.
    pub reinstatement: f64,
}

/// One earlier run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HistoryPoint {
    /// When.
    pub at: Moment,
    /// Hash of the run.
    pub hash: String,
    /// Mean (of the portfolio, or of the risk on its page).
    pub mean: Option<f64>,
    /// 99 % value at risk (of the portfolio; `None` on a risk's page).
    pub var99: Option<f64>,
    /// 99 % tail mean, or the risk's part of it.
    pub tvar99: Option<f64>,
    /// Why it moved, in one sentence.
    pub why: String,
}
