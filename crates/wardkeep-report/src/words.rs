//! Figures and words as people read them.

/// A whole number with a comma at each thousand.
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with its noun: `1 finding`, `2,900 events`.
pub fn count(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(value), if value == 1 { one } else { many })
}

/// A ratio as a percentage with one decimal and no sign: `70.2`.
pub fn percent(ratio: f64) -> String {
    format!("{:.1}", ratio.clamp(0.0, 1.0) * 100.0)
}

/// A coordinate or length in an SVG: at most two decimals, none when they are zero.
pub fn coordinate(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A moment for people: `2023-07-10 12:37 UTC`.
pub fn moment(at: wardkeep_types::Moment) -> String {
    let text = at.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time} UTC"),
        _ => text,
    }
}

/// The text cut to so many characters, with an ellipsis where something is missing.
pub fn short(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let kept: String = text.chars().take(characters.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{coordinate, count, moment, number, percent, short};

    #[test]
    fn figures_have_one_form() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(count(1, "finding", "findings"), "1 finding");
        assert_eq!([0.7015, 1.0, -1.0].map(percent), ["70.2", "100.0", "0.0"]);
        assert_eq!([1.0, 1.5, 1.239, -0.001, f64::NAN].map(coordinate), ["1", "1.5", "1.24", "0", "0"]);
        assert_eq!(moment("2023-07-10T12:37:50.000001Z".parse().unwrap()), "2023-07-10 12:37 UTC");
        assert_eq!(short("abcdef", 4), "abc…");
    }
}
