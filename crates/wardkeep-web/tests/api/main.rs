//! The JSON API from the outside: what it answers, to whom, and what it keeps to itself.

mod ask;
#[path = "../common/mod.rs"]
mod common;
mod described;
mod isolation;
mod observations;
mod records;
mod roles;
