//! Checks and guards that several registers share.

use crate::Person;
use wardkeep_register::prelude::*;

/// Whether an LEI's form and check digits fit: ISO 17442, 18 letters and digits and two check digits by
/// ISO 7064 MOD 97-10.
pub fn lei_fits(lei: &str) -> bool {
    let digit = |c: char| c.to_digit(36).filter(|_| !c.is_ascii_lowercase());
    let Some(digits) = lei.chars().map(digit).collect::<Option<Vec<u32>>>() else { return false };
    let rest = digits.iter().fold(0u32, |rest, d| (rest * if *d > 9 { 100 } else { 10 } + d) % 97);
    digits.len() == 20 && rest == 1
}

/// The entries of a text that holds one per line; commas separate too, blanks and empty entries fall away.
pub fn entries(text: &Text) -> impl Iterator<Item = &str> {
    text.as_str().split(['\n', ',']).map(str::trim).filter(|entry| !entry.is_empty())
}

/// Whether it is an IP address or a network such as 10.0.0.0/8.
pub fn address_fits(text: &str) -> bool {
    let (address, length) = text.split_once('/').map_or((text, None), |(a, l)| (a, Some(l)));
    let Ok(address) = address.parse::<std::net::IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    length.is_none_or(|l| l.parse::<u8>().is_ok_and(|l| l <= most))
}

/// Whether a recurrence rule has the parts that calendars here know (RFC 5545, at most once a day).
pub fn recurrence_fits(rule: &str) -> bool {
    let whole = |v: &str, least: i32, most: i32| {
        v.split(',').all(|n| n.parse::<i32>().is_ok_and(|n| n != 0 && (least..=most).contains(&n)))
    };
    let part = |part: &str| match part.split_once('=') {
        Some(("FREQ", v)) => ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].contains(&v),
        Some(("INTERVAL" | "COUNT", v)) => !v.contains(',') && whole(v, 1, 1_000),
        Some(("BYDAY", v)) => v.split(',').all(|d| {
            let (rank, day) = d.split_at_checked(d.len().saturating_sub(2)).unwrap_or(("x", ""));
            ["MO", "TU", "WE", "TH", "FR", "SA", "SU"].contains(&day)
                && (rank.is_empty() || whole(rank, -5, 5))
        }),
        Some(("BYMONTHDAY", v)) => whole(v, -31, 31),
        Some(("BYMONTH", v)) => whole(v, 1, 12),
        Some(("UNTIL", v)) => v.len() >= 8 && v.bytes().all(|b| b.is_ascii_digit() || b == b'T' || b == b'Z'),
        _ => false,
    };
    let mut names: Vec<_> = rule.split(';').map(|p| p.split('=').next()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    let ends_once = !(rule.contains("COUNT=") && rule.contains("UNTIL="));
    names.len() == count && names.contains(&Some("FREQ")) && ends_once && rule.split(';').all(part)
}

/// Guard: somebody must answer for the record before it goes on.
pub fn owned(owner: Option<Link<Person>>) -> Result<(), Refused> {
    owner.map(|_| ()).ok_or_else(|| Refused::because("name who answers for it first"))
}

/// Guard: a day must be set and lie ahead.
pub fn lies_ahead(day: Option<Date>, what: &str, context: &GuardContext) -> Result<(), Refused> {
    match day {
        None => Err(Refused::because(format!("enter {what}"))),
        Some(day) if day <= context.today() => {
            Err(Refused::because(format!("{what} must lie ahead; {day} does not")))
        }
        Some(_) => Ok(()),
    }
}

/// Guard: a day must be set and be over.
pub fn is_over(day: Option<Date>, what: &str, context: &GuardContext) -> Result<(), Refused> {
    match day {
        None => Err(Refused::because(format!("enter {what}"))),
        Some(day) if day >= context.today() => {
            Err(Refused::because(format!("{what} is {day}; wait until it is over")))
        }
        Some(_) => Ok(()),
    }
}

/// Guard: `fine`, else the sentence.
pub fn only(fine: bool, sentence: &str) -> Result<(), Refused> {
    if fine { Ok(()) } else { Err(Refused::because(sentence)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lei_check_digits_are_checked() {
        // An LEI in public use, and the same with one digit changed.
        assert!(lei_fits("529900T8BM49AURSDO55"));
        assert!(!lei_fits("529900T8BM49AURSDO56"));
        assert!(!lei_fits("529900t8BM49AURSDO55"));
        assert!(!lei_fits("529900"));
    }

    #[test]
    fn addresses_and_networks_are_told_from_names() {
        for fine in ["10.0.0.1", "10.0.0.0/8", "2001:db8::1", "2001:db8::/128"] {
            assert!(address_fits(fine), "{fine}");
        }
        for wrong in ["", "srv-db-01", "10.0.0.1/33", "10.0.0", "10.0.0.1/", "2001:db8::/129"] {
            assert!(!address_fits(wrong), "{wrong}");
        }
    }

    #[test]
    fn recurrence_rules_have_known_parts() {
        for fine in [
            "FREQ=MONTHLY;BYMONTHDAY=31",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
            "FREQ=MONTHLY;BYDAY=-1FR;COUNT=4",
            "FREQ=YEARLY;BYMONTH=3;UNTIL=20271231T000000Z",
        ] {
            assert!(recurrence_fits(fine), "{fine}");
        }
        for wrong in [
            "",
            "monthly",
            "INTERVAL=2",
            "FREQ=HOURLY",
            "FREQ=DAILY;FREQ=WEEKLY",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=WEEKLY;BYDAY=MOO",
            "FREQ=WEEKLY;BYDAY=é",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=DAILY;COUNT=2;UNTIL=20270101",
        ] {
            assert!(!recurrence_fits(wrong), "{wrong}");
        }
    }
}
