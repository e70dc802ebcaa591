//! Two shares of each thing side by side: what it adds to the usual year, and what to the worst years.

use super::{Drawing, Marks, Room, Tone, drawn, mark};
use crate::words::{coordinate as n, short};
use maud::{Markup, html};

/// One thing with its two shares.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// What it is.
    pub label: String,
    /// Two shares from 0 to 1; `None` where it cannot be said.
    pub shares: [Option<f64>; 2],
    /// The shares as people read them.
    pub shown: [String; 2],
    /// The amounts behind them, for tips and the table.
    pub amounts: [String; 2],
}

const GAP: f64 = 24.0;
const VALUE: f64 = 58.0;
const HEAD: f64 = 22.0;

/// Two panels of bars with one scale, so that lengths compare across them.
pub fn pairs(title: &str, panels: [&str; 2], all: &[Pair], marks: Marks) -> Drawing {
    let svg = drawn(marks, |room| draw(title, panels, all, marks, room));
    let row = |p: &Pair| {
        vec![
            p.label.clone(),
            p.amounts[0].clone(),
            p.shown[0].clone(),
            p.amounts[1].clone(),
            p.shown[1].clone(),
        ]
    };
    let columns = vec![
        "What".to_owned(),
        panels[0].to_owned(),
        "Share".to_owned(),
        panels[1].to_owned(),
        "Share".to_owned(),
    ];
    Drawing::new(svg, title, columns, all.iter().map(row))
}

/// Beside its bars a name has 290 units; on a phone it stands above them.
fn draw(title: &str, panels: [&str; 2], all: &[Pair], marks: Marks, room: Room) -> Markup {
    let (whole, labels, step) = (room.width(), room.pick(290.0, 1.0), room.pick(26.0, 40.0));
    let above = room.pick(0.0, 13.0);
    let panel = (whole - labels - GAP) / 2.0;
    let most = all.iter().flat_map(|p| p.shares).flatten().filter(|v| v.is_finite()).fold(0.0, f64::max);
    let scale = if most > 0.0 { (panel - VALUE) / most } else { 0.0 };
    let height = HEAD + step * all.len() as f64 + 4.0;
    let left = |side: usize| labels + side as f64 * (panel + GAP);
    let tone = |side: usize| if side == 0 { Tone::Quiet } else { Tone::Accent };
    let bar = |pair: &Pair, side: usize, y: f64| -> Markup {
        let x = left(side);
        let known = pair.shares[side].filter(|v| v.is_finite());
        let width = known.map_or(0.0, |v| v.max(0.0) * scale);
        let tip = format!("{}, {}: {} ({})", pair.label, panels[side], pair.shown[side], pair.amounts[side]);
        html! {
            (mark(marks, tone(side), &tip, [x, y + 4.0, width.max(1.0), 16.0], 2.0))
            text x=(n(x + width + 6.0)) y=(n(y + 16.0)) { (pair.shown[side]) }
        }
    };
    html! {
        svg class=(room.class("pairs")) width=(n(whole)) height=(n(height)) viewBox={ "0 0 " (n(whole)) " " (n(height)) } role="group"
            aria-label=(title) font-size="12" fill="var(--text)" {
            @for (side, name) in panels.iter().enumerate() {
                text x=(n(left(side))) y="13" fill="var(--quiet)" { (name) }
                @if room == Room::Broad { line x1=(n(left(side))) x2=(n(left(side))) y1=(n(HEAD)) y2=(n(height)) stroke="var(--n8)" {} }
            }
            @for (i, pair) in all.iter().enumerate() {
                @let y = HEAD + step * i as f64 + above;
                @if room == Room::Broad {
                    text x=(n(labels - 10.0)) y=(n(y + 16.0)) text-anchor="end" { (short(&pair.label, 46)) }
                } @else {
                    text x="0" y=(n(y - 1.0)) { (short(&pair.label, 54)) }
                }
                (bar(pair, 0, y))
                (bar(pair, 1, y))
            }
        }
    }
}
