//! Risk in money: from registers and observations to a model, from a model to runs, from runs to views.
//!
//! The engine ([`wardkeep_risk`]) knows no register; this module turns records into its [`wardkeep_risk::model::Model`]
//! and its figures into records and views. Effectiveness E never enters: the engine derives its own efficacy from
//! observation counts (`docs/decisions`).

mod pages;
pub mod views;
