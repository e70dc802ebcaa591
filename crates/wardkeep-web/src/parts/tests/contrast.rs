//! Every text colour against every ground it may stand on, in light and dark, from the token file itself.

use std::collections::HashMap;

/// Light and dark of each token that is a plain colour.
fn tokens() -> HashMap<String, [String; 2]> {
    let source = include_str!("../../static/tokens.css");
    let mut found: HashMap<String, [String; 2]> = HashMap::new();
    let mut aliases = vec![];
    for line in source.lines() {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|l| l.split_once(": ")) else {
            continue;
        };
        if let Some(pair) = value.strip_prefix("light-dark(").and_then(|v| v.split_once(')')) {
            let (light, dark) = pair.0.split_once(", ").unwrap();
            found.insert(name.to_owned(), [light.to_owned(), dark.to_owned()]);
        } else if let Some(other) = value.strip_prefix("var(--").and_then(|v| v.split(')').next()) {
            aliases.push((name.to_owned(), other.to_owned()));
        }
    }
    for (name, other) in aliases {
        let pair = found[&other].clone();
        found.insert(name, pair);
    }
    found
}

/// Relative luminance (WCAG 2.2).
fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

const STATES: [&str; 11] = [
    "effective",
    "degraded",
    "failing",
    "insufficient",
    "untested",
    "critical",
    "high",
    "medium",
    "low",
    "info",
    "unknown",
];

#[test]
fn text_reaches_4_5_to_1_and_lines_3_to_1_in_both_looks() {
    let tokens = tokens();
    let mut pairs: Vec<(String, String, f64)> = vec![];
    let mut pair = |front: &str, grounds: &[&str], least: f64| {
        pairs.extend(grounds.iter().map(|ground| (front.to_owned(), (*ground).to_owned(), least)));
    };
    let plain = ["paper", "sunken", "hover", "raised"];
    for text in ["text", "n11", "quiet", "accent", "accent-hover"] {
        pair(text, &plain, 4.5);
        pair(text, &["accent-soft"], 4.5);
    }
    pair("n9", &["paper", "sunken"], 4.5);
    pair("on-accent", &["accent", "accent-hover"], 4.5);
    pair("on-danger", &["danger-solid"], 4.5);
    for state in STATES {
        let soft = format!("{state}-soft");
        pair(state, &[&soft, "paper", "sunken", "hover", "raised"], 4.5);
        pair("text", &[&soft], 4.5);
        pair(&format!("{state}-line"), &["paper"], 3.0);
    }
    pair("edge", &["paper", "sunken", "raised"], 3.0);
    pair("accent", &plain, 3.0);
    for (front, ground, least) in pairs {
        for (look, (front_colour, ground_colour)) in tokens[&front].iter().zip(&tokens[&ground]).enumerate() {
            let ratio = contrast(front_colour, ground_colour);
            assert!(ratio >= least, "{front} on {ground}, look {look}: {ratio:.2} is below {least}");
        }
    }
}
