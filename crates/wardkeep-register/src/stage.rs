//! Stages: where a record stands in its life.

/// What reports count. Names of stages are free, categories are fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StageCategory {
    /// Somebody still has something to do with it.
    Open,
    /// Finished, for whatever reason.
    Done,
}

/// One stage of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageSchema {
    /// Stable key: `in_review`.
    pub key: &'static str,
    /// Shown: "In review".
    pub label: &'static str,
    /// What it means: the doc comment.
    pub help: &'static str,
    /// Open or done.
    pub category: StageCategory,
}
