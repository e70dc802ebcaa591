//! Horizontal bars.

use super::{Drawing, Marks, Tone, mark};
use crate::words::{coordinate as n, short};
use maud::{Markup, html};

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// How long; not negative.
    pub value: f64,
    /// The value as people read it.
    pub shown: String,
    /// Its colour.
    pub tone: Tone,
}

const WIDTH: f64 = 720.0;
const LABELS: f64 = 220.0;
const VALUES: f64 = 64.0;
const ROW: f64 = 28.0;
/// Characters that fit beside the bars at 12 px.
const LABEL_CHARACTERS: usize = 34;

/// Bars from a common zero, in the order given, each with its label and value.
pub fn bars(title: &str, unit: &str, all: &[Bar], marks: Marks) -> Drawing {
    let most = all.iter().map(|b| b.value).filter(|v| v.is_finite()).fold(0.0, f64::max);
    let scale = if most > 0.0 { (WIDTH - LABELS - VALUES) / most } else { 0.0 };
    let height = ROW * all.len() as f64 + 4.0;
    let length = |bar: &Bar| if bar.value.is_finite() { bar.value.max(0.0) * scale } else { 0.0 };
    let svg = html! {
        svg class="chart bars" width=(n(WIDTH)) height=(n(height)) viewBox={ "0 0 " (n(WIDTH)) " " (n(height)) } role="group"
            aria-label={ (title) ", " (unit) } font-size="12" fill="var(--text)" {
            @for (i, bar) in all.iter().enumerate() {
                @let y = ROW * i as f64 + 2.0;
                text x=(n(LABELS - 10.0)) y=(n(y + 16.0)) text-anchor="end" { (short(&bar.label, LABEL_CHARACTERS)) }
                (mark(marks, bar.tone, &format!("{}: {} {unit}", bar.label, bar.shown), [LABELS, y + 3.0, length(bar), ROW - 10.0], 2.0))
                text.value x=(n(LABELS + length(bar) + 6.0)) y=(n(y + 16.0)) { (bar.shown) }
            }
            line x1=(n(LABELS)) x2=(n(LABELS)) y1="0" y2=(n(height)) stroke="var(--n8)" {}
        }
    };
    let row = |b: &Bar| vec![b.label.clone(), b.shown.clone()];
    Drawing::new(svg, title, vec!["What".to_owned(), unit.to_owned()], all.iter().map(row))
}

/// A bar for a table's cell: `value` of `most`, 120 by 8. The figure stands beside it, so it is hidden from
/// screen readers.
pub fn meter(value: f64, most: f64, tone: Tone) -> Markup {
    let width = if most > 0.0 { (value / most).clamp(0.0, 1.0) * 120.0 } else { 0.0 };
    html! {
        svg class="meter" width="120" height="8" viewBox="0 0 120 8" aria-hidden="true" {
            rect width="120" height="8" rx="2" fill="var(--n4)" {}
            @if width > 0.0 { (mark(Marks::Still, tone, "", [0.0, 0.0, width.max(2.0), 8.0], 2.0)) }
        }
    }
}

/// What is shown and what could be, from 0 to 1: solid up to `low`, hatched from there to `high`.
pub fn band(low: f64, high: f64, tone: Tone) -> Markup {
    let (low, high) = (low.clamp(0.0, 1.0) * 120.0, high.clamp(0.0, 1.0) * 120.0);
    let label = format!(
        "{} % shown, at best {} %",
        crate::words::percent(low / 120.0),
        crate::words::percent(high / 120.0)
    );
    html! {
        svg class="meter" width="120" height="10" viewBox="0 0 120 10" role="img" aria-label=(label) {
            title { (label) }
            rect width="120" height="10" rx="2" fill="var(--n4)" {}
            @if high > low { path d=(super::hatch(low, 0.0, high - low, 10.0)) stroke="var(--n8)" stroke-width="1" fill="none" {} }
            @if low > 0.0 { rect width=(n(low.max(1.0))) height="10" rx="2" fill=(tone.colour()) {} }
            @if high > low { line x1=(n(high - 0.5)) x2=(n(high - 0.5)) y1="0" y2="10" stroke="var(--n9)" {} }
        }
    }
}
