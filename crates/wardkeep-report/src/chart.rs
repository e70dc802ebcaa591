//! Charts as SVG, the same bytes for the same figures, each with its figures as a table.
//!
//! Colours are CSS variables of the page, so nothing carries a `style` attribute. On a page with our chart
//! script marks are [`Marks::Live`]: they can be focused and carry `data-tip`. In a file without script they
//! are [`Marks::Still`] and carry a `<title>`.

mod amount;
mod axis;
mod bars;
mod basis;
mod columns;
mod frontier;
mod history;
mod lec;
mod line;
mod matrix;
mod pairs;
mod room;
mod stacked;
mod tornado;
mod waterfall;

pub use amount::Amounts;
pub use bars::{Bar, band, bars, meter};
pub use basis::{Basis, BasisPart, basis};
pub use columns::{Stretch, columns};
pub use frontier::{ChosenPlan, Frontier, FrontierPoint, frontier};
pub use history::{History, Past, history};
pub use lec::{Lec, LecCurve, LecLimit, LecMark, LecScale, Look, Outcome, lec, lec_on};
pub use line::{Line, Point, Target, line, sparkline};
pub use matrix::{MatrixCell, MatrixChart, matrix};
pub use pairs::{Pair, pairs};
pub use stacked::{Part, stacked};
pub use tornado::{Swing, tornado};
pub use waterfall::{Fall, waterfall};

use maud::{Markup, html};
use room::{Room, drawn};
use wardkeep_types::{Severity, State};

/// A drawing with its figures.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// The SVG, with a role and a label that says what it shows.
    pub svg: Markup,
    /// The same as a table.
    pub figures: Figures,
}

impl Drawing {
    fn new(
        svg: Markup,
        caption: &str,
        columns: Vec<String>,
        rows: impl Iterator<Item = Vec<String>>,
    ) -> Self {
        Self { svg, figures: Figures { caption: caption.to_owned(), columns, rows: rows.collect() } }
    }
}

/// The figures of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// What they are.
    pub caption: String,
    /// Headings; the first column names the row, the others hold figures.
    pub columns: Vec<String>,
    /// One text per column.
    pub rows: Vec<Vec<String>>,
}

impl Figures {
    /// The table.
    pub fn table(&self) -> Markup {
        html! {
            table.chart-figures {
                caption { (self.caption) }
                thead { tr { @for (i, column) in self.columns.iter().enumerate() { th scope="col" class=[(i > 0).then_some("num")] { (column) } } } }
                tbody {
                    @for row in &self.rows {
                        tr {
                            @for (i, cell) in row.iter().enumerate() {
                                @if i == 0 { th scope="row" { (cell) } } @else { td.num { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What colours a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// The one accent.
    Accent,
    /// Neutral.
    Quiet,
    /// A state; what is not known is hatched.
    State(State),
    /// A severity; unknown is hatched.
    Severity(Severity),
}

impl Tone {
    fn colour(self) -> &'static str {
        match self {
            Self::Accent => "var(--accent)",
            Self::Quiet => "var(--n8)",
            Self::State(state) => crate::shape::state_colour(state),
            Self::Severity(severity) => crate::shape::severity_colour(severity),
        }
    }
    fn class(self) -> String {
        match self {
            Self::Accent => "mark accent".to_owned(),
            Self::Quiet => "mark quiet".to_owned(),
            Self::State(state) => format!("mark {}", crate::shape::state_class(state)),
            Self::Severity(severity) => format!("mark {}", severity.key()),
        }
    }
    fn is_unknown(self) -> bool {
        match self {
            Self::State(state) => state.is_unknown(),
            Self::Severity(severity) => severity == Severity::Unknown,
            Self::Accent | Self::Quiet => false,
        }
    }
}

/// How marks tell their value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// With a `<title>`, for files and print.
    Still,
    /// With `tabindex` and `data-tip`, for pages with our script.
    Live,
}

/// A filled rectangle that tells its value; what is not known is hatched and outlined.
fn mark(marks: Marks, tone: Tone, tip: &str, [x, y, width, height]: [f64; 4], radius: f64) -> Markup {
    let n = crate::words::coordinate;
    let live = marks == Marks::Live;
    let inset = if tone.is_unknown() { 0.5 } else { 0.0 };
    html! {
        g class=(tone.class()) tabindex=[live.then_some("0")] role=[live.then_some("img")] aria-label=[live.then_some(tip)] data-tip=[live.then_some(tip)] {
            @if !live { title { (tip) } }
            @if tone.is_unknown() {
                rect x=(n(x + inset)) y=(n(y + inset)) width=(n((width - 1.0).max(0.0))) height=(n((height - 1.0).max(0.0))) rx=(n(radius))
                    fill="var(--unknown-soft)" stroke=(tone.colour()) stroke-width="1" stroke-dasharray="3 2" vector-effect="non-scaling-stroke" {}
                path d=(hatch(x, y, width, height)) stroke=(tone.colour()) stroke-width="1" stroke-opacity="0.55" fill="none" vector-effect="non-scaling-stroke" {}
            } @else {
                rect x=(n(x)) y=(n(y)) width=(n(width)) height=(n(height)) rx=(n(radius)) fill=(tone.colour()) {}
            }
        }
    }
}

/// Slanted lines within a rectangle, without a pattern, so that no id can clash on a page.
fn hatch(x: f64, y: f64, width: f64, height: f64) -> String {
    let n = crate::words::coordinate;
    let mut path = String::new();
    let mut at = 4.0_f64;
    // A line runs from the top edge down to the left; both ends are cut to the rectangle.
    while at < width + height && path.len() < 20_000 {
        let (from_x, from_y) = if at <= width { (at, 0.0) } else { (width, at - width) };
        let (to_x, to_y) = if at <= height { (0.0, at) } else { (at - height, height) };
        path.push_str(
            &["M", &n(x + from_x), " ", &n(y + from_y), "L", &n(x + to_x), " ", &n(y + to_y)].concat(),
        );
        at += 5.0;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_have_words_figures_and_no_style() {
        let bar = |label: &str, value, tone| Bar {
            label: label.to_owned(),
            value,
            shown: format!("{:.0}", f64::max(value, 0.0)),
            tone,
        };
        let all = [
            bar("Ransomware", 1_240.0, Tone::Accent),
            bar("Unknown", 85.0, Tone::Severity(Severity::Unknown)),
            bar("None", 0.0, Tone::Quiet),
            bar("Broken", f64::NAN, Tone::Quiet),
        ];
        let parts = [
            Part { label: "Effective".to_owned(), count: 3, tone: Tone::State(State::Effective) },
            Part { label: "Not tested".to_owned(), count: 9, tone: Tone::State(State::NotTested) },
        ];
        let point = |label: &str, value: Option<f64>| Point {
            label: label.to_owned(),
            value,
            band: value.map(|v| (v * 0.8, v * 1.1)),
            shown: format!("{value:?}"),
        };
        let points = vec![
            point("Jan", Some(70.0)),
            point("Feb", None),
            point("Mar", Some(98.0)),
            point("Apr", Some(91.0)),
        ];
        let target = Some(Target { value: 95.0, label: "goal 95".to_owned() });
        let chart = Line {
            title: "MFA".to_owned(),
            unit: "%".to_owned(),
            points,
            target,
            top: Some(100.0),
            tone: Tone::Accent,
        };
        for marks in [Marks::Still, Marks::Live] {
            for drawing in [
                bars("Loss", "k EUR", &all, marks),
                stacked("Controls", "controls", &parts, marks),
                line(&chart, marks),
            ] {
                let svg = drawing.svg.into_string();
                assert!(
                    svg.contains("aria-label=")
                        && !svg.contains("style=")
                        && !svg.contains("NaN")
                        && !svg.contains("inf"),
                    "{svg}"
                );
                assert_eq!(svg.contains("data-tip"), marks == Marks::Live);
                assert_eq!(svg.contains("<title>"), marks == Marks::Still);
                assert!(drawing.figures.table().into_string().contains("<caption>"));
            }
        }
        let gap = line(&chart, Marks::Still);
        assert_eq!(gap.figures.rows[1], ["Feb", "unknown"]);
        assert!(gap.svg.into_string().contains("goal 95"));
        assert_eq!(
            stacked("Controls", "controls", &parts, Marks::Still).figures.rows[1],
            ["Not tested", "9", "75.0"]
        );
        for odd in [&[][..], &[None], &[Some(1.0)], &[Some(2.0), Some(2.0)], &[Some(f64::NAN), Some(1.0)]] {
            let svg = sparkline("x", odd, Tone::Accent).into_string();
            assert!(!svg.contains("NaN"), "{svg}");
        }
        assert!(!bars("x", "y", &[], Marks::Still).svg.into_string().contains("NaN"));
        assert!(!band(0.4, 1.0, Tone::Quiet).into_string().contains("NaN"));
    }
}
