//! A value over time.

use super::{Drawing, Marks, Tone};
use crate::words::coordinate as n;
use maud::{Markup, html};

/// One point in time.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// When, as people read it.
    pub label: String,
    /// The value; `None` where it is not known, which leaves a gap.
    pub value: Option<f64>,
    /// Low and high end of what it may be.
    pub band: Option<(f64, f64)>,
    /// The value as people read it.
    pub shown: String,
}

/// A line to compare with, such as an appetite.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Where it lies.
    pub value: f64,
    /// What it is, in words.
    pub label: String,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it shows.
    pub title: String,
    /// Unit of the values.
    pub unit: String,
    /// The points, oldest first, at equal distances.
    pub points: Vec<Point>,
    /// A line to compare with.
    pub target: Option<Target>,
    /// The top of the scale; the largest value when absent. The scale begins at zero.
    pub top: Option<f64>,
    /// Colour of the line.
    pub tone: Tone,
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 200.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 24.0;

/// Runs of neighbouring points with a value.
fn runs(places: &[Option<(f64, f64)>]) -> Vec<Vec<(f64, f64)>> {
    let split = places.split(Option::is_none).map(|run| run.iter().flatten().copied().collect::<Vec<_>>());
    split.filter(|run| !run.is_empty()).collect()
}

/// Neighbouring points with a band, each run with the place of its first; a band is never drawn where nothing is
/// known.
fn spans(edges: &[Option<(f64, f64)>]) -> Vec<(usize, Vec<(f64, f64)>)> {
    let mut all: Vec<(usize, Vec<(f64, f64)>)> = Vec::new();
    for (i, edge) in edges.iter().enumerate() {
        let Some(edge) = edge else { continue };
        match all.last_mut().filter(|(first, run)| first + run.len() == i) {
            Some((_, run)) => run.push(*edge),
            None => all.push((i, vec![*edge])),
        }
    }
    all.retain(|(_, run)| run.len() > 1);
    all
}

/// Where the words of a line go: above it, or below when there is no room above.
fn beside(y: f64) -> f64 {
    if y < TOP + 16.0 { y + 14.0 } else { y - 5.0 }
}

fn path(run: &[(f64, f64)]) -> String {
    let steps = run
        .iter()
        .enumerate()
        .map(|(i, (x, y))| format!("{}{} {}", if i == 0 { "M" } else { "L" }, n(*x), n(*y)));
    steps.collect()
}

/// The line with its scale, its band, its gaps and its target.
pub fn line(chart: &Line, marks: Marks) -> Drawing {
    let known = chart.points.iter().flat_map(|p| p.value.into_iter().chain(p.band.map(|b| b.1)));
    let most =
        known.chain(chart.target.as_ref().map(|t| t.value)).filter(|v| v.is_finite()).fold(0.0, f64::max);
    let top = round_up(chart.top.unwrap_or(most));
    let step = (WIDTH - LEFT - RIGHT) / chart.points.len().saturating_sub(1).max(1) as f64;
    let x = |i: usize| LEFT + step * i as f64;
    let y = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - (value / top).clamp(0.0, 1.0));
    let places: Vec<Option<(f64, f64)>> =
        chart.points.iter().enumerate().map(|(i, p)| Some((x(i), y(p.value?)))).collect();
    let edges: Vec<Option<(f64, f64)>> = chart.points.iter().map(|p| p.value.and(p.band)).collect();
    let live = marks == Marks::Live;
    let last = chart.points.len().saturating_sub(1);
    let svg = html! {
        svg class="chart line" width=(n(WIDTH)) height=(n(HEIGHT)) viewBox={ "0 0 " (n(WIDTH)) " " (n(HEIGHT)) } role="group"
            aria-label={ (chart.title) ", " (chart.unit) } font-size="12" fill="var(--quiet)" {
            @for quarter in 0..=4_u8 {
                @let value = top * f64::from(quarter) / 4.0;
                line x1=(n(LEFT)) x2=(n(WIDTH - RIGHT)) y1=(n(y(value))) y2=(n(y(value))) stroke=(if quarter == 0 { "var(--n8)" } else { "var(--n5)" }) {}
                text x=(n(LEFT - 8.0)) y=(n(y(value) + 4.0)) text-anchor="end" { (n(value)) }
            }
            @for (first, band) in spans(&edges) {
                @let upper = band.iter().enumerate().map(|(i, (_, high))| (x(first + i), y(*high)));
                @let lower = band.iter().enumerate().rev().map(|(i, (low, _))| (x(first + i), y(*low)));
                path.band d={ (path(&upper.chain(lower).collect::<Vec<_>>())) "Z" } fill=(chart.tone.colour()) fill-opacity="0.15" {}
            }
            @if let Some(target) = &chart.target {
                line.target x1=(n(LEFT)) x2=(n(WIDTH - RIGHT)) y1=(n(y(target.value))) y2=(n(y(target.value))) stroke="var(--failing)" stroke-dasharray="4 3" {}
                text x=(n(WIDTH - RIGHT)) y=(n(beside(y(target.value)))) text-anchor="end" fill="var(--failing)" { (target.label) }
            }
            @for run in runs(&places) { path d=(path(&run)) fill="none" stroke=(chart.tone.colour()) stroke-width="2" stroke-linejoin="round" {} }
            @for (point, place) in chart.points.iter().zip(&places) {
                @if let Some((cx, cy)) = place {
                    @let tip = format!("{}: {} {}", point.label, point.shown, chart.unit);
                    circle class=(chart.tone.class()) cx=(n(*cx)) cy=(n(*cy)) r="3" fill=(chart.tone.colour())
                        tabindex=[live.then_some("0")] role=[live.then_some("img")] aria-label=[live.then_some(&tip)] data-tip=[live.then_some(&tip)] {
                        @if !live { title { (tip) } }
                    }
                }
            }
            @for (i, point) in chart.points.iter().enumerate() {
                @if i == 0 || i == last || (last > 3 && i == last / 2) {
                    text x=(n(x(i))) y=(n(HEIGHT - 6.0)) text-anchor=(if i == 0 { "start" } else if i == last { "end" } else { "middle" }) { (point.label) }
                }
            }
        }
    };
    let row = |p: &Point| {
        vec![p.label.clone(), if p.value.is_some() { p.shown.clone() } else { "unknown".to_owned() }]
    };
    let columns = vec!["When".to_owned(), chart.unit.clone()];
    Drawing::new(svg, &chart.title, columns, chart.points.iter().map(row))
}

/// The next number that divides well by four.
fn round_up(value: f64) -> f64 {
    if !value.is_finite() || value <= 0.0 {
        return 1.0;
    }
    let size = 10_f64.powi(value.log10().floor() as i32);
    let steps = [1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 5.0, 6.0, 8.0, 10.0];
    steps.iter().map(|s| s * size).find(|s| *s >= value * (1.0 - 1e-9)).unwrap_or(value)
}

/// A line the size of a word, 96 by 20, with a dot at its end; gaps where nothing is known. `said` is its text
/// alternative.
pub fn sparkline(said: &str, points: &[Option<f64>], tone: Tone) -> Markup {
    let known = || points.iter().flatten().copied().filter(|v| v.is_finite());
    let (least, most) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let range = if most > least { most - least } else { 1.0 };
    let step = 90.0 / points.len().saturating_sub(1).max(1) as f64;
    let y = |value: f64| if most > least { 17.0 - 14.0 * (value - least) / range } else { 10.0 };
    let places: Vec<Option<(f64, f64)>> = points
        .iter()
        .enumerate()
        .map(|(i, v)| v.filter(|v| v.is_finite()).map(|v| (3.0 + step * i as f64, y(v))))
        .collect();
    html! {
        svg class="spark" width="96" height="20" viewBox="0 0 96 20" role="img" aria-label=(said) {
            title { (said) }
            @for run in runs(&places) { path d=(path(&run)) fill="none" stroke=(tone.colour()) stroke-width="1.5" stroke-linejoin="round" {} }
            @if let Some(Some((cx, cy))) = places.last() { circle cx=(n(*cx)) cy=(n(*cy)) r="2.5" fill=(tone.colour()) {} }
        }
    }
}
