//! The evidence chain: from a control, alert or finding down to the report row and the log line, and no further
//! than the reader may see.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

#[path = "../common/mod.rs"]
mod common;
mod corpus;
mod evidence;
mod opens;
mod states;
mod walls;
