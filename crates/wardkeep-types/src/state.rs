//! The five states in which a control or one of its tests can be (`specs/assurance.md` 7).

use crate::ParseError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What the evidence shows. The last two are *unknown*: never green, never part of a shown share (EF-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Shown to work.
    Effective,
    /// Works with a known lack: late, partly covered, below its threshold, only attested.
    Degraded,
    /// Shown not to work.
    Failing,
    /// Evidence is missing, expired or covers too little.
    Insufficient,
    /// Nothing was ever observed.
    NotTested,
}

impl State {
    /// All, in the order of every page.
    pub const ALL: [Self; 5] =
        [Self::Effective, Self::Degraded, Self::Failing, Self::Insufficient, Self::NotTested];
    /// Stable key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Effective => "effective",
            Self::Degraded => "degraded",
            Self::Failing => "failing",
            Self::Insufficient => "insufficient",
            Self::NotTested => "not_tested",
        }
    }
    /// The word that people read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Insufficient => "insufficient evidence",
            Self::NotTested => "not tested",
            known => known.key(),
        }
    }
    /// Whether it says that we do not know.
    pub fn is_unknown(self) -> bool {
        matches!(self, Self::Insufficient | Self::NotTested)
    }
}

impl FromStr for State {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let word = text.trim().to_lowercase();
        Self::ALL.into_iter().find(|s| s.key() == word || s.word() == word).ok_or_else(|| {
            ParseError::new(format!(
                "'{text}' is not a state; use effective, degraded, failing, insufficient or not_tested"
            ))
        })
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}
