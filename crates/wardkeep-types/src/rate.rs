//! Frequencies.

use crate::ParseError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How many times a year something happens: zero or more. Not a probability: a rate may exceed one, and the
/// type keeps the two apart.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct PerYear(f64);

impl PerYear {
    /// `None` when negative, infinite or not a number.
    pub fn new(times: f64) -> Option<Self> {
        (times.is_finite() && times >= 0.0).then_some(Self(times))
    }
    /// Times a year.
    pub fn times(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for PerYear {
    type Error = ParseError;
    fn try_from(times: f64) -> Result<Self, ParseError> {
        Self::new(times).ok_or_else(|| ParseError::new("a frequency is zero or more times a year"))
    }
}

impl From<PerYear> for f64 {
    fn from(rate: PerYear) -> f64 {
        rate.0
    }
}

impl FromStr for PerYear {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.trim().parse::<f64>().ok().and_then(Self::new).ok_or_else(|| {
            ParseError::new(format!("'{text}' is not a frequency; write times a year, such as 0.2 or 4"))
        })
    }
}

impl fmt::Display for PerYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
