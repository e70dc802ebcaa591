//! Risk in money: from registers and observations to a model, from a model to runs, from runs to views.
//!
//! The engine ([`wardkeep_risk`]) knows no register; this module turns records into its [`wardkeep_risk::model::Model`]
//! and its figures into records and views. Effectiveness E never enters: the engine derives its own efficacy from
//! observation counts (`docs/decisions`).

mod acceptance;
mod again;
mod build;
mod desk;
mod drafts;
mod follow;
mod import;
mod library;
mod load;
mod measures;
mod observed;
mod pages;
mod parts;
mod rerun;
mod runs;
#[cfg(test)]
mod tests;
pub mod views;
mod workbook;

pub use again::CHECK;
pub(crate) use desk::RiskDesk;
pub use import::{ImportAsk, judge};
pub use library::LibraryAsk;
pub use pages::{MatrixTry, RunRecordView};
pub use rerun::{RISK, Reran};
pub use runs::short;
