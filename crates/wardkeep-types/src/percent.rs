//! Shares.

use crate::ParseError;
use std::fmt;
use std::str::FromStr;

/// A share from 0 to 100 %, kept in hundredths of a percent (four decimals of the ratio).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Percent(u16);

impl Percent {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// All.
    pub const FULL: Self = Self(10_000);
    /// From a ratio 0..1, rounded to four decimals; `None` outside or not a number.
    pub fn from_ratio(ratio: f64) -> Option<Self> {
        (0.0..=1.0).contains(&ratio).then(|| Self((ratio * 10_000.0).round() as u16))
    }
    /// From hundredths of a percent, 0 to 10,000.
    pub fn from_basis_points(points: i64) -> Option<Self> {
        u16::try_from(points).ok().filter(|p| *p <= 10_000).map(Self)
    }
    /// Hundredths of a percent, 0 to 10,000.
    pub fn basis_points(self) -> u16 {
        self.0
    }
    /// As a ratio 0..1.
    pub fn ratio(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }
}

impl FromStr for Percent {
    type Err = ParseError;
    /// `71`, `71.5`, `71.5 %`: always percent, never a ratio, so that "1" has one meaning.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let bare = text.trim().trim_end_matches('%').trim_end();
        let wrong = || ParseError::new(format!("'{text}' is not a percentage from 0 to 100, such as 71.5"));
        let (whole, part) = bare.split_once('.').unwrap_or((bare, ""));
        let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || part.len() > 2 || !digits(whole) || !digits(part) {
            return Err(wrong());
        }
        let points: u32 = format!("{whole}{part:0<2}").parse().map_err(|_| wrong())?;
        u16::try_from(points).ok().filter(|p| *p <= 10_000).map(Self).ok_or_else(wrong)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match part {
            0 => write!(f, "{whole}%"),
            p if p % 10 == 0 => write!(f, "{whole}.{}%", p / 10),
            p => write!(f, "{whole}.{p:02}%"),
        }
    }
}

crate::serde_as_text!(Percent);

#[cfg(test)]
mod tests {
    use super::Percent;

    #[test]
    fn what_is_shown_can_be_read_again() {
        for points in 0..=10_000 {
            let percent = Percent::from_basis_points(points).unwrap();
            assert_eq!(percent.to_string().parse::<Percent>().unwrap(), percent);
        }
        for wrong in ["", "101", "-1", "1.234", "abc", "1e2"] {
            assert!(wrong.parse::<Percent>().is_err(), "{wrong}");
        }
    }
}
