//! Live intake of the real program, killed in the middle.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod crash;
mod program;
