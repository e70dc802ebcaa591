//! A matrix of likelihood and impact, with what stands in its cells and what its ratings hide.

use super::{Drawing, Marks, Room, drawn};
use crate::words::{coordinate as n, short};
use maud::{Markup, html};
use wardkeep_types::Severity;

/// A cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MatrixCell {
    /// Score.
    pub score: u32,
    /// Band: index from the lowest, and its name.
    pub band: (u32, String),
    /// How many risks stand in it.
    pub risks: u64,
    /// Loss a year in the middle of the cell, as people read it; only with anchors.
    pub point: Option<String>,
    /// A letter that the text below explains: `A` is rated above `B` and is worth less.
    pub letter: Option<char>,
    /// More about it, for hover, focus and the table.
    pub said: String,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixChart {
    /// The finding.
    pub title: String,
    /// Names of the two axes: likelihood, impact.
    pub axes: [String; 2],
    /// Likelihood, highest first: name and what it means.
    pub rows: Vec<(String, String)>,
    /// Impact, lowest first: name and what it means.
    pub columns: Vec<(String, String)>,
    /// Rows of cells in the same order.
    pub cells: Vec<Vec<MatrixCell>>,
    /// How many bands there are.
    pub bands: u32,
}

const CELL: f64 = 58.0;
const HEAD: f64 = 18.0;
const FOOT: f64 = 38.0;

/// The severity whose colours a band borrows: the ends of the scale are always its ends.
fn severity(band: u32, bands: u32) -> Severity {
    const SCALE: [Severity; 5] =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
    let place = f64::from(band) / f64::from(bands.saturating_sub(1).max(1)) * 4.0;
    SCALE[(place.round() as usize).min(4)]
}

/// The cells, each with score, band, risks and middle; colour is the second signal only.
pub fn matrix(chart: &MatrixChart, marks: Marks) -> Drawing {
    let svg = drawn(marks, |room| draw(chart, marks, room));
    let row = |(i, (name, _)): (usize, &(String, String))| {
        let mut out = vec![name.clone()];
        out.extend(chart.cells.get(i).into_iter().flatten().map(|c| {
            let mut said = format!("{} {}", c.score, c.band.1);
            if let Some(point) = &c.point {
                said.push_str(", ");
                said.push_str(point);
            }
            if c.risks > 0 {
                said.push_str(&format!(", {} risks", c.risks));
            }
            if let Some(letter) = c.letter {
                said.push_str(&format!(" ({letter})"));
            }
            said
        }));
        out
    };
    let mut columns = vec![format!("{} / {}", chart.axes[0], chart.axes[1])];
    columns.extend(chart.columns.iter().map(|c| c.0.clone()));
    Drawing::new(svg, &chart.title, columns, chart.rows.iter().enumerate().map(row))
}

/// On a phone a cell has its score above the name of its band; what the levels mean and what a cell is worth stand in
/// the table.
fn draw(chart: &MatrixChart, marks: Marks, room: Room) -> Markup {
    let (full, labels) = (room.width(), room.pick(150.0, 76.0));
    let broad = room == Room::Broad;
    let columns = chart.columns.len().max(1) as f64;
    let width = (full - labels) / columns;
    let height = HEAD + CELL * chart.rows.len() as f64 + FOOT;
    let one = |cell: &MatrixCell, row: usize, column: usize| -> Markup {
        let live = marks == Marks::Live;
        let (x, y) = (labels + column as f64 * width, HEAD + row as f64 * CELL);
        let key = severity(cell.band.0, chart.bands).key();
        let ground = format!("var(--{key}-soft)");
        let line = format!("var(--{key}-line)");
        let ink = format!("var(--{key})");
        let letters = ((width - 16.0) / 6.4) as usize;
        let (at, down) = room.pick((width - 14.0, 15.0), (13.0, CELL - 15.0));
        html! {
            g tabindex=[live.then_some("0")] role=[live.then_some("img")] aria-label=[live.then_some(&cell.said)] data-tip=[live.then_some(&cell.said)] {
                @if !live { title { (cell.said) } }
                rect x=(n(x + 1.0)) y=(n(y + 1.0)) width=(n(width - 2.0)) height=(n(CELL - 2.0)) rx="2" fill=(ground) stroke=(line)
                    stroke-width=(if cell.letter.is_some() { "2.5" } else { "1" }) {}
                @if broad {
                    text x=(n(x + 8.0)) y=(n(y + 17.0)) fill=(ink) { (short(&format!("{} {}", cell.score, cell.band.1), letters)) }
                } @else {
                    text x=(n(x + 5.0)) y=(n(y + 16.0)) fill=(ink) { (cell.score) }
                    text x=(n(x + 5.0)) y=(n(y + 31.0)) fill=(ink) font-size="11" { (short(&cell.band.1, ((width - 8.0) / 5.6) as usize)) }
                }
                @if let Some(point) = cell.point.as_ref().filter(|_| broad) { text x=(n(x + 8.0)) y=(n(y + CELL - 9.0)) fill="var(--quiet)" font-size="11" { (short(point, letters)) } }
                @if cell.risks > 0 {
                    text x=(n(x + width - 8.0)) y=(n(y + CELL - 9.0)) text-anchor="end" fill="var(--text)" font-size="16" font-weight="600" { (cell.risks) }
                }
                @if let Some(letter) = cell.letter {
                    circle cx=(n(x + at)) cy=(n(y + down)) r="9" fill="var(--paper)" stroke="var(--text)" stroke-width="1.5" {}
                    text x=(n(x + at)) y=(n(y + down + 4.0)) text-anchor="middle" fill="var(--text)" font-weight="600" { (letter) }
                }
            }
        }
    };
    let fits = ((width - room.pick(6.0, 2.0)) / room.pick(6.4, 5.8)) as usize;
    html! {
        svg class=(room.class("matrix")) width=(n(full)) height=(n(height)) viewBox={ "0 0 " (n(full)) " " (n(height)) } role="group"
            aria-label=(chart.title) font-size="12" fill="var(--text)" {
            text x="2" y="12" fill="var(--quiet)" { (chart.axes[0]) }
            @for (i, (name, about)) in chart.rows.iter().enumerate() {
                @let y = HEAD + CELL * i as f64;
                text x=(n(labels - room.pick(10.0, 5.0))) y=(n(y + room.pick(26.0, 33.0))) text-anchor="end" { (short(name, room.pick(21, 11))) }
                @if broad { text x=(n(labels - 10.0)) y=(n(y + 42.0)) text-anchor="end" fill="var(--quiet)" font-size="11" { (short(about, 23)) } }
            }
            @for (i, row) in chart.cells.iter().enumerate() { @for (j, cell) in row.iter().enumerate() { (one(cell, i, j)) } }
            @for (j, (name, about)) in chart.columns.iter().enumerate() {
                @let x = labels + width * (j as f64 + 0.5);
                text x=(n(x)) y=(n(height - FOOT + 15.0)) text-anchor="middle" font-size=(room.pick("12", "11")) { (short(name, fits)) }
                @if broad { text x=(n(x)) y=(n(height - FOOT + 30.0)) text-anchor="middle" fill="var(--quiet)" font-size="11" { (short(about, fits)) } }
            }
            text x="2" y=(n(height - room.pick(FOOT - 15.0, 6.0))) fill="var(--quiet)" { (chart.axes[1]) }
        }
    }
}
