//! Three-point estimates.

use crate::ParseError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What an expert believes: low, most likely, high, where low and high bound 90 % of what may come
/// (5th and 95th percentile).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate<T> {
    /// 5th percentile.
    pub low: T,
    /// Most likely value.
    pub likely: T,
    /// 95th percentile.
    pub high: T,
}

impl<T: PartialOrd + Copy> Estimate<T> {
    /// Refuses points that are out of order.
    pub fn new(low: T, likely: T, high: T) -> Result<Self, ParseError> {
        if low <= likely && likely <= high {
            Ok(Self { low, likely, high })
        } else {
            Err(ParseError::new("an estimate needs low <= likely <= high"))
        }
    }
}

impl<T: FromStr<Err = ParseError> + PartialOrd + Copy> FromStr for Estimate<T> {
    type Err = ParseError;
    /// `low | likely | high`; `..` may stand for `|`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.replace("..", "|");
        let parts: Vec<&str> = text.split('|').map(str::trim).collect();
        let [low, likely, high] = parts[..] else {
            return Err(ParseError::new("an estimate has three parts: low | likely | high"));
        };
        Self::new(low.parse()?, likely.parse()?, high.parse()?)
    }
}

impl<T: fmt::Display> fmt::Display for Estimate<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} | {} | {}", self.low, self.likely, self.high)
    }
}
