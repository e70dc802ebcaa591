//! One risk and what-if.

use super::{CurvePoint, CurveView, Figure, HistoryPoint, LevelView, Ref, RunStamp};
use serde::Serialize;
use std::collections::BTreeMap;
use wardkeep_types::{Date, Id};

/// One input of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputView {
    /// `rate`, `threat_events`, `contacts`, `action`, `vulnerability`, `capability`, `resistance`, `loss`,
    /// `secondary_chance`, `secondary_loss`.
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
    /// The law that was fitted: `gamma`, `lognormal`, `log-odds`, `pert`, `constant`.
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
    /// It moves no figure, since this number above it was entered directly.
    pub ignored_since: Option<String>,
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
    /// Own near misses: events, years.
    pub near_misses: Option<(u32, f64)>,
    /// They change nothing, since the rate was entered directly.
    pub near_misses_ignored: bool,
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
    /// The control whose sliders stand together; `None` for those of a scenario.
    pub control: Option<String>,
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
    /// Inputs that swing this risk's own figures, widest first.
    pub tornado: Vec<SwingView>,
    /// Earlier runs, oldest first.
    pub history: Vec<HistoryPoint>,
    /// Scenarios and effects that wait for somebody; none of them moves a figure.
    pub prepared: Vec<super::PreparedView>,
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
