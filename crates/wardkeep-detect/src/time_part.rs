//! Parts of a moment, for the modifiers `minute` to `year`.

use std::fmt;
use wardkeep_types::Moment;

/// Which part of a moment a rule looks at. UTC; the week is the ISO week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimePart {
    /// 0 to 59.
    Minute,
    /// 0 to 23.
    Hour,
    /// Day of the month, 1 to 31.
    Day,
    /// ISO week, 1 to 53.
    Week,
    /// 1 to 12.
    Month,
    /// Such as 2026.
    Year,
}

impl TimePart {
    /// The part of a moment.
    pub fn of(self, at: Moment) -> i64 {
        let seconds_of_day = at.as_micros().div_euclid(1_000_000).rem_euclid(86_400);
        let day = at.date().civil();
        match self {
            Self::Minute => seconds_of_day / 60 % 60,
            Self::Hour => seconds_of_day / 3_600,
            Self::Day => day.day().into(),
            Self::Week => day.iso_week_date().week().into(),
            Self::Month => day.month().into(),
            Self::Year => day.year().into(),
        }
    }
    /// The part of a moment written as text; `None` when the text is not a moment.
    pub fn of_text(self, text: &str) -> Option<i64> {
        let text = text.trim();
        // Windows writes `2026-03-31 09:00:00.123` in event fields.
        let at = text.parse::<Moment>().or_else(|_| text.replacen(' ', "T", 1).parse::<Moment>());
        at.ok().map(|at| self.of(at))
    }
}

impl fmt::Display for TimePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::TimePart::{Day, Hour, Minute, Month, Week, Year};

    #[test]
    fn parts_of_written_moments() {
        let at = "2026-01-01 23:59:07.5";
        for (part, expected) in [(Minute, 59), (Hour, 23), (Day, 1), (Week, 1), (Month, 1), (Year, 2026)] {
            assert_eq!(part.of_text(at), Some(expected), "{part}");
        }
        assert_eq!(Week.of_text("2021-01-01T00:00:00Z"), Some(53));
        assert_eq!(Hour.of_text("2026-03-31T09:00:00+02:00"), Some(7));
        assert_eq!(Hour.of_text("soon"), None);
    }
}
