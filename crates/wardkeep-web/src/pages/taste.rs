//! How one reader likes days, moments and figures: time zone, date format, number format.

use crate::parts::{Stamp, Urgency};
use crate::words::{fill, words};
use jiff::tz::TimeZone;
use wardkeep_types::{Date, Length, Moment, Money};

/// A reader's taste.
#[derive(Debug, Clone)]
pub struct Taste {
    zone: TimeZone,
    days: DayForm,
    marks: (&'static str, char),
    /// The present moment, for "3 days ago".
    now: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DayForm {
    YearFirst,
    DayFirst,
    MonthFirst,
}

/// Days before a due day from which it counts as near.
const SOON_DAYS: i64 = 7;

impl Taste {
    /// From what the person chose; unknown choices fall back to UTC, year first and commas.
    pub fn new(zone: &str, days: &str, numbers: &str, now: Moment) -> Self {
        Self {
            zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
            days: match days {
                "dmy" => DayForm::DayFirst,
                "mdy" => DayForm::MonthFirst,
                _ => DayForm::YearFirst,
            },
            marks: match numbers {
                "point" => (".", ','),
                "blank" => ("\u{a0}", ','),
                _ => (",", '.'),
            },
            now,
        }
    }
    /// Today where the reader is.
    pub fn today(&self) -> Date {
        self.now.timestamp().to_zoned(self.zone.clone()).date().into()
    }
    /// A day in figures.
    pub fn day(&self, day: Date) -> String {
        let civil = day.civil();
        let (y, m, d) = (civil.year(), civil.month(), civil.day());
        match self.days {
            DayForm::YearFirst => format!("{y:04}-{m:02}-{d:02}"),
            DayForm::DayFirst => format!("{d:02}.{m:02}.{y:04}"),
            DayForm::MonthFirst => format!("{m:02}/{d:02}/{y:04}"),
        }
    }
    /// A day, absolute and relative.
    pub fn day_stamp(&self, day: Date) -> Stamp {
        let relative = match day.days_since(self.today()) {
            0 => words("time.today").to_owned(),
            1 => words("time.tomorrow").to_owned(),
            -1 => words("time.yesterday").to_owned(),
            days => relative(days.saturating_mul(86_400)),
        };
        Stamp::new(day.to_string(), self.day(day), relative)
    }
    /// A moment, absolute with its zone and relative.
    pub fn moment_stamp(&self, at: Moment) -> Stamp {
        let zoned = at.timestamp().to_zoned(self.zone.clone());
        let day = self.day(zoned.date().into());
        let absolute = format!("{day}, {:02}:{:02} {}", zoned.hour(), zoned.minute(), zoned.strftime("%Z"));
        Stamp::new(at.to_string(), absolute, relative(at.seconds_since(self.now)))
    }
    /// A moment as a form's control for moments wants it, in the reader's zone.
    pub fn moment_control(&self, at: Moment) -> String {
        at.timestamp().to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
    }
    /// What a form's control for moments sent, as a moment in text; what cannot be read stays as it is.
    pub fn moment_sent(&self, text: &str) -> String {
        let civil = text.trim().parse::<jiff::civil::DateTime>().ok();
        let zoned = civil.and_then(|c| c.to_zoned(self.zone.clone()).ok());
        zoned.map_or_else(|| text.to_owned(), |z| Moment::from_timestamp(z.timestamp()).to_string())
    }
    /// The zone's name, beside controls for moments.
    pub fn zone_name(&self) -> String {
        self.zone.iana_name().unwrap_or("UTC").to_owned()
    }
    /// How near a due day is; what is done is never near.
    pub fn urgency(&self, day: Date, open: bool) -> Urgency {
        match day.days_since(self.today()) {
            _ if !open => Urgency::Calm,
            left if left < 0 => Urgency::Late,
            left if left <= SOON_DAYS => Urgency::Soon,
            _ => Urgency::Calm,
        }
    }
    /// A whole number with its digits in groups.
    pub fn count(&self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let sign = if number < 0 { "-" } else { "" };
        format!("{sign}{}", self.grouped(&digits))
    }
    /// Figures as the program writes them (`1250.5`), in the reader's form. Anything else stays as it is.
    pub fn figure(&self, text: &str) -> String {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |d| ("-", d));
        let plain = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if digits.is_empty() || !plain(digits) || !plain(part) {
            return text.to_owned();
        }
        let part = if part.is_empty() { String::new() } else { format!("{}{part}", self.marks.1) };
        format!("{sign}{}{part}", self.grouped(digits))
    }
    fn grouped(&self, digits: &str) -> String {
        let mut out = String::with_capacity(digits.len() * 2);
        for (n, digit) in digits.chars().enumerate() {
            if n > 0 && (digits.len() - n).is_multiple_of(3) {
                out.push_str(self.marks.0);
            }
            out.push(digit);
        }
        out
    }
    /// The mark before decimals.
    pub fn decimal(&self) -> char {
        self.marks.1
    }
    /// An amount without its currency; cents that are zero are left out.
    pub fn amount(&self, money: Money) -> String {
        let shown = money.to_string();
        let bare = shown.split(' ').next().unwrap_or_default();
        let (whole, part) = bare.split_once('.').unwrap_or((bare, ""));
        let zero = part.bytes().all(|b| b == b'0');
        self.figure(if zero { whole } else { bare })
    }
    /// An amount with its currency.
    pub fn money(&self, money: Money) -> String {
        format!("{} {}", self.amount(money), money.currency)
    }
}

/// A length of time in words.
pub fn length(length: Length) -> String {
    let seconds = length.seconds();
    match seconds {
        s if s % 86_400 == 0 && s > 0 => counted(s / 86_400, words("time.day"), words("time.days")),
        s if s % 3_600 == 0 && s > 0 => counted(s / 3_600, words("time.hour"), words("time.hours")),
        s if s % 60 == 0 && s > 0 => counted(s / 60, words("time.minute"), words("time.minutes")),
        s => counted(s, words("time.second"), words("time.seconds")),
    }
}

/// "3 days ago", "in 2 hours", "just now".
fn relative(seconds: i64) -> String {
    let size = seconds.abs();
    let text = match size {
        0..60 => return words("time.now").to_owned(),
        60..3_600 => counted(size / 60, words("time.minute"), words("time.minutes")),
        3_600..86_400 => counted(size / 3_600, words("time.hour"), words("time.hours")),
        86_400..1_209_600 => counted(size / 86_400, words("time.day"), words("time.days")),
        1_209_600..5_184_000 => counted(size / 604_800, words("time.week"), words("time.weeks")),
        5_184_000..63_072_000 => counted(size / 2_629_800, words("time.month"), words("time.months")),
        _ => counted(size / 31_557_600, words("time.year"), words("time.years")),
    };
    if seconds < 0 { fill("time.ago", &[("span", &text)]) } else { fill("time.in", &[("span", &text)]) }
}

fn counted(n: i64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::{Taste, length, relative};
    use crate::parts::Urgency;
    use wardkeep_types::{Date, Length, Moment};

    fn taste(zone: &str, days: &str, numbers: &str) -> Taste {
        Taste::new(zone, days, numbers, "2026-08-12T22:30:00Z".parse().unwrap())
    }

    #[test]
    fn days_and_moments_follow_zone_and_form() {
        let day: Date = "2026-08-13".parse().unwrap();
        let moment: Moment = "2026-08-12T23:05:00Z".parse().unwrap();
        let berlin = taste("Europe/Berlin", "dmy", "point");
        assert_eq!(berlin.day_stamp(day).relative, "today");
        assert_eq!(berlin.moment_stamp(moment).absolute, "13.08.2026, 01:05 CEST");
        assert_eq!(taste("UTC", "ymd", "comma").day_stamp(day).relative, "tomorrow");
        assert_eq!(taste("America/New_York", "mdy", "comma").day(day), "08/13/2026");
        assert_eq!(berlin.moment_sent("2026-08-13T01:05"), "2026-08-12T23:05:00Z");
        assert_eq!(berlin.moment_control(moment), "2026-08-13T01:05");
        assert_eq!(berlin.moment_sent("soon"), "soon");
    }

    #[test]
    fn figures_follow_the_form() {
        let point = taste("UTC", "ymd", "point");
        assert_eq!(point.money("1234567.50 EUR".parse().unwrap()), "1.234.567,50 EUR");
        assert_eq!(taste("UTC", "ymd", "comma").money("-1250.00 EUR".parse().unwrap()), "-1,250 EUR");
        assert_eq!(taste("UTC", "ymd", "blank").count(1_204), "1\u{a0}204");
        assert_eq!(point.figure("n/a"), "n/a");
        assert_eq!(point.figure("0.25"), "0,25");
    }

    #[test]
    fn spans_read_as_people_say_them() {
        for (seconds, said) in [
            (5, "just now"),
            (-3_600, "1 hour ago"),
            (3 * 86_400, "in 3 days"),
            (-20 * 86_400, "2 weeks ago"),
            (-400 * 86_400, "13 months ago"),
            (3 * 31_557_600, "in 3 years"),
        ] {
            assert_eq!(relative(seconds), said);
        }
        assert_eq!(length(Length::from_days(14)), "14 days");
        assert_eq!(length(Length::from_seconds(5_400)), "90 minutes");
    }

    #[test]
    fn what_is_done_is_never_late() {
        let taste = taste("UTC", "ymd", "comma");
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(taste.urgency(day("2026-08-11"), true), Urgency::Late);
        assert_eq!(taste.urgency(day("2026-08-11"), false), Urgency::Calm);
        assert_eq!(taste.urgency(day("2026-08-19"), true), Urgency::Soon);
        assert_eq!(taste.urgency(day("2026-08-20"), true), Urgency::Calm);
    }
}
