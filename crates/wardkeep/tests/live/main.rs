//! Live intake of the real program: killed in the middle, and fed by real services.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod crash;
mod program;
#[cfg(unix)]
mod sshd;
