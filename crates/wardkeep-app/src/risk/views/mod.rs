//! What the risk engine worked out, as plain views: pages, paper and API show the same.
//!
//! Money is in major units of [`RunStamp::currency`] a year unless said otherwise; chances and shares are 0..1.
//! A figure that does not exist (an infinite mean, nothing assessed) is `None`, never zero.

mod decide;
mod library;
mod one;
mod portfolio;
mod shared;
mod stored;

pub use decide::{
    AppetitePageView, CalibrationView, CellView, EstimateView, EstimatesView, FrontierView, HonestyView,
    IndicatorView, InvestmentAsk, InvestmentsView, LevelName, MatrixView, MeasureView,
};
pub use library::{
    LibraryControlView, LibraryMade, LibraryScenarioView, LibraryView, PreparedView, SuggestedView,
    TechniqueView,
};
pub use one::{
    AcceptanceView, AloneView, EffectView, EvidenceRef, FactorView, InputView, QualitativeView, RiskView,
    ScenarioView, SliderView, SwingView, TreatmentView, WhatIfView,
};
pub use portfolio::{
    AppetiteView, CauseView, ChangeView, ContributorView, CoverView, DraftView, HistoryPoint, OutsideView,
    PortfolioView, ShareView, StepView,
};
pub use shared::{CurvePoint, CurveView, Figure, LevelView, Ref, RunStamp};
pub use stored::{ComparedView, ExpertView, ImportView, RerunView, RunShown};
