//! Times as logs write them.

use wardkeep_types::Moment;
use wardkeep_types::event::TimeQuality;

const MONTHS: [&[u8; 3]; 12] =
    [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];

/// Number of a month from its English three-letter name, in any case.
pub(crate) fn month(name: &[u8]) -> Option<u32> {
    let name: [u8; 3] = name.try_into().ok()?;
    let lower = name.map(|b| b.to_ascii_lowercase());
    MONTHS.iter().position(|m| **m == lower).map(|i| i as u32 + 1)
}

fn days_in(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// A moment in UTC from a civil date and time; `None` when there is no such time. A leap second is read as the
/// last second of its minute.
pub(crate) fn civil_moment(
    (year, month, day): (i64, u32, u32),
    (hour, minute, second): (u32, u32, u32),
    micros: i64,
) -> Option<Moment> {
    let fits =
        (1..=9998).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    if !fits || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Days since 1970 by counting years from March, so that a leap day is the last of its year.
    let shifted = if month > 2 { year } else { year - 1 };
    let from_march = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + i64::from(day) - 1;
    let days = 365 * shifted + shifted.div_euclid(4) - shifted.div_euclid(100)
        + shifted.div_euclid(400)
        + day_of_year
        - 719_468;
    let seconds =
        days * 86_400 + i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second.min(59));
    Some(Moment::from_micros(seconds * 1_000_000 + micros))
}

/// Reads digits from the front of a slice.
struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    fn number(&mut self, min: usize, max: usize) -> Option<u32> {
        let count = self.0.iter().take(max).take_while(|b| b.is_ascii_digit()).count();
        if count < min {
            return None;
        }
        let value = self.0[..count].iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
        self.0 = &self.0[count..];
        Some(value)
    }
    fn skip(&mut self, any: &[u8]) -> bool {
        match self.0.first() {
            Some(b) if any.contains(b) => {
                self.0 = &self.0[1..];
                true
            }
            _ => false,
        }
    }
    fn clock(&mut self) -> Option<(u32, u32, u32)> {
        let hour = self.number(1, 2)?;
        let minute = self.skip(b":").then(|| self.number(2, 2))??;
        let second = if self.skip(b":") { self.number(2, 2)? } else { 0 };
        Some((hour, minute, second))
    }
    /// Microseconds of a decimal fraction; further digits are cut.
    fn fraction(&mut self) -> i64 {
        if !self.skip(b".,") {
            return 0;
        }
        let count = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        let micros =
            (0..6).fold(0, |n, i| n * 10 + i64::from(self.0[..count].get(i).map_or(0, |b| b - b'0')));
        self.0 = &self.0[count..];
        micros
    }
    /// Seconds east of UTC; `None` when no zone is written.
    fn zone(&mut self) -> Option<i64> {
        while self.skip(b" ") {}
        if self.skip(b"Zz") || self.0.starts_with(b"UTC") || self.0.starts_with(b"GMT") {
            return Some(0);
        }
        let sign = match self.0.first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        self.0 = &self.0[1..];
        let hours = self.number(2, 2)?;
        self.skip(b":");
        let minutes = self.number(2, 2).unwrap_or(0);
        Some(sign * (i64::from(hours) * 3_600 + i64::from(minutes) * 60))
    }
}

/// A time that states its year: RFC 3339, the same with a space, without a zone, or with `+0200`.
pub(crate) fn stated(text: &str) -> Option<(Moment, TimeQuality)> {
    let mut d = Digits(text.trim().as_bytes());
    let year = d.number(4, 4)?;
    let mark = *d.0.first()?;
    if !d.skip(b"-/") {
        return None;
    }
    let month = d.number(1, 2)?;
    if !d.skip(&[mark]) {
        return None;
    }
    let day = d.number(1, 2)?;
    let date = (i64::from(year), month, day);
    if d.0.is_empty() {
        return Some((civil_moment(date, (0, 0, 0), 0)?, TimeQuality::AssumedZone));
    }
    if !d.skip(b"Tt _") {
        return None;
    }
    let clock = d.clock()?;
    let micros = d.fraction();
    let at = civil_moment(date, clock, micros)?;
    match d.zone() {
        Some(east) => Some((at.plus_seconds(-east), TimeQuality::Stated)),
        None => Some((at, TimeQuality::AssumedZone)),
    }
}

/// A count since 1970 in seconds, milliseconds, microseconds or nanoseconds, told apart by its size. Only
/// moments from 1995 to 2200 are held to be times.
pub(crate) fn epoch(number: f64) -> Option<Moment> {
    const FROM: f64 = 788_918_400.0;
    const TO: f64 = 7_258_118_400.0;
    for scale in [1.0, 1e3, 1e6, 1e9] {
        let seconds = number / scale;
        if (FROM..TO).contains(&seconds) {
            return Some(Moment::from_micros((seconds * 1e6).round() as i64));
        }
    }
    None
}

/// Microseconds of a decimal count of seconds, exactly; further digits are cut.
pub(crate) fn decimal_seconds(text: &str) -> Option<i64> {
    let bare = text.strip_prefix('-').unwrap_or(text);
    let (seconds, fraction) = bare.split_once('.').unwrap_or((bare, ""));
    let seconds: i64 = seconds.parse().ok().filter(|s: &i64| (0..=253_402_300_799).contains(s))?;
    let mut digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(6);
    let micros = digits.try_fold(0_i64, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))?;
    let all = seconds * 1_000_000 + micros;
    Some(if bare.len() < text.len() { -all } else { all })
}

/// `17/May/2015:10:05:03 +0000`, as web servers write it.
pub(crate) fn access_log(text: &str) -> Option<Moment> {
    let mut d = Digits(text.as_bytes());
    let day = d.number(1, 2)?;
    d.skip(b"/");
    let month = month(d.0.get(..3)?)?;
    d.0 = &d.0[3..];
    d.skip(b"/");
    let year = d.number(4, 4)?;
    d.skip(b":");
    let clock = d.clock()?;
    let at = civil_moment((i64::from(year), month, day), clock, 0)?;
    Some(at.plus_seconds(-d.zone().unwrap_or(0)))
}

/// `Thu Sep 30 14:01:22 2021` or `Sep 30 14:01:22 2021`, as C libraries write it; no zone.
pub(crate) fn c_time(text: &str) -> Option<Moment> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let words = if words.len() == 5 { &words[1..] } else { &words[..] };
    let [name, day, clock, year] = words else { return None };
    let mut digits = Digits(clock.as_bytes());
    let (clock, micros) = (digits.clock()?, digits.fraction());
    civil_moment((year.parse().ok()?, month(name.as_bytes())?, day.parse().ok()?), clock, micros)
}

/// `2/3/2026 4:05:06 AM`, as Windows tools write times in American English; no zone. Without AM or PM the order of
/// day and month is not known, and nothing is read.
pub(crate) fn american(text: &str) -> Option<Moment> {
    let mut words = text.split_whitespace();
    let (date, clock, half) = (words.next()?, words.next()?, words.next()?);
    let mut d = Digits(date.as_bytes());
    let month = d.number(1, 2)?;
    let day = d.skip(b"/").then(|| d.number(1, 2))??;
    let year = d.skip(b"/").then(|| d.number(4, 4))??;
    let (hour, minute, second) =
        Digits(clock.as_bytes()).clock().filter(|(hour, ..)| (1..=12).contains(hour))?;
    let after_noon = match half {
        "AM" | "am" => 0,
        "PM" | "pm" => 12,
        _ => return None,
    };
    civil_moment((i64::from(year), month, day), (hour % 12 + after_noon, minute, second), 0)
}

/// `Dec 10 06:55:46` at the front of a line: the time without a year, and the rest of the line.
pub(crate) fn without_year(line: &str) -> Option<(WithoutYear, &str)> {
    let bytes = line.as_bytes();
    let month = month(bytes.get(..3)?)?;
    let mut d = Digits(&bytes[3..]);
    if !d.skip(b" ") {
        return None;
    }
    while d.skip(b" ") {}
    let day = d.number(1, 2)?;
    if !d.skip(b" ") {
        return None;
    }
    // Some devices write the year after all: `Dec 10 2024 06:55:46`.
    let year = match d.0.get(4) {
        Some(b' ') => {
            let year = d.number(4, 4)?;
            d.skip(b" ");
            Some(i64::from(year))
        }
        _ => None,
    };
    let clock = d.clock()?;
    let micros = d.fraction();
    let used = bytes.len() - d.0.len();
    Some((WithoutYear { year, month, day, clock, micros }, line.get(used..)?))
}

/// A time whose year must be found elsewhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WithoutYear {
    year: Option<i64>,
    month: u32,
    day: u32,
    clock: (u32, u32, u32),
    micros: i64,
}

impl WithoutYear {
    /// The moment, when the year was written after all.
    pub(crate) fn with_year(self) -> Option<(Moment, TimeQuality)> {
        let at = civil_moment((self.year?, self.month, self.day), self.clock, self.micros)?;
        Some((at, TimeQuality::AssumedZone))
    }
    /// The newest such time that is not more than a day after the file's date.
    pub(crate) fn in_file_of(self, modified: Moment) -> Option<(Moment, TimeQuality)> {
        if let Some(year) = self.year {
            let at = civil_moment((year, self.month, self.day), self.clock, self.micros)?;
            return Some((at, TimeQuality::AssumedZone));
        }
        let newest = i64::from(modified.date().civil().year());
        // Eight years back reach a leap day from anywhere.
        (0..=8).find_map(|back| {
            let at = civil_moment((newest - back, self.month, self.day), self.clock, self.micros)?;
            (at <= modified.plus_seconds(86_400)).then_some((at, TimeQuality::AssumedYear))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{access_log, american, c_time, civil_moment, epoch, stated, without_year};
    use wardkeep_types::Moment;

    #[test]
    fn stated_times_read_in_every_form() {
        let check =
            |text: &str, expect: &str| assert_eq!(stated(text).unwrap().0.to_string(), expect, "{text}");
        check("2020-10-22T02:57:56.178Z", "2020-10-22T02:57:56.178Z");
        check("2020-09-21 19:35:26", "2020-09-21T19:35:26Z");
        check("2020-09-21T19:35:26.1234567+02:00", "2020-09-21T17:35:26.123456Z");
        check("2020-09-21T19:35:26-0530", "2020-09-22T01:05:26Z");
        check("2025-11-27 07:40:10.165324 UTC", "2025-11-27T07:40:10.165324Z");
        for wrong in ["", "2020", "20-01-01", "2020-13-01", "2021-02-29T00:00:00Z", "2020-01-01T25:00"] {
            assert!(stated(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn civil_days_agree_with_the_calendar() {
        for (y, m, d) in
            [(1970, 1, 1), (2000, 2, 29), (2024, 12, 31), (1999, 3, 1), (9998, 12, 31), (1, 1, 1)]
        {
            let text = format!("{y:04}-{m:02}-{d:02}T00:00:00Z");
            assert_eq!(
                civil_moment((y, m, d), (0, 0, 0), 0),
                Some(text.parse::<Moment>().unwrap()),
                "{text}"
            );
        }
        assert!(civil_moment((2023, 2, 29), (0, 0, 0), 0).is_none());
    }

    #[test]
    fn a_missing_year_comes_from_the_file() {
        let check = |line: &str, file: &str, expect: &str| {
            let (time, rest) = without_year(line).unwrap();
            assert_eq!(time.in_file_of(file.parse().unwrap()).unwrap().0.to_string(), expect, "{line}");
            assert_eq!(rest, " host x");
        };
        check("Dec 31 23:59:59 host x", "2026-01-02T00:00:00Z", "2025-12-31T23:59:59Z");
        check("Jan  1 00:00:01 host x", "2026-01-02T00:00:00Z", "2026-01-01T00:00:01Z");
        check("Feb 29 00:00:01 host x", "2026-01-02T00:00:00Z", "2024-02-29T00:00:01Z");
        check("Feb 17 13:40:03.673 host x", "2026-03-02T00:00:00Z", "2026-02-17T13:40:03.673Z");
        check("Feb 17 2019 13:40:03 host x", "2026-03-02T00:00:00Z", "2019-02-17T13:40:03Z");
        assert!(without_year("Feb 30").is_none() && without_year("Févr 1 00:00:00").is_none());
    }

    #[test]
    fn other_forms() {
        assert_eq!(access_log("17/May/2015:10:05:03 +0200").unwrap().to_string(), "2015-05-17T08:05:03Z");
        assert_eq!(c_time("Thu Sep 30 14:01:22 2021").unwrap().to_string(), "2021-09-30T14:01:22Z");
        assert_eq!(epoch(1_600_000_000_000.0).unwrap().to_string(), "2020-09-13T12:26:40Z");
        assert!(epoch(4_103.0).is_none());
        assert_eq!(american("2/3/2026 12:05:06 AM").unwrap().to_string(), "2026-02-03T00:05:06Z");
        assert_eq!(american("2/3/2026 4:05:06 PM").unwrap().to_string(), "2026-02-03T16:05:06Z");
        assert!(american("2/3/2026 4:05:06").is_none());
    }
}
