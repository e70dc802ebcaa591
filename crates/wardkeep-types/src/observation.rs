//! A dated result of a control test about subjects (`specs/assurance.md` 6).

use crate::{Id, Moment, Percent};
use serde::{Deserialize, Serialize};

/// How much an observation proves by the way it was made; derived from the test's method, never chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Somebody said so.
    Attested,
    /// Somebody looked at a sample.
    Sampled,
    /// A machine looked at all of it.
    Automated,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunResult {
    /// The counts stand.
    Counted,
    /// There was nothing to look at. Zero rows is not success (TS-3).
    NoData,
    /// The run failed; it never replaces a good one (EF-2).
    Error,
}

/// The counts of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Subjects that should be looked at; `None` when unknown.
    pub population: Option<u64>,
    /// What population was expected from a second source.
    pub expected: Option<u64>,
    /// Looked at: passed + failed + excepted.
    pub examined: u64,
    /// Fine.
    pub passed: u64,
    /// Not fine.
    pub failed: u64,
    /// Under an exception: out of the rate, but counted.
    pub excepted: u64,
    /// Looked at without a verdict.
    pub unknown: u64,
}

/// Something an observation rests on, addressable down to the row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Basis {
    /// One log record.
    Event {
        /// [`crate::event::EventId`] in hexadecimal.
        event: String,
    },
    /// One row of a stored report.
    ScanRow {
        /// SHA-256 of the report.
        sha256: String,
        /// Row number, from 1.
        row: u64,
    },
    /// One record of a register.
    Record {
        /// Its id.
        id: Id,
    },
    /// A stored file as a whole.
    File {
        /// SHA-256 of the file.
        sha256: String,
    },
}

/// One subject's result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectResult {
    /// Stable name of the subject: a reference, an account, a host.
    pub subject: String,
    /// `Some(true)` pass, `Some(false)` fail, `None` looked at without a verdict.
    pub passed: Option<bool>,
    /// Under an exception in force.
    pub excepted: bool,
    /// Why, in one sentence.
    pub detail: String,
    /// What it rests on.
    pub basis: Vec<Basis>,
}

/// An observation, immutable once recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// Identity.
    pub id: Id,
    /// The test's stable key, such as `mfa-console-sign-in`.
    pub test: String,
    /// The test's version at the time.
    pub test_version: u32,
    /// The unit it speaks about.
    pub unit: Id,
    /// Start of the period looked at.
    pub from: Moment,
    /// End of the period looked at (exclusive).
    pub to: Moment,
    /// From when age is counted: the period's end unless stated.
    pub effective_at: Moment,
    /// When it was recorded here.
    pub recorded_at: Moment,
    /// What ran it, with version.
    pub collector: String,
    /// SHA-256 of the test's definition as run.
    pub query_sha256: String,
    /// How the run ended.
    pub result: RunResult,
    /// The counts.
    pub counts: Counts,
    /// How much it proves.
    pub strength: Strength,
    /// Share of the subjects known to either of two population sources that both know (TS-4); absent when
    /// the test has one source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completeness: Option<Percent>,
    /// Totals stated by the source disagree with the rows.
    pub totals_disagree: bool,
    /// Failing subjects first, the first 1,000 kept; counts hold the rest.
    pub subjects: Vec<SubjectResult>,
    /// SHA-256 of the files it rests on.
    pub evidence: Vec<String>,
    /// One sentence for people, such as the reason for `Error` or `NoData`.
    pub note: String,
}
