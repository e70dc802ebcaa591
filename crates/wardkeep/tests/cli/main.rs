//! The program as people run it: arguments in; words, JSON, files and exit codes out.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // tests and benchmarks

mod assess;
mod bad_input;
mod basics;
mod doctor;
mod events;
mod hard;
mod records;
mod risk;
mod serve;
mod support;
mod verify;
