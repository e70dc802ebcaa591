//! The JSON API from the outside: what it answers, to whom, and what it keeps to itself.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

mod ask;
#[path = "../common/mod.rs"]
mod common;
mod courier;
mod described;
mod isolation;
mod letters;
mod observations;
mod outside;
mod records;
mod roles;
