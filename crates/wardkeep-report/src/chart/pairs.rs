//! Two shares of each thing side by side: what it adds to the usual year, and what to the worst years.

use super::{Drawing, Figures, Marks, Tone, mark};
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

const WIDTH: f64 = 760.0;
const LABELS: f64 = 290.0;
const GAP: f64 = 24.0;
const VALUE: f64 = 58.0;
const ROW: f64 = 26.0;
const HEAD: f64 = 22.0;

/// Two panels of bars with one scale, so that lengths compare across them.
pub fn pairs(title: &str, panels: [&str; 2], all: &[Pair], marks: Marks) -> Drawing {
    let panel = (WIDTH - LABELS - GAP) / 2.0;
    let most = all.iter().flat_map(|p| p.shares).flatten().filter(|v| v.is_finite()).fold(0.0, f64::max);
    let scale = if most > 0.0 { (panel - VALUE) / most } else { 0.0 };
    let height = HEAD + ROW * all.len() as f64 + 4.0;
    let left = |side: usize| LABELS + side as f64 * (panel + GAP);
    let tone = |side: usize| if side == 0 { Tone::Quiet } else { Tone::Accent };
    let bar = |pair: &Pair, side: usize, y: f64| -> Markup {
        let x = left(side);
        let known = pair.shares[side].filter(|v| v.is_finite());
        let width = known.map_or(0.0, |v| v.max(0.0) * scale);
        let tip = format!("{}, {}: {} ({})", pair.label, panels[side], pair.shown[side], pair.amounts[side]);
        html! {
            (mark(marks, tone(side), &tip, [x, y + 4.0, width.max(1.0), ROW - 10.0], 2.0))
            text x=(n(x + width + 6.0)) y=(n(y + 16.0)) { (pair.shown[side]) }
        }
    };
    let svg = html! {
        svg class="chart pairs" width=(n(WIDTH)) height=(n(height)) viewBox={ "0 0 " (n(WIDTH)) " " (n(height)) } role="group"
            aria-label=(title) font-size="12" fill="var(--text)" {
            @for (side, name) in panels.iter().enumerate() {
                text x=(n(left(side))) y="13" fill="var(--quiet)" { (name) }
                line x1=(n(left(side))) x2=(n(left(side))) y1=(n(HEAD)) y2=(n(height)) stroke="var(--n8)" {}
            }
            @for (i, pair) in all.iter().enumerate() {
                @let y = HEAD + ROW * i as f64;
                text x=(n(LABELS - 10.0)) y=(n(y + 16.0)) text-anchor="end" { (short(&pair.label, 46)) }
                (bar(pair, 0, y))
                (bar(pair, 1, y))
            }
        }
    };
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
    Drawing {
        svg,
        figures: Figures { caption: title.to_owned(), columns, rows: all.iter().map(row).collect() },
    }
}
