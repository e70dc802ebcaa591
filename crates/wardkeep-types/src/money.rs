//! Amounts of money.

use crate::ParseError;
use std::fmt;
use std::str::FromStr;

/// An ISO 4217 currency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// US dollar.
    pub const USD: Self = Self(*b"USD");
    /// The three letters.
    pub fn code(&self) -> &str {
        // Three capital letters, as every way to make one sees to; so this is never the empty text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
    /// Digits after the point (ISO 4217 minor unit).
    pub fn decimals(self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"ISK" | b"CLP" | b"VND" | b"XAF" | b"XOF" | b"PYG" | b"UGX" | b"RWF" => 0,
            b"BHD" | b"KWD" | b"OMR" | b"TND" | b"JOD" | b"IQD" | b"LYD" => 3,
            _ => 2,
        }
    }
}

impl FromStr for Currency {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text.trim().to_ascii_uppercase().as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|x| x.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(ParseError::new(format!("'{text}' is not a currency code such as EUR"))),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in integer minor units (cents) of one currency. Amounts of different currencies cannot be added
/// without a dated rate, so there is no `Add`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units, such as cents.
    pub minor: i64,
    /// Which currency.
    pub currency: Currency,
}

impl Money {
    /// From minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }
    /// The sum, `None` when currencies differ or the sum does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        Some(Self::new(self.minor.checked_add(other.minor)?, self.currency))
    }
    /// The amount in major units, for arithmetic that need not be exact.
    pub fn major(self) -> f64 {
        self.minor as f64 / 10f64.powi(self.currency.decimals() as i32)
    }
}

impl PartialOrd for Money {
    /// Amounts of different currencies have no order.
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        (self.currency == other.currency).then(|| self.minor.cmp(&other.minor))
    }
}

impl FromStr for Money {
    type Err = ParseError;
    /// `1250.50 EUR` or `EUR 1250.50`; blanks and `_` may group digits, the point is decimal.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = || ParseError::new(format!("'{text}' is not an amount; write it as 1250.50 EUR"));
        let clean: String = text.chars().filter(|c| *c != '_').collect();
        let clean = clean.trim();
        let letters: String = clean.chars().filter(char::is_ascii_alphabetic).collect();
        let digits: String =
            clean.chars().filter(|c| !c.is_ascii_alphabetic() && !c.is_whitespace()).collect();
        let at_edge = clean.to_ascii_uppercase().starts_with(&letters.to_ascii_uppercase())
            || clean.to_ascii_uppercase().ends_with(&letters.to_ascii_uppercase());
        let currency: Currency = letters.parse().map_err(|_| wrong())?;
        let (sign, digits) = digits.strip_prefix('-').map_or((1, digits.as_str()), |d| (-1, d));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |s: &str| s.chars().all(|c| c.is_ascii_digit());
        let decimals = currency.decimals() as usize;
        if !at_edge || whole.is_empty() || !plain(whole) || !plain(part) || part.len() > decimals {
            return Err(wrong());
        }
        let minor: i64 = format!("{whole}{part:0<decimals$}").parse().map_err(|_| wrong())?;
        Ok(Self::new(sign * minor, currency))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = self.currency.decimals();
        let unit = 10u64.pow(decimals);
        let (sign, amount) = (if self.minor < 0 { "-" } else { "" }, self.minor.unsigned_abs());
        if decimals == 0 {
            write!(f, "{sign}{amount} {}", self.currency)
        } else {
            let width = decimals as usize;
            write!(f, "{sign}{}.{:0width$} {}", amount / unit, amount % unit, self.currency)
        }
    }
}

crate::serde_as_text!(Currency);
crate::serde_as_text!(Money);

#[cfg(test)]
mod tests {
    use super::{Currency, Money};

    #[test]
    fn amounts_are_read_and_shown() {
        let check = |text: &str, shown: &str| assert_eq!(text.parse::<Money>().unwrap().to_string(), shown);
        check("1250.5 EUR", "1250.50 EUR");
        check("eur 3", "3.00 EUR");
        check("-7.25 USD", "-7.25 USD");
        check("1 250 000 JPY", "1250000 JPY");
        check("1_000.125 KWD", "1000.125 KWD");
        for wrong in
            ["", "12", "EUR", "1,5 EUR", "1.234 EUR", "1.5 JPY", "1 E 5 UR", "99999999999999999999 EUR"]
        {
            assert!(wrong.parse::<Money>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn different_currencies_do_not_add_or_compare() {
        let (euro, dollar) = (Money::new(100, Currency::EUR), Money::new(100, Currency::USD));
        assert_eq!(euro.checked_add(dollar), None);
        assert_eq!(euro.partial_cmp(&dollar), None);
    }
}
