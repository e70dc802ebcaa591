//! Which uncertain input swings the result most.

use super::amount::Amounts;
use super::axis::round_steps;
use super::{Drawing, Marks, Room, drawn};
use crate::words::{coordinate as n, short};
use maud::{Markup, html};

/// The result with one input at its low and its high end.
#[derive(Debug, Clone, PartialEq)]
pub struct Swing {
    /// The input.
    pub label: String,
    /// The result with the input at its 5 % point.
    pub low: f64,
    /// The result with the input at its 95 % point.
    pub high: f64,
}

const ENDS: f64 = 62.0;

/// Bars around the present figure, in the order given: filled towards the input's high end, outlined towards its
/// low end, so that the two are told apart in grey. `ends` names the two ends.
pub fn tornado(
    title: &str,
    amounts: &Amounts,
    now: f64,
    now_label: &str,
    swings: &[Swing],
    ends: [&str; 2],
    marks: Marks,
) -> Drawing {
    let values = || swings.iter().flat_map(|s| [s.low, s.high]).chain([now]).filter(|v| v.is_finite());
    let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let now = if now.is_finite() { now } else { 0.0 };
    let (least, most) = if most > least { (least, most) } else { (now * 0.5, now * 1.5 + 1.0) };
    let svg = drawn(marks, |room| {
        let spread = (least, most, now);
        draw(title, amounts, spread, now_label, swings, ends, marks, room)
    });
    let row = |s: &Swing| {
        vec![s.label.clone(), amounts.bare(s.low), amounts.bare(s.high), amounts.bare((s.high - s.low).abs())]
    };
    let columns = [
        "Input".to_owned(),
        format!("{}, {}", ends[0], amounts.currency),
        format!("{}, {}", ends[1], amounts.currency),
        format!("Swing, {}", amounts.currency),
    ];
    Drawing::new(svg, title, columns.into(), swings.iter().map(row))
}

/// Beside its bars a name has 280 units; on a phone it stands above them.
#[allow(clippy::too_many_arguments)] // the parts of one drawing
fn draw(
    title: &str,
    amounts: &Amounts,
    (least, most, now): (f64, f64, f64),
    now_label: &str,
    swings: &[Swing],
    ends: [&str; 2],
    marks: Marks,
    room: Room,
) -> Markup {
    let (width, labels, row, above) =
        (room.width(), room.pick(280.0, 0.0), room.pick(28.0, 42.0), room.pick(0.0, 14.0));
    let scale = (width - labels - 2.0 * ENDS) / (most - least);
    let x = |v: f64| {
        if v.is_nan() { labels + ENDS } else { labels + ENDS + (v.clamp(least, most) - least) * scale }
    };
    let bottom = 22.0 + row * swings.len() as f64;
    // On a phone the words of the two ends have a line of their own, below those of the scale.
    let under = bottom + room.pick(0.0, 18.0);
    let height = under + 26.0;
    let steps: Vec<f64> =
        round_steps(least, most, room.pick(4, 2)).into_iter().filter(|v| *v >= least && *v <= most).collect();
    let one = |i: usize, swing: &Swing| -> Markup {
        let y = 22.0 + row * i as f64 + above;
        let live = marks == Marks::Live;
        let tip = format!(
            "{}: {} {}, {} {} ({})",
            swing.label,
            ends[0],
            amounts.bare(swing.low),
            ends[1],
            amounts.bare(swing.high),
            amounts.currency
        );
        let part = |end: f64| {
            let (a, b) = (x(now).min(x(end)), x(now).max(x(end)));
            (a, (b - a).max(1.0))
        };
        let ((lx, lw), (hx, hw)) = (part(swing.low), part(swing.high));
        let words = |v: f64| if v < now { (x(v) - 6.0, "end") } else { (x(v) + 6.0, "start") };
        let ((lt, la), (ht, ha)) = (words(swing.low), words(swing.high));
        // Both ends on one side: only the farther one has room for its figure.
        let same = (swing.low < now) == (swing.high < now);
        let farther_low = (swing.low - now).abs() >= (swing.high - now).abs();
        html! {
            @if room == Room::Broad {
                text x=(n(labels - 10.0)) y=(n(y + 17.0)) text-anchor="end" { (short(&swing.label, 44)) }
            } @else {
                text x="0" y=(n(y)) stroke="var(--paper)" stroke-width="4" paint-order="stroke" { (short(&swing.label, 54)) }
            }
            g.mark tabindex=[live.then_some("0")] role=[live.then_some("img")] aria-label=[live.then_some(&tip)] data-tip=[live.then_some(&tip)] {
                @if !live { title { (tip) } }
                rect x=(n(lx + 0.5)) y=(n(y + 5.5)) width=(n(lw)) height="17" fill="var(--accent-soft)" stroke="var(--accent)" {}
                rect x=(n(hx)) y=(n(y + 5.0)) width=(n(hw)) height="18" fill="var(--accent)" {}
            }
            @if !same || farther_low { text x=(n(lt)) y=(n(y + 18.0)) text-anchor=(la) { (amounts.bare(swing.low)) } }
            @if !same || !farther_low { text x=(n(ht)) y=(n(y + 18.0)) text-anchor=(ha) { (amounts.bare(swing.high)) } }
        }
    };
    html! {
        svg class=(room.class("tornado")) width=(n(width)) height=(n(height)) viewBox={ "0 0 " (n(width)) " " (n(height)) } role="group"
            aria-label=(title) font-size="12" fill="var(--text)" {
            @for step in &steps {
                line x1=(n(x(*step))) x2=(n(x(*step))) y1="20" y2=(n(bottom)) stroke="var(--n4)" {}
                text x=(n(x(*step))) y=(n(bottom + 16.0)) text-anchor="middle" fill="var(--quiet)" { (amounts.tick(*step)) }
            }
            @if room == Room::Narrow { line x1=(n(x(now))) x2=(n(x(now))) y1="18" y2=(n(bottom)) stroke="var(--text)" stroke-width="1.5" {} }
            @for (i, swing) in swings.iter().enumerate() { (one(i, swing)) }
            @if room == Room::Broad { line x1=(n(x(now))) x2=(n(x(now))) y1="18" y2=(n(bottom)) stroke="var(--text)" stroke-width="1.5" {} }
            text x=(n(x(now))) y="13" text-anchor="middle" font-weight="600" { (now_label) " " (amounts.bare(now)) }
            g fill="var(--quiet)" {
                rect x="0.5" y=(n(under + 7.5)) width="10" height="9" fill="var(--accent-soft)" stroke="var(--accent)" {}
                text x="16" y=(n(under + 16.0)) { (ends[0]) }
                rect x="104" y=(n(under + 7.0)) width="11" height="10" fill="var(--accent)" {}
                text x="120" y=(n(under + 16.0)) { (ends[1]) }
            }
        }
    }
}
