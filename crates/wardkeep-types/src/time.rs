//! Days, moments and lengths of time.

use crate::ParseError;
use jiff::{SignedDuration, Timestamp, civil};
use std::fmt;
use std::str::FromStr;

/// A day without a time, `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(civil::Date);

impl Date {
    /// `None` when there is no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().map(Self)
    }
    /// The day `days` later (earlier when negative), held within the calendar's ends.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let days = days.clamp(-7_000_000, 7_000_000);
        Self(self.0.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(self.0))
    }
    /// Days from `earlier` to this day; negative when `earlier` is later.
    pub fn days_since(self, earlier: Self) -> i64 {
        i64::from((self.0 - earlier.0).get_days())
    }
    /// 00:00 UTC of this day.
    pub fn start(self) -> Moment {
        let zoned = self.0.to_zoned(jiff::tz::TimeZone::UTC);
        zoned.map_or(Moment::EPOCH, |z| Moment::from_timestamp(z.timestamp()))
    }
    /// As jiff's civil date, for calendars.
    pub fn civil(self) -> civil::Date {
        self.0
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date)
    }
}

impl FromStr for Date {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let bare = text.trim();
        let shaped = bare.len() == 10 && bare.as_bytes()[4] == b'-' && bare.as_bytes()[7] == b'-';
        let date = if shaped { bare.parse().ok() } else { None };
        date.map(Self)
            .ok_or_else(|| ParseError::new(format!("'{text}' is not a date; write it as 2026-03-31")))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A moment in UTC, to the microsecond: the precision both databases keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(i64);

impl Moment {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);
    /// From microseconds since 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
    /// From jiff's timestamp, truncated to microseconds.
    pub fn from_timestamp(at: Timestamp) -> Self {
        Self(at.as_microsecond())
    }
    /// Microseconds since 1970.
    pub const fn as_micros(self) -> i64 {
        self.0
    }
    /// As jiff's timestamp.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }
    /// The day in UTC.
    pub fn date(self) -> Date {
        Date(self.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date())
    }
    /// Seconds from `earlier` to this moment.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).div_euclid(1_000_000)
    }
    /// The moment `seconds` later.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

impl FromStr for Moment {
    type Err = ParseError;
    /// RFC 3339 with a zone. A form's `2026-03-31T09:00` is read as UTC.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let bare = text.trim();
        let wrong = || ParseError::new(format!("'{text}' is not a moment; write it as 2026-03-31T09:00:00Z"));
        if let Ok(at) = bare.parse::<Timestamp>() {
            return Ok(Self::from_timestamp(at));
        }
        let civil: civil::DateTime =
            if bare.len() >= 16 { bare.parse().map_err(|_| wrong())? } else { return Err(wrong()) };
        let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| wrong())?;
        Ok(Self::from_timestamp(zoned.timestamp()))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

/// A length of time in whole seconds, shown as `90s`, `15m`, `36h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Length(i64);

impl Length {
    /// From seconds, zero or more.
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.max(0))
    }
    /// From days.
    pub fn from_days(days: i64) -> Self {
        Self::from_seconds(days.saturating_mul(86_400))
    }
    /// Whole seconds.
    pub fn seconds(self) -> i64 {
        self.0
    }
}

impl FromStr for Length {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let bare = text.trim();
        let wrong =
            || ParseError::new(format!("'{text}' is not a length of time; write 90s, 15m, 36h, 7d or 2w"));
        let split = bare.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let (digits, unit) = bare.split_at(split);
        let seconds: i64 = match unit.trim() {
            "s" => 1,
            "m" | "min" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 604_800,
            _ => return Err(wrong()),
        };
        let count: i64 = digits.parse().map_err(|_| wrong())?;
        count.checked_mul(seconds).filter(|s| *s <= 100 * 366 * 86_400).map(Self).ok_or_else(wrong)
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("0s"),
            s if s % 86_400 == 0 => write!(f, "{}d", s / 86_400),
            s if s % 3_600 == 0 => write!(f, "{}h", s / 3_600),
            s if s % 60 == 0 => write!(f, "{}m", s / 60),
            s => write!(f, "{s}s"),
        }
    }
}

crate::serde_as_text!(Date);
crate::serde_as_text!(Moment);
crate::serde_as_text!(Length);

#[cfg(test)]
mod tests {
    use super::{Date, Length, Moment};

    #[test]
    fn dates_have_one_form() {
        assert_eq!("2026-02-28".parse::<Date>().unwrap().plus_days(1).to_string(), "2026-03-01");
        for wrong in ["28.02.2026", "2026-02-30", "2026-2-3", "", "26-02-2003"] {
            assert!(wrong.parse::<Date>().is_err(), "{wrong}");
        }
        let (a, b) = ("2026-01-31".parse::<Date>().unwrap(), "2026-03-01".parse::<Date>().unwrap());
        assert_eq!(b.days_since(a), 29);
    }

    #[test]
    fn moments_and_lengths_read_what_they_show() {
        let at: Moment = "2026-03-31T09:00:00.123456Z".parse().unwrap();
        assert_eq!(at.to_string().parse::<Moment>().unwrap(), at);
        assert_eq!("2026-03-31T09:00".parse::<Moment>().unwrap().to_string(), "2026-03-31T09:00:00Z");
        for text in ["90s", "15m", "36h", "7d", "0s"] {
            assert_eq!(text.parse::<Length>().unwrap().to_string(), text);
        }
        assert_eq!("2w".parse::<Length>().unwrap().to_string(), "14d");
    }
}
