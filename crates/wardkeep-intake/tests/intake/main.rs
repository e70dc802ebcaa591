//! The readers over real files and over files broken on purpose.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests: a panic is the report, and figures are printed

mod bad_input;
mod corpus_everything;
mod corpus_logs;
mod corpus_reports;
mod corpus_sensors;
mod corpus_table;
mod live;
mod made_evtx;
mod made_logs;
mod made_reports;
mod make_evtx;
mod support;
