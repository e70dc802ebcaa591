//! The JSON API from the outside: what it answers, to whom, and what it keeps to itself.

mod ask;
#[path = "../common/mod.rs"]
mod common;
mod courier;
mod described;
mod isolation;
mod observations;
mod outside;
mod records;
mod roles;
