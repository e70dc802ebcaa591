//! Investments, estimates, matrix, appetite.

use super::{AppetiteView, CurveView, Ref, RunStamp};
use serde::Serialize;
use wardkeep_types::Date;

/// A measure that could be bought, ranked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasureView {
    /// The treatment plan.
    pub record: Ref,
    /// Its stage as people read it.
    pub stage: String,
    /// The risk it treats.
    pub risk: Option<Ref>,
    /// Cost once.
    pub once: f64,
    /// Cost a year.
    pub yearly: f64,
    /// Staff-days.
    pub staff_days: f64,
    /// What it takes off the mean when bought alone, exactly.
    pub reduction: f64,
    /// What it takes off the 99 % tail mean when bought alone.
    pub tail_reduction: f64,
    /// (reduction - yearly cost) / yearly cost; `None` without a yearly cost.
    pub rosi: Option<f64>,
    /// P(net benefit > 0), over paired draws.
    pub pays: f64,
    /// At least 0.8; below, the text is "not shown to pay".
    pub shown_to_pay: bool,
    /// Worth of knowing its benefit before deciding.
    pub evpi: f64,
    /// References of what must be bought too.
    pub needs: Vec<String>,
    /// Name of a set of which at most one may be bought.
    pub one_of: Option<String>,
    /// Must be bought.
    pub mandated: bool,
    /// In the plan.
    pub chosen: bool,
    /// Its fair part of the plan's benefit (Shapley); 0 when not chosen.
    pub shapley: f64,
}

/// What is asked of the optimiser; money in major units of the run's currency.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct InvestmentAsk {
    /// Most cost once; half of everything when absent.
    pub once: Option<f64>,
    /// Most cost a year.
    pub yearly: Option<f64>,
    /// Most staff-days.
    pub staff_days: Option<f64>,
    /// Minimise the tail parts instead of the means.
    pub tail: bool,
}

/// One point of the efficient frontier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrontierView {
    /// Budget, once.
    pub once: f64,
    /// What the plan spends of it.
    pub spent: f64,
    /// Loss that is left (mean, or tail).
    pub left: f64,
    /// References of what is bought.
    pub chosen: Vec<String>,
}

/// The investments page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InvestmentsView {
    /// The run.
    pub run: Option<RunStamp>,
    /// What was asked, with defaults filled in.
    pub ask: InvestmentAsk,
    /// Measures, best reduction per cost first.
    pub measures: Vec<MeasureView>,
    /// Loss today: mean, or tail mean.
    pub today: f64,
    /// Loss that the plan leaves.
    pub left: f64,
    /// No plan under this budget leaves less: the proven bound.
    pub bound: f64,
    /// (left - bound) / left.
    pub gap: f64,
    /// The gap is at most 0.0001.
    pub proven: bool,
    /// Nodes that the proof looked at.
    pub nodes: usize,
    /// What the plan costs once, a year, and in staff-days.
    pub cost: (f64, f64, f64),
    /// The exact curve, mean and tail mean with the plan in place.
    pub after: Option<CurveView>,
    /// The curve of today, to compare with.
    pub current: Option<CurveView>,
    /// Appetite tested on the plan.
    pub appetite: Vec<AppetiteView>,
    /// The frontier, smallest budget first.
    pub frontier: Vec<FrontierView>,
    /// Nothing fits the rules, and why.
    pub impossible: Option<String>,
}

/// An estimate to renew.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EstimateView {
    /// The estimate.
    pub record: Ref,
    /// What it feeds.
    pub scenario: Option<Ref>,
    /// Which number: `rate`, `threat_events`, `vulnerability`, `loss`, ..
    pub about: String,
    /// As people read it: `0.05 .. 0.4 a year`.
    pub shown: String,
    /// What the two ends stand for: `range_ends` (5 and 95 % points), `range_points` (least and most that can be);
    /// `None` for a number without ends.
    pub ends: Option<&'static str>,
    /// Who said it.
    pub person: Option<String>,
    /// When.
    pub on: Date,
    /// Its age in days.
    pub age_days: i64,
    /// To be renewed by.
    pub renew_by: Option<Date>,
    /// Overdue.
    pub overdue: bool,
    /// `evidence`, `study`, `expert`, `placeholder`.
    pub source: String,
    /// Its part in the portfolio's tail: how much it matters, 0..1.
    pub matters: Option<f64>,
}

/// How one person's ranges did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CalibrationView {
    /// Who.
    pub person: String,
    /// Where their scored answers are listed.
    pub path: String,
    /// Ranges whose outcome is known.
    pub scored: i64,
    /// Of these, how many held it; 90 % should.
    pub held: i64,
    /// Mean squared distance of the promise (0.9) from what happened.
    pub brier: f64,
    /// Weight in a pool of experts.
    pub weight: f64,
}

/// Estimates to renew.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EstimatesView {
    /// Most urgent first: overdue, placeholder, oldest.
    pub estimates: Vec<EstimateView>,
    /// How people did, best first.
    pub calibration: Vec<CalibrationView>,
    /// Today.
    pub today: Date,
}

/// A level of a matrix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelName {
    /// Level from 1.
    pub level: u32,
    /// Name.
    pub name: String,
    /// What it means: from, to (events a year, or money).
    pub anchor: Option<(f64, f64)>,
}

/// A cell of a matrix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CellView {
    /// Likelihood, from 1.
    pub likelihood: u32,
    /// Impact, from 1.
    pub impact: u32,
    /// Score.
    pub score: u32,
    /// Index of its band, lowest 0.
    pub band: u32,
    /// Risks that stand in it.
    pub risks: Vec<Ref>,
}

/// The matrix with its honesty test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MatrixView {
    /// The matrix; `None` when there is none.
    pub record: Option<Ref>,
    /// Other matrices.
    pub others: Vec<Ref>,
    /// Likelihood levels, lowest first.
    pub likelihood: Vec<LevelName>,
    /// Impact levels, lowest first.
    pub impact: Vec<LevelName>,
    /// Formula as written: `LI`.
    pub formula: String,
    /// Names of the bands, lowest first, with the highest score of each.
    pub bands: Vec<(String, u32)>,
    /// Rows by likelihood, highest first; columns by impact, lowest first.
    pub rows: Vec<Vec<CellView>>,
    /// Risks without a rating: not assessed, in no cell.
    pub not_assessed: Vec<Ref>,
    /// The honesty test by band; `None` when a level has no anchor.
    pub honesty: Option<HonestyView>,
    /// The honesty test by raw score.
    pub honesty_by_score: Option<HonestyView>,
    /// Currency of the impact anchors.
    pub currency: String,
}

/// The honesty test of a matrix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HonestyView {
    /// Pairs of cells with different ratings.
    pub pairs: usize,
    /// The higher rated has the lower point.
    pub contradicted: usize,
    /// The higher rated ends at or below where the other begins.
    pub certainly_contradicted: usize,
    /// Equal points.
    pub ties: usize,
    /// Worst pair: (likelihood, impact) rated higher, rated lower, times.
    pub worst: Option<((u32, u32), (u32, u32), f64)>,
    /// Name of the band, or score; how many times its largest point exceeds its smallest.
    pub compression: Vec<(String, f64)>,
    /// In plain words.
    pub sentences: Vec<String>,
}

/// A key risk indicator.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndicatorView {
    /// The indicator.
    pub record: Ref,
    /// The control and factor that it watches, or the scenario.
    pub watches: String,
    /// Value now, in percent.
    pub value: Option<f64>,
    /// Where the appetite measure crosses its limit, in percent; `None`: no crossing, see `words`.
    pub threshold: Option<f64>,
    /// Chance that the true value lies on the wrong side.
    pub chance_crossed: Option<f64>,
    /// In words: "needs at least 54.3 %", "met whatever the value", "not met by any value".
    pub words: String,
    /// `fine`, `watch`, `alarm`, `unknown`.
    pub state: &'static str,
    /// The appetite statement.
    pub appetite: Option<Ref>,
}

/// The appetite page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AppetitePageView {
    /// The run.
    pub run: Option<RunStamp>,
    /// Statements in force and their tests.
    pub statements: Vec<AppetiteView>,
    /// Statements being written or waiting for approval.
    pub waiting: Vec<Ref>,
    /// Indicators.
    pub indicators: Vec<IndicatorView>,
    /// The current curve, for the points.
    pub curve: Option<CurveView>,
}
