//! Risk in money: from registers and observations to a model, from a model to runs, from runs to views.
//!
//! The engine ([`wardkeep_risk`]) knows no register; this module turns records into its [`wardkeep_risk::model::Model`]
//! and its figures into records and views. Effectiveness E never enters: the engine derives its own efficacy from
//! observation counts (`docs/decisions`).

mod matrix_edit;
mod pages;
mod run_record;
pub mod views;

pub use matrix_edit::MatrixTry;
pub use run_record::RunRecordView;
