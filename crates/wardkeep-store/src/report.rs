//! What a verification found.

use serde::Serialize;
use wardkeep_types::{Problem, Problems};

/// Problems that a report lists; further ones are only counted.
pub const PROBLEMS_LISTED: usize = 100;

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// Entries read.
    pub entries: u64,
    /// Number of the last one.
    pub last: i64,
    /// Its hash.
    pub head: String,
    /// Values that agree with their commitment.
    pub values: u64,
    /// Values that were erased, each named by an `erase` entry.
    pub erased: u64,
    /// Signed heads that agree with the chain and verify.
    pub heads: u64,
    /// Ids of the keys that the chain names, oldest first.
    pub keys: Vec<String>,
    /// Keys after the first for which no earlier key vouches: right after a restore without private keys, and
    /// otherwise a question to whoever added them.
    pub unvouched: Vec<String>,
    /// Current rows that agree with the newest change of their record.
    pub rows: u64,
    /// Files whose content has the hash that names it.
    pub files: u64,
    /// Event files that are as they were written.
    pub event_files: u64,
    /// Number of the first entry at fault.
    pub first_bad: Option<i64>,
    /// What is wrong, at most [`PROBLEMS_LISTED`].
    pub problems: Problems,
    /// Further problems that are not listed.
    pub more_problems: u64,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
    pub(crate) fn fault(&mut self, path: String, code: &str, message: String) {
        if self.problems.0.len() < PROBLEMS_LISTED {
            self.problems.add(Problem::new(path, code, message));
        } else {
            self.more_problems += 1;
        }
    }
    pub(crate) fn entry_fault(&mut self, n: i64, code: &str, message: String) {
        self.first_bad = Some(self.first_bad.map_or(n, |first| first.min(n)));
        self.fault(format!("change {n}"), code, message);
    }
}
