//! E of a control over time: a line with gaps where nothing is known, and the states below it.

use super::super::reader::Reader;
use super::say::{percent, points, state_word};
use crate::parts::{Align, CellView, ChartView, ColumnView, RowView, Sentence, TableView, Value, chart};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::assess::{ControlTrend, Judged};
use wardkeep_report::chart::{Line, Marks, Part, Point, Tone, line, stacked};
use wardkeep_types::Moment;

/// Points of the line, at equal distances in time.
const POINTS: i64 = 48;

/// The chart; nothing when there is only one result, which is shown above.
pub fn drawing(reader: &Reader, trend: &ControlTrend) -> Markup {
    let (Some(first), Some(last)) = (trend.results.first(), trend.results.last()) else { return html! {} };
    if first.as_of >= last.as_of {
        return html! { p.quiet.small { (words("chain.trend_once")) } };
    }
    let (from, to) = (first.as_of, last.as_of);
    let chart_line = Line {
        title: words("chain.trend").to_owned(),
        unit: "%".to_owned(),
        points: sampled(reader, &trend.results, from, to),
        target: None,
        top: Some(100.0),
        tone: Tone::Accent,
    };
    let drawn = line(&chart_line, Marks::Live);
    let strip = stacked(
        words("chain.trend_states"),
        words("chain.hours"),
        &periods(reader, &trend.results, to),
        Marks::Live,
    );
    let said = said(reader, first, last);
    chart(&ChartView {
        said: Sentence::new(said),
        about: words("chain.trend_about").to_owned(),
        drawing: html! { (drawn.svg) div.strip.below { (strip.svg) } },
        figures: figures(reader, trend),
        source: Sentence::new(fill("chain.trend_source", &[("n", &trend.results.len().to_string())])),
    })
}

fn said(reader: &Reader, first: &Judged, last: &Judged) -> String {
    let day = |at: Moment| reader.taste.day(at.date());
    let how = |r: &Judged| match r.shown.filter(|_| !r.state.is_unknown()) {
        Some(shown) => format!("{} ({})", state_word(r.state), percent(&reader.taste, shown)),
        None => state_word(r.state).to_owned(),
    };
    fill(
        "chain.trend_said",
        &[
            ("from", &how(first)),
            ("first", &day(first.as_of)),
            ("to", &how(last)),
            ("last", &day(last.as_of)),
        ],
    )
}

/// The result in force at equally distant moments.
fn sampled(reader: &Reader, results: &[Judged], from: Moment, to: Moment) -> Vec<Point> {
    let span = to.seconds_since(from).max(1);
    let short = span < 3 * 86_400;
    (0..POINTS)
        .filter_map(|n| {
            let at = from.plus_seconds(span * n / (POINTS - 1));
            let result = results.iter().rev().find(|r| r.as_of <= at)?;
            let known = result.shown.filter(|_| !result.state.is_unknown());
            Some(Point {
                label: if short {
                    reader.taste.moment_stamp(at).absolute
                } else {
                    reader.taste.day(at.date())
                },
                value: known.map(|v| v * 100.0),
                band: known.map(|_| (result.low * 100.0, result.high * 100.0)),
                shown: known
                    .map_or_else(|| state_word(result.state).to_owned(), |v| points(&reader.taste, v)),
            })
        })
        .collect()
}

/// Neighbouring results of one state, as lengths of time.
fn periods(reader: &Reader, results: &[Judged], to: Moment) -> Vec<Part> {
    let whole = results.first().map_or(1, |r| to.seconds_since(r.as_of).max(1));
    let mut parts: Vec<(wardkeep_types::State, Moment, i64)> = Vec::new();
    for (n, result) in results.iter().enumerate() {
        let until = results.get(n + 1).map_or(to, |r| r.as_of);
        // The newest state has only begun; it still has to be seen.
        let least = if n + 1 == results.len() { whole / 40 } else { 0 };
        let seconds = until.seconds_since(result.as_of).max(least);
        match parts.last_mut().filter(|(state, ..)| *state == result.state) {
            Some((.., length)) => *length += seconds,
            None => parts.push((result.state, result.as_of, seconds)),
        }
    }
    let label = |state, since: Moment| {
        fill(
            "chain.since",
            &[("state", state_word(state)), ("moment", &reader.taste.moment_stamp(since).absolute)],
        )
    };
    let hours = |seconds: i64| (seconds / 3_600).max(1).unsigned_abs();
    parts
        .into_iter()
        .map(|(state, since, s)| Part {
            label: label(state, since),
            count: hours(s),
            tone: Tone::State(state),
        })
        .collect()
}

fn figures(reader: &Reader, trend: &ControlTrend) -> TableView {
    let column = |label: &str, unit: Option<&str>, align| ColumnView {
        label: label.to_owned(),
        unit: unit.map(ToOwned::to_owned),
        align,
        sort: None,
    };
    let row = |r: &Judged| RowView {
        cells: vec![
            Value::text(reader.taste.moment_stamp(r.as_of).absolute).into(),
            CellView::from(Value::State(r.state)),
            r.shown
                .map_or_else(|| Value::Unknown(String::new()), |v| Value::number(points(&reader.taste, v)))
                .into(),
            Value::number(points(&reader.taste, r.high)).into(),
        ],
        ..RowView::default()
    };
    TableView {
        caption: words("chain.trend").to_owned(),
        columns: vec![
            column(words("chain.as_of"), None, Align::Text),
            column(words("chain.state"), None, Align::Tight),
            column(words("chain.shown"), Some("%"), Align::Number),
            column(words("chain.at_best"), Some("%"), Align::Number),
        ],
        rows: trend.results.iter().rev().map(row).collect(),
        keep: true,
        ..TableView::default()
    }
}
