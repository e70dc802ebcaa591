//! Human references such as `RSK-0042`.

use crate::ParseError;
use std::fmt;
use std::str::FromStr;

/// A register's prefix and a number: what people say in meetings. Never used twice, not even after a delete.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    prefix: String,
    number: u64,
}

impl Reference {
    /// `prefix` is two to four capital letters.
    pub fn new(prefix: &str, number: u64) -> Self {
        Self { prefix: prefix.to_owned(), number }
    }
    /// The register's prefix.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }
    /// The running number within the register.
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl FromStr for Reference {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = || ParseError::new(format!("'{text}' is not a reference such as RSK-0042"));
        let (prefix, number) = text.trim().split_once('-').ok_or_else(wrong)?;
        let letters = (2..=4).contains(&prefix.len()) && prefix.chars().all(|c| c.is_ascii_alphabetic());
        let digits = (1..=18).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
        if !letters || !digits {
            return Err(wrong());
        }
        Ok(Self { prefix: prefix.to_ascii_uppercase(), number: number.parse().map_err(|_| wrong())? })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}", self.prefix, self.number)
    }
}

crate::serde_as_text!(Reference);
