//! The frame of a chart: what it says, the drawing, values on hover and focus, the figures as a table.

use super::{Sentence, TableView, table};
use crate::words::words;
use maud::{Markup, html};

/// A chart. The drawing comes from the report crate; its marks may carry `data-tip` (the words shown on hover
/// and focus) and `tabindex="0"`.
#[derive(Debug, Clone)]
pub struct ChartView {
    /// What the chart says, as a sentence.
    pub said: Sentence,
    /// What is drawn: measure, unit, period.
    pub about: String,
    /// SVG with `role="img"` and a label.
    pub drawing: Markup,
    /// The figures.
    pub figures: TableView,
    /// From where, as of when.
    pub source: Sentence,
}

/// A chart in its frame.
pub fn chart(view: &ChartView) -> Markup {
    html! {
        figure.chart data-chart {
            figcaption {
                p.said { (view.said) }
                p.small.quiet { (view.about) }
            }
            div.plot tabindex="0" { (view.drawing) }
            output.tip.small aria-live="polite" {}
            div.under { span { (view.source) } }
            details { summary { (words("chart.table")) } (table(&view.figures)) }
        }
    }
}
