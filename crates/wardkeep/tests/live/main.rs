//! Live intake of the real program: killed in the middle, and fed by a real rsyslog from a real sshd.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod crash;
mod program;
mod sshd;
