//! Times as people read them.

use wardkeep_types::{Length, Moment};

/// `2026-06-20 14:05 UTC`.
pub(crate) fn when(at: Moment) -> String {
    let text = at.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time} UTC"),
        _ => text,
    }
}

/// `day`, `7 days`, `hour`, `90 minutes`: goes after "every".
pub(crate) fn every(length: Length) -> String {
    let seconds = length.seconds();
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let (size, name) =
        units.into_iter().find(|(size, _)| seconds > 0 && seconds % size == 0).unwrap_or((1, "second"));
    match seconds / size {
        1 => name.to_owned(),
        many => format!("{many} {name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{every, when};

    #[test]
    fn times_read_well() {
        assert_eq!(when("2026-06-20T14:05:59.5Z".parse().unwrap()), "2026-06-20 14:05 UTC");
        let check = |text: &str, said: &str| assert_eq!(every(text.parse().unwrap()), said);
        check("1d", "day");
        check("7d", "7 days");
        check("1h", "hour");
        check("90m", "90 minutes");
        check("45s", "45 seconds");
    }
}
