//! What the risk engine worked out, as plain views: pages, paper and API show the same.
//!
//! Money is in major units of [`RunStamp::currency`] a year unless said otherwise; chances and shares are 0..1.
//! A figure that does not exist (an infinite mean, nothing assessed) is `None`, never zero.

use serde::Serialize;
use std::collections::BTreeMap;
use wardkeep_types::{Date, Id, Moment};

/// A figure with its band: 5 and 95 % over what we do not know about rates and controls.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Figure {
    /// The figure; `None` when it is infinite.
    pub value: Option<f64>,
    /// 5 % of the band.
    pub low: Option<f64>,
    /// 95 % of the band.
    pub high: Option<f64>,
}

/// What every page of figures carries in its foot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunStamp {
    /// Number of the run, newest largest.
    pub number: i64,
    /// SHA-256 of the inputs: the name of the run. `wardkeep risk rerun` takes it.
    pub hash: String,
    /// SHA-256 of the result.
    pub digest: String,
    /// Engine and version.
    pub engine: String,
    /// Version of the formulas.
    pub formulas: u32,
    /// The date the figures speak about.
    pub as_of: Option<Date>,
    /// When it was computed.
    pub computed_at: Moment,
    /// Currency of all money.
    pub currency: String,
    /// Price year of all money.
    pub price_year: u16,
    /// Dated rates between currencies that were used, as people read them: `1 USD = 0.92 EUR on 2026-01-02 (ECB)`.
    pub exchange: Vec<String>,
    /// Draws of the band.
    pub draws: usize,
    /// What the band covers, in words.
    pub band_of: String,
    /// Share of the mean that rests on placeholders.
    pub placeholder_share: f64,
    /// Scenarios that nobody assessed: in no sum.
    pub not_assessed: usize,
    /// All scenarios.
    pub scenarios: usize,
}

/// A point of a loss exceedance curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Money a year.
    pub loss: f64,
    /// P(a year's loss > this).
    pub chance: f64,
    /// P(the year's largest event > this), for the current curve.
    pub largest: Option<f64>,
    /// 5 % of the band.
    pub low: Option<f64>,
    /// 95 % of the band.
    pub high: Option<f64>,
}

/// One line of a chart, smallest loss first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CurveView {
    /// `current` (with band), `plan` (approved treatments in place) or `inherent` (all modelled efficacy at 0).
    pub key: &'static str,
    /// The points.
    pub points: Vec<CurvePoint>,
    /// Its mean.
    pub mean: Option<f64>,
    /// Its 99 % tail mean.
    pub tvar99: Option<f64>,
}

/// A record that a figure points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ref {
    /// Human reference: `RSK-0004`.
    pub reference: String,
    /// Title.
    pub name: String,
    /// Path of its page.
    pub path: String,
}

/// A level and its figure: 95, 99, 99.9.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LevelView {
    /// Level in percent, as a key: `99.9`.
    pub level: String,
    /// The figure.
    pub figure: Figure,
}

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

/// One input of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputView {
    /// `rate`, `loss`, `secondary_chance`, `secondary_loss`.
    pub about: String,
    /// Form of loss, for losses: `total`, `response`, ...
    pub form: Option<String>,
    /// 5 % point, or low.
    pub low: f64,
    /// Most likely, where it is used.
    pub likely: Option<f64>,
    /// 95 % point, or high.
    pub high: f64,
    /// `per_year`, `chance`, or a currency code.
    pub unit: String,
    /// The law that was fitted: `gamma`, `lognormal`, `pert`, `constant`.
    pub law: String,
    /// Median of the fitted law.
    pub median: Option<f64>,
    /// Mean of the fitted law.
    pub mean: Option<f64>,
    /// `evidence`, `study`, `expert`, `placeholder`.
    pub source: String,
    /// Who said it.
    pub by: Option<String>,
    /// When.
    pub on: Option<Date>,
    /// What was asked.
    pub question: String,
    /// Why this answer.
    pub reason: String,
    /// A public figure shown beside it, never used.
    pub anchor: String,
    /// The estimate.
    pub estimate: Option<Ref>,
    /// It must be looked at again by then.
    pub renew_by: Option<Date>,
    /// How this person's earlier ranges did: held, of.
    pub calibration: Option<(i64, i64)>,
}

/// One factor of a control's efficacy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FactorView {
    /// `coverage`, `reliability`, `intact`, `degraded`.
    pub quantity: &'static str,
    /// What was assumed.
    pub prior: f64,
    /// Weight of the evidence after kind and age, in observations; 0: the prior stands.
    pub weight: f64,
    /// Posterior mean, with 5 and 95 %.
    pub now: Figure,
    /// Observations it rests on: id and, where the reader may see it, the address of its page.
    pub evidence: Vec<EvidenceRef>,
}

/// An observation behind a factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceRef {
    /// Id of the observation.
    pub id: String,
    /// In words: "mfa-console-sign-in: 23 of 24 passed, 5 days old".
    pub words: String,
    /// Path of its page.
    pub path: Option<String>,
}

/// A control's effect in one scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EffectView {
    /// Key of the engine's control: what-if names it.
    pub key: String,
    /// The control.
    pub control: Option<Ref>,
    /// Its name.
    pub name: String,
    /// The link's own record.
    pub effect: Option<Ref>,
    /// `event_frequency`, `susceptibility`, `secondary_chance`, `detection`, `response`, `recovery`.
    pub on: String,
    /// Share of the techniques that it addresses.
    pub kappa: f64,
    /// What kappa rests on.
    pub source: String,
    /// e = kappa C (R I + (1 - R) D), now.
    pub efficacy: f64,
    /// e that the base rate already contains.
    pub reference: f64,
    /// `observed`, or `assumed`: the prior stands, which is not "effective".
    pub state: &'static str,
    /// C, R, I, D.
    pub factors: Vec<FactorView>,
}

/// How a scenario came to its figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScenarioView {
    /// Id within the model: what-if names it.
    pub key: String,
    /// The scenario; `None` when the risk stands on its own rough estimate.
    pub record: Option<Ref>,
    /// Its name.
    pub name: String,
    /// One sentence that a year can prove wrong.
    pub claim: String,
    /// `no_modelled_controls`, `with_reference_controls`, `own_today`.
    pub basis: &'static str,
    /// False: it is in no sum.
    pub assessed: bool,
    /// Inputs.
    pub inputs: Vec<InputView>,
    /// Rate before today's controls, own incidents included.
    pub base_rate: f64,
    /// What controls that prevent leave of it, against the basis.
    pub prevent: f64,
    /// The same for the chance of secondary loss.
    pub secondary: f64,
    /// The same for time-driven loss.
    pub recovery: f64,
    /// The same for the mean loss, through containment.
    pub contained: f64,
    /// Rate now.
    pub rate: f64,
    /// Median loss of one event.
    pub event_median: f64,
    /// Mean loss of one event, `None` when infinite.
    pub event_mean: Option<f64>,
    /// Part of the yearly mean.
    pub mean: Option<f64>,
    /// Part of the 99 % tail mean.
    pub tail: Option<f64>,
    /// Own incidents that were counted in: events, years.
    pub incidents: Option<(u32, f64)>,
    /// Controls and their effect.
    pub controls: Vec<EffectView>,
    /// Weakest source.
    pub source: String,
    /// More than half of its mean lies above the 99 % event.
    pub heavy: bool,
}

/// A slider of the what-if form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SliderView {
    /// Name of the form field: `coverage:KEY`, `reliability:KEY`, `efficacy:KEY` (percent), `rate:KEY`, `loss:KEY`
    /// (percent of today's).
    pub name: String,
    /// What people read.
    pub label: String,
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Step.
    pub step: f64,
    /// Today's position.
    pub now: f64,
    /// Unit behind the number: `%`.
    pub unit: &'static str,
}

/// One input's swing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SwingView {
    /// Stable key.
    pub input: String,
    /// What people read.
    pub label: String,
    /// The portfolio's mean with the input at its 5 % and 95 % points.
    pub mean: (f64, f64),
    /// 99 % value at risk, the same.
    pub var: (f64, f64),
}

/// The qualitative side of a risk.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QualitativeView {
    /// The matrix; `None` when there is none in use.
    pub matrix: Option<Ref>,
    /// Level of likelihood, from 1, and its name.
    pub likelihood: Option<(u32, String)>,
    /// Level of impact, from 1, and its name.
    pub impact: Option<(u32, String)>,
    /// Score and name of its band; `None`: not assessed.
    pub rating: Option<(u32, String)>,
    /// Index of the band, lowest 0, and how many bands there are.
    pub band: Option<(u32, u32)>,
    /// The cell that the quantitative figures fall into, by the anchors: likelihood, impact.
    pub by_figures: Option<(u32, u32)>,
    /// Where words and figures disagree, said in a sentence.
    pub disagreement: Option<String>,
}

/// A treatment as a risk's page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TreatmentView {
    /// The plan.
    pub record: Ref,
    /// Its stage as people read it.
    pub stage: String,
    /// Cost once, in the run's currency.
    pub once: f64,
    /// Cost a year.
    pub yearly: f64,
    /// What it takes off the mean, exactly, on one grid.
    pub reduction: Option<f64>,
    /// What it takes off the 99 % tail mean.
    pub tail_reduction: Option<f64>,
    /// P(net benefit > 0).
    pub pays: Option<f64>,
    /// Below 0.8: "not shown to pay".
    pub shown_to_pay: bool,
    /// Ends on.
    pub due: Option<Date>,
}

/// An acceptance as a risk's page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AcceptanceView {
    /// The acceptance.
    pub record: Ref,
    /// Its stage: key and as people read it.
    pub stage: (String, String),
    /// Who asked.
    pub asked_by: Option<String>,
    /// Who approved.
    pub approved_by: Option<String>,
    /// Holds until.
    pub until: Option<Date>,
    /// Mean and tail part at the time.
    pub mean: Option<f64>,
    /// The same for the tail.
    pub tail: Option<f64>,
    /// Hash of the run that it rests on.
    pub run: String,
    /// Why it became void.
    pub void_because: Option<String>,
}

/// One risk.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RiskView {
    /// The risk.
    pub record: Ref,
    /// Its id.
    pub id: Id,
    /// Stage: key and as people read it.
    pub stage: (String, String),
    /// Who answers for it.
    pub owner: Option<String>,
    /// What is done about it: `reduce`, ...
    pub treatment: String,
    /// The run; `None` before the first.
    pub run: Option<RunStamp>,
    /// False: in no sum.
    pub assessed: bool,
    /// Mean a year.
    pub mean: Figure,
    /// Part of the portfolio's 99 % tail mean.
    pub tail: Option<f64>,
    /// Share of the portfolio's mean.
    pub mean_share: Option<f64>,
    /// Share of the portfolio's tail mean.
    pub tail_share: Option<f64>,
    /// Figures of this risk alone: curve, value at risk, chance of no loss.
    pub alone: Option<AloneView>,
    /// Scenarios and how they came about.
    pub scenarios: Vec<ScenarioView>,
    /// Sliders of the what-if.
    pub sliders: Vec<SliderView>,
    /// Inputs that swing the portfolio's figures, widest first.
    pub tornado: Vec<SwingView>,
    /// Earlier runs, oldest first.
    pub history: Vec<HistoryPoint>,
    /// Matrix side.
    pub qualitative: QualitativeView,
    /// Treatments.
    pub treatments: Vec<TreatmentView>,
    /// Acceptances, newest first.
    pub acceptances: Vec<AcceptanceView>,
}

/// One risk by itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AloneView {
    /// Its own curve with band.
    pub curve: CurveView,
    /// P(no loss).
    pub no_loss: f64,
    /// Median.
    pub p50: Option<f64>,
    /// Value at risk.
    pub var: Vec<LevelView>,
    /// Tail mean.
    pub tvar: Vec<LevelView>,
}

/// Before and after a what-if, on the same cells: exact.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WhatIfView {
    /// Hash of the run it starts from.
    pub from_hash: String,
    /// Slider positions that were used.
    pub positions: BTreeMap<String, f64>,
    /// Mean before and after.
    pub mean: Option<(f64, f64)>,
    /// P(no loss) before and after.
    pub no_loss: (f64, f64),
    /// Value at risk by level, before and after.
    pub var: BTreeMap<String, (f64, f64)>,
    /// Tail mean by level, before and after.
    pub tvar: BTreeMap<String, (f64, f64)>,
    /// The curve before.
    pub before: Vec<CurvePoint>,
    /// The curve after, at the same losses.
    pub after: Vec<CurvePoint>,
    /// Microseconds that the engine took.
    pub micros: u64,
}

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
    /// `rate`, `loss`, `secondary_chance`, `secondary_loss`.
    pub about: String,
    /// As people read it: `0.05 .. 0.4 a year`.
    pub shown: String,
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

/// A stored run, whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunShown {
    /// Number.
    pub number: i64,
    /// Hash of the inputs.
    pub hash: String,
    /// When it was computed.
    pub computed_at: Moment,
    /// The model, in the engine's open format.
    pub model: serde_json::Value,
    /// How it was made.
    pub options: serde_json::Value,
    /// The result.
    pub result: serde_json::Value,
}

/// A run worked out again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RerunView {
    /// Hash of the inputs.
    pub hash: String,
    /// Engine then.
    pub then: String,
    /// Engine now.
    pub now: String,
    /// Digest of the result then and now.
    pub digest: (String, String),
    /// Figures agree to 1e-9, and nothing stored was changed.
    pub matches: bool,
    /// Agreed to the last bit.
    pub identical: bool,
    /// Largest relative difference of a figure.
    pub largest_difference: f64,
    /// What differs and why; empty when nothing does.
    pub words: Vec<String>,
}

/// What an imported file held.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportView {
    /// What it was taken for: `pyfair`, `wardkeep`, `scenario_answers`.
    pub format: &'static str,
    /// Scenarios, or answers, that were read.
    pub read: usize,
    /// Findings with place and remedy.
    pub problems: Vec<wardkeep_types::Problem>,
    /// Their figure beside ours, where the other tool multiplies rate and loss.
    pub compared: Vec<ComparedView>,
    /// References of the records that were kept as drafts.
    pub kept: Vec<String>,
}

/// What multiplying gives beside what adding gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComparedView {
    /// The scenario.
    pub name: String,
    /// Mean: the same for both.
    pub mean: f64,
    /// Standard deviation of rate times loss.
    pub product_sd: f64,
    /// Standard deviation of the year's sum.
    pub sum_sd: f64,
}
