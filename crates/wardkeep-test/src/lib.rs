//! TestApp, builders, both databases and a clock that can be set.

pub mod postgres;
