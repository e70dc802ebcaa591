//! The readers over real files and over files broken on purpose.

mod bad_input;
mod corpus_everything;
mod corpus_logs;
mod corpus_reports;
mod support;
