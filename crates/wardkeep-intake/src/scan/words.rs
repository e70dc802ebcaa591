//! Severity words and numbers, one table per reader, and other small readings they share.

use wardkeep_types::{Moment, Severity};

/// Nessus: the number of a report item.
pub(super) fn nessus(number: &str) -> Severity {
    match number {
        "0" => Severity::Info,
        "1" => Severity::Low,
        "2" => Severity::Medium,
        "3" => Severity::High,
        "4" => Severity::Critical,
        _ => Severity::Unknown,
    }
}

/// Nessus: the word of `risk_factor`.
pub(super) fn risk_factor(word: &str) -> Severity {
    match word {
        "None" => Severity::Info,
        other => other.parse().unwrap_or(Severity::Unknown),
    }
}

/// SARIF: the level of a result or rule.
pub(super) fn level(word: &str) -> Severity {
    match word {
        "error" => Severity::High,
        "warning" => Severity::Medium,
        "note" => Severity::Low,
        "none" => Severity::Info,
        _ => Severity::Unknown,
    }
}

/// SARIF: the rank of a result, 0 to 100, where no level is given; fifths of the scale.
pub(super) fn rank(rank: f64) -> Severity {
    match rank {
        r if !(0.0..=100.0).contains(&r) => Severity::Unknown,
        r if r >= 80.0 => Severity::Critical,
        r if r >= 60.0 => Severity::High,
        r if r >= 40.0 => Severity::Medium,
        r if r >= 20.0 => Severity::Low,
        _ => Severity::Info,
    }
}

/// CycloneDX: the word of a rating.
pub(super) fn rating(word: &str) -> Severity {
    match word.to_ascii_lowercase().as_str() {
        "none" => Severity::Info,
        other => other.parse().unwrap_or(Severity::Unknown),
    }
}

/// A score between 0 and 10; anything else is unknown.
pub(super) fn score(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|score| (0.0..=10.0).contains(score))
}

/// `CWE-79` from `79`, `CWE-79`, `cwe:79` or `external/cwe/cwe-079`.
pub(super) fn cwe(text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    let rest = match lower.rfind("cwe") {
        Some(at) => lower[at + 3..].trim_start_matches(['-', ':', ' ', '/', '_']),
        None => lower.as_str(),
    };
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let plain = lower.len() == digits.len();
    let number: u32 = digits.parse().ok()?;
    (number > 0 && (plain || lower.contains("cwe"))).then(|| format!("CWE-{number}"))
}

/// Seconds since 1970, as nmap and Nessus write them.
pub(super) fn seconds(text: &str) -> Option<Moment> {
    let seconds: i64 = text.trim().parse().ok()?;
    (788_918_400..7_258_118_400).contains(&seconds).then(|| Moment::EPOCH.plus_seconds(seconds))
}

/// A tool's name as a family: lower case, words joined by `-`.
pub(super) fn family(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::{cwe, family, rank, score};
    use wardkeep_types::Severity;

    #[test]
    fn small_readings() {
        let check = |text: &str, expect: Option<&str>| assert_eq!(cwe(text).as_deref(), expect, "{text}");
        check("79", Some("CWE-79"));
        check("external/cwe/cwe-079", Some("CWE-79"));
        check("CWE-22: Path traversal", Some("CWE-22"));
        check("security", None);
        check("7 wonders", None);
        assert_eq!((score("9.8"), score("11"), score("x")), (Some(9.8), None, None));
        assert_eq!(
            (rank(-1.0), rank(100.0), rank(0.0)),
            (Severity::Unknown, Severity::Critical, Severity::Info)
        );
        assert_eq!(family("Acme  Scan"), "acme-scan");
    }
}
