//! Upright bars over time.

use super::{Drawing, Figures, Marks, Tone, mark};
use crate::words::coordinate as n;
use maud::html;

/// One bar: a stretch of time and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// When, as people read it.
    pub label: String,
    /// How many.
    pub value: u64,
    /// The number as people read it.
    pub shown: String,
}

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 96.0;
const FOOT: f64 = 20.0;

/// Bars side by side over time, with the first and the last label below and the largest number above.
pub fn columns(title: &str, unit: &str, all: &[Stretch], marks: Marks) -> Drawing {
    let most = all.iter().map(|s| s.value).max().unwrap_or(0).max(1);
    let step = WIDTH / all.len().max(1) as f64;
    let height = |s: &Stretch| match s.value {
        0 => 0.0,
        value => (value as f64 / most as f64 * HEIGHT).max(2.0),
    };
    let peak = all.iter().max_by_key(|s| s.value);
    let svg = html! {
        svg class="chart columns" width=(n(WIDTH)) height=(n(HEIGHT + FOOT + 16.0)) viewBox={ "0 0 " (n(WIDTH)) " " (n(HEIGHT + FOOT + 16.0)) }
            role="group" aria-label={ (title) ", " (unit) } font-size="12" fill="var(--quiet)" {
            @if let Some(peak) = peak { text x="0" y="11" { (peak.shown) " " (unit) } }
            @for (i, stretch) in all.iter().enumerate() {
                @if stretch.value > 0 {
                    (mark(marks, Tone::Accent, &format!("{}: {} {unit}", stretch.label, stretch.shown),
                        [i as f64 * step + 0.5, 16.0 + HEIGHT - height(stretch), (step - 1.0).max(1.0), height(stretch)], 1.0))
                }
            }
            line x1="0" x2=(n(WIDTH)) y1=(n(HEIGHT + 16.5)) y2=(n(HEIGHT + 16.5)) stroke="var(--n8)" {}
            @if let Some(first) = all.first() { text x="0" y=(n(HEIGHT + FOOT + 12.0)) { (first.label) } }
            @if let Some(last) = all.last().filter(|_| all.len() > 1) {
                text x=(n(WIDTH)) y=(n(HEIGHT + FOOT + 12.0)) text-anchor="end" { (last.label) }
            }
        }
    };
    let rows = all.iter().filter(|s| s.value > 0).map(|s| vec![s.label.clone(), s.shown.clone()]).collect();
    let figures =
        Figures { caption: title.to_owned(), columns: vec!["When".to_owned(), unit.to_owned()], rows };
    Drawing { svg, figures }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stretch_with_something_in_it_is_seen() {
        let stretch = |value: u64| Stretch { label: format!("at {value}"), value, shown: value.to_string() };
        let drawn = columns("Over time", "events", &[stretch(0), stretch(1), stretch(100_000)], Marks::Live);
        let svg = drawn.svg.into_string();
        assert_eq!(svg.matches("data-tip").count(), 2, "{svg}");
        assert_eq!(drawn.figures.rows.len(), 2);
        assert!(columns("Over time", "events", &[], Marks::Still).svg.into_string().contains("</svg>"));
    }
}
