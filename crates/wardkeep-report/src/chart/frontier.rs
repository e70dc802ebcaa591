//! What each budget could buy, and how far the plan can be from the best possible.

use super::amount::Amounts;
use super::axis::round_steps;
use super::room::{kept, wide};
use super::{Drawing, Marks, Room, drawn, hatch};
use crate::words::coordinate as n;
use maud::{Markup, html};

/// One budget.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontierPoint {
    /// Most cost once.
    pub budget: f64,
    /// Loss a year that is left.
    pub left: f64,
    /// What is bought, as people read it.
    pub bought: String,
}

/// The plan that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ChosenPlan {
    /// Its budget.
    pub budget: f64,
    /// Loss a year that it leaves.
    pub left: f64,
    /// No plan under this budget leaves less.
    pub bound: f64,
    /// What is written beside it.
    pub label: String,
    /// What is written beside the bound.
    pub bound_label: String,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Frontier {
    /// The finding.
    pub title: String,
    /// How amounts are written.
    pub amounts: Amounts,
    /// Smallest budget first.
    pub points: Vec<FrontierPoint>,
    /// The plan.
    pub plan: Option<ChosenPlan>,
    /// Words of the two axes: budget, loss.
    pub axes: [String; 2],
}

const HEIGHT: f64 = 300.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 46.0;

/// Steps from budget to budget: between two points nothing more can be bought. Both axes begin at zero.
pub fn frontier(chart: &Frontier, marks: Marks) -> Drawing {
    let a = &chart.amounts;
    let svg = drawn(marks, |room| draw(chart, marks, room));
    let row = |p: &FrontierPoint| vec![a.bare(p.budget), a.bare(p.left), p.bought.clone()];
    let columns =
        vec![format!("{}, {}", chart.axes[0], a.currency), chart.axes[1].clone(), "Bought".to_owned()];
    Drawing::new(svg, &chart.title, columns, chart.points.iter().map(row))
}

fn draw(chart: &Frontier, marks: Marks, room: Room) -> Markup {
    let a = &chart.amounts;
    let (width, left, right) = (room.width(), room.pick(64.0, 48.0), room.pick(24.0, 16.0));
    let plan = chart.plan.as_ref();
    let ends = |f: &dyn Fn(&FrontierPoint) -> f64, extra: Option<f64>| {
        chart.points.iter().map(f).chain(extra).filter(|v| v.is_finite()).fold(0.0, f64::max)
    };
    let across = round_steps(0.0, ends(&|p| p.budget, plan.map(|p| p.budget)).max(1.0), room.pick(5, 3));
    let up = round_steps(0.0, ends(&|p| p.left, plan.map(|p| p.left)).max(1.0), 4);
    let (most_x, most_y) = (across.last().copied().unwrap_or(1.0), up.last().copied().unwrap_or(1.0));
    let x = |v: f64| left + (v / most_x).clamp(0.0, 1.0) * (width - left - right);
    let y = |v: f64| TOP + (1.0 - (v / most_y).clamp(0.0, 1.0)) * (HEIGHT - TOP - BOTTOM);
    let mut steps = String::new();
    for (i, point) in chart.points.iter().enumerate() {
        if i == 0 {
            steps.push_str(&["M", &n(x(point.budget)), " ", &n(y(point.left))].concat());
        } else {
            steps.push_str(&["H", &n(x(point.budget)), "V", &n(y(point.left))].concat());
        }
    }
    let dot = |point: &FrontierPoint| -> Markup {
        let live = marks == Marks::Live;
        let tip =
            format!("{}: {} {} ({})", a.full(point.budget), a.bare(point.left), chart.axes[1], point.bought);
        html! {
            circle cx=(n(x(point.budget))) cy=(n(y(point.left))) r="4" fill="var(--accent)" tabindex=[live.then_some("0")]
                role=[live.then_some("img")] aria-label=[live.then_some(&tip)] data-tip=[live.then_some(&tip)] { @if !live { title { (tip) } } }
        }
    };
    let chosen = |plan: &ChosenPlan| -> Markup {
        let (cx, cy, by) = (x(plan.budget), y(plan.left), y(plan.bound));
        // On the side that has room; a phone may have it on neither.
        let beside = |words: &str| {
            let length = wide(words);
            let wanted = if cx + 14.0 + length < width { cx + 14.0 } else { cx - 14.0 - length };
            kept(wanted, length, [left + 4.0, width])
        };
        let gap = (by - cy).max(0.0);
        html! {
            line x1=(n(cx)) x2=(n(cx)) y1=(n(TOP)) y2=(n(HEIGHT - BOTTOM)) stroke="var(--n8)" stroke-dasharray="3 4" {}
            @if gap >= 1.0 {
                path d=(hatch(cx - 9.0, cy, 18.0, gap)) stroke="var(--n9)" fill="none" {}
                line x1=(n(cx - 14.0)) x2=(n(cx + 14.0)) y1=(n(by)) y2=(n(by)) stroke="var(--text)" stroke-width="2" {}
            }
            circle cx=(n(cx)) cy=(n(cy)) r="8" fill="none" stroke="var(--text)" stroke-width="2" {}
            text x=(n(beside(&plan.label))) y=(n(cy - 12.0)) fill="var(--text)" font-weight="600" stroke="var(--paper)" stroke-width="4" paint-order="stroke" { (plan.label) }
            text x=(n(beside(&plan.bound_label))) y=(n(by.max(cy) + 21.0)) fill="var(--text)" stroke="var(--paper)" stroke-width="4" paint-order="stroke" { (plan.bound_label) }
        }
    };
    html! {
        svg class=(room.class("frontier")) width=(n(width)) height=(n(HEIGHT)) viewBox={ "0 0 " (n(width)) " " (n(HEIGHT)) } role="group"
            aria-label=(chart.title) font-size="12" fill="var(--quiet)" {
            @for value in &up {
                line x1=(n(left)) x2=(n(width - right)) y1=(n(y(*value))) y2=(n(y(*value))) stroke=(if *value == 0.0 { "var(--n8)" } else { "var(--n5)" }) {}
                text x=(n(left - 8.0)) y=(n(y(*value) + 4.0)) text-anchor="end" { (a.tick(*value)) }
            }
            @for value in &across { text x=(n(x(*value))) y=(n(HEIGHT - BOTTOM + 16.0)) text-anchor="middle" { (a.tick(*value)) } }
            text x="4" y="14" { (chart.axes[1]) }
            text x=(n(width - right)) y=(n(HEIGHT - 8.0)) text-anchor="end" { (chart.axes[0]) }
            path d=(steps) fill="none" stroke="var(--accent)" stroke-width="2" stroke-linejoin="round" {}
            @for point in &chart.points { (dot(point)) }
            @if let Some(plan) = plan { (chosen(plan)) }
        }
    }
}
