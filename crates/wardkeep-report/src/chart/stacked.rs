//! One bar, divided.

use super::{Drawing, Marks, Tone, mark};
use crate::words::{coordinate as n, number, percent};
use maud::html;

/// One part of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub label: String,
    /// How many.
    pub count: u64,
    /// Its colour.
    pub tone: Tone,
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 28.0;

/// A whole divided into its parts, in the order given. The unknown is a part like any other, and hatched. It
/// stretches to the width it is given, so figures stand in the page's own text beside it.
pub fn stacked(title: &str, unit: &str, parts: &[Part], marks: Marks) -> Drawing {
    let whole: u64 = parts.iter().map(|p| p.count).sum();
    let present: Vec<&Part> = parts.iter().filter(|p| p.count > 0).collect();
    let gaps = 2.0 * present.len().saturating_sub(1) as f64;
    let mut x = 0.0;
    let mut placed = Vec::with_capacity(present.len());
    for part in present {
        let width = (WIDTH - gaps) * part.count as f64 / whole.max(1) as f64;
        placed.push((part, x, width));
        x += width + 2.0;
    }
    let tip = |part: &Part| format!("{}: {} of {} {unit}", part.label, number(part.count), number(whole));
    let said: Vec<String> =
        placed.iter().map(|(p, ..)| format!("{} {}", number(p.count), p.label.to_lowercase())).collect();
    let svg = html! {
        svg class="chart stacked" width=(n(WIDTH)) height=(n(HEIGHT)) viewBox={ "0 0 " (n(WIDTH)) " " (n(HEIGHT)) }
            preserveAspectRatio="none" role=(if marks == Marks::Live { "group" } else { "img" }) aria-label={ (title) ": " (said.join(", ")) } {
            @if placed.is_empty() { rect width=(n(WIDTH)) height=(n(HEIGHT)) rx="2" fill="var(--n4)" {} }
            @for (part, x, width) in &placed {
                (mark(marks, part.tone, &tip(part), [*x, 0.0, *width, HEIGHT], 2.0))
            }
        }
    };
    let row =
        |p: &Part| vec![p.label.clone(), number(p.count), percent(p.count as f64 / whole.max(1) as f64)];
    let columns = vec!["What".to_owned(), unit.to_owned(), "Share, %".to_owned()];
    Drawing::new(svg, title, columns, parts.iter().map(row))
}
