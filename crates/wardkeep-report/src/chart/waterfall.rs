//! From no modelled control to today, one control at a time: what each takes off.

use super::amount::Amounts;
use super::{Drawing, Marks, Room, drawn, hatch};
use crate::words::{coordinate as n, short};
use maud::{Markup, html};

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Fall {
    /// What is switched on, or the name of a total.
    pub label: String,
    /// Loss a year after this step.
    pub after: f64,
    /// Whether it is a total from zero, not a step.
    pub total: bool,
    /// Whether nothing observed stands behind it: then it is hatched.
    pub assumed: bool,
}

/// Rows from zero: totals as whole bars, steps as what they took off. `assumed` is the word for steps without
/// evidence.
pub fn waterfall(title: &str, amounts: &Amounts, falls: &[Fall], assumed: &str, marks: Marks) -> Drawing {
    let most = falls.iter().map(|f| f.after).filter(|v| v.is_finite()).fold(0.0, f64::max);
    let before = |i: usize| if i == 0 { 0.0 } else { falls[i - 1].after };
    let said = |i: usize| -> String {
        let fall = &falls[i];
        if fall.total {
            return amounts.bare(fall.after);
        }
        let change = fall.after - before(i);
        if change.abs() < 0.5 { "0".to_owned() } else { amounts.change(change) }
    };
    let tip = |i: usize| -> String {
        let fall = &falls[i];
        let more = if fall.assumed { format!(", {assumed}") } else { String::new() };
        format!("{}: {} {}{more}", fall.label, said(i), amounts.currency)
    };
    let svg = drawn(marks, |room| {
        let words: Vec<(String, String)> = (0..falls.len()).map(|i| (said(i), tip(i))).collect();
        draw(title, most, falls, &words, marks, room)
    });
    let figure = |(i, f): (usize, &Fall)| {
        let basis = if f.total {
            String::new()
        } else if f.assumed {
            assumed.to_owned()
        } else {
            "observed".to_owned()
        };
        vec![f.label.clone(), said(i), amounts.bare(f.after), basis]
    };
    let columns = ["Step", "Change", "After it", "Basis"];
    let columns = columns
        .iter()
        .enumerate()
        .map(|(i, c)| if i == 1 || i == 2 { format!("{c}, {}", amounts.currency) } else { (*c).to_owned() });
    Drawing::new(svg, title, columns.collect(), falls.iter().enumerate().map(figure))
}

/// Beside its bar a name has 220 units; on a phone it stands above the bar. `words` are what stands behind each bar and
/// what it tells.
fn draw(
    title: &str,
    most: f64,
    falls: &[Fall],
    words: &[(String, String)],
    marks: Marks,
    room: Room,
) -> Markup {
    let (width, labels, step) = (room.width(), room.pick(220.0, 1.0), room.pick(26.0, 40.0));
    let above = room.pick(0.0, 13.0);
    let scale = if most > 0.0 { (width - labels - 84.0) / most } else { 0.0 };
    let height = step * falls.len() as f64 + 4.0;
    let x = |value: f64| labels + if value.is_finite() { value.max(0.0) * scale } else { 0.0 };
    let before = |i: usize| if i == 0 { 0.0 } else { falls[i - 1].after };
    let row = |i: usize, fall: &Fall| -> Markup {
        let y = step * i as f64 + 2.0 + above;
        let (from, to) = if fall.total {
            (x(0.0), x(fall.after))
        } else {
            (x(fall.after.min(before(i))), x(fall.after.max(before(i))))
        };
        let width = (to - from).max(1.0);
        let ((said, tip), live) = (&words[i], marks == Marks::Live);
        let worse = !fall.total && fall.after > before(i) + 0.5;
        let colour = if fall.total {
            "var(--n8)"
        } else if worse {
            "var(--failing)"
        } else {
            "var(--accent)"
        };
        html! {
            @if room == Room::Broad {
                text x=(n(labels - 10.0)) y=(n(y + 16.0)) text-anchor="end" font-weight=[fall.total.then_some("600")] { (short(&fall.label, 33)) }
            } @else {
                text x=(n(labels + 4.0)) y=(n(y - 1.0)) font-weight=[fall.total.then_some("600")] { (short(&fall.label, 54)) }
            }
            g.mark tabindex=[live.then_some("0")] role=[live.then_some("img")] aria-label=[live.then_some(tip)] data-tip=[live.then_some(tip)] {
                @if !live { title { (tip) } }
                @if fall.assumed && !fall.total {
                    rect x=(n(from)) y=(n(y + 4.0)) width=(n(width)) height="16" fill="var(--unknown-soft)" stroke=(colour) stroke-dasharray="3 2" {}
                    path d=(hatch(from, y + 4.0, width, 16.0)) stroke=(colour) stroke-opacity="0.6" fill="none" {}
                } @else {
                    rect x=(n(from)) y=(n(y + 4.0)) width=(n(width)) height="16" rx="1" fill=(colour) {}
                }
            }
            @if i + 1 < falls.len() {
                line x1=(n(x(fall.after))) x2=(n(x(fall.after))) y1=(n(y + 20.0)) y2=(n(y + step + 4.0)) stroke="var(--n8)" {}
            }
            text x=(n(to.max(from) + 6.0)) y=(n(y + 16.0)) { (said) }
        }
    };
    html! {
        svg class=(room.class("waterfall")) width=(n(width)) height=(n(height)) viewBox={ "0 0 " (n(width)) " " (n(height)) } role="group"
            aria-label=(title) font-size="12" fill="var(--text)" {
            line x1=(n(labels)) x2=(n(labels)) y1="0" y2=(n(height)) stroke="var(--n8)" {}
            @for (i, fall) in falls.iter().enumerate() { (row(i, fall)) }
        }
    }
}
