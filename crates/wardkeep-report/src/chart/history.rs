//! A figure over time with its band, at the true distances in time.

use super::amount::Amounts;
use super::axis::round_steps;
use super::{Drawing, Marks, Room, drawn};
use crate::words::coordinate as n;
use maud::{Markup, html};

/// One day's figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// When, in days from any fixed day.
    pub day: f64,
    /// When, as people read it.
    pub label: String,
    /// The figure; `None` where there is none, which leaves a gap.
    pub value: Option<f64>,
    /// What moved it, in words; empty when nothing did.
    pub why: String,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The finding.
    pub title: String,
    /// How amounts are written.
    pub amounts: Amounts,
    /// Oldest first.
    pub points: Vec<Past>,
    /// 5 and 95 % of the newest figure.
    pub band: Option<(f64, f64)>,
    /// A limit and its words.
    pub limit: Option<(f64, String)>,
    /// What the figure is.
    pub measure: String,
}

const HEIGHT: f64 = 170.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 26.0;

/// The line from zero upwards; a figure holds until the next, so it runs in steps.
pub fn history(chart: &History, marks: Marks) -> Drawing {
    let a = &chart.amounts;
    let svg = drawn(marks, |room| draw(chart, marks, room));
    let row = |p: &Past| {
        vec![p.label.clone(), p.value.map_or_else(|| "unknown".to_owned(), |v| a.bare(v)), p.why.clone()]
    };
    let columns =
        vec!["When".to_owned(), format!("{}, {}", chart.measure, a.currency), "Why it moved".to_owned()];
    Drawing::new(svg, &chart.title, columns, chart.points.iter().map(row))
}

fn draw(chart: &History, marks: Marks, room: Room) -> Markup {
    let a = &chart.amounts;
    let (width, left, right) = (room.width(), room.pick(56.0, 48.0), room.pick(92.0, 66.0));
    let known = || chart.points.iter().filter_map(|p| p.value).filter(|v| v.is_finite());
    let most =
        known().chain(chart.band.map(|b| b.1)).chain(chart.limit.as_ref().map(|l| l.0)).fold(0.0, f64::max);
    let steps = round_steps(0.0, most.max(1.0), 3);
    let top = steps.last().copied().unwrap_or(1.0);
    let (first, last) =
        (chart.points.first().map_or(0.0, |p| p.day), chart.points.last().map_or(1.0, |p| p.day));
    let span = (last - first).max(1e-9);
    let x = |day: f64| left + (day - first) / span * (width - left - right);
    let y = |v: f64| TOP + (1.0 - (v / top).clamp(0.0, 1.0)) * (HEIGHT - TOP - BOTTOM);
    let mut path = String::new();
    let mut open = false;
    for point in &chart.points {
        match point.value.filter(|v| v.is_finite()) {
            None => open = false,
            Some(v) if open => path.push_str(&["H", &n(x(point.day)), "V", &n(y(v))].concat()),
            Some(v) => {
                path.push_str(&["M", &n(x(point.day)), " ", &n(y(v))].concat());
                open = true;
            }
        }
    }
    let dot = |point: &Past| -> Markup {
        let live = marks == Marks::Live;
        let Some(value) = point.value.filter(|v| v.is_finite()) else { return html! {} };
        let more = if point.why.is_empty() { String::new() } else { format!(". {}", point.why) };
        let tip = format!("{}: {}{more}", point.label, a.full(value));
        html! {
            circle cx=(n(x(point.day))) cy=(n(y(value))) r=(if point.why.is_empty() { "2.5" } else { "4" }) fill="var(--accent)"
                tabindex=[live.then_some("0")] role=[live.then_some("img")] aria-label=[live.then_some(&tip)] data-tip=[live.then_some(&tip)] { @if !live { title { (tip) } } }
        }
    };
    let newest = chart.points.last().and_then(|p| p.value).filter(|v| v.is_finite());
    html! {
        svg class=(room.class("history")) width=(n(width)) height=(n(HEIGHT)) viewBox={ "0 0 " (n(width)) " " (n(HEIGHT)) } role="group"
            aria-label=(chart.title) font-size="12" fill="var(--quiet)" {
            text x="4" y="13" { (chart.measure) }
            @for value in &steps {
                line x1=(n(left)) x2=(n(width - right)) y1=(n(y(*value))) y2=(n(y(*value))) stroke=(if *value == 0.0 { "var(--n8)" } else { "var(--n5)" }) {}
                text x=(n(left - 8.0)) y=(n(y(*value) + 4.0)) text-anchor="end" { (a.tick(*value)) }
            }
            @if let Some((limit, words)) = &chart.limit {
                line x1=(n(left)) x2=(n(width - right)) y1=(n(y(*limit))) y2=(n(y(*limit))) stroke="var(--failing)" stroke-dasharray="4 3" {}
                text x=(n(left + 6.0)) y=(n(y(*limit) - 5.0)) fill="var(--failing)" stroke="var(--paper)" stroke-width="4" paint-order="stroke" { (words) }
            }
            path d=(path) fill="none" stroke="var(--accent)" stroke-width="2" stroke-linejoin="round" {}
            @if let Some((low, high)) = chart.band {
                @let at = x(last) + 8.0;
                line x1=(n(at)) x2=(n(at)) y1=(n(y(low))) y2=(n(y(high))) stroke="var(--accent)" stroke-opacity="0.4" stroke-width="6" {}
            }
            @for point in &chart.points { (dot(point)) }
            @if let Some(value) = newest { text x=(n(x(last) + 18.0)) y=(n(y(value) + 4.0)) fill="var(--text)" font-weight="600" { (a.bare(value)) } }
            @if let Some(point) = chart.points.first() { text x=(n(left)) y=(n(HEIGHT - 6.0)) { (point.label) } }
            @if chart.points.len() > 1 && let Some(point) = chart.points.last() { text x=(n(width - right)) y=(n(HEIGHT - 6.0)) text-anchor="end" { (point.label) } }
        }
    }
}
