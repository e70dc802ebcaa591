//! Events over time.

use super::super::reader::Reader;
use crate::parts::{Align, CellView, ChartView, ColumnView, RowView, Sentence, TableView, Value, chart};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::events::EventSpan;
use wardkeep_events::search::{Search, Stage};
use wardkeep_report::chart::{Marks, Stretch, columns};
use wardkeep_types::{Length, Moment};

/// Bars at most.
const MOST: i64 = 72;
/// Lengths of a bar, in seconds.
const STEPS: [i64; 13] =
    [1, 10, 60, 300, 900, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000, 31_536_000];

/// The chart of a search; nothing when there is nothing to draw.
pub async fn drawing(
    reader: &Reader,
    search: &Search,
    span: Option<&EventSpan>,
    asked: (Option<Moment>, Option<Moment>),
) -> Markup {
    let Some(span) = span else { return html! {} };
    let from = asked.0.map_or(span.first, |from| from.max(span.first));
    let to = asked.1.map_or(span.last, |to| to.min(span.last));
    let length = to.seconds_since(from).max(1);
    let step = STEPS.into_iter().find(|step| length / step < MOST).unwrap_or(STEPS[STEPS.len() - 1]);
    let mut counted = search.clone();
    counted.stage = Some(Stage::Over(Length::from_seconds(step), None));
    counted.limit = None;
    let app = &reader.state.app;
    // The list says what went wrong; a drawing that fails is left out.
    let Ok(answer) = app.search_events(&reader.ctx, &reader.organisation, counted, None, 2_000).await else {
        return html! {};
    };
    let found: Vec<(Moment, u64)> = answer
        .rows
        .iter()
        .filter_map(|row| Some((row.first()?.at()?, row.last()?.int()?.unsigned_abs())))
        .collect();
    let (Some((first, _)), Some((last, _))) = (found.first(), found.last()) else { return html! {} };
    let begin = first.as_micros().min(from.as_micros().div_euclid(step * 1_000_000) * step * 1_000_000);
    let end = last.as_micros().max(to.as_micros().div_euclid(step * 1_000_000) * step * 1_000_000);
    let days = step >= 86_400;
    let all: Vec<Stretch> = (0..)
        .map(|i| begin + i * step * 1_000_000)
        .take_while(|at| *at <= end)
        .take(2 * MOST as usize)
        .map(|micros| {
            let at = Moment::from_micros(micros);
            let value = found.iter().find(|(known, _)| *known == at).map_or(0, |(_, n)| *n);
            let label =
                if days { reader.taste.day(at.date()) } else { reader.taste.moment_stamp(at).absolute };
            Stretch { label, value, shown: reader.taste.count(value as i64) }
        })
        .collect();
    let total: u64 = found.iter().map(|(_, n)| n).sum();
    let drawn = columns(words("events.over"), words("events.unit"), &all, Marks::Live);
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let row = |cells: &Vec<String>| RowView {
        cells: cells.iter().map(|text| CellView::from(Value::text(text.clone()))).collect(),
        ..RowView::default()
    };
    chart(&ChartView {
        said: Sentence::new(fill("events.total", &[("n", &reader.taste.count(total as i64))])),
        about: fill("events.each", &[("length", &Length::from_seconds(step).to_string())]),
        drawing: drawn.svg,
        figures: TableView {
            caption: drawn.figures.caption.clone(),
            columns: vec![
                column(words("events.when"), Align::Text),
                column(words("events.unit"), Align::Number),
            ],
            rows: drawn.figures.rows.iter().map(row).collect(),
            keep: true,
            ..TableView::default()
        },
        source: Sentence::new(words("events.source_note")),
    })
}
